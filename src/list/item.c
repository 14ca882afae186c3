/*-------------------------------------------------------------------------
 *
 * item.c
 *	  Adding customers to fixed lists, removing them, and sweeping what has
 *	  expired.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/caller.h"
#include "base/compat.h"
#include "base/error.h"
#include "base/statement.h"
#include "customer/card_number.h"
#include "list/document.h"
#include "list/lookup.h"
#include "list/segment.h"

/* The first arguments of both operations; the others may be null. */
static const char *const argument_names[] = {"list", "customers", NULL, NULL};

PG_FUNCTION_INFO_V1(add_to_list);
PG_FUNCTION_INFO_V1(remove_from_list);
PG_FUNCTION_INFO_V1(sweep_list_items);

/* From how many customers on it pays to plan anew, for what the tables are now. */
#define MANY_CUSTOMERS 1000

/* take_customers is the argument, sorted. */
static ArrayType *
take_customers(ArrayType *customers)
{
	ArrayType  *sorted = sort_customers(customers);

	if (ArrayGetNItems(ARR_NDIM(sorted), ARR_DIMS(sorted)) >= MANY_CUSTOMERS)
		forget_plans();
	return sorted;
}

static void
check_comment(const text *comment)
{
	if (contains_card_number(VARDATA_ANY(comment), VARSIZE_ANY_EXHDR(comment)))
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("comment contains a card number"),
				 errdetail(DETAIL_CARD_NUMBER),
				 errrule("list_item", "comment", "list_item_comment")));
}

/*
 * uncover_found deletes the segments that cover the customers whose items a
 * statement has just changed, which are its second column.
 */
static void
uncover_found(const Caller *caller, const Id *list)
{
	bool		isnull;
	Datum		customers = statement_value(0, 1, &isnull);

	if (!isnull)
		uncover_customers(caller, list, DatumGetArrayTypePCopy(customers));
}

/*
 * add_to_list(list, customers, expires_at, comment) int
 *
 * A member stays as it was; one whose item has expired is added anew.  The
 * items are written in the order of the customers' ids, so that two calls
 * never wait for each other.
 */
Datum
add_to_list(PG_FUNCTION_ARGS)
{
	static Statement insert = {
		.sql = "WITH added AS (INSERT INTO customers.list_item AS i"
		" (merchant_id, list_id, customer_id, expires_at, comment, added_at, added_by)"
		" SELECT $1, $2, u.customer_id, $5, $6, $3, $7"
		" FROM pg_catalog.unnest($4) AS u(customer_id)"
		" ON CONFLICT (merchant_id, list_id, customer_id) DO UPDATE"
		" SET expires_at = EXCLUDED.expires_at, comment = EXCLUDED.comment,"
		" added_at = EXCLUDED.added_at, added_by = EXCLUDED.added_by"
		" WHERE NOT " ITEM_IN_FORCE " RETURNING i.customer_id)"
		" SELECT pg_catalog.count(*), pg_catalog.array_agg(a.customer_id ORDER BY a.customer_id)"
		" FROM added a",
		.types = {"customers.merchant_id", "customers.list_id", "pg_catalog.timestamptz",
			"customers.customer_id[]", "pg_catalog.timestamptz", "pg_catalog.text",
		"pg_catalog.name"},
	};
	TimestampTz now = GetCurrentTimestamp();
	ArrayType  *customers;
	Id		   *list;
	int64		added;
	Caller		caller;

	require_arguments(fcinfo, argument_names);
	list = DatumGetIdP(PG_GETARG_DATUM(0));
	customers = take_customers(PG_GETARG_ARRAYTYPE_P(1));
	if (!PG_ARGISNULL(2) && PG_GETARG_TIMESTAMPTZ(2) <= now)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("expires_at must be in the future")));
	if (!PG_ARGISNULL(3))
		check_comment(PG_GETARG_TEXT_PP(3));

	enter_store(&caller);
	lock_fixed_list(&caller, list);
	hold_customers(&caller, customers);
	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(list), bind(TimestampTzGetDatum(now)),
			bind_pointer(customers), fcinfo->args[2], fcinfo->args[3],
			bind(caller_name(&caller))
	});
	added = DatumGetInt64(statement_get(0, 0));
	if (PG_ARGISNULL(2))
		uncover_found(&caller, list);
	leave_store(&caller);
	PG_RETURN_INT32((int32) added);
}

/*
 * remove_from_list(list, customers) int
 *
 * Expired items go as well, and don't count.  The items are locked before the
 * first is deleted, in the order in which add_to_list() writes them; one that is
 * added anew in the meantime stays.
 */
Datum
remove_from_list(PG_FUNCTION_ARGS)
{
	static Statement delete = {
		.sql = "WITH i AS (DELETE FROM customers.list_item AS gone"
		" WHERE gone.ctid OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT l.ctid"
		" FROM pg_catalog.unnest($4) AS u(customer_id),"
		" LATERAL (SELECT i.ctid FROM customers.list_item i"
		" WHERE i.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND i.list_id OPERATOR(pg_catalog.=) $2"
		" AND i.customer_id OPERATOR(pg_catalog.=) u.customer_id FOR UPDATE) AS l))"
		" RETURNING gone.customer_id, gone.expires_at)"
		" SELECT pg_catalog.count(*) FILTER (WHERE " ITEM_IN_FORCE "),"
		" pg_catalog.array_agg(i.customer_id ORDER BY i.customer_id) FILTER (WHERE i.expires_at IS NULL)"
		" FROM i",
		.types = {"customers.merchant_id", "customers.list_id", "pg_catalog.timestamptz",
		"customers.customer_id[]"},
	};
	ArrayType  *customers;
	Id		   *list;
	int64		removed;
	Caller		caller;

	require_arguments(fcinfo, argument_names);
	list = DatumGetIdP(PG_GETARG_DATUM(0));
	customers = take_customers(PG_GETARG_ARRAYTYPE_P(1));

	enter_store(&caller);
	lock_fixed_list(&caller, list);
	require_customers(&caller, customers);
	statement_run(&delete, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(list),
			bind(TimestampTzGetDatum(GetCurrentTimestamp())), bind_pointer(customers)
	});
	removed = DatumGetInt64(statement_get(0, 0));
	uncover_found(&caller, list);
	leave_store(&caller);
	PG_RETURN_INT32((int32) removed);
}

/*
 * sweep_list_items(max_count) int: how many are gone
 *
 * Items that somebody is working on are left for the next time; one that was added
 * anew in the meantime is locked only if it has expired again.
 */
Datum
sweep_list_items(PG_FUNCTION_ARGS)
{
	static Statement delete = {
		.sql = "DELETE FROM customers.list_item"
		" WHERE ctid OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT i.ctid"
		" FROM customers.list_item i WHERE i.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND i.expires_at OPERATOR(pg_catalog.<=) $2"
		" ORDER BY i.expires_at LIMIT $3 FOR UPDATE SKIP LOCKED))",
		.types = {"customers.merchant_id", "pg_catalog.timestamptz", "pg_catalog.int4"},
	};
	int			max_count = PG_GETARG_INT32(0);
	uint64		swept;
	Caller		caller;

	require_all_arguments(fcinfo);
	check_max_count(max_count);

	enter_store(&caller);
	swept = statement_run(&delete, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind(TimestampTzGetDatum(GetCurrentTimestamp())),
			bind(Int32GetDatum(max_count))
	});
	leave_store(&caller);
	PG_RETURN_INT32((int32) swept);
}
