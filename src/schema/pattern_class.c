/*-------------------------------------------------------------------------
 *
 * pattern_class.c
 *	  Translates a class of a regular expression: what is in brackets.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "schema/pattern_parse.h"

#define FAILED	(-1)
#define A_SET	(-2)			/* not one character; it has been appended */

/* read_atom reads a character or a set such as \d, which it appends. */
static int
read_atom(Translation *t)
{
	int			code;

	if (t->next == t->end)
	{
		refuse_pattern(t, "a bracket is not closed");
		return FAILED;
	}
	if (*t->next == '\\')
	{
		t->next++;
		if (t->next < t->end && is_set_escape(*t->next))
			return translate_set_escape(t, true) ? A_SET : FAILED;
		return read_escape(t, true);
	}
	code = utf8_to_unicode((const unsigned char *) t->next);
	t->next += pg_utf_mblen((const unsigned char *) t->next);
	return code;
}

/* append_range appends a range without the surrogates in it. */
static void
append_range(StringInfo result, int first, int last)
{
	if (is_surrogate(first))
		first = 0xE000;
	if (is_surrogate(last))
		last = 0xD7FF;
	if (first > last)
		return;
	append_character(result, first);
	if (first == last)
		return;
	appendStringInfoChar(result, '-');
	append_character(result, last);
}

/*
 * translate_item translates a character, a set or a range.  A hyphen beside a
 * set is itself, as without flag u: patterns such as [\w-.] are common.
 */
static bool
translate_item(Translation *t)
{
	int			first = read_atom(t);
	int			last = first;

	if (first == FAILED)
		return false;
	if (t->end - t->next >= 2 && t->next[0] == '-' && t->next[1] != ']')
	{
		t->next++;
		last = read_atom(t);
		if (last == FAILED)
			return false;
		if (first == A_SET || last == A_SET)
			append_character(t->result, '-');
		else if (first > last)
			return refuse_pattern(t, "a range in brackets is out of order");
	}
	if (first != A_SET && last != A_SET)
		append_range(t->result, first, last);
	else
	{
		if (first != A_SET)
			append_range(t->result, first, first);
		if (last != A_SET)
			append_range(t->result, last, last);
	}
	return true;
}

/* translate_class translates a class, after its opening bracket. */
bool
translate_class(Translation *t)
{
	bool		negated = t->next < t->end && *t->next == '^';
	int			start = t->result->len;
	int			inside;

	t->next += negated;
	appendStringInfoString(t->result, negated ? "[^" : "[");
	inside = t->result->len;
	while (t->next == t->end || *t->next != ']')
	{
		if (!translate_item(t))
			return false;
	}
	t->next++;
	if (t->result->len > inside)
		appendStringInfoChar(t->result, ']');
	else
	{
		/* PCRE2 would take the bracket for the class's first character. */
		t->result->len = start;
		appendStringInfoString(t->result, negated ? "(?s:.)" : "(?!)");
	}
	return true;
}
