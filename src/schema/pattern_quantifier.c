/*-------------------------------------------------------------------------
 *
 * pattern_quantifier.c
 *	  Quantifiers of a regular expression.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/pattern_parse.h"

#define MAX_REPETITIONS		65535	/* the greatest number of PCRE2 */

/* read_decimal reads digits, -1 if there are none; what has more than nine stays great. */
int
read_decimal(const char **next, const char *end)
{
	const char *start = *next;
	int			value = 0;

	for (; *next < end && **next >= '0' && **next <= '9'; (*next)++)
		value = Min(value, 99999999) * 10 + **next - '0';
	return *next > start ? value : -1;
}

/*
 * read_quantifier reads a quantifier if there is one.  most is PG_INT32_MAX if
 * there is no limit.
 */
bool
read_quantifier(Translation *t, int *least, int *most)
{
	const char *next = t->next;
	char		c = next < t->end ? *next++ : '\0';

	*least = c == '+' ? 1 : 0;
	*most = c == '?' ? 1 : PG_INT32_MAX;
	if (c == '{')
	{
		*least = *most = read_decimal(&next, t->end);
		if (next < t->end && *next == ',')
		{
			next++;
			*most = read_decimal(&next, t->end);
			if (*most < 0)
				*most = PG_INT32_MAX;
		}
		if (*least < 0 || next == t->end || *next++ != '}')
			return false;
	}
	else if (c != '*' && c != '+' && c != '?')
		return false;
	t->next = next;
	return true;
}

/* translate_quantifier translates what may follow an atom whose groups are those since the first. */
bool
translate_quantifier(Translation *t, int first_group, bool *may_be_empty)
{
	const char *start = t->next;
	int			least;
	int			most;

	if (!read_quantifier(t, &least, &most))
		return true;
	if (least > most)
		return refuse_pattern(t, "the numbers of a quantifier are out of order");
	if (least > MAX_REPETITIONS || (most > MAX_REPETITIONS && most < PG_INT32_MAX))
		t->unsupported = "a number of a quantifier is greater than 65535";
	if (t->next < t->end && *t->next == '?')
		t->next++;
	appendBinaryStringInfo(t->result, start, t->next - start);

	if (most > 1)
		leave_repetition(t, first_group, *may_be_empty);
	if (least == 0)
	{
		leave_alternatives(t, first_group);
		*may_be_empty = true;
	}
	return true;
}
