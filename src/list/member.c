/*-------------------------------------------------------------------------
 *
 * member.c
 *	  Who is on a list, which lists a customer is on, and set algebra.
 *
 * All of them read both kinds of lists in the snapshot of the calling query;
 * which items have expired is decided by the clock.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/timestamp.h"

#include "base/caller.h"
#include "base/statement.h"
#include "customer/customer.h"
#include "list/document.h"
#include "list/lookup.h"
#include "list/merge.h"

PG_FUNCTION_INFO_V1(list_members);
PG_FUNCTION_INFO_V1(lists_of);
PG_FUNCTION_INFO_V1(union_of_lists);
PG_FUNCTION_INFO_V1(intersection_of_lists);
PG_FUNCTION_INFO_V1(difference_of_lists);

/* lists_of(customer) setof list_id */
Datum
lists_of(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT i.list_id FROM customers.list_item i"
		" WHERE i.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND i.customer_id OPERATOR(pg_catalog.=) $2"
		" AND " ITEM_IN_FORCE
		" UNION ALL"
		" SELECT m.list_id FROM (" MATCHES_OF(
			"SELECT l.list_id, l.rule FROM customers.list l"
			" WHERE l.merchant_id OPERATOR(pg_catalog.=) $1 AND l.rule IS NOT NULL",
			CUSTOMER_2) ") AS m",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.timestamptz"},
		.stable = true,
	};
	int			level;
	Caller		caller;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	require_customer(&caller, DatumGetIdP(PG_GETARG_DATUM(0)));
	level = begin_rules();
	statement_return_rows(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind(PG_GETARG_DATUM(0)),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	}, (ReturnSetInfo *) fcinfo->resultinfo);
	end_rules(level);
	leave_store(&caller);
	return (Datum) 0;
}

/* Decides whether a member of some of the lists belongs to the result. */
typedef bool (*Choice) (const ListMerge *merge);

/* return_chosen returns the chosen members of lists, in the order of their ids. */
static Datum
return_chosen(FunctionCallInfo fcinfo, Caller *caller, ArrayType *lists, Choice choice)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ListMerge  *merge = begin_merge(caller, lists);
	bool		isnull = false;

	while (next_member(merge))
		if (choice(merge))
		{
			Datum		customer = IdPGetDatum(merge->customer);

			tuplestore_putvalues(result->setResult, result->setDesc, &customer, &isnull);
		}
	end_merge(merge);
	leave_store(caller);
	return (Datum) 0;
}

/* return_set is return_chosen for an operation on any number of lists. */
static Datum
return_set(FunctionCallInfo fcinfo, Choice choice)
{
	Caller		caller;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	return return_chosen(fcinfo, &caller, PG_GETARG_ARRAYTYPE_P(0), choice);
}

static bool
is_on_any(const ListMerge *merge)
{
	return merge->place_count > 0;
}

static bool
is_on_all(const ListMerge *merge)
{
	return merge->place_count == merge->list_count;
}

/* The first list may be among the others again. */
static bool
is_on_first_only(const ListMerge *merge)
{
	return merge->place_count == 1 && merge->places[0] == 0 && !merge->first_repeated;
}

/* list_members(list) setof customer_id */
Datum
list_members(PG_FUNCTION_ARGS)
{
	Datum		list = PG_GETARG_DATUM(0);
	Caller		caller;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	return return_chosen(fcinfo, &caller,
						 construct_array(&list, 1, own_type("list_id"), sizeof(Id), false, TYPALIGN_CHAR),
						 is_on_any);
}

/* list_union(lists) setof customer_id: of no lists, no customers */
Datum
union_of_lists(PG_FUNCTION_ARGS)
{
	return return_set(fcinfo, is_on_any);
}

/* refuse_no_lists refuses an empty array where that has no meaning. */
static void
refuse_no_lists(FunctionCallInfo fcinfo, const char *what)
{
	ArrayType  *lists = PG_GETARG_ARRAYTYPE_P(0);

	if (ArrayGetNItems(ARR_NDIM(lists), ARR_DIMS(lists)) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s takes at least one list", what)));
}

/* list_intersection(lists) setof customer_id */
Datum
intersection_of_lists(PG_FUNCTION_ARGS)
{
	refuse_no_lists(fcinfo, "an intersection");
	return return_set(fcinfo, is_on_all);
}

/* list_difference(lists) setof customer_id */
Datum
difference_of_lists(PG_FUNCTION_ARGS)
{
	refuse_no_lists(fcinfo, "a difference");
	return return_set(fcinfo, is_on_first_only);
}
