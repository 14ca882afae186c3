/*-------------------------------------------------------------------------
 *
 * segment.c
 *	  Deleting the segments of a list that a change makes wrong.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"

#include "base/statement.h"
#include "list/segment.h"

const Id	first_id = {{0}};
const Id	last_id = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

/* Customers of a list, after one id up to another, that no segment covers. */
typedef struct Gap
{
	Id			merchant;
	Id			list;
	Id			after;
	Id			upto;
} Gap;

/*
 * The last gap that was found.  It lasts as long as the (sub)transaction: its
 * lock keeps others from making segments, and nothing but a rollback brings
 * deleted ones back.
 */
static Gap	known_gap;
static FullTransactionId known_in;

bool
is_uncovered(const Id *merchant, const Id *list, const Id *customer)
{
	return FullTransactionIdEquals(known_in, GetCurrentFullTransactionId()) &&
		compare_ids(&known_gap.merchant, merchant) == 0 &&
		compare_ids(&known_gap.list, list) == 0 &&
		compare_ids(&known_gap.after, customer) < 0 &&
		compare_ids(customer, &known_gap.upto) <= 0;
}

/*
 * find_gap finds the gap around a customer; there is none if a segment covers
 * it.  It reads what is committed, since a snapshot may be older than a segment
 * and than the lock on the list.
 */
static bool
find_gap(const Id *merchant, const Id *list, const Id *customer, Gap *gap)
{
	static Statement find = {
		.sql = "SELECT (SELECT s.upto FROM customers.list_segment s"
		" WHERE s.merchant_id OPERATOR(pg_catalog.=) $1 AND s.list_id OPERATOR(pg_catalog.=) $2"
		" AND s.upto OPERATOR(pg_catalog.<) $3 ORDER BY s.upto DESC LIMIT 1),"
		" (SELECT s.after FROM customers.list_segment s"
		" WHERE s.merchant_id OPERATOR(pg_catalog.=) $1 AND s.list_id OPERATOR(pg_catalog.=) $2"
		" AND s.upto OPERATOR(pg_catalog.>=) $3 ORDER BY s.upto LIMIT 1)",
		.types = {"customers.merchant_id", "customers.list_id", "customers.customer_id"},
		.latest = true,
	};
	Datum		value;
	bool		isnull;

	statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(list), bind_pointer(customer)
	});
	*gap = (Gap) {*merchant, *list, first_id, last_id};
	value = statement_value(0, 0, &isnull);
	if (!isnull)
		gap->after = *DatumGetIdP(value);
	value = statement_value(0, 1, &isnull);
	if (!isnull)
		gap->upto = *DatumGetIdP(value);
	return compare_ids(customer, &gap->upto) <= 0;
}

/* delete_segment deletes the segment that covers a customer. */
static void
delete_segment(const Id *merchant, const Id *list, const Id *customer)
{
	static Statement delete = {
		.sql = "DELETE FROM customers.list_segment AS d"
		" WHERE d.merchant_id OPERATOR(pg_catalog.=) $1 AND d.list_id OPERATOR(pg_catalog.=) $2"
		" AND d.upto OPERATOR(pg_catalog.=) (SELECT s.upto FROM customers.list_segment s"
		" WHERE s.merchant_id OPERATOR(pg_catalog.=) $1 AND s.list_id OPERATOR(pg_catalog.=) $2"
		" AND s.upto OPERATOR(pg_catalog.>=) $3 ORDER BY s.upto LIMIT 1)"
		" AND d.after OPERATOR(pg_catalog.<) $3",
		.types = {"customers.merchant_id", "customers.list_id", "customers.customer_id"},
	};

	statement_run(&delete, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(list), bind_pointer(customer)
	});
}

void
uncover_customer(const Id *merchant, const Id *list, const Id *customer)
{
	Gap			gap;

	if (is_uncovered(merchant, list, customer))
		return;
	if (!find_gap(merchant, list, customer, &gap))
	{
		delete_segment(merchant, list, customer);
		if (!find_gap(merchant, list, customer, &gap))
			ereport(ERROR,
					(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					 errmsg("could not serialize access due to concurrent compaction of a list"),
					 errhint("The transaction might succeed if retried.")));
	}
	known_gap = gap;
	known_in = GetCurrentFullTransactionId();
}

void
uncover_customers(const Caller *caller, const Id *list, ArrayType *customers)
{
	const Id   *ids = (const Id *) ARR_DATA_PTR(customers);
	int			count = ArrayGetNItems(ARR_NDIM(customers), ARR_DIMS(customers));

	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		uncover_customer(&caller->merchant, list, &ids[i]);
	}
}
