/*-------------------------------------------------------------------------
 *
 * amount.c
 *	  Text form and order of amounts.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/int.h"

#include "type/amount.h"

static bool
is_blank(char character)
{
	return character == ' ' || (character >= '\t' && character <= '\r');
}

static bool
is_digit(char character)
{
	return character >= '0' && character <= '9';
}

static bool
is_capital(char character)
{
	return character >= 'A' && character <= 'Z';
}

/*
 * fill_amount sets every byte of an amount.  currency points to the letters of
 * a known code and need not end in a NUL.
 */
void
fill_amount(Amount *amount, int64 minor_units, const char *currency)
{
	memset(amount, 0, sizeof(Amount));
	amount->minor_units = minor_units;
	memcpy(amount->currency, currency, CURRENCY_CODE_LENGTH);
}

/*
 * append_digits multiplies *minor_units by ten for each digit of text and
 * subtracts it; false when it leaves the range.  Counting downwards lets the
 * smallest number be read, which has no positive counterpart.
 */
static bool
append_digits(const char *text, size_t length, int64 *minor_units)
{
	for (size_t i = 0; i < length; i++)
	{
		if (pg_mul_s64_overflow(*minor_units, 10, minor_units) ||
			pg_sub_s64_overflow(*minor_units, text[i] - '0', minor_units))
			return false;
	}
	return true;
}

/*
 * text_to_amount reads `-49.90 EUR`: perhaps a minus, digits, exactly the
 * currency's digits after a point (and no point if it has none), one space,
 * the code.  Blanks around it are skipped; text need not end in a NUL.
 *
 * After each fault but AMOUNT_BAD_SYNTAX, amount->currency is the code that
 * was read.
 */
AmountFault
text_to_amount(const char *text, size_t length, Amount *amount)
{
	const char *end = text + length;
	const char *whole;
	const char *fraction;
	size_t		whole_length;
	size_t		fraction_length = 0;
	bool		negative = false;
	int64		minor_units = 0;
	const Currency *currency;

	while (text < end && is_blank(*text))
		text++;
	while (end > text && is_blank(end[-1]))
		end--;

	if (text < end && *text == '-')
	{
		negative = true;
		text++;
	}
	whole = text;
	while (text < end && is_digit(*text))
		text++;
	whole_length = text - whole;
	if (whole_length == 0)
		return AMOUNT_BAD_SYNTAX;

	fraction = text;
	if (text < end && *text == '.')
	{
		fraction = ++text;
		while (text < end && is_digit(*text))
			text++;
		fraction_length = text - fraction;
		if (fraction_length == 0)
			return AMOUNT_BAD_SYNTAX;
	}

	if (end - text != 1 + CURRENCY_CODE_LENGTH || *text++ != ' ')
		return AMOUNT_BAD_SYNTAX;
	for (int i = 0; i < CURRENCY_CODE_LENGTH; i++)
	{
		if (!is_capital(text[i]))
			return AMOUNT_BAD_SYNTAX;
	}

	fill_amount(amount, 0, text);
	currency = find_currency(text, CURRENCY_CODE_LENGTH);
	if (currency == NULL)
		return AMOUNT_UNKNOWN_CURRENCY;
	if (currency->digits == NO_MINOR_UNIT)
		return AMOUNT_NO_MINOR_UNIT;
	if (fraction_length != (size_t) currency->digits)
		return AMOUNT_WRONG_DIGITS;

	if (!append_digits(whole, whole_length, &minor_units) ||
		!append_digits(fraction, fraction_length, &minor_units) ||
		(!negative && pg_sub_s64_overflow(0, minor_units, &minor_units)))
		return AMOUNT_OUT_OF_RANGE;
	amount->minor_units = minor_units;
	return AMOUNT_VALID;
}

/*
 * amount_to_text writes an amount with this number of digits after the point
 * and a terminating NUL; text has room for AMOUNT_TEXT_SIZE bytes.
 */
void
amount_to_text(const Amount *amount, int digits, char *text)
{
	char		reversed[AMOUNT_TEXT_SIZE];
	int			count = 0;
	uint64		rest = (uint64) amount->minor_units;

	Assert(digits >= 0 && digits <= MAX_CURRENCY_DIGITS);

	if (amount->minor_units < 0)
	{
		rest = 0 - rest;
		*text++ = '-';
	}

	/* From the last digit on: the fraction, the point, at least one digit. */
	for (int i = 0; i < digits; i++)
	{
		reversed[count++] = '0' + rest % 10;
		rest /= 10;
	}
	if (digits > 0)
		reversed[count++] = '.';
	do
	{
		reversed[count++] = '0' + rest % 10;
		rest /= 10;
	} while (rest > 0);
	while (count > 0)
		*text++ = reversed[--count];

	*text++ = ' ';
	memcpy(text, amount->currency, CURRENCY_CODE_LENGTH);
	text[CURRENCY_CODE_LENGTH] = '\0';
}

/*
 * compare_amounts is the total order of amounts: by the letters of the
 * currency, then by value.
 */
int
compare_amounts(const Amount *left, const Amount *right)
{
	int			order = memcmp(left->currency, right->currency,
							   CURRENCY_CODE_LENGTH);

	if (order != 0)
		return order < 0 ? -1 : 1;
	if (left->minor_units != right->minor_units)
		return left->minor_units < right->minor_units ? -1 : 1;
	return 0;
}

bool
same_currency(const Amount *left, const Amount *right)
{
	return memcmp(left->currency, right->currency, CURRENCY_CODE_LENGTH) == 0;
}
