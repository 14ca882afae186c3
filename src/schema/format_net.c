/*-------------------------------------------------------------------------
 *
 * format_net.c
 *	  Names and addresses of the Internet.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/format.h"

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
is_hexadecimal(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static inline bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/*
 * is_domain: labels of letters, digits and inner hyphens.  international
 * lets all characters outside ASCII through.
 */
static bool
is_domain(const char *text, int length, bool international)
{
	int			label = 0;
	int			i;

	if (length < 1 || length > 253)
		return false;
	for (i = 0; i <= length; i++)
	{
		if (i == length || text[i] == '.')
		{
			if (label < 1 || label > 63 || text[i - 1] == '-' || text[i - label] == '-')
				return false;
			label = 0;
		}
		else if (is_letter(text[i]) || is_digit(text[i]) || text[i] == '-' ||
				 (international && (unsigned char) text[i] >= 0x80))
			label++;
		else
			return false;
	}
	return true;
}

bool
is_hostname(const char *text, int length)
{
	return is_domain(text, length, false);
}

bool
is_ipv4(const char *text, int length)
{
	int			parts = 0;
	int			digits = 0;
	int			value = 0;
	int			i;

	for (i = 0; i <= length; i++)
	{
		if (i == length || text[i] == '.')
		{
			if (digits == 0 || ++parts > 4)
				return false;
			digits = value = 0;
			continue;
		}
		if (!is_digit(text[i]) || (digits > 0 && value == 0))
			return false;
		value = value * 10 + text[i] - '0';
		digits++;
		if (value > 255)
			return false;
	}
	return parts == 4;
}

bool
is_ipv6(const char *text, int length)
{
	int			groups = 0;
	bool		compressed = false;
	int			at = 0;

	if (length >= 2 && text[0] == ':' && text[1] == ':')
	{
		compressed = true;
		at = 2;
	}
	while (at < length)
	{
		int			digits = 0;

		while (at + digits < length && is_hexadecimal(text[at + digits]))
			digits++;
		if (at + digits < length && text[at + digits] == '.')
		{
			if (!is_ipv4(text + at, length - at))
				return false;
			groups += 2;
			break;
		}
		if (digits < 1 || digits > 4 || ++groups > 8)
			return false;
		at += digits;
		if (at == length)
			break;
		if (text[at++] != ':' || at == length)
			return false;
		if (text[at] == ':')
		{
			if (compressed)
				return false;
			compressed = true;
			at++;
		}
	}
	return compressed ? groups <= 7 : groups == 8;
}

/* is_local_part: what is before the @, as dot-atom or as quoted string. */
static bool
is_local_part(const char *text, int length, bool international)
{
	int			i;

	if (length < 1 || length > 64)
		return false;
	if (text[0] == '"')
	{
		if (length < 3 || text[length - 1] != '"')
			return false;
		for (i = 1; i < length - 1; i++)
		{
			unsigned char c = text[i];

			if (c == '\\' && ++i == length - 1)
				return false;
			if (c == '"' || c < ' ' || c == 0x7F || (c >= 0x80 && !international))
				return false;
		}
		return true;
	}
	for (i = 0; i < length; i++)
	{
		if (text[i] == '.')
		{
			if (i == 0 || i == length - 1 || text[i + 1] == '.')
				return false;
		}
		else if (!is_letter(text[i]) && !is_digit(text[i]) &&
				 !is_one_of(text[i], "!#$%&'*+-/=?^_`{|}~") &&
				 !(international && (unsigned char) text[i] >= 0x80))
			return false;
	}
	return true;
}

/* is_email: a mailbox of RFC 5321; international: of RFC 6531. */
bool
is_email(const char *text, int length, bool international)
{
	const char *domain;
	int			local;

	for (local = length - 1; local > 0 && text[local] != '@'; local--)
		;
	if (local <= 0)
		return false;
	if (!is_local_part(text, local, international))
		return false;
	domain = text + local + 1;
	length -= local + 1;
	if (length > 2 && domain[0] == '[' && domain[length - 1] == ']')
	{
		if (length > 7 && pg_strncasecmp(domain, "[IPv6:", 6) == 0)
			return is_ipv6(domain + 6, length - 7);
		return is_ipv4(domain + 1, length - 2);
	}
	return is_domain(domain, length, international);
}

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
