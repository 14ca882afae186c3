/*-------------------------------------------------------------------------
 *
 * format_idn.c
 *	  Internationalised host names: IDNA2008, by libidn2.
 *
 * libidn2 checks a label as a registry does (RFC 5891, section 4): the
 * characters that RFC 5892 permits, its rules of context, hyphens, and
 * the A-label that a U-label becomes.  Of the Bidi rule (RFC 5893) it
 * leaves out what is done here: the digits of a right-to-left label, and
 * what such a label demands of the others in its name.
 *
 * libidn2 allocates by malloc: nothing here may raise an error before its
 * result is freed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <idn2.h>

#include "mb/pg_wchar.h"

#include "schema/format.h"

#define MAX_LABEL		252		/* bytes in UTF-8 of 63 characters */

/* A name under check. */
typedef struct HostName
{
	int			length;			/* of its A-labels, each with a dot */
	bool		right_to_left;	/* has a right-to-left label */
	bool		left_to_right_only; /* has a label that cannot stand beside one */
} HostName;

typedef struct Range
{
	pg_wchar	first;
	pg_wchar	last;
} Range;

/* Of what RFC 5892 permits, by bidirectional class: EN, AN; ES and ON. */
static const Range european_digits[] = {{'0', '9'}, {0x06F0, 0x06F9}};
static const Range arabic_digits[] = {{0x0660, 0x0669}, {0x10D30, 0x10D39}};
static const Range neutrals[] = {
	{'-', '-'}, {0x00B7, 0x00B7}, {0x02B9, 0x02BA}, {0x02C6, 0x02CF}, {0x02EC, 0x02EC},
	{0x2E2F, 0x2E2F}, {0x30FB, 0x30FB}, {0xA67F, 0xA67F}, {0xA717, 0xA71F}, {0xA788, 0xA788}
};

static bool
in_ranges(pg_wchar character, const Range *ranges, int count)
{
	int			i;

	for (i = 0; i < count; i++)
	{
		if (character >= ranges[i].first && character <= ranges[i].last)
			return true;
	}
	return false;
}

#define IN_RANGES(character, ranges) in_ranges(character, ranges, lengthof(ranges))

/*
 * register_label has libidn2 check a U-label, or an A-label if that is what
 * alabel has.  It returns libidn2's code, and the length of the A-label.
 */
static int
register_label(const char *ulabel, const char *alabel, int *length)
{
	uint8_t    *result = NULL;
	int			code = idn2_register_u8((const uint8_t *) ulabel, (const uint8_t *) alabel,
										&result, IDN2_NFC_INPUT);

	if (code == IDN2_OK)
		*length = strlen((char *) result);
	idn2_free(result);
	if (code == IDN2_MALLOC)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory"),
				 errdetail("Failed in an internationalized host name.")));
	return code;
}

/* decode_label replaces an A-label that libidn2 has checked by its U-label. */
static bool
decode_label(char *label)
{
	char	   *result = NULL;
	int			code = idn2_to_unicode_8z8z(label, &result, 0);
	bool		fits = code == IDN2_OK && strlen(result) <= MAX_LABEL;

	if (fits)
		strcpy(label, result);
	idn2_free(result);
	return fits;
}

/*
 * note_direction applies the Bidi rule (RFC 5893, section 2) to a U-label.
 * A label is right-to-left if libidn2 refuses it behind a Latin letter.
 */
static bool
note_direction(HostName *name, const char *label)
{
	char		behind_letter[1 + MAX_LABEL + 1];
	bool		european = false;
	bool		arabic = false;
	const unsigned char *c;
	pg_wchar	first = utf8_to_unicode((const unsigned char *) label);
	pg_wchar	last = first;
	int			ignored;

	for (c = (const unsigned char *) label; *c != '\0'; c += pg_utf_mblen(c))
	{
		last = utf8_to_unicode(c);
		european |= IN_RANGES(last, european_digits);
		arabic |= IN_RANGES(last, arabic_digits);
	}

	behind_letter[0] = 'a';
	strcpy(behind_letter + 1, label);
	if (!is_ascii_text(label, strlen(label)) &&
		register_label(behind_letter, NULL, &ignored) == IDN2_BIDI)
	{
		name->right_to_left = true;
		return !(european && arabic);	/* condition 4 */
	}
	if (IN_RANGES(first, european_digits) || IN_RANGES(first, neutrals) ||	/* 1 */
		IN_RANGES(last, neutrals))	/* 6 */
		name->left_to_right_only = true;
	return true;
}

/* check_label checks one label of a name. */
static bool
check_label(HostName *name, const char *text, int length)
{
	char		label[MAX_LABEL + 1];
	int			encoded_length;

	if (length < 1 || length > MAX_LABEL)
		return false;
	memcpy(label, text, length);
	label[length] = '\0';

	if (pg_strncasecmp(label, "xn--", 4) == 0)
	{
		int			i;

		for (i = 0; i < length; i++)
			label[i] = pg_ascii_tolower((unsigned char) label[i]);
		if (register_label(NULL, label, &encoded_length) != IDN2_OK || !decode_label(label))
			return false;
	}
	else if (is_ascii_text(label, length))
	{
		if (!is_host_label(label, length))
			return false;
		encoded_length = length;
	}
	else if (register_label(label, NULL, &encoded_length) != IDN2_OK)
		return false;
	name->length += encoded_length + 1;
	return note_direction(name, label);
}

/* separator_length: the bytes of a dot, or of what RFC 3490, section 3.1 takes for one; or 0. */
static int
separator_length(const char *text, int left)
{
	if (text[0] == '.')
		return 1;
	if (left >= 3 && (memcmp(text, "\xE3\x80\x82", 3) == 0 ||	/* U+3002 */
					  memcmp(text, "\xEF\xBC\x8E", 3) == 0 ||	/* U+FF0E */
					  memcmp(text, "\xEF\xBD\xA1", 3) == 0))	/* U+FF61 */
		return 3;
	return 0;
}

/* is_idn_hostname: RFC 5890, section 2.3.2.3: of U-labels, A-labels and others of ASCII. */
bool
is_idn_hostname(const char *text, int length)
{
	HostName		name = {0};
	int			start = 0;
	int			i;

	for (i = 0; i <= length; i++)
	{
		int			separator = i < length ? separator_length(text + i, length - i) : 1;

		if (separator == 0)
			continue;
		if (!check_label(&name, text + start, i - start) || name.length > MAX_HOSTNAME + 1)
			return false;
		start = i + separator;
		i = start - 1;
	}
	return !(name.right_to_left && name.left_to_right_only);
}
