/*-------------------------------------------------------------------------
 *
 * pattern.h
 *	  Regular expressions that mean what ECMA-262 says.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_SCHEMA_PATTERN_H
#define CUSTOMERS_SCHEMA_PATTERN_H

#include "postgres.h"

#include "lib/stringinfo.h"

extern uint32 pattern_hash(const char *text, int length);
extern bool pattern_is_good(const char *text, int length, char **reason);
extern bool pattern_matches(const char *text, int length, uint32 hash,
							const char *subject, int subject_length);

extern bool translate_pattern(const char *text, int length, StringInfo result, char **reason);

#endif							/* CUSTOMERS_SCHEMA_PATTERN_H */
