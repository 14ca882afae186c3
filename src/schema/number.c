/*-------------------------------------------------------------------------
 *
 * number.c
 *	  Exact arithmetic on the numbers of jsonb, in place.
 *
 * PostgreSQL's functions on numeric return a new numeric or unpack their
 * arguments to the heap.  Bounds of a schema are compared for each number
 * of each document, so the digits are read where they are.  The format is
 * the one on disk since 9.1, which pg_upgrade keeps stable: after the
 * varlena header comes a 16-bit word, in the short form
 *
 *		10 sign:1 scale:6 weight:7 (two's complement)
 *
 * in the long form, followed by a 16-bit weight,
 *
 *		0 sign:1 scale:14
 *
 * and then digits to the base 10000.  11 marks NaN and the infinities, which
 * jsonb never holds.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/int.h"
#include "fmgr.h"
#include "utils/fmgrprotos.h"

#include "base/compat.h"
#include "schema/number.h"

#define DIGIT_BASE			10000
#define FORM_SHORT			0x8000
#define FORM_SPECIAL		0xC000
#define LONG_NEGATIVE		0x4000
#define SHORT_NEGATIVE		0x2000
#define SHORT_WEIGHT_SIGN	0x0040
#define SHORT_WEIGHT		0x003F

/* The largest divisor that Horner's scheme below can bear in 64 bits. */
#define MAX_FAST_DIVISOR	(PG_INT64_MAX / DIGIT_BASE - DIGIT_BASE)

/*
 * read_number looks at a numeric in place.  Only one with a short varlena
 * header is copied, as its digits are not aligned; jsonb never stores such.
 */
void
read_number(Numeric numeric, Number *number)
{
	const uint16 *words;
	const int16 *first;
	const int16 *end;
	int			weight;
	bool		negative;
	uint16		header;

	if (unlikely(VARATT_IS_EXTENDED(numeric)))
		numeric = DatumGetNumeric(PointerGetDatum(numeric));

	words = (const uint16 *) VARDATA(numeric);
	end = (const int16 *) ((const char *) numeric + VARSIZE(numeric));
	header = words[0];

	if (unlikely((header & FORM_SPECIAL) == FORM_SPECIAL))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("a number in a jsonb value is not finite")));

	if (header & FORM_SHORT)
	{
		negative = (header & SHORT_NEGATIVE) != 0;
		weight = (int) (header & SHORT_WEIGHT) - (header & SHORT_WEIGHT_SIGN);
		first = (const int16 *) (words + 1);
	}
	else
	{
		negative = (header & LONG_NEGATIVE) != 0;
		weight = (int16) words[1];
		first = (const int16 *) (words + 2);
	}

	for (; first < end && first[0] == 0; first++)
		weight--;
	while (first < end && end[-1] == 0)
		end--;
	number->digits = first;
	number->n_digits = end - first;
	number->weight = first < end ? weight : 0;
	number->negative = first < end && negative;
}

/* compare_magnitudes compares as if both were positive. */
static int
compare_magnitudes(const Number *a, const Number *b)
{
	int			shared = Min(a->n_digits, b->n_digits);
	int			i;

	if (a->n_digits == 0 || b->n_digits == 0)
		return (a->n_digits > 0) - (b->n_digits > 0);
	if (a->weight != b->weight)
		return a->weight < b->weight ? -1 : 1;
	for (i = 0; i < shared; i++)
	{
		if (a->digits[i] != b->digits[i])
			return a->digits[i] < b->digits[i] ? -1 : 1;
	}
	return (a->n_digits > b->n_digits) - (a->n_digits < b->n_digits);
}

int
compare_numbers(const Number *a, const Number *b)
{
	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	return a->negative ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}

/* is_integral: whether there is no digit after the point; 1.0 has none. */
bool
is_integral(const Number *number)
{
	return number->n_digits <= number->weight + 1;
}

/* is_integer is is_integral for one that nobody has looked at. */
bool
is_integer(Numeric numeric)
{
	Number		number;

	read_number(numeric, &number);
	return is_integral(&number);
}

/*
 * number_to_count reads a count as keywords such as minLength have it: false
 * if it is negative or not integral.  PG_UINT32_MAX stands for all that is
 * as large or larger, since nothing within a jsonb value reaches it.
 */
bool
number_to_count(const Number *number, uint32 *count)
{
	uint64		result = 0;
	int			i;

	if (number->negative || !is_integral(number))
		return false;
	for (i = 0; i <= number->weight && result < PG_UINT32_MAX; i++)
		result = result * DIGIT_BASE + (i < number->n_digits ? number->digits[i] : 0);
	if (number->n_digits == 0)
		result = 0;
	*count = (uint32) Min(result, (uint64) PG_UINT32_MAX);
	return true;
}

/*
 * number_to_int64: false if the number is not integral or too large.  It sums
 * up negatively, since there is one more negative int64 than positive ones.
 */
bool
number_to_int64(const Number *number, int64 *result)
{
	int64		sum = 0;

	if (!is_integral(number))
		return false;
	for (int i = 0; number->n_digits > 0 && i <= number->weight; i++)
	{
		int16		digit = i < number->n_digits ? number->digits[i] : 0;

		if (pg_mul_s64_overflow(sum, DIGIT_BASE, &sum) ||
			pg_sub_s64_overflow(sum, digit, &sum))
			return false;
	}
	if (!number->negative && sum == PG_INT64_MIN)
		return false;
	*result = number->negative ? sum : -sum;
	return true;
}

/*
 * is_multiple: whether value is an integral multiple of divisor, exactly.
 *
 * Both are taken as integers in units of the divisor's last digit.  A value
 * with digits below that unit is no multiple; for the others the remainder
 * is computed digit by digit.  Only divisors of more than 14 digits or so
 * take the way through numeric's own functions.
 */
bool
is_multiple(Numeric value, Numeric divisor)
{
	Number		number;
	Number		unit;
	int64		modulus = 0;
	int64		remainder = 0;
	int			last;			/* weight of the divisor's last digit */
	int			i;

	read_number(value, &number);
	read_number(divisor, &unit);

	if (number.n_digits == 0)
		return true;
	last = unit.weight - unit.n_digits + 1;
	if (number.weight - number.n_digits + 1 < last)
		return false;

	for (i = 0; i < unit.n_digits && modulus <= MAX_FAST_DIVISOR / DIGIT_BASE; i++)
		modulus = modulus * DIGIT_BASE + unit.digits[i];
	if (i < unit.n_digits)
	{
		Datum		rest = DirectFunctionCall2(numeric_mod, NumericGetDatum(value),
											   NumericGetDatum(divisor));

		read_number(DatumGetNumeric(rest), &number);
		return number.n_digits == 0;
	}

	for (i = 0; i <= number.weight - last; i++)
	{
		int			digit = i < number.n_digits ? number.digits[i] : 0;

		remainder = (remainder * DIGIT_BASE + digit) % modulus;
		if (remainder == 0 && i >= number.n_digits)
			break;
	}
	return remainder == 0;
}
