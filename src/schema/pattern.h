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

/* A translation under way, from ECMA-262 to PCRE2. */
typedef struct Translation
{
	const char *next;			/* of the text, and where it ends */
	const char *end;
	StringInfo	result;
	char	  **reason;			/* why it is refused, for people */
} Translation;

/* pattern_escape.c and pattern_ecma.c */
extern bool translate_escape(Translation *t, bool in_class);
extern bool refuse_pattern(Translation *t, char *reason);
extern bool translate_pattern(const char *text, int length, StringInfo result, char **reason);

#endif							/* CUSTOMERS_SCHEMA_PATTERN_H */
