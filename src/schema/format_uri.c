/*-------------------------------------------------------------------------
 *
 * format_uri.c
 *	  URIs and references to them, as RFC 3986 writes them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/format.h"

/* is_uri_text: characters that RFC 3986 allows, and those in extra. */
static bool
is_uri_text(const char *text, int length, const char *extra)
{
	int			i;

	for (i = 0; i < length; i++)
	{
		if (text[i] == '%')
		{
			if (i + 2 >= length || !is_hexadecimal(text[i + 1]) || !is_hexadecimal(text[i + 2]))
				return false;
			i += 2;
		}
		else if (!is_letter(text[i]) && !is_digit(text[i]) &&
				 !is_one_of(text[i], "-._~!$&'()*+,;=") && !is_one_of(text[i], extra))
			return false;
	}
	return true;
}

static bool
is_authority(const char *text, int length)
{
	int			at;
	int			host;

	for (at = length - 1; at >= 0 && text[at] != '@'; at--)
		;
	if (at > 0 && !is_uri_text(text, at, ":"))
		return false;
	text += at + 1;
	length -= at + 1;

	if (length > 0 && text[0] == '[')
	{
		for (host = 1; host < length && text[host] != ']'; host++)
			;
		if (host == length)
			return false;
		if (text[1] == 'v' || text[1] == 'V')
		{
			for (at = 2; at < host && is_hexadecimal(text[at]); at++)
				;
			if (at == 2 || at + 1 >= host || text[at] != '.' ||
				!is_uri_text(text + at + 1, host - at - 1, ":") ||
				memchr(text, '%', host) != NULL)
				return false;
		}
		else if (!is_ipv6(text + 1, host - 1))
			return false;
		host++;
	}
	else
	{
		for (host = 0; host < length && text[host] != ':'; host++)
			;
		if (!is_uri_text(text, host, ""))
			return false;
	}
	if (host < length && text[host] != ':')
		return false;
	for (at = host + 1; at < length; at++)
	{
		if (!is_digit(text[at]))
			return false;
	}
	return true;
}

/* find_any: the index of the first byte in the set, or length. */
static int
find_any(const char *text, int length, const char *set)
{
	int			i;

	for (i = 0; i < length && !is_one_of(text[i], set); i++)
		;
	return i;
}

/* is_uri: RFC 3986; relative also lets a relative reference through. */
bool
is_uri(const char *text, int length, bool relative)
{
	int			colon = find_any(text, length, ":/?#");
	int			end;
	int			i;

	if (colon < length && text[colon] == ':')
	{
		if (colon == 0 || !is_letter(text[0]))
			return false;
		for (i = 1; i < colon; i++)
		{
			if (!is_letter(text[i]) && !is_digit(text[i]) && !is_one_of(text[i], "+-."))
				return false;
		}
		text += colon + 1;
		length -= colon + 1;
	}
	else if (!relative)
		return false;

	end = find_any(text, length, "#");
	if (end < length && !is_uri_text(text + end + 1, length - end - 1, ":@/?"))
		return false;
	length = end;
	end = find_any(text, length, "?");
	if (end < length && !is_uri_text(text + end + 1, length - end - 1, ":@/?"))
		return false;
	length = end;
	if (length >= 2 && text[0] == '/' && text[1] == '/')
	{
		end = 2 + find_any(text + 2, length - 2, "/");
		if (!is_authority(text + 2, end - 2))
			return false;
		text += end;
		length -= end;
	}
	return is_uri_text(text, length, ":@/");
}
