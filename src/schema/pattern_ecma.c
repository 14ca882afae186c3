/*-------------------------------------------------------------------------
 *
 * pattern_ecma.c
 *	  Translates a regular expression of ECMA-262 into one of PCRE2.
 *
 * Both share most of their syntax.  What means something else in PCRE2 is
 * rewritten (\s, \v, \cX, \uXXXX, a dot, a bracket inside brackets), and
 * what only exists in PCRE2 is refused, so a pattern never means more here
 * than elsewhere.  Escapes of letters without a meaning are refused, as with
 * ECMA-262's flag u.
 *
 * Texts are UTF-8.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/pattern.h"

/* refuse_pattern notes the reason and returns false, for the caller to return. */
bool
refuse_pattern(Translation *t, char *reason)
{
	*t->reason = reason;
	return false;
}

/*
 * translate_class translates a class, after its opening bracket.  PCRE2 would
 * take [:a:] for the name of a class, and so on.
 */
static bool
translate_class(Translation *t)
{
	bool		negated = t->next < t->end && *t->next == '^';

	t->next += negated;
	if (t->next < t->end && *t->next == ']')
	{
		t->next++;
		appendStringInfoString(t->result, negated ? "(?s:.)" : "(?!)");
		return true;
	}
	appendStringInfoString(t->result, negated ? "[^" : "[");
	while (t->next < t->end)
	{
		char		c = *t->next++;

		if (c == ']')
		{
			appendStringInfoChar(t->result, c);
			return true;
		}
		if (c == '\\')
		{
			if (!translate_escape(t, true))
				return false;
		}
		else if (strchr("[:.=", c) != NULL && c != '\0')
			appendStringInfo(t->result, "\\%c", c);
		else
			appendStringInfoChar(t->result, c);
	}
	return refuse_pattern(t, "a bracket is not closed");
}

/* count_braces: how long a quantifier such as {2,3} at text is, or 0. */
static int
count_braces(const char *text, const char *end)
{
	const char *next = text + 1;
	const char *digits = next;

	while (next < end && *next >= '0' && *next <= '9')
		next++;
	if (next == digits)
		return 0;
	if (next < end && *next == ',')
	{
		next++;
		while (next < end && *next >= '0' && *next <= '9')
			next++;
	}
	return next < end && *next == '}' ? next + 1 - text : 0;
}

/* check_group refuses groups that only PCRE2 has, after the parenthesis. */
static bool
check_group(Translation *t)
{
	const char *s = t->next;
	Size		left = t->end - s;

	if (left > 0 && s[0] == '*')
		return refuse_pattern(t, "nothing to repeat after a parenthesis");
	if (left == 0 || s[0] != '?')
		return true;
	if (left > 1 && (s[1] == ':' || s[1] == '=' || s[1] == '!'))
		return true;
	if (left > 2 && s[1] == '<' &&
		(s[2] == '=' || s[2] == '!' || s[2] == '_' ||
		 ((s[2] | 0x20) >= 'a' && (s[2] | 0x20) <= 'z')))
		return true;
	return refuse_pattern(t, "there is no group of this kind");
}

/*
 * translate_pattern appends the translation of text to result.  If it is
 * refused, reason says why, for people.
 */
bool
translate_pattern(const char *text, int length, StringInfo result, char **reason)
{
	Translation t = {text, text + length, result, reason};

	while (t.next < t.end)
	{
		char		c = *t.next;
		int			quantifier = c == '*' || c == '+' || c == '?';

		if (c == '{')
			quantifier = count_braces(t.next, t.end);
		if (quantifier > 0)
		{
			appendBinaryStringInfo(result, t.next, quantifier);
			t.next += quantifier;
			if (t.next < t.end && *t.next == '?')
				appendStringInfoChar(result, *t.next++);
			if (t.next < t.end &&
				(*t.next == '*' || *t.next == '+' || *t.next == '?' ||
				 (*t.next == '{' && count_braces(t.next, t.end) > 0)))
				return refuse_pattern(&t, "a quantifier follows another one");
			continue;
		}

		t.next++;
		if (c == '\\')
		{
			if (!translate_escape(&t, false))
				return false;
		}
		else if (c == '[')
		{
			if (!translate_class(&t))
				return false;
		}
		else if (c == '(')
		{
			if (!check_group(&t))
				return false;
			appendStringInfoChar(result, c);
			if (t.next < t.end && *t.next == '?')
			{
				/* Not a quantifier: copy it with what it begins. */
				appendBinaryStringInfo(result, t.next, 2);
				t.next += 2;
			}
		}
		else if (c == '.')
			appendStringInfoString(result, "[^\\n\\r\\x{2028}\\x{2029}]");
		else if (c == '{')
			appendStringInfoString(result, "\\{");
		else
			appendStringInfoChar(result, c);
	}
	return true;
}
