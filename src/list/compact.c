/*-------------------------------------------------------------------------
 *
 * compact.c
 *	  compact_lists(): makes the segments by which large lists are read fast.
 *
 * They are made in a procedure of its own rather than when customers are added,
 * since a list is locked as a whole from then on: here that ends with the list,
 * and not with whatever else a transaction does.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"

#include "base/caller.h"
#include "base/procedure.h"
#include "base/statement.h"
#include "list/segment.h"

/* Fewer items than this are read as fast without segments. */
#define WORTH_SEGMENTS	(SEGMENT_SIZE / 2)

PG_FUNCTION_INFO_V1(compact_lists);

/* A part of a list that no segment covers. */
typedef struct Gap
{
	Id			after;
	Id			upto;
} Gap;

/*
 * The gaps (after, upto) of list $2 of merchant $1.  Any of them may be without
 * items; $3 and $4 are the first and the last of all ids.
 */
#define GAPS \
	"SELECT g.after, g.upto FROM (" \
	"SELECT COALESCE(pg_catalog.lag(s.upto) OVER (ORDER BY s.upto), $3) AS after," \
	" s.after AS upto FROM customers.list_segment s" \
	" WHERE s.merchant_id OPERATOR(pg_catalog.=) $1 AND s.list_id OPERATOR(pg_catalog.=) $2" \
	" UNION ALL SELECT COALESCE((SELECT s.upto FROM customers.list_segment s" \
	" WHERE s.merchant_id OPERATOR(pg_catalog.=) $1 AND s.list_id OPERATOR(pg_catalog.=) $2" \
	" ORDER BY s.upto DESC LIMIT 1), $3), $4) AS g" \
	" WHERE g.after OPERATOR(pg_catalog.<) g.upto"

/* find_list finds the next fixed list after that one, of any merchant. */
static bool
find_list(Id *merchant, Id *list)
{
	static Statement find = {
		.sql = "SELECT merchant_id, list_id FROM customers.list"
		" WHERE ROW(merchant_id, list_id) OPERATOR(pg_catalog.>) ROW($1, $2)"
		" AND rule IS NULL ORDER BY merchant_id, list_id LIMIT 1",
		.types = {"customers.merchant_id", "customers.list_id"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(list)
	}) == 0)
		return false;
	*merchant = *DatumGetIdP(statement_get(0, 0));
	*list = *DatumGetIdP(statement_get(0, 1));
	return true;
}

/* needs_segments says whether enough items of the list are in none. */
static bool
needs_segments(const Id *merchant, const Id *list)
{
	static Statement count = {
		.sql = "SELECT pg_catalog.count(*) FROM (SELECT FROM (" GAPS ") AS g,"
		" customers.list_item i"
		" WHERE i.merchant_id OPERATOR(pg_catalog.=) $1 AND i.list_id OPERATOR(pg_catalog.=) $2"
		" AND i.customer_id OPERATOR(pg_catalog.>) g.after"
		" AND i.customer_id OPERATOR(pg_catalog.<=) g.upto"
		" AND i.expires_at IS NULL LIMIT $5) AS i",
		.types = {"customers.merchant_id", "customers.list_id", "customers.customer_id",
		"customers.customer_id", "pg_catalog.int8"},
	};

	statement_run(&count, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(list), bind_pointer(&first_id),
			bind_pointer(&last_id), bind(Int64GetDatum(WORTH_SEGMENTS))
	});
	return DatumGetInt64(statement_get(0, 0)) == WORTH_SEGMENTS;
}

/* lock_whole_list keeps others from changing the list; false if it is gone. */
static bool
lock_whole_list(const Id *merchant, const Id *list)
{
	static Statement lock = {
		.sql = "SELECT FROM customers.list"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND list_id OPERATOR(pg_catalog.=) $2"
		" FOR UPDATE",
		.types = {"customers.merchant_id", "customers.list_id"},
	};

	return statement_run(&lock, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(list)
	}) > 0;
}

/*
 * delete_sparse_segments deletes those that are less than half full, so that
 * what was split by additions comes together again.
 */
