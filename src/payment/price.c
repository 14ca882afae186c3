/*-------------------------------------------------------------------------
 *
 * price.c
 *	  The prices of a payment, the limits within which each may change, and the
 *	  amounts that are suggested to the customer.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"

#include "base/row.h"
#include "payment/checkout.h"
#include "payment/price.h"

/* More prices than there are currencies can't be distinct in currency. */
#define PRICES_MAX	300

/* More than a customer would look through, in any number of currencies. */
#define PRESETS_MAX	1000

PG_FUNCTION_INFO_V1(payment_prices);

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
	}
	return amounts;
}

/* unpack_per_currency does that for one amount in each currency at most. */
static Amount *
unpack_per_currency(ArrayType *array, const char *name, int *count)
{
	Amount	   *amounts = unpack_amounts(array, name, count);
	bool		distinct = *count <= PRICES_MAX;

	for (int i = 0; i < *count && distinct; i++)
	{
		for (int j = 0; j < i && distinct; j++)
			distinct = !same_currency(&amounts[i], &amounts[j]);
	}
	if (!distinct)
		raise_bad_prices(psprintf("%s must be distinct in currency", name));
	return amounts;
}

/* place_of finds the price in the currency of an amount in the array of this name. */
static int
place_of(const Amount *amount, const char *name, const Price *prices, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (same_currency(&prices[i].price, amount))
			return i;
	}
	raise_bad_prices(psprintf("%s has an amount in %s, but prices has none",
							  name, amount->currency));
}

Price *
make_prices(ArrayType *prices, ArrayType *min_amounts, ArrayType *max_amounts, int *count)
{
	Amount	   *amounts = unpack_per_currency(prices, "prices", count);
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
		amounts = unpack_per_currency(array, name, &limits);
		for (int i = 0; i < limits; i++)
		{
			Price	   *price = &result[place_of(&amounts[i], name, result, *count)];

			if (upper ? amounts[i].minor_units < price->price.minor_units
				: amounts[i].minor_units > price->price.minor_units)
				raise_bad_prices(psprintf("the price in %s is not within min_amounts and max_amounts",
										  amounts[i].currency));
			*(upper ? &price->max_amount : &price->min_amount) = &amounts[i];
		}
	}
	return result;
}

void
check_presets(ArrayType *presets, const char *amount_mode, const Price *prices, int count)
{
	int			presets_count;
	Amount	   *amounts = unpack_amounts(presets, "presets", &presets_count);

	if (presets_count > PRESETS_MAX)
		raise_bad_prices(psprintf("presets must be at most %d", PRESETS_MAX));
	if (presets_count > 0 && strcmp(amount_mode, "editable") != 0)
		raise_bad_prices("presets are for amount_mode \"editable\" only");
	for (int i = 0; i < presets_count; i++)
	{
		const Amount *amount = &amounts[i];
		const Price *price = &prices[place_of(amount, "presets", prices, count)];

		if ((price->min_amount && amount->minor_units < price->min_amount->minor_units) ||
			(price->max_amount && amount->minor_units > price->max_amount->minor_units))
			raise_bad_prices(psprintf("presets in %s are not within min_amounts and max_amounts",
									  amount->currency));
		for (int j = 0; j < i; j++)
		{
			if (compare_amounts(amount, &amounts[j]) == 0)
				raise_bad_prices("presets must be distinct");
		}
	}
}

/* presets_of is the presets in the currency of a price, in their order; NULL: none. */
static ArrayType *
presets_of(const Price *price, ArrayType *presets)
{
	Datum	   *elements;
	int			count;
	int			found = 0;

	if (presets == NULL)
		return NULL;
	deconstruct_array(presets, ARR_ELEMTYPE(presets), sizeof(Amount), false, TYPALIGN_DOUBLE,
					  &elements, NULL, &count);
	for (int i = 0; i < count; i++)
		if (same_currency(DatumGetAmountP(elements[i]), &price->price))
			elements[found++] = elements[i];
	return found == 0 ? NULL : construct_array(elements, found, ARR_ELEMTYPE(presets),
											   sizeof(Amount), false, TYPALIGN_DOUBLE);
}

void
insert_prices(const Payment *payment, const Price *prices, int count, ArrayType *presets)
{
	static RowStatement insert = {
		.table = "payment_price",
		.columns = {"merchant_id", "payment_id", "currency", "position", "price",
		"min_amount", "max_amount", "presets"},
		.types = {"customers.merchant_id", "customers.payment_id", "pg_catalog.text",
			"pg_catalog.int4", "customers.amount", "customers.amount", "customers.amount",
		"customers.amount[]"},
	};

	for (int i = 0; i < count; i++)
		row_insert(&insert, (NullableDatum[]) {
			bind_pointer(&payment->caller->merchant),
				bind_pointer(&payment->payment_id),
				bind_string(prices[i].price.currency),
				bind(Int32GetDatum(i + 1)),
				bind_pointer(&prices[i].price),
				bind_pointer(prices[i].min_amount),
				bind_pointer(prices[i].max_amount),
				bind_pointer(presets_of(&prices[i], presets))
		});
}

bool
find_price(const Payment *payment, const char *currency, Price *price)
{
	static RowStatement find = {
		.table = "payment_price",
		.keys = 3,
		.columns = {"merchant_id", "payment_id", "currency", "price", "min_amount",
		"max_amount"},
		.types = {"customers.merchant_id", "customers.payment_id", "pg_catalog.text",
		"customers.amount", "customers.amount", "customers.amount"},
	};
	NullableDatum row[3];

	if (!row_read(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->payment_id),
			bind_string(currency)
	}, row))
		return false;
	price->price = *DatumGetAmountP(row[0].value);
	price->min_amount = row[1].isnull ? NULL : DatumGetAmountP(row[1].value);
	price->max_amount = row[2].isnull ? NULL : DatumGetAmountP(row[2].value);
	return true;
}

/*
 * payment_prices(payment) table(currency, price, min_amount, max_amount, presets,
 *		chosen)
 */
Datum
payment_prices(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT currency, price, min_amount, max_amount,"
		" COALESCE(presets, '{}'::customers.amount[]), currency OPERATOR(pg_catalog.=) $3"
		" FROM customers.payment_price"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2 ORDER BY position",
		.types = {"customers.merchant_id", "customers.payment_id", "pg_catalog.text"},
		.stable = true,
	};
	Payment		payment;
	Caller		caller;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_checkout(&caller);
	read_payment(&caller, DatumGetIdP(PG_GETARG_DATUM(0)), &payment);
	statement_return_rows(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(&payment.payment_id),
			bind_string(payment.amount.currency)
	}, (ReturnSetInfo *) fcinfo->resultinfo);
	leave_store(&caller);
	return (Datum) 0;
}
