/*-------------------------------------------------------------------------
 *
 * format_net.c
 *	  Names and addresses of the Internet.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/format.h"

/* skip_host_label returns where a label ends: letters, digits and inner hyphens; 0 without. */
static int
skip_host_label(const char *text, int length)
{
	int			i = 0;

	while (i < length && in_class(text[i], CLASS_HOST))
		i++;
	return i > 63 || i == 0 || text[0] == '-' || text[i - 1] == '-' ? 0 : i;
}

bool
is_host_label(const char *text, int length)
{
	return length > 0 && skip_host_label(text, length) == length;
}

/*
 * is_hostname: RFC 1123, section 2.1.  A label that begins with xn-- must be
 * the A-label of an internationalised one (RFC 5890, section 2.3.2.1).
 */
bool
is_hostname(const char *text, int length)
{
	bool		encoded = false;
	int			at = 0;

	if (length > MAX_HOSTNAME)
		return false;
	for (;;)
	{
		int			label = skip_host_label(text + at, length - at);

		if (label == 0)
			return false;
		if (label > 4 && text[at + 2] == '-' && pg_strncasecmp(text + at, "xn--", 4) == 0)
			encoded = true;
		at += label;
		if (at == length)
			return !encoded || is_idn_hostname(text, length);
		if (text[at++] != '.')
			return false;
	}
}

/* is_ipv4: dotted-quad of RFC 2673, section 3.2, without zeros in front. */
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
		if (!in_class(text[i], CLASS_DIGIT) || (digits > 0 && value == 0))
			return false;
		value = value * 10 + text[i] - '0';
		digits++;
		if (value > 255)
			return false;
	}
	return parts == 4;
}

/* is_ipv6: RFC 4291, section 2.2; without a zone, which is no part of it. */
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

		while (at + digits < length && in_class(text[at + digits], CLASS_HEXADECIMAL))
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
