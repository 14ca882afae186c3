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

/* pattern_cache.c and pattern_match.c */
extern uint32 pattern_hash(const char *text, int length);
extern bool pattern_is_good(const char *text, int length, char **reason);
extern bool pattern_matches(const char *text, int length, uint32 hash,
							const char *subject, int subject_length);

/* pattern_ecma.c */
extern bool translate_pattern(const char *text, int length, StringInfo result, char **reason);
extern bool is_regex(const char *text, int length);

#endif							/* CUSTOMERS_SCHEMA_PATTERN_H */
