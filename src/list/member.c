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
#include "list/document.h"
#include "list/lookup.h"

PG_FUNCTION_INFO_V1(list_members);
PG_FUNCTION_INFO_V1(lists_of);
PG_FUNCTION_INFO_V1(union_of_lists);
PG_FUNCTION_INFO_V1(intersection_of_lists);
PG_FUNCTION_INFO_V1(difference_of_lists);

/*
 * return_rows runs a statement over lists or a customer and returns its rows:
 * $1 is the merchant, $2 the subject, $3 the time.
 */
static Datum
return_rows(FunctionCallInfo fcinfo, Caller *caller, Statement *statement, Datum subject)
{
	int			level = begin_rules();

	statement_return_rows(statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind(subject),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	}, (ReturnSetInfo *) fcinfo->resultinfo);
	end_rules(level);
	leave_store(caller);
	return (Datum) 0;
}

/* list_members(list) setof customer_id */
Datum
list_members(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT m.customer_id FROM (" MEMBERS_OF("ARRAY[$2]") ") AS m",
		.types = {"customers.merchant_id", "customers.list_id", "pg_catalog.timestamptz"},
		.stable = true,
		.whole = true,
	};
	Caller		caller;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	require_list(&caller, DatumGetIdP(PG_GETARG_DATUM(0)));
	return return_rows(fcinfo, &caller, &find, PG_GETARG_DATUM(0));
}

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
	Caller		caller;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	require_customer(&caller, DatumGetIdP(PG_GETARG_DATUM(0)));
	return return_rows(fcinfo, &caller, &find, PG_GETARG_DATUM(0));
}

/* return_set is return_rows for an operation on any number of lists. */
static Datum
return_set(FunctionCallInfo fcinfo, Statement *statement)
{
	ArrayType  *lists = PG_GETARG_ARRAYTYPE_P(0);
	Caller		caller;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	require_lists(&caller, lists);
	return return_rows(fcinfo, &caller, statement, PointerGetDatum(lists));
}

/* list_union(lists) setof customer_id: of no lists, no customers */
Datum
union_of_lists(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT DISTINCT m.customer_id FROM (" MEMBERS_OF("$2") ") AS m",
		.types = {"customers.merchant_id", "customers.list_id[]", "pg_catalog.timestamptz"},
		.stable = true,
		.whole = true,
	};

	return return_set(fcinfo, &find);
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

/*
 * list_intersection(lists) setof customer_id
 *
 * A member of all the lists comes as often as there are different lists.
 */
Datum
intersection_of_lists(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT m.customer_id FROM (" MEMBERS_OF("$2") ") AS m"
		" GROUP BY m.customer_id"
		" HAVING pg_catalog.count(*) OPERATOR(pg_catalog.=)"
		" (SELECT pg_catalog.count(DISTINCT u.list_id)"
		" FROM pg_catalog.unnest($2) AS u(list_id))",
		.types = {"customers.merchant_id", "customers.list_id[]", "pg_catalog.timestamptz"},
		.stable = true,
		.whole = true,
	};

	refuse_no_lists(fcinfo, "an intersection");
	return return_set(fcinfo, &find);
}

/*
 * list_difference(lists) setof customer_id
 *
 * The members of the first list that are on no other list; none if the first
 * is among the others again.
 */
Datum
difference_of_lists(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT m.customer_id FROM (" MEMBERS_OF("$2") ") AS m"
		" GROUP BY m.customer_id"
		" HAVING pg_catalog.bool_and(m.list_id OPERATOR(pg_catalog.=)"
		" (SELECT u.list_id FROM pg_catalog.unnest($2) WITH ORDINALITY AS u(list_id, place)"
		" WHERE u.place OPERATOR(pg_catalog.=) 1 AND NOT EXISTS (SELECT"
		" FROM pg_catalog.unnest($2) WITH ORDINALITY AS v(list_id, place)"
		" WHERE v.place OPERATOR(pg_catalog.>) 1"
		" AND v.list_id OPERATOR(pg_catalog.=) u.list_id)))",
		.types = {"customers.merchant_id", "customers.list_id[]", "pg_catalog.timestamptz"},
		.stable = true,
		.whole = true,
	};

	refuse_no_lists(fcinfo, "a difference");
	return return_set(fcinfo, &find);
}
