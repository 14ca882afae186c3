/*-------------------------------------------------------------------------
 *
 * pattern_escape.c
 *	  Translates the escapes of a regular expression of ECMA-262.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/pattern.h"

/* What \s matches in ECMA-262, as the inside of a class, and the rest. */
#define SPACES \
	"\\x09-\\x0d\\x20\\xa0\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}" \
	"\\x{205f}\\x{3000}\\x{feff}"
#define NO_SPACES \
	"\\x00-\\x08\\x0e-\\x1f\\x21-\\x9f\\xa1-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}" \
	"\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}"

/* General categories: PCRE2 knows the short names only. */
static const struct
{
	const char *long_name;
	const char *short_name;
}			categories[] =
{
	{"Cased_Letter", "L&"}, {"LC", "L&"}, {"Close_Punctuation", "Pe"},
	{"Connector_Punctuation", "Pc"}, {"Control", "Cc"}, {"cntrl", "Cc"},
	{"Currency_Symbol", "Sc"}, {"Dash_Punctuation", "Pd"}, {"Decimal_Number", "Nd"},
	{"digit", "Nd"}, {"Enclosing_Mark", "Me"}, {"Final_Punctuation", "Pf"},
	{"Format", "Cf"}, {"Initial_Punctuation", "Pi"}, {"Letter", "L"},
	{"Letter_Number", "Nl"}, {"Line_Separator", "Zl"}, {"Lowercase_Letter", "Ll"},
	{"Mark", "M"}, {"Combining_Mark", "M"}, {"Math_Symbol", "Sm"},
	{"Modifier_Letter", "Lm"}, {"Modifier_Symbol", "Sk"}, {"Nonspacing_Mark", "Mn"},
	{"Number", "N"}, {"Open_Punctuation", "Ps"}, {"Other", "C"},
	{"Other_Letter", "Lo"}, {"Other_Number", "No"}, {"Other_Punctuation", "Po"},
	{"Other_Symbol", "So"}, {"Paragraph_Separator", "Zp"}, {"Private_Use", "Co"},
	{"Punctuation", "P"}, {"punct", "P"}, {"Separator", "Z"},
	{"Space_Separator", "Zs"}, {"Spacing_Mark", "Mc"}, {"Surrogate", "Cs"},
	{"Symbol", "S"}, {"Titlecase_Letter", "Lt"}, {"Unassigned", "Cn"},
	{"Uppercase_Letter", "Lu"},
};

