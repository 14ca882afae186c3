/*-------------------------------------------------------------------------
 *
 * format.c
 *	  The formats by name, those that need few lines, and the classes of
 *	  characters that they share.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

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
	{"idn-hostname", FORMAT_IDN_HOSTNAME},
	{"ipv4", FORMAT_IPV4},
	{"ipv6", FORMAT_IPV6},
	{"uri", FORMAT_URI},
	{"uri-reference", FORMAT_URI_REFERENCE},
	{"iri", FORMAT_IRI},
	{"iri-reference", FORMAT_IRI_REFERENCE},
	{"uri-template", FORMAT_URI_TEMPLATE},
	{"uuid", FORMAT_UUID},
	{"json-pointer", FORMAT_JSON_POINTER},
	{"relative-json-pointer", FORMAT_RELATIVE_JSON_POINTER},
	{"regex", FORMAT_REGEX},
};

/* For each byte the sum of its CLASS_ bits (format.h). */
const uint16 byte_classes[256] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0x000, 0x7D0, 0x000, 0x410, 0x7D0, 0x010, 0x7D0, 0x7D0,	/*   ! " # $ % & ' */
	0x7C0, 0x7C0, 0x7D0, 0x7F0, 0x7C0, 0x7F8, 0x7E0, 0x710,	/* ( ) * + , - . / */
	0xFFD, 0xFFD, 0xFFD, 0xFFD, 0xFFD, 0xFFD, 0xFFD, 0xFFD,	/* 0 1 2 3 4 5 6 7 */
	0xFFD, 0xFFD, 0x780, 0x7C0, 0x000, 0x7D0, 0x000, 0x610,	/* 8 9 : ; < = > ? */
	0x700, 0xFFE, 0xFFE, 0xFFE, 0xFFE, 0xFFE, 0xFFE, 0xFFA,	/* @ A B C D E F G */
	0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA,	/* H I J K L M N O */
	0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA,	/* P Q R S T U V W */
	0xFFA, 0xFFA, 0xFFA, 0x400, 0x000, 0x400, 0x010, 0xFD0,	/* X Y Z [ \ ] ^ _ */
	0x010, 0xFFE, 0xFFE, 0xFFE, 0xFFE, 0xFFE, 0xFFE, 0xFFA,	/* ` a b c d e f g */
	0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA,	/* h i j k l m n o */
	0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA, 0xFFA,	/* p q r s t u v w */
	0xFFA, 0xFFA, 0xFFA, 0x010, 0x010, 0x010, 0x7D0, 0x000,	/* x y z { | } ~ */
};

/*
 * find_format returns FORMAT_NONE for a name that is not known, in draft-07 if
 * classic.
 */
Format
find_format(const char *name, int length, bool classic)
{
	int			i;

	for (i = 0; i < (int) lengthof(formats); i++)
	{
		Format		format = formats[i].format;

		if (strncmp(formats[i].name, name, length) != 0 || formats[i].name[length] != '\0')
			continue;
		if (classic && (format == FORMAT_DURATION || format == FORMAT_UUID))
			return FORMAT_NONE;
		return format;
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

/* is_uuid: RFC 4122, section 3; any version and variant. */
static bool
is_uuid(const char *text, int length)
{
	int			i;

	if (length != 36)
		return false;
	for (i = 0; i < length; i++)
	{
		if (i == 8 || i == 13 || i == 18 || i == 23)
		{
			if (text[i] != '-')
				return false;
		}
		else if (!in_class(text[i], CLASS_HEXADECIMAL))
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

/* is_relative_json_pointer: a number, then # or a JSON pointer (its draft, section 3). */
static bool
is_relative_json_pointer(const char *text, int length)
{
	int			digits = 0;

	while (digits < length && in_class(text[digits], CLASS_DIGIT))
		digits++;
	if (digits == 0 || (digits > 1 && text[0] == '0'))
		return false;
	if (digits + 1 == length && text[digits] == '#')
		return true;
	return is_json_pointer(text + digits, length - digits);
}

bool
is_ascii_text(const char *text, int length)
{
	int			i;

	for (i = 0; i < length; i++)
	{
		if (IS_HIGHBIT_SET(text[i]))
			return false;
	}
	return true;
}

/* check_format checks text in UTF-8, or of ASCII. */
static bool
check_format(Format format, const char *text, int length)
{
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
		case FORMAT_IDN_HOSTNAME:
			return is_hostname(text, length) || is_idn_hostname(text, length);
		case FORMAT_IPV4:
			return is_ipv4(text, length);
		case FORMAT_IPV6:
			return is_ipv6(text, length);
		case FORMAT_URI:
			return is_uri(text, length, false, false);
		case FORMAT_URI_REFERENCE:
			return is_uri(text, length, true, false);
		case FORMAT_IRI:
			return is_uri(text, length, false, true);
		case FORMAT_IRI_REFERENCE:
			return is_uri(text, length, true, true);
		case FORMAT_URI_TEMPLATE:
			return is_uri_template(text, length);
		case FORMAT_UUID:
			return is_uuid(text, length);
		case FORMAT_JSON_POINTER:
			return is_json_pointer(text, length);
		case FORMAT_RELATIVE_JSON_POINTER:
			return is_relative_json_pointer(text, length);
		case FORMAT_REGEX:
			return is_regex(text, length);
	}
	return true;
}

/* needs_utf8: whether a format gives characters beyond ASCII a meaning. */
static bool
needs_utf8(Format format)
{
	return format == FORMAT_IDN_EMAIL || format == FORMAT_IDN_HOSTNAME ||
		format == FORMAT_IRI || format == FORMAT_IRI_REFERENCE ||
		format == FORMAT_URI_TEMPLATE || format == FORMAT_REGEX;
}

/* matches_format: whether text, in the database's encoding, has a format. */
bool
matches_format(Format format, const char *text, int length)
{
	char	   *utf8;
	bool		result;

	if (GetDatabaseEncoding() == PG_UTF8 || !needs_utf8(format) || is_ascii_text(text, length))
		return check_format(format, text, length);

	utf8 = pg_server_to_any(text, length, PG_UTF8);
	if (utf8 == text)
		return check_format(format, text, length);
	result = check_format(format, utf8, strlen(utf8));
	pfree(utf8);
	return result;
}
