/*-------------------------------------------------------------------------
 *
 * pattern_ecma.c
 *	  Translates a regular expression of ECMA-262 into one of PCRE2.
 *
 * The grammar is that of ECMA-262, section 22.2.1, with flag u, but for what
 * many schemas have, where only one meaning is possible: a brace or a closing
 * bracket may stand for itself (here), as may an escaped character that is no
 * letter or digit (pattern_escape.c) and a hyphen beside \d and the like in
 * brackets (pattern_class.c).  All characters that stand for themselves are
 * written so that PCRE2 sees nothing else in them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "schema/pattern.h"
#include "schema/pattern_parse.h"

#define MAX_LENGTH			10000	/* bytes; PCRE2 may have as many */
#define MAX_NESTING			250 /* as in PCRE2 by default */

static bool translate_alternatives(Translation *t, bool *may_be_empty);

/* refuse_pattern notes the fault and returns false, for the caller to return. */
bool
refuse_pattern(Translation *t, const char *fault)
{
	t->fault = fault;
	return false;
}

/* append_character appends a character that stands for itself, in brackets or not. */
void
append_character(StringInfo result, int code)
{
	unsigned char utf8[MAX_MULTIBYTE_CHAR_LEN];

	if (code < 0x20 || code == 0x7F)
		appendStringInfo(result, "\\x{%x}", code);
	else if (code >= 0x80)
	{
		unicode_to_utf8(code, utf8);
		appendBinaryStringInfo(result, (char *) utf8, pg_utf_mblen(utf8));
	}
	else
	{
		bool		plain = (code >= '0' && code <= '9') || ((code | 0x20) >= 'a' && (code | 0x20) <= 'z');

		appendStringInfo(result, plain ? "%c" : "\\%c", code);
	}
}

/*
 * open_group translates what a group begins with, after its parenthesis, and
 * tells what kind it is.
 */
static bool
open_group(Translation *t, bool *captures, bool *looks, bool *behind)
{
	const char *s = t->next;
	int			left = t->end - s;

	*captures = left == 0 || s[0] != '?';
	*looks = *behind = false;
	appendStringInfoChar(t->result, '(');
	if (*captures)
		return true;
	if (left > 2 && s[1] == '<' && s[2] != '=' && s[2] != '!')
	{
		/* find_groups() has checked the name. */
		*captures = true;
		t->next += 2 + group_name_length(s + 2, t->end) + 1;
		return true;
	}
	*behind = left > 2 && s[1] == '<';
	*looks = *behind || (left > 1 && (s[1] == '=' || s[1] == '!'));
	if (!*looks && !(left > 1 && s[1] == ':'))
		return refuse_pattern(t, "there is no group of this kind");
	appendBinaryStringInfo(t->result, s, *behind ? 3 : 2);
	t->next += *behind ? 3 : 2;
	return true;
}

/* translate_group translates a group, after its parenthesis. */
static bool
translate_group(Translation *t, bool *may_be_empty, bool *looks)
{
	int			group = t->opened;
	bool		captures;
	bool		behind;

	if (++t->nesting > MAX_NESTING)
		return refuse_pattern(t, "parentheses are nested too deeply");
	if (!open_group(t, &captures, looks, &behind))
		return false;
	t->opened += captures;
	t->lookbehinds += behind;
	if (!translate_alternatives(t, may_be_empty))
		return false;
	if (t->next == t->end)
		return refuse_pattern(t, "a parenthesis is not closed");
	t->next++;
	appendStringInfoChar(t->result, ')');
	t->nesting--;
	t->lookbehinds -= behind;
	if (captures)
		t->groups[group].closed = true;
	if (*looks)
		*may_be_empty = true;
	return true;
}

