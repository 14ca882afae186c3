/*-------------------------------------------------------------------------
 *
 * format.h
 *	  The formats of JSON Schema that are asserted.
 *
 * Checks that accept ASCII only read bytes in the database's encoding: they
 * mean the same in each.  The others read UTF-8, which format.c sees to.
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
	FORMAT_REGEX,
	FORMAT_IDN_HOSTNAME,
	FORMAT_IRI,
	FORMAT_IRI_REFERENCE,
	FORMAT_URI_TEMPLATE
} Format;

/* Which characters beyond ASCII a part may have, as RFC 3987 names them. */
typedef enum Beyond
{
	BEYOND_NONE,
	BEYOND_UCSCHAR,
	BEYOND_PRIVATE				/* ucschar and iprivate */
} Beyond;

/* Classes of ASCII characters. */
#define CLASS_DIGIT			0x001
#define CLASS_LETTER		0x002
#define CLASS_HEXADECIMAL	0x004
#define CLASS_HOST			0x008	/* letters, digits, hyphen */
#define CLASS_ATOM			0x010	/* atext of RFC 5322 */
#define CLASS_SCHEME		0x020	/* of RFC 3986 after the first letter */
#define CLASS_NAME			0x040	/* unreserved and sub-delims of RFC 3986 */
#define CLASS_USER			0x080	/* the same and ":" */
#define CLASS_PATH			0x100	/* the same and "@", "/" */
#define CLASS_QUERY			0x200	/* the same and "?" */
#define CLASS_LITERAL		0x400	/* literals of RFC 6570 */
#define CLASS_VARIABLE		0x800	/* varchar of RFC 6570 */

/* format.c */
extern const uint16 byte_classes[256];

static inline bool
in_class(char c, uint16 class)
{
	return (byte_classes[(unsigned char) c] & class) != 0;
}

extern Format find_format(const char *name, int length, bool classic);
extern const char *format_name(Format format);
extern bool matches_format(Format format, const char *text, int length);
extern bool is_ascii_text(const char *text, int length);

/* format_time.c */
extern bool is_date(const char *text, int length);
extern bool is_time(const char *text, int length);
extern bool is_date_time(const char *text, int length);
extern bool is_duration(const char *text, int length);

/* format_net.c */
#define MAX_HOSTNAME	253		/* octets of labels and dots, RFC 1035, section 2.3.4 */

extern bool is_host_label(const char *text, int length);
extern bool is_hostname(const char *text, int length);
extern bool is_ipv4(const char *text, int length);
extern bool is_ipv6(const char *text, int length);

/* format_idn.c */
extern bool is_idn_hostname(const char *text, int length);

/* format_email.c */
extern bool is_email(const char *text, int length, bool international);

/* format_uri.c */
extern const char *skip_class(const char *text, const char *end, uint16 class, Beyond beyond);
extern bool is_uri(const char *text, int length, bool relative, bool international);

/* format_template.c */
extern bool is_uri_template(const char *text, int length);

#endif							/* CUSTOMERS_SCHEMA_FORMAT_H */
