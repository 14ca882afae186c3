/*-------------------------------------------------------------------------
 *
 * card_number.c
 *	  Finding card numbers in texts, which may not be stored.
 *
 * Digits with nothing but spaces and dashes between them are a run of groups.
 * Candidates are a whole run, and within a longer one, which goes on with an
 * expiry date for instance, groups as they stand on cards.  No part of a group is
 * one: the 16 digits within an order number of 20 don't count.  Nor is part of a
 * run that begins right behind a letter, as the digits of an IBAN do.
 *
 * Every tenth number of those lengths passes the check by chance; that is the
 * price of the rule, and merchants can exempt a field from it.
 *
 * Bytes are read one by one: in the encodings that a server can have, no byte
 * of a character of several bytes looks like a digit, letter, space or dash.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "customer/card_number.h"

#define DIGITS_MIN 13
#define DIGITS_MAX 19

/* How the digits of cards are grouped; a zero ends each. */
#define GROUPS_MAX 5
static const unsigned char layouts[][GROUPS_MAX + 1] = {
	{13}, {14}, {15}, {16}, {17}, {18}, {19},
	{4, 4, 4, 4}, {4, 4, 4, 4, 3}, {4, 6, 5}, {4, 6, 4}, {4, 3, 3, 3}, {6, 13},
};

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
is_letter(char byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/*
 * separator_length returns the bytes of the space or dash that the text begins
 * with, or 0.  Those of Unicode count as well, as web pages have them.
 */
static size_t
separator_length(const char *text, size_t length)
{
	const unsigned char *bytes = (const unsigned char *) text;

	if (bytes[0] == ' ' || bytes[0] == '-')
		return 1;
	if (bytes[0] < 0x80 || GetDatabaseEncoding() != PG_UTF8)
		return 0;
	if (length >= 2 && bytes[0] == 0xC2 && bytes[1] == 0xA0)	/* U+00A0 */
		return 2;
	if (length >= 3 && bytes[0] == 0xE2 && bytes[1] == 0x80 &&
		(bytes[2] <= 0x8B ||	/* U+2000 to U+200B: spaces */
		 (bytes[2] >= 0x90 && bytes[2] <= 0x95) ||	/* U+2010 to U+2015: dashes */
		 bytes[2] == 0xAF))		/* U+202F */
		return 3;
	if (length >= 3 && bytes[0] == 0xE2 && bytes[1] == 0x88 && bytes[2] == 0x92)	/* U+2212 */
		return 3;
	return 0;
}

/*
 * The sums of the Luhn check, over the digits read so far: it doubles every second
 * digit from the right but the last.  No digit is kept, as it may be a secret.
 */
typedef struct LuhnSums
{
	int			sum;			/* a multiple of 10 passes */
	int			shifted;		/* what it was with one more digit behind */
} LuhnSums;

static LuhnSums
add_digit(LuhnSums sums, int digit)
{
	int			doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;

	return (LuhnSums) {.sum = sums.shifted + digit,.shifted = sums.sum + doubled};
}

/* is_layout says whether cards have groups of these lengths, ended by a zero. */
static bool
is_layout(const unsigned char *groups)
{
	for (size_t i = 0; i < lengthof(layouts); i++)
		if (memcmp(layouts[i], groups, strlen((const char *) groups) + 1) == 0)
			return true;
	return false;
}

/*
 * begins_card_number says whether the text, which begins with a group, begins
 * with a card number.  That may be a whole run, if the group is its first, or a
 * part that is grouped as cards are.
 */
static bool
begins_card_number(const char *text, size_t length, bool whole, bool part)
{
	LuhnSums	luhn = {0};
	unsigned char groups[GROUPS_MAX + 1] = {0};
	int			count = 0;
	int			group_count = 0;
	size_t		i = 0;

	while (i < length && is_digit(text[i]))
	{
		int			before = count;
		size_t		gap;
		bool		last;

		for (; i < length && is_digit(text[i]); i++)
		{
			if (count == DIGITS_MAX)
				return false;
			luhn = add_digit(luhn, text[i] - '0');
			count++;
		}
		if (group_count < GROUPS_MAX)
			groups[group_count] = count - before;
		group_count++;

		while (i < length && (gap = separator_length(text + i, length - i)) > 0)
			i += gap;
		last = i == length || !is_digit(text[i]);

		if (count >= DIGITS_MIN &&
			((whole && last) || (part && group_count <= GROUPS_MAX && is_layout(groups))) &&
			luhn.sum % 10 == 0)
			return true;
	}
	return false;
}

/* has_digits_enough rules most texts out in less time than reading their groups. */
static bool
has_digits_enough(const char *text, size_t length)
{
	size_t		count = 0;

	if (length < DIGITS_MIN)
		return false;
	for (size_t i = 0; i < length; i++)
		count += is_digit(text[i]);
	return count >= DIGITS_MIN;
}

bool
contains_card_number(const char *text, size_t length)
{
	bool		in_run = false;
	bool		after_letter = false;
	size_t		i = 0;

	if (!has_digits_enough(text, length))
		return false;
	while (i < length)
	{
		size_t		gap;

		if (is_digit(text[i]))
		{
			if (!in_run)
				after_letter = i > 0 && is_letter(text[i - 1]);
			if (begins_card_number(text + i, length - i, !in_run, !after_letter))
				return true;
			in_run = true;
			while (i < length && is_digit(text[i]))
				i++;
		}
		else if ((gap = separator_length(text + i, length - i)) > 0)
			i += gap;
		else
		{
			in_run = false;
			i++;
		}
	}
	return false;
}

bool
number_is_card_number(const char *number)
{
	size_t		whole = strcspn(number, ".");
	const char *fraction = number + whole;

	return strspn(fraction, ".0") == strlen(fraction) && contains_card_number(number, whole);
}
