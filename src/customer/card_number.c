/*-------------------------------------------------------------------------
 *
 * card_number.c
 *	  Finding card numbers in texts, which may not be stored.
 *
 * A candidate is the longest run of digits with nothing but spaces and dashes
 * between them, so the 16 digits within an order number of 20 are none.  Every
 * tenth number of those lengths passes the check by chance; that is the
 * price of the rule.
 *
 * Bytes are read one by one: in the encodings that a server can have, no byte
 * of a character of several bytes looks like a digit, space or dash.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "customer/card_number.h"

#define DIGITS_MIN 13
#define DIGITS_MAX 19

/* passes_luhn doubles every second digit from the right but the last. */
static bool
passes_luhn(const unsigned char *digits, int count)
{
	int			sum = 0;

	for (int i = 0; i < count; i++)
	{
		int			digit = digits[count - 1 - i];

		if (i % 2 == 1)
			digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
		sum += digit;
	}
	return sum % 10 == 0;
}

/* is_card_number tells of a whole run; count may exceed what was kept of it. */
static bool
is_card_number(const unsigned char *digits, size_t count)
{
	return count >= DIGITS_MIN && count <= DIGITS_MAX && passes_luhn(digits, (int) count);
}

bool
contains_card_number(const char *text, size_t length)
{
	unsigned char digits[DIGITS_MAX];
	size_t		count = 0;

	for (size_t i = 0; i < length; i++)
	{
		if (text[i] >= '0' && text[i] <= '9')
		{
			if (count < DIGITS_MAX)
				digits[count] = text[i] - '0';
			count++;
		}
		else if (text[i] != ' ' && text[i] != '-')
		{
			if (is_card_number(digits, count))
				return true;
			count = 0;
		}
	}
	return is_card_number(digits, count);
}
