/*-------------------------------------------------------------------------
 *
 * amount_operators.c
 *	  Operators and operator class functions of type amount.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "utils/sortsupport.h"

#include "type/amount.h"

/* What equality looks at, in bytes from the start. */
#define HASHED_SIZE		offsetof(Amount, zero)

/*
 * compare_arguments compares the two amounts that an operator was given.
 */
static int
compare_arguments(FunctionCallInfo fcinfo)
{
	return compare_amounts(DatumGetAmountP(PG_GETARG_DATUM(0)),
						   DatumGetAmountP(PG_GETARG_DATUM(1)));
}

/*
 * The comparison operators follow the total order: across currencies too they
 * give an answer, by the code, and never an error.
 */
PG_FUNCTION_INFO_V1(amount_eq);
Datum
amount_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) == 0);
}

PG_FUNCTION_INFO_V1(amount_ne);
Datum
amount_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) != 0);
}

PG_FUNCTION_INFO_V1(amount_lt);
Datum
amount_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) < 0);
}

PG_FUNCTION_INFO_V1(amount_le);
Datum
amount_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) <= 0);
}

PG_FUNCTION_INFO_V1(amount_gt);
Datum
amount_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) > 0);
}

PG_FUNCTION_INFO_V1(amount_ge);
Datum
amount_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) >= 0);
}

PG_FUNCTION_INFO_V1(amount_cmp);
Datum
amount_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_arguments(fcinfo));
}

static int
compare_datums(Datum left, Datum right, SortSupport sort_support pg_attribute_unused())
{
	return compare_amounts(DatumGetAmountP(left), DatumGetAmountP(right));
}

PG_FUNCTION_INFO_V1(amount_sortsupport);
Datum
amount_sortsupport(PG_FUNCTION_ARGS)
{
	SortSupport sort_support = (SortSupport) PG_GETARG_POINTER(0);

	sort_support->comparator = compare_datums;
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(amount_hash);
Datum
amount_hash(PG_FUNCTION_ARGS)
{
	Amount	   *amount = DatumGetAmountP(PG_GETARG_DATUM(0));

	return hash_any((unsigned char *) amount, HASHED_SIZE);
}

PG_FUNCTION_INFO_V1(amount_hash_extended);
Datum
amount_hash_extended(PG_FUNCTION_ARGS)
{
	Amount	   *amount = DatumGetAmountP(PG_GETARG_DATUM(0));

	return hash_any_extended((unsigned char *) amount, HASHED_SIZE,
							 PG_GETARG_INT64(1));
}

/* Transition functions of min and max: one of the two arguments. */
PG_FUNCTION_INFO_V1(amount_smaller);
Datum
amount_smaller(PG_FUNCTION_ARGS)
{
	return PG_GETARG_DATUM(compare_arguments(fcinfo) <= 0 ? 0 : 1);
}

PG_FUNCTION_INFO_V1(amount_larger);
Datum
amount_larger(PG_FUNCTION_ARGS)
{
	return PG_GETARG_DATUM(compare_arguments(fcinfo) >= 0 ? 0 : 1);
}

/* amount_add is the transition and combine function of sum, too. */
PG_FUNCTION_INFO_V1(amount_add);
Datum
amount_add(PG_FUNCTION_ARGS)
{
	Amount	   *left = DatumGetAmountP(PG_GETARG_DATUM(0));
	Amount	   *right = DatumGetAmountP(PG_GETARG_DATUM(1));

	return AmountPGetDatum(add_amounts(left, right));
}

PG_FUNCTION_INFO_V1(amount_subtract);
Datum
amount_subtract(PG_FUNCTION_ARGS)
{
	Amount	   *left = DatumGetAmountP(PG_GETARG_DATUM(0));
	Amount	   *right = DatumGetAmountP(PG_GETARG_DATUM(1));

	return AmountPGetDatum(subtract_amounts(left, right));
}

PG_FUNCTION_INFO_V1(amount_negate);
Datum
amount_negate(PG_FUNCTION_ARGS)
{
	return AmountPGetDatum(negate_amount(DatumGetAmountP(PG_GETARG_DATUM(0))));
}

PG_FUNCTION_INFO_V1(amount_multiply);
Datum
amount_multiply(PG_FUNCTION_ARGS)
{
	return AmountPGetDatum(multiply_amount(DatumGetAmountP(PG_GETARG_DATUM(0)),
										   PG_GETARG_INT64(1)));
}

PG_FUNCTION_INFO_V1(bigint_multiply_amount);
Datum
bigint_multiply_amount(PG_FUNCTION_ARGS)
{
	return AmountPGetDatum(multiply_amount(DatumGetAmountP(PG_GETARG_DATUM(1)),
										   PG_GETARG_INT64(0)));
}
