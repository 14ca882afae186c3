/*-------------------------------------------------------------------------
 *
 * format.h
 *	  The formats of JSON Schema that are asserted.
 *
 * Each check reads bytes in the database's encoding; all but idn-email
 * accept ASCII only, whose bytes mean the same in every server encoding.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_SCHEMA_FORMAT_H
#define CUSTOMERS_SCHEMA_FORMAT_H

#include "postgres.h"

/* Numbers in stored programs: only ever append. */
typedef enum Format
{
	FORMAT_NONE = 0,
	FORMAT_DATE,
	FORMAT_TIME,
	FORMAT_DATE_TIME,
	FORMAT_DURATION,
	FORMAT_EMAIL,
	FORMAT_IDN_EMAIL,
	FORMAT_HOSTNAME,
	FORMAT_IPV4,
	FORMAT_IPV6,
	FORMAT_URI,
	FORMAT_URI_REFERENCE,
	FORMAT_UUID,
	FORMAT_JSON_POINTER,
	FORMAT_RELATIVE_JSON_POINTER,
	FORMAT_REGEX
} Format;

extern Format find_format(const char *name, int length);
extern const char *format_name(Format format);
extern bool matches_format(Format format, const char *text, int length);

extern bool is_date(const char *text, int length);
extern bool is_time(const char *text, int length);
extern bool is_date_time(const char *text, int length);
extern bool is_duration(const char *text, int length);

extern bool is_email(const char *text, int length, bool international);
extern bool is_hostname(const char *text, int length);
extern bool is_ipv4(const char *text, int length);
extern bool is_ipv6(const char *text, int length);
extern bool is_uri(const char *text, int length, bool relative);

/* Classes of ASCII, whatever the locale. */
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

#endif							/* CUSTOMERS_SCHEMA_FORMAT_H */