static void
delete_sparse_segments(const Id *merchant, const Id *list)
{
	static Statement delete = {
		.sql = "DELETE FROM customers.list_segment"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND list_id OPERATOR(pg_catalog.=) $2"
		" AND pg_catalog.cardinality(customers) OPERATOR(pg_catalog.<) $3",
		.types = {"customers.merchant_id", "customers.list_id", "pg_catalog.int4"},
	};

	statement_run(&delete, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(list), bind(Int32GetDatum(SEGMENT_SIZE / 2))
	});
}

/* find_gaps returns the gaps of a list, and how many they are. */
static Gap *
find_gaps(const Id *merchant, const Id *list, uint64 *count)
{
	static Statement find = {
		.sql = GAPS,
		.types = {"customers.merchant_id", "customers.list_id", "customers.customer_id",
		"customers.customer_id"},
	};
	Gap		   *gaps;

	*count = statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(list), bind_pointer(&first_id), bind_pointer(&last_id)
	});
	gaps = palloc(*count * sizeof(Gap));
	for (uint64 i = 0; i < *count; i++)
		gaps[i] = (Gap)
	{
		*DatumGetIdP(statement_get(i, 0)), *DatumGetIdP(statement_get(i, 1))
	};
	return gaps;
}

/*
 * make_segment makes a segment of the first items in the gap, which is what is
 * left of it afterwards; false if it has no more items.
 *
 * The last segment of a gap takes all of it, so that no empty gap remains.  But
 * beyond the last one of the list new customers are added.
 */
static bool
make_segment(const Id *merchant, const Id *list, Gap *gap)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.list_segment (merchant_id, list_id, after, upto, customers)"
		" SELECT $1, $2, $3, CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.=) $5"
		" OR $4 OPERATOR(pg_catalog.=) $6"
		" THEN (pg_catalog.array_agg(i.customer_id ORDER BY i.customer_id DESC))[1] ELSE $4 END,"
		" pg_catalog.array_agg(i.customer_id ORDER BY i.customer_id)"
		" FROM (SELECT i.customer_id FROM customers.list_item i"
		" WHERE i.merchant_id OPERATOR(pg_catalog.=) $1 AND i.list_id OPERATOR(pg_catalog.=) $2"
		" AND i.customer_id OPERATOR(pg_catalog.>) $3"
		" AND i.customer_id OPERATOR(pg_catalog.<=) $4"
		" AND i.expires_at IS NULL ORDER BY i.customer_id LIMIT $5) AS i"
		" HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 RETURNING upto",
		.types = {"customers.merchant_id", "customers.list_id", "customers.customer_id",
		"customers.customer_id", "pg_catalog.int8", "customers.customer_id"},
	};

	if (statement_run(&insert, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(list), bind_pointer(&gap->after),
			bind_pointer(&gap->upto), bind(Int64GetDatum(SEGMENT_SIZE)), bind_pointer(&last_id)
	}) == 0)
		return false;
	gap->after = *DatumGetIdP(statement_get(0, 0));
	return compare_ids(&gap->after, &gap->upto) < 0;
}

/* compact_list makes segments of the items of a list that are in none. */
static void
compact_list(const Id *merchant, const Id *list)
{
	uint64		count;
	Gap		   *gaps;

	/* Ask first, not to wait for the lock without a need. */
	if (!needs_segments(merchant, list) || !lock_whole_list(merchant, list))
		return;
	delete_sparse_segments(merchant, list);
	gaps = find_gaps(merchant, list, &count);
	for (uint64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		while (make_segment(merchant, list, &gaps[i]))
			CHECK_FOR_INTERRUPTS();
	}
}

/* compact_lists() */
Datum
compact_lists(PG_FUNCTION_ARGS)
{
	Id			merchant = first_id;
	Id			list = first_id;
	Caller		caller;
	bool		more = true;

	begin_batches(fcinfo);
	while (more)
	{
		enter_store_as_admin(&caller);
		more = find_list(&merchant, &list);
		if (more)
			compact_list(&merchant, &list);
		leave_store(&caller);
		commit_batch();
	}
	end_batches();
	PG_RETURN_VOID();
}
