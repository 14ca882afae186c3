/*-------------------------------------------------------------------------
 *
 * format_email.c
 *	  Mailboxes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/format.h"

#define MAX_LOCAL_PART	64		/* octets, RFC 5321, section 4.5.3.1.1 */
#define MAX_MAILBOX		254		/* a path with its angle brackets has 256, 4.5.3.1.3 */

/* is_quoted: a quoted string between its quotes. */
static bool
is_quoted(const char *text, int length, bool international)
{
	int			i;

	for (i = 0; i < length; i++)
	{
		unsigned char c;

		if (text[i] == '"' || (text[i] == '\\' && ++i == length))
			return false;
		c = text[i];
		if (c < ' ' || c == 0x7F || (IS_HIGHBIT_SET(c) && !international))
			return false;
	}
	return true;
}

/* is_local_part: what is before the @, as dot-string or as quoted string. */
static bool
is_local_part(const char *text, int length, bool international)
{
	int			i;

	if (length < 1 || length > MAX_LOCAL_PART)
		return false;
	if (text[0] == '"')
		return length >= 2 && text[length - 1] == '"' &&
			is_quoted(text + 1, length - 2, international);
	for (i = 0; i < length; i++)
	{
		if (text[i] == '.')
		{
			if (i == 0 || i == length - 1 || text[i + 1] == '.')
				return false;
		}
		else if (!in_class(text[i], CLASS_ATOM) && !(international && IS_HIGHBIT_SET(text[i])))
			return false;
	}
	return true;
}

/*
 * is_email: a mailbox of RFC 5321, section 4.1.2; international: with the
 * extensions of RFC 6531, section 3.3.
 */
bool
is_email(const char *text, int length, bool international)
{
	const char *domain;
	int			local;

	if (length > MAX_MAILBOX)
		return false;
	for (local = length - 1; local > 0 && text[local] != '@'; local--)
		;
	if (local <= 0 || !is_local_part(text, local, international))
		return false;
	domain = text + local + 1;
	length -= local + 1;
	if (length > 2 && domain[0] == '[' && domain[length - 1] == ']')
	{
		if (length > 7 && pg_strncasecmp(domain, "[IPv6:", 6) == 0)
			return is_ipv6(domain + 6, length - 7);
		return is_ipv4(domain + 1, length - 2);
	}
	return is_hostname(domain, length) || (international && is_idn_hostname(domain, length));
}