/* translate_property translates {...} after \p or \P. */
static bool
translate_property(Translation *t, char letter)
{
	const char *close = memchr(t->next, '}', t->end - t->next);
	const char *prefix = "";
	char	   *name;
	char	   *value;
	int			i;

	if (t->next >= t->end || *t->next != '{' || close == NULL)
		return refuse_pattern(t, "\\p must be followed by a property in braces");
	name = pnstrdup(t->next + 1, close - t->next - 1);
	t->next = close + 1;

	value = strchr(name, '=');
	if (value != NULL)
	{
		*value++ = '\0';
		if (strcmp(name, "Script") == 0 || strcmp(name, "sc") == 0)
			prefix = "sc:";
		else if (strcmp(name, "Script_Extensions") == 0 || strcmp(name, "scx") == 0)
			prefix = "scx:";
		else if (strcmp(name, "General_Category") != 0 && strcmp(name, "gc") != 0)
			return refuse_pattern(t, psprintf("there is no property \"%s\" with values", name));
		name = value;
	}
	if (name[0] == '\0' ||
		name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")] != '\0')
		return refuse_pattern(t, "the name of a property has letters, digits and underscores only");

	for (i = 0; prefix[0] == '\0' && i < (int) lengthof(categories); i++)
	{
		if (strcmp(name, categories[i].long_name) == 0)
			name = (char *) categories[i].short_name;
	}
	appendStringInfo(t->result, "\\%c{%s%s}", letter, prefix, name);
	return true;
}

/* read_hexadecimal reads some digits; -1 if there are others. */
static int
read_hexadecimal(Translation *t, int digits)
{
	int			value = 0;

	if (t->end - t->next < digits)
		return -1;
	for (; digits > 0; digits--, t->next++)
	{
		char		c = *t->next;

		if (c >= '0' && c <= '9')
			value = value * 16 + c - '0';
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = value * 16 + (c | 0x20) - 'a' + 10;
		else
			return -1;
	}
	return value;
}

/* translate_code_point translates what follows \u. */
static bool
translate_code_point(Translation *t)
{
	int			code;

	if (t->next < t->end && *t->next == '{')
	{
		const char *close = memchr(t->next, '}', t->end - t->next);

		t->next++;
		while (close != NULL && *t->next == '0' && t->next + 1 < close)
			t->next++;
		code = close == NULL || close - t->next > 6 || close == t->next ? -1 :
			read_hexadecimal(t, close - t->next);
		t->next++;
	}
	else
	{
		code = read_hexadecimal(t, 4);

		/* Two escapes may write one code point, as UTF-16 does. */
		if (code >= 0xD800 && code <= 0xDBFF && t->end - t->next >= 6 &&
			t->next[0] == '\\' && t->next[1] == 'u')
		{
			int			low;

			t->next += 2;
			low = read_hexadecimal(t, 4);
			code = low < 0xDC00 || low > 0xDFFF ? -1 :
				0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
		}
	}
	if (code < 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
		return refuse_pattern(t, "\\u must be followed by the hexadecimal digits of a code point");
	appendStringInfo(t->result, "\\x{%x}", code);
	return true;
}

/* translate_reference translates \1 and so on, after its first digit. */
static void
translate_reference(Translation *t, char digit)
{
	appendStringInfo(t->result, "\\g{%c", digit);
	while (t->next < t->end && *t->next >= '0' && *t->next <= '9')
		appendStringInfoChar(t->result, *t->next++);
	appendStringInfoChar(t->result, '}');
}

/* translate_escape translates an escape, after its backslash. */
bool
translate_escape(Translation *t, bool in_class)
{
	char		c;
	int			code;

	if (t->next >= t->end)
		return refuse_pattern(t, "it ends in a backslash");
	c = *t->next++;
	switch (c)
	{
		case 'd':
		case 'D':
		case 'w':
		case 'W':
		case 't':
		case 'n':
		case 'f':
		case 'r':
			appendStringInfo(t->result, "\\%c", c);
			return true;
		case 's':
			appendStringInfo(t->result, in_class ? "%s" : "[%s]", SPACES);
			return true;
		case 'S':
			appendStringInfo(t->result, in_class ? "%s" : "[%s]", NO_SPACES);
			return true;
		case 'v':
			appendStringInfoString(t->result, "\\x0b");
			return true;
		case 'p':
		case 'P':
			return translate_property(t, c);
		case 'u':
			return translate_code_point(t);
		case 'x':
			code = read_hexadecimal(t, 2);
			if (code < 0)
				return refuse_pattern(t, "\\x must be followed by two hexadecimal digits");
			appendStringInfo(t->result, "\\x{%x}", code);
			return true;
		case 'c':
			if (t->next >= t->end || (*t->next | 0x20) < 'a' || (*t->next | 0x20) > 'z')
				return refuse_pattern(t, "\\c must be followed by a letter");
			appendStringInfo(t->result, "\\x{%x}", *t->next++ & 0x1F);
			return true;
		case '0':
			if (t->next < t->end && *t->next >= '0' && *t->next <= '9')
				return refuse_pattern(t, "\\0 must not be followed by a digit");
			appendStringInfoString(t->result, "\\x00");
			return true;
		case 'b':
			appendStringInfoString(t->result, in_class ? "\\x08" : "\\b");
			return true;
		default:
			break;
	}
	if (!in_class && c == 'B')
		appendStringInfoString(t->result, "\\B");
	else if (!in_class && c == 'k' && t->next < t->end && *t->next == '<')
		appendStringInfoString(t->result, "\\k");
	else if (!in_class && c >= '1' && c <= '9')
		translate_reference(t, c);
	else if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
		return refuse_pattern(t, psprintf("\\%c has no meaning here", c));
	else if ((unsigned char) c >= 0x80)
		appendStringInfoChar(t->result, c);
	else
		appendStringInfo(t->result, "\\%c", c);
	return true;
}
