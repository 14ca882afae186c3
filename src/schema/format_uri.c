/*-------------------------------------------------------------------------
 *
 * format_uri.c
 *	  URIs (RFC 3986) and IRIs (RFC 3987), and references to them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "schema/format.h"

/*
 * character_length: the bytes of a character beyond ASCII that RFC 3987,
 * section 2.2 allows, or 0.
 */
static int
character_length(const char *text, Beyond beyond)
{
	const unsigned char *bytes = (const unsigned char *) text;
	pg_wchar	c = utf8_to_unicode(bytes);
	bool		private = (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
	bool		ucschar;

	if (c < 0x10000)
		ucschar = c >= 0xA0 && c <= 0xFFEF && !private && !(c >= 0xFDD0 && c <= 0xFDEF);
	else
		ucschar = !private && (c & 0xFFFF) < 0xFFFE && !(c >= 0xE0000 && c < 0xE1000);
	if ((c & 0xFFFF) >= 0xFFFE)
		private = false;
	return ucschar || (private && beyond == BEYOND_PRIVATE) ? pg_utf_mblen(bytes) : 0;
}

/*
 * skip_class returns where the characters of a class end: those of ASCII,
 * percent-encoded bytes, and those that beyond allows.  text is UTF-8 if it
 * allows any.
 */
const char *
skip_class(const char *text, const char *end, uint16 class, Beyond beyond)
{
	while (text < end)
	{
		int			length = 1;

		if (*text == '%')
		{
			if (end - text < 3 || !in_class(text[1], CLASS_HEXADECIMAL) ||
				!in_class(text[2], CLASS_HEXADECIMAL))
				break;
			length = 3;
		}
		else if (!in_class(*text, class))
		{
			if (beyond == BEYOND_NONE || !IS_HIGHBIT_SET(*text))
				break;
			length = character_length(text, beyond);
			if (length == 0)
				break;
		}
		text += length;
	}
	return text;
}

/*
 * skip_address returns where an IP literal ends, after its opening bracket;
 * NULL if it isn't one.
 */
static const char *
skip_address(const char *text, const char *end)
{
	const char *close = memchr(text, ']', end - text);

	if (close == NULL)
		return NULL;
	if (*text == 'v' || *text == 'V')
	{
		const char *version = ++text;

		while (in_class(*text, CLASS_HEXADECIMAL))
			text++;
		if (text == version || *text != '.' || text + 1 == close ||
			memchr(text, '%', close - text) != NULL ||
			skip_class(text + 1, close, CLASS_USER, BEYOND_NONE) != close)
			return NULL;
	}
	else if (!is_ipv6(text, close - text))
		return NULL;
	return close + 1;
}

/* skip_authority returns where an authority ends, or NULL if it isn't one. */
static const char *
skip_authority(const char *text, const char *end, Beyond beyond)
{
	const char *user = skip_class(text, end, CLASS_USER, beyond);

	if (user < end && *user == '@')
		text = user + 1;
	if (text < end && *text == '[')
	{
		text = skip_address(text + 1, end);
		if (text == NULL)
			return NULL;
	}
	else
		text = skip_class(text, end, CLASS_NAME, beyond);
	if (text < end && *text == ':')
	{
		for (text++; text < end && in_class(*text, CLASS_DIGIT); text++)
			;
	}
	return text == end || *text == '/' || *text == '?' || *text == '#' ? text : NULL;
}

/* skip_scheme returns where a scheme with its colon ends, or NULL if there is none. */
static const char *
skip_scheme(const char *text, const char *end)
{
	if (text == end || !in_class(*text, CLASS_LETTER))
		return NULL;
	while (text < end && in_class(*text, CLASS_SCHEME))
		text++;
	return text < end && *text == ':' ? text + 1 : NULL;
}

/* colon_comes_first: whether the first segment of a path has a colon, which ends a scheme. */
static bool
colon_comes_first(const char *text, const char *end, Beyond beyond)
{
	text = skip_class(text, end, CLASS_NAME, beyond);
	while (text < end && *text == '@')
		text = skip_class(text + 1, end, CLASS_NAME, beyond);
	return text < end && *text == ':';
}

/*
 * is_uri: a URI; relative also lets a relative reference through,
 * international an IRI, which is UTF-8.
 */
bool
is_uri(const char *text, int length, bool relative, bool international)
{
	Beyond		beyond = international ? BEYOND_UCSCHAR : BEYOND_NONE;
	const char *end = text + length;
	const char *part = skip_scheme(text, end);

	if (part == NULL)
	{
		if (!relative || colon_comes_first(text, end, beyond))
			return false;
		part = text;
	}
	if (end - part >= 2 && part[0] == '/' && part[1] == '/')
	{
		part = skip_authority(part + 2, end, beyond);
		if (part == NULL)
			return false;
	}
	part = skip_class(part, end, CLASS_PATH, beyond);
	if (part < end && *part == '?')
		part = skip_class(part + 1, end, CLASS_QUERY,
						  international ? BEYOND_PRIVATE : BEYOND_NONE);
	if (part < end && *part == '#')
		part = skip_class(part + 1, end, CLASS_QUERY, beyond);
	return part == end;
}
