/*-------------------------------------------------------------------------
 *
 * pattern_parse.h
 *	  A pattern on its way from ECMA-262 to PCRE2.
 *
 * A pattern may be refused for two reasons: it is none of ECMA-262, or it is
 * one that PCRE2 cannot mean.  Format regex knows the first only.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_SCHEMA_PATTERN_PARSE_H
#define CUSTOMERS_SCHEMA_PATTERN_PARSE_H

#include "postgres.h"

#include "lib/stringinfo.h"

/* A capturing group; pattern_group.c tells what the flags are for. */
typedef struct PatternGroup
{
	const char *name;			/* in the text; NULL without */
	int			name_length;
	bool		closed;
	bool		uncertain;
	bool		doubted;
	bool		stale;
} PatternGroup;

typedef struct Translation
{
	const char *next;			/* of the text, in UTF-8, and where it ends */
	const char *end;
	StringInfo	result;
	const char *fault;			/* why it is no pattern, for people; or NULL */
	const char *unsupported;	/* why PCRE2 cannot mean it; or NULL */
	PatternGroup *groups;
	int			group_count;	/* of the whole pattern */
	int			opened;			/* how many of them so far */
	int			nesting;		/* parentheses that are open */
	int			lookbehinds;	/* how many of these are lookbehinds */
} Translation;

/* A surrogate stands for no character of a text in UTF-8. */
static inline bool
is_surrogate(int code)
{
	return code >= 0xD800 && code <= 0xDFFF;
}

/* pattern_ecma.c */
extern bool refuse_pattern(Translation *t, const char *fault);
extern void append_character(StringInfo result, int code);

/* pattern_group.c */
extern bool find_groups(Translation *t);
extern int	group_name_length(const char *text, const char *end);
extern void leave_alternatives(Translation *t, int first_group);
extern void leave_repetition(Translation *t, int first_group, bool may_be_empty);
extern bool translate_reference(Translation *t, int number);
extern bool translate_named_reference(Translation *t);

/* pattern_quantifier.c */
extern int	read_decimal(const char **next, const char *end);
extern bool read_quantifier(Translation *t, int *least, int *most);
extern bool translate_quantifier(Translation *t, int first_group, bool *may_be_empty);

/* pattern_escape.c */
extern bool is_set_escape(char c);
extern bool translate_set_escape(Translation *t, bool in_class);
extern int	read_escape(Translation *t, bool in_class);

/* pattern_class.c */
extern bool translate_class(Translation *t);

/* pattern_property.c */
extern bool translate_property(Translation *t, char letter);

#endif							/* CUSTOMERS_SCHEMA_PATTERN_PARSE_H */