/* translate_escape translates an escape outside brackets, after its backslash. */
static bool
translate_escape(Translation *t, bool *may_be_empty, bool *is_assertion)
{
	char		c = t->next < t->end ? *t->next : '\0';
	int			code;

	if (is_set_escape(c))
		return translate_set_escape(t, false);
	if (c == 'b' || c == 'B')
	{
		appendStringInfo(t->result, "\\%c", c);
		t->next++;
		*is_assertion = *may_be_empty = true;
		return true;
	}
	if (c == 'k' || (c >= '1' && c <= '9'))
	{
		*may_be_empty = true;
		if (c != 'k')
			return translate_reference(t, read_decimal(&t->next, t->end));
		t->next++;
		return translate_named_reference(t);
	}
	code = read_escape(t, false);
	if (code < 0)
		return false;
	if (is_surrogate(code))
		appendStringInfoString(t->result, "(?!)");
	else
		append_character(t->result, code);
	return true;
}

/* translate_term translates an atom with its quantifier, or an assertion. */
static bool
translate_term(Translation *t, bool *may_be_empty)
{
	int			first_group = t->opened;
	bool		is_assertion = false;
	bool		good = true;
	int			least;
	int			most;

	if (read_quantifier(t, &least, &most))
		return refuse_pattern(t, "a quantifier has nothing to repeat");
	*may_be_empty = false;
	switch (*t->next++)
	{
		case '^':
		case '$':
			appendStringInfoChar(t->result, t->next[-1]);
			is_assertion = *may_be_empty = true;
			break;
		case '.':
			appendStringInfoString(t->result, "[^\\n\\r\\x{2028}\\x{2029}]");
			break;
		case '(':
			good = translate_group(t, may_be_empty, &is_assertion);
			break;
		case '[':
			good = translate_class(t);
			break;
		case '\\':
			good = translate_escape(t, may_be_empty, &is_assertion);
			break;
		default:
			t->next--;
			append_character(t->result, utf8_to_unicode((const unsigned char *) t->next));
			t->next += pg_utf_mblen((const unsigned char *) t->next);
			break;
	}
	return good && (is_assertion || translate_quantifier(t, first_group, may_be_empty));
}

/* translate_alternatives translates up to the end, or to the parenthesis that closes. */
static bool
translate_alternatives(Translation *t, bool *may_be_empty)
{
	int			first_group = t->opened;
	bool		several = false;
	bool		empty = true;

	*may_be_empty = false;
	while (t->next < t->end && *t->next != ')')
	{
		bool		term_may_be_empty = false;

		if (*t->next == '|')
		{
			appendStringInfoChar(t->result, *t->next++);
			leave_alternatives(t, first_group);
			several = true;
			*may_be_empty |= empty;
			empty = true;
			continue;
		}
		if (!translate_term(t, &term_may_be_empty))
			return false;
		empty &= term_may_be_empty;
	}
	*may_be_empty |= empty;
	if (several)
		leave_alternatives(t, first_group);
	return true;
}

/* translate appends the translation of a text to t's result, as far as it goes. */
static bool
translate(Translation *t)
{
	bool		ignored;

	if (t->end - t->next > MAX_LENGTH)
		return refuse_pattern(t, "it is too large");
	if (!find_groups(t) || !translate_alternatives(t, &ignored))
		return false;
	if (t->next < t->end)
		return refuse_pattern(t, "a parenthesis is closed that is not open");
	return true;
}

/*
 * translate_pattern appends the translation of text, in UTF-8, to result.  If
 * it is refused, reason says why, for people.
 */
bool
translate_pattern(const char *text, int length, StringInfo result, char **reason)
{
	Translation t = {.next = text, .end = text + length, .result = result};

	translate(&t);
	*reason = unconstify(char *, t.fault != NULL ? t.fault : t.unsupported);
	if (t.groups != NULL)
		pfree(t.groups);
	return *reason == NULL;
}

/* is_regex: whether text, in UTF-8, is a regular expression, be it one of PCRE2 or not. */
bool
is_regex(const char *text, int length)
{
	StringInfoData result;
	Translation t = {.next = text, .end = text + length, .result = &result};

	initStringInfo(&result);
	translate(&t);
	if (t.groups != NULL)
		pfree(t.groups);
	pfree(result.data);
	return t.fault == NULL;
}
