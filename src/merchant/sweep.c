/*-------------------------------------------------------------------------
 *
 * sweep.c
 *	  sweep_idempotency_keys(): forgets idempotency keys that are old enough.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/caller.h"
#include "base/statement.h"

/* A client may repeat a call for that long. */
static const Interval retention = {.time = 24 * USECS_PER_HOUR};

PG_FUNCTION_INFO_V1(sweep_idempotency_keys);

/* The time before which keys go; it refuses to keep them for too short. */
static TimestampTz
oldest_kept(Interval *older_than)
{
	TimestampTz now = GetCurrentTimestamp();
	Datum		before;

	if (DatumGetBool(DirectFunctionCall2(interval_lt, IntervalPGetDatum(older_than),
										 IntervalPGetDatum(&retention))))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("older_than must be at least 24 hours"),
				 errdetail("For that long clients may repeat a call with its idempotency key.")));
	before = DirectFunctionCall2(timestamptz_mi_interval, TimestampTzGetDatum(now),
								 IntervalPGetDatum(older_than));

	/* A day has 23 hours where clocks are put forward. */
	return Min(DatumGetTimestampTz(before), now - retention.time);
}

/* sweep_idempotency_keys(older_than, max_count) int: how many have gone */
Datum
sweep_idempotency_keys(PG_FUNCTION_ARGS)
{
	/*
	 * Rows that another sweep or an erasure has are left to it.  They are found by
	 * their places, as a join could be planned to read the whole table.
	 */
	static Statement delete = {
		.sql = "DELETE FROM customers.idempotency WHERE ctid OPERATOR(pg_catalog.=) ANY"
		" (ARRAY(SELECT ctid FROM customers.idempotency"
		" WHERE created_at OPERATOR(pg_catalog.<) $1"
		" ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED))",
		.types = {"pg_catalog.timestamptz", "pg_catalog.int4"},
	};
	TimestampTz before;
	int			max_count;
	int			count;
	Caller		caller;

	require_all_arguments(fcinfo);
	before = oldest_kept(PG_GETARG_INTERVAL_P(0));
	max_count = PG_GETARG_INT32(1);
	check_max_count(max_count);

	enter_store_as_admin(&caller);
	count = (int) statement_run(&delete, (NullableDatum[]) {
		bind(TimestampTzGetDatum(before)), bind(Int32GetDatum(max_count))
	});
	leave_store(&caller);
	PG_RETURN_INT32(count);
}
