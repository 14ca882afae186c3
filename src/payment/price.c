/*-------------------------------------------------------------------------
 *
 * price.c
 *	  The prices of a payment, and the limits within which each may change.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "base/statement.h"
#include "payment/price.h"

/* More prices than there are currencies can't be distinct in currency. */
#define PRICES_MAX	300

pg_noreturn static void raise_bad_prices(const char *fault);

static void
raise_bad_prices(const char *fault)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s", fault)));
}

/* unpack_amounts makes an array argument into amounts; name is for messages. */
static Amount *
unpack_amounts(ArrayType *array, const char *name, int *count)
{
	Datum	   *elements;
	bool	   *nulls;
	Amount	   *amounts;

	if (ARR_NDIM(array) > 1)
		raise_bad_prices(psprintf("%s must be a one-dimensional array", name));
	deconstruct_array(array, ARR_ELEMTYPE(array), sizeof(Amount), false, TYPALIGN_DOUBLE,
					  &elements, &nulls, count);
	if (*count > PRICES_MAX)
		raise_bad_prices(psprintf("%s must be distinct in currency", name));

	amounts = palloc(sizeof(Amount) * (*count + 1));
	for (int i = 0; i < *count; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s must not contain nulls", name)));
		amounts[i] = *DatumGetAmountP(elements[i]);
		if (amounts[i].minor_units <= 0)
			raise_bad_prices(psprintf("%s must be greater than zero", name));
		for (int j = 0; j < i; j++)
		{
			if (same_currency(&amounts[i], &amounts[j]))
				raise_bad_prices(psprintf("%s must be distinct in currency", name));
		}
	}
	return amounts;
}

/* price_in finds the price in an amount's currency; NULL if there is none. */
static Price *
price_in(Price *prices, int count, const Amount *amount)
{
	for (int i = 0; i < count; i++)
	{
		if (same_currency(&prices[i].price, amount))
			return &prices[i];
	}
	return NULL;
}

Price *
make_prices(ArrayType *prices, ArrayType *min_amounts, ArrayType *max_amounts, int *count)
{
	Amount	   *amounts = unpack_amounts(prices, "prices", count);
	Price	   *result = palloc0(sizeof(Price) * (*count + 1));
	int			limits;

	if (*count == 0)
		raise_bad_prices("a payment must have a price");
	for (int i = 0; i < *count; i++)
		result[i].price = amounts[i];

	for (int upper = 0; upper <= 1; upper++)
	{
		ArrayType  *array = upper ? max_amounts : min_amounts;
		const char *name = upper ? "max_amounts" : "min_amounts";

		if (array == NULL)
			continue;
		amounts = unpack_amounts(array, name, &limits);
		for (int i = 0; i < limits; i++)
		{
			Price	   *price = price_in(result, *count, &amounts[i]);

			if (price == NULL)
				raise_bad_prices(psprintf("%s has an amount in %s, but prices has none",
										  name, amounts[i].currency));
			if (upper ? amounts[i].minor_units < price->price.minor_units
				: amounts[i].minor_units > price->price.minor_units)
				raise_bad_prices(psprintf("the price in %s is not within min_amounts and max_amounts",
										  amounts[i].currency));
			*(upper ? &price->max_amount : &price->min_amount) = &amounts[i];
		}
	}
	return result;
}

ArrayType *
price_array(const Price *prices, int count, Oid element_type, int member)
{
	Datum	   *values = palloc(sizeof(Datum) * count);
	bool	   *nulls = palloc(sizeof(bool) * count);
	int			lower_bound = 1;

	for (int i = 0; i < count; i++)
	{
		const Amount *value = member == 0 ? &prices[i].price
			: member == 1 ? prices[i].min_amount : prices[i].max_amount;

		values[i] = AmountPGetDatum(value);
		nulls[i] = value == NULL;
	}
	return construct_md_array(values, nulls, 1, &count, &lower_bound, element_type,
							  sizeof(Amount), false, TYPALIGN_DOUBLE);
}

/* copy_amount copies an amount of the last statement; NULL for NULL. */
static Amount *
copy_amount(int column)
{
	bool		isnull;
	Datum		value = statement_value(0, column, &isnull);
	Amount	   *copy;

	if (isnull)
		return NULL;
	copy = palloc(sizeof(Amount));
	*copy = *DatumGetAmountP(value);
	return copy;
}

bool
find_price(const Payment *payment, const char *currency, Price *price)
{
	static Statement find = {
		.sql = "SELECT price, min_amount, max_amount FROM customers.payment_price"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2"
		" AND currency OPERATOR(pg_catalog.=) $3",
		.types = {"customers.merchant_id", "customers.payment_id", "pg_catalog.text"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->payment_id),
			bind_string(currency)
	}) == 0)
		return false;
	price->price = *DatumGetAmountP(statement_get(0, 0));
	price->min_amount = copy_amount(1);
	price->max_amount = copy_amount(2);
	return true;
}
