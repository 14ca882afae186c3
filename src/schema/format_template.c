/*-------------------------------------------------------------------------
 *
 * format_template.c
 *	  URI templates (RFC 6570), of every level.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/format.h"

#define MAX_PREFIX_DIGITS	4

/* skip_name returns where the name of a variable ends (section 2.3), or NULL. */
static const char *
skip_name(const char *text, const char *end)
{
	for (;;)
	{
		const char *part = text;

		text = skip_class(part, end, CLASS_VARIABLE, BEYOND_NONE);
		if (text == part)
			return NULL;
		if (text == end || *text != '.')
			return text;
		text++;
	}
}

/* skip_modifier returns where a modifier of a variable ends (section 2.4), or NULL. */
static const char *
skip_modifier(const char *text, const char *end)
{
	int			digits = 0;

	if (text < end && *text == '*')
		return text + 1;
	if (text == end || *text != ':')
		return text;
	text++;
	while (text + digits < end && in_class(text[digits], CLASS_DIGIT))
		digits++;
	return digits < 1 || digits > MAX_PREFIX_DIGITS || *text == '0' ? NULL : text + digits;
}

/*
 * skip_expression returns where an expression ends, after its opening brace,
 * or NULL (section 2.2).  The operators reserved for extensions are refused:
 * nobody knows what to expand them to.
 */
static const char *
skip_expression(const char *text, const char *end)
{
	if (text < end && *text != '\0' && strchr("+#./;?&", *text) != NULL)
		text++;
	for (;;)
	{
		text = skip_name(text, end);
		if (text != NULL)
			text = skip_modifier(text, end);
		if (text == NULL || text == end)
			return NULL;
		if (*text == '}')
			return text + 1;
		if (*text++ != ',')
			return NULL;
	}
}

/* is_uri_template: literals (section 2.1, with erratum 6937: the apostrophe) and expressions. */
bool
is_uri_template(const char *text, int length)
{
	const char *end = text + length;

	for (;;)
	{
		text = skip_class(text, end, CLASS_LITERAL, BEYOND_PRIVATE);
		if (text == end)
			return true;
		if (*text != '{')
			return false;
		text = skip_expression(text + 1, end);
		if (text == NULL)
			return false;
	}
}
