/*-------------------------------------------------------------------------
 *
 * format_net.c
 *	  Names and addresses of the Internet.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/format.h"

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
