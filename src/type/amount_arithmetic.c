/*-------------------------------------------------------------------------
 *
 * amount_arithmetic.c
 *	  Checked arithmetic with amounts: never across currencies, never past
 *	  the range of 64 bits.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/int.h"

#include "type/amount.h"

/*
 * require_same_currency raises an error unless both amounts are of one
 * currency.
 */
static void
require_same_currency(const Amount *left, const Amount *right)
{
	if (!same_currency(left, right))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot calculate with amounts of different currencies"),
				 errdetail("The currencies are %s and %s.",
						   left->currency, right->currency),
				 errhint("To sum up amounts of several currencies, group them by currency().")));
}

static void
raise_out_of_range(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("amount out of range")));
}

/*
 * make_amount makes an amount of a currency that the caller knows to be valid.
 */
Amount *
make_amount(int64 minor_units, const char *currency)
{
	Amount	   *amount = palloc(sizeof(Amount));

	Assert(find_currency(currency, CURRENCY_CODE_LENGTH) != NULL);
	fill_amount(amount, minor_units, currency);
	return amount;
}

Amount *
add_amounts(const Amount *left, const Amount *right)
{
	int64		sum;

	require_same_currency(left, right);
	if (pg_add_s64_overflow(left->minor_units, right->minor_units, &sum))
		raise_out_of_range();
	return make_amount(sum, left->currency);
}

Amount *
subtract_amounts(const Amount *left, const Amount *right)
{
	int64		difference;

	require_same_currency(left, right);
	if (pg_sub_s64_overflow(left->minor_units, right->minor_units, &difference))
		raise_out_of_range();
	return make_amount(difference, left->currency);
}

Amount *
multiply_amount(const Amount *amount, int64 factor)
{
	int64		product;

	if (pg_mul_s64_overflow(amount->minor_units, factor, &product))
		raise_out_of_range();
	return make_amount(product, amount->currency);
}

Amount *
negate_amount(const Amount *amount)
{
	int64		negated;

	if (pg_sub_s64_overflow(0, amount->minor_units, &negated))
		raise_out_of_range();
	return make_amount(negated, amount->currency);
}
