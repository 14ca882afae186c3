/*-------------------------------------------------------------------------
 *
 * customer_history.c
 *	  The states of customers that changes have replaced.
 *
 * Table customer has the state in force, and customer_history has each earlier
 * one: from updated_at, when that state began, until replaced_at.  So creating
 * and importing write nothing here, and a change writes one row.  What a
 * merchant says by it: doc/history.md.
 *
 * A change gets its time under the lock of the customer's row, so versions and
 * times have the same order.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "common/int.h"
#include "fmgr.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "base/statement.h"
#include "customer/customer_history.h"
#include "merchant/prune.h"

PG_FUNCTION_INFO_V1(prune_customer_history);

int32
next_version(int32 version)
{
	int32		next;

	if (pg_add_s32_overflow(version, 1, &next))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("version of the customer is out of range")));
	return next;
}

TimestampTz
time_of_change(TimestampTz last)
{
	TimestampTz now = GetCurrentTimestamp();

	return Max(now, last);
}

void
record_replaced_customer(const Caller *caller, const Id *customer, TimestampTz at)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.customer_history (merchant_id, customer_id, version, context,"
		" schema_version, payments_allowed, payouts_allowed, archived_at, updated_at,"
		" replaced_at, replaced_by)"
		" SELECT merchant_id, customer_id, version, context, schema_version, payments_allowed,"
		" payouts_allowed, archived_at, updated_at, $3, $4 FROM customers.customer"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2"
		" ON CONFLICT (merchant_id, customer_id, version) DO NOTHING",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.timestamptz",
		"pg_catalog.name"},
	};

	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind(TimestampTzGetDatum(at)), bind(caller_name(caller))
	});
}

void
erase_customer_history(const Caller *caller, const Id *customer)
{
	static Statement delete = {
		.sql = "DELETE FROM customers.customer_history"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.customer_id"},
	};

	delete_guarded("customer_history", &delete, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer)
	});
}

/* is_change: else the UPDATE leaves the customer as it is, and is none. */
static bool
is_change(const RowChange *change)
{
	static const char *const columns[] = {
		"context", "payments_allowed", "payouts_allowed", "archived_at", "erased_at",
		"version", "updated_at"
	};

	for (size_t i = 0; i < lengthof(columns); i++)
		if (column_changed(change, columns[i]))
			return true;
	return false;
}

/* new_version is one more than the old one; the writer may have added it. */
static int32
new_version(const RowChange *change, const Id *customer)
{
	int32		next = next_version(DatumGetInt32(column_value(change, change->old, "version")));
	int32		written = DatumGetInt32(column_value(change, change->new, "version"));

	if (column_changed(change, "version") && written != next)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the next version of customer \"%s\" is %d, not %d",
						id_string(&customer_id_type, customer), next, written),
				 errhint("The version counts the changes by itself.")));
	return next;
}

/* new_time is what was written if it is possible, or the clock's. */
static TimestampTz
new_time(const RowChange *change)
{
	TimestampTz last = DatumGetTimestampTz(column_value(change, change->old, "updated_at"));
	TimestampTz written = DatumGetTimestampTz(column_value(change, change->new, "updated_at"));

	if (written > last && written <= GetCurrentTimestamp())
		return written;
	return time_of_change(last);
}

HeapTuple
guard_history(const RowChange *change)
{
	const Id   *customer;
	TimestampTz at;
	Caller		caller;
	int			columns[] = {
		column_number(change->table, "version"), column_number(change->table, "updated_at")
	};
	Datum		values[2];

	if (!is_change(change))
		return change->new;
	customer = DatumGetIdP(column_value(change, change->new, "customer_id"));
	at = new_time(change);
	values[0] = Int32GetDatum(new_version(change, customer));
	values[1] = TimestampTzGetDatum(at);

	/* Of an erased customer there is nothing to keep. */
	if (column_is_null(change, change->new, "erased_at"))
	{
		enter_store_for_merchant(&caller,
								 DatumGetIdP(column_value(change, change->new, "merchant_id")));
		record_replaced_customer(&caller, customer, at);
		leave_store(&caller);
	}
	return heap_modify_tuple_by_cols(change->new, RelationGetDescr(change->table),
									 lengthof(columns), columns, values,
									 (bool[]) {false, false});
}

/* delete_batch deletes up to max_count of the states that were replaced first. */
static uint64
delete_batch(const Caller *caller, TimestampTz before, int64 max_count)
{
	static Statement delete = {
		.sql = "DELETE FROM customers.customer_history AS h USING ("
		"SELECT customer_id, version FROM customers.customer_history"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND replaced_at OPERATOR(pg_catalog.<) $2"
		" ORDER BY replaced_at LIMIT $3) AS old"
		" WHERE h.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND h.customer_id OPERATOR(pg_catalog.=) old.customer_id"
		" AND h.version OPERATOR(pg_catalog.=) old.version",
		.types = {"customers.merchant_id", "pg_catalog.timestamptz", "pg_catalog.int8"},
	};

	return delete_guarded("customer_history", &delete, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind(TimestampTzGetDatum(before)),
			bind(Int64GetDatum(max_count))
	});
}

/* prune_customer_history(before, max_count) int8: how many states are gone */
Datum
prune_customer_history(PG_FUNCTION_ARGS)
{
	static const PrunedTable table = {"the history of customers", delete_batch};

	return prune_table(fcinfo, &table);
}
