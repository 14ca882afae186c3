/*-------------------------------------------------------------------------
 *
 * pattern_escape.c
 *	  Translates the escapes of a regular expression of ECMA-262 that stand
 *	  for characters, or for sets of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "schema/pattern_parse.h"

/*
 * What \s matches in ECMA-262, and what \S, \D and \W do, as the inside of a
 * class.  PCRE2 10.42 forgets the characters beyond U+00FF that \D and \W match
 * if there is a property in the same class.
 */
#define SPACES \
	"\\x09-\\x0d\\x20\\xa0\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}" \
	"\\x{205f}\\x{3000}\\x{feff}"
#define NO_SPACES \
	"\\x00-\\x08\\x0e-\\x1f\\x21-\\x9f\\xa1-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}" \
	"\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}"
#define NO_DIGITS	"\\x00-\\x2f\\x3a-\\x{10ffff}"
#define NO_WORDS	"\\x00-\\x2f\\x3a-\\x40\\x5b-\\x5e\\x60\\x7b-\\x{10ffff}"

#define MAX_CODE_POINT	0x10FFFF

/* is_set_escape: whether a letter after a backslash stands for a set of characters. */
bool
is_set_escape(char c)
{
	return c != '\0' && strchr("dDwWsSpP", c) != NULL;
}

/* translate_set_escape translates such an escape, after its backslash. */
bool
translate_set_escape(Translation *t, bool in_class)
{
	char		c = *t->next++;

	if (c == 'p' || c == 'P')
		return translate_property(t, c);
	if (c == 's' || c == 'S')
		appendStringInfo(t->result, in_class ? "%s" : "[%s]", c == 's' ? SPACES : NO_SPACES);
	else if (in_class && (c == 'D' || c == 'W'))
		appendStringInfoString(t->result, c == 'D' ? NO_DIGITS : NO_WORDS);
	else
		appendStringInfo(t->result, "\\%c", c);
	return true;
}

/*
 * read_hexadecimal reads up to so many digits, at least so many of them; -1
 * if there are others, or if they are beyond all code points.
 */
static int
read_hexadecimal(Translation *t, int least, int most)
{
	int			value = 0;
	int			digits;

	for (digits = 0; digits < most && t->next < t->end; digits++, t->next++)
	{
		char		c = *t->next;

		if (c >= '0' && c <= '9')
			value = value * 16 + c - '0';
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = value * 16 + (c | 0x20) - 'a' + 10;
		else
			break;
		if (value > MAX_CODE_POINT)
			return -1;
	}
	return digits < least ? -1 : value;
}

/* read_low_surrogate reads \u and a low surrogate, if they follow; else -1. */
static int
read_low_surrogate(Translation *t)
{
	const char *start = t->next;
	int			code;

	if (t->end - start >= 6 && start[0] == '\\' && start[1] == 'u')
	{
		t->next += 2;
		code = read_hexadecimal(t, 4, 4);
		if (code >= 0xDC00 && code <= 0xDFFF)
			return code;
		t->next = start;
	}
	return -1;
}

/* read_code_point reads what follows \u; two escapes may be a surrogate pair. */
static int
read_code_point(Translation *t)
{
	int			code;

	if (t->next < t->end && *t->next == '{')
	{
		t->next++;
		code = read_hexadecimal(t, 1, PG_INT32_MAX);
		if (t->next == t->end || *t->next != '}')
			code = -1;
		t->next++;
	}
	else
	{
		code = read_hexadecimal(t, 4, 4);
		if (code >= 0xD800 && code <= 0xDBFF)
		{
			int			low = read_low_surrogate(t);

			if (low >= 0)
				code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
		}
	}
	if (code < 0)
		refuse_pattern(t, "\\u must be followed by the hexadecimal digits of a code point");
	return code;
}

/* read_control_letter reads what follows \c. */
static int
read_control_letter(Translation *t)
{
	if (t->next < t->end && (*t->next | 0x20) >= 'a' && (*t->next | 0x20) <= 'z')
		return *t->next++ & 0x1F;
	refuse_pattern(t, "\\c must be followed by a letter");
	return -1;
}

/*
 * read_escape reads an escape of one character, after its backslash, and
 * returns its code point, or -1.  Any character that is no letter or digit
 * of ASCII may be escaped, as without flag u: patterns such as \- and \@ are
 * common, and have but one meaning.
 */
int
read_escape(Translation *t, bool in_class)
{
	char		c;
	int			code;

	if (t->next == t->end)
	{
		refuse_pattern(t, "it ends in a backslash");
		return -1;
	}
	c = *t->next++;
	switch (c)
	{
		case 't':
			return '\t';
		case 'n':
			return '\n';
		case 'v':
			return '\v';
		case 'f':
			return '\f';
		case 'r':
			return '\r';
		case 'c':
			return read_control_letter(t);
		case 'u':
			return read_code_point(t);
		case 'x':
			code = read_hexadecimal(t, 2, 2);
			if (code < 0)
				refuse_pattern(t, "\\x must be followed by two hexadecimal digits");
			return code;
		case '0':
			if (t->next == t->end || *t->next < '0' || *t->next > '9')
				return 0;
			refuse_pattern(t, "\\0 must not be followed by a digit");
			return -1;
		case 'b':
			if (in_class)
				return '\b';
			break;
		default:
			break;
	}
	if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
	{
		refuse_pattern(t, psprintf("\\%c has no meaning %s", c, in_class ? "in brackets" : "here"));
		return -1;
	}
	t->next--;
	code = utf8_to_unicode((const unsigned char *) t->next);
	t->next += pg_utf_mblen((const unsigned char *) t->next);
	return code;
}
