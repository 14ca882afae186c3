/*-------------------------------------------------------------------------
 *
 * fuzz.h
 *	  What the driver offers to the targets.
 *
 * A target looks at one input, in a memory context that is reset afterwards.
 * It does what may raise an error in attempts, and calls finding() for what
 * must never be.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_FUZZ_H
#define CUSTOMERS_FUZZ_H

#include "postgres.h"

#include "base/compat.h"
#include "schema/schema.h"

typedef void (*Target) (const char *data, Size size);
typedef void (*Step) (void *argument);

/* driver.c */
extern bool attempt(Step step, void *argument);
extern void *copy_exactly(const void *data, Size size);
extern void check_encoding(const char *text);
extern void finding(const char *format,...) pg_attribute_printf(1, 2) pg_attribute_noreturn();

/* target_compile.c */
extern void fuzz_compile(const char *data, Size size);
extern JsonSchema *read_schema(const char *text, Size length);
extern Jsonb *read_jsonb(const char *text, Size length);

/* target_validate.c */
extern void fuzz_validate(const char *data, Size size);

#endif							/* CUSTOMERS_FUZZ_H */
