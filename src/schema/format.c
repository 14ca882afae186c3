/*-------------------------------------------------------------------------
 *
 * format.c
 *	  The formats by name, and those that need few lines.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/format.h"
#include "schema/pattern.h"

static const struct
{
	const char *name;
	Format		format;
}			formats[] =
{
	{"date", FORMAT_DATE},
	{"time", FORMAT_TIME},
	{"date-time", FORMAT_DATE_TIME},
	{"duration", FORMAT_DURATION},
	{"email", FORMAT_EMAIL},
	{"idn-email", FORMAT_IDN_EMAIL},
	{"hostname", FORMAT_HOSTNAME},
	{"ipv4", FORMAT_IPV4},
	{"ipv6", FORMAT_IPV6},
	{"uri", FORMAT_URI},
	{"uri-reference", FORMAT_URI_REFERENCE},
	{"uuid", FORMAT_UUID},
	{"json-pointer", FORMAT_JSON_POINTER},
	{"relative-json-pointer", FORMAT_RELATIVE_JSON_POINTER},
	{"regex", FORMAT_REGEX},
};

/* find_format returns FORMAT_NONE for a name that is not known. */
Format
find_format(const char *name, int length)
{
	int			i;

	for (i = 0; i < (int) lengthof(formats); i++)
	{
		if (strncmp(formats[i].name, name, length) == 0 && formats[i].name[length] == '\0')
			return formats[i].format;
	}
	return FORMAT_NONE;
}

const char *
format_name(Format format)
{
	int			i;

	for (i = 0; i < (int) lengthof(formats); i++)
	{
		if (formats[i].format == format)
			return formats[i].name;
	}
	return "";
}

static bool
is_uuid(const char *text, int length)
{
	int			i;

	if (length != 36)
		return false;
	for (i = 0; i < length; i++)
	{
		char		c = text[i];

		if (i == 8 || i == 13 || i == 18 || i == 23)
		{
			if (c != '-')
				return false;
		}
		else if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
			return false;
	}
	return true;
}

/* is_json_pointer: RFC 6901, in its representation as a string. */
static bool
is_json_pointer(const char *text, int length)
{
	int			i;

	if (length > 0 && text[0] != '/')
		return false;
	for (i = 0; i < length; i++)
	{
		if (text[i] == '~' && (i + 1 == length || (text[i + 1] != '0' && text[i + 1] != '1')))
			return false;
	}
	return true;
}

/* is_relative_json_pointer: a number, then # or a JSON pointer. */
static bool
is_relative_json_pointer(const char *text, int length)
{
	int			digits = 0;

	while (digits < length && text[digits] >= '0' && text[digits] <= '9')
		digits++;
	if (digits == 0 || (digits > 1 && text[0] == '0'))
		return false;
	if (digits + 1 == length && text[digits] == '#')
		return true;
	return is_json_pointer(text + digits, length - digits);
}

bool
matches_format(Format format, const char *text, int length)
{
	char	   *reason;

	switch (format)
	{
		case FORMAT_NONE:
			return true;
		case FORMAT_DATE:
			return is_date(text, length);
		case FORMAT_TIME:
			return is_time(text, length);
		case FORMAT_DATE_TIME:
			return is_date_time(text, length);
		case FORMAT_DURATION:
			return is_duration(text, length);
		case FORMAT_EMAIL:
			return is_email(text, length, false);
		case FORMAT_IDN_EMAIL:
			return is_email(text, length, true);
		case FORMAT_HOSTNAME:
			return is_hostname(text, length);
		case FORMAT_IPV4:
			return is_ipv4(text, length);
		case FORMAT_IPV6:
			return is_ipv6(text, length);
		case FORMAT_URI:
			return is_uri(text, length, false);
		case FORMAT_URI_REFERENCE:
			return is_uri(text, length, true);
		case FORMAT_UUID:
			return is_uuid(text, length);
		case FORMAT_JSON_POINTER:
			return is_json_pointer(text, length);
		case FORMAT_RELATIVE_JSON_POINTER:
			return is_relative_json_pointer(text, length);
		case FORMAT_REGEX:
			return pattern_is_good(text, length, &reason);
	}
	return true;
}
