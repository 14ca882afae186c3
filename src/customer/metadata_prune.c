/*-------------------------------------------------------------------------
 *
 * metadata_prune.c
 *	  prune_metadata_access(): the end of old records of who read metadata.
 *
 * The guard of the table lets nothing else delete a row, whoever asks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/caller.h"
#include "base/statement.h"
#include "type/id.h"

/* How many rows one statement deletes. */
#define BATCH_SIZE 1000

PG_FUNCTION_INFO_V1(prune_metadata_access);
PG_FUNCTION_INFO_V1(guard_metadata_access);

/* Is prune_metadata_access() at work?  No SQL can say so. */
static bool pruning = false;

/*
 * first_id_of is the least id that can be made at a time: the index has the
 * reads in the order of their ids, which is that of time.
 */
static Id
first_id_of(TimestampTz at)
{
	TimestampTz epoch = SetEpochTimestamp();
	int64		milliseconds = at > epoch ? (at - epoch) / 1000 : 0;
	Id			id = {0};

	for (int i = 0; i < 6; i++)
		id.data[i] = (milliseconds >> (40 - 8 * i)) & 0xFF;
	return id;
}

/* delete_batch deletes up to max_count of the oldest rows; returns how many. */
static uint64
delete_batch(const Caller *caller, TimestampTz before, int64 max_count)
{
	static Statement delete = {
		.sql = "DELETE FROM customers.metadata_access"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND access_id OPERATOR(pg_catalog.=) ANY (ARRAY("
		"SELECT access_id FROM customers.metadata_access"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND access_id OPERATOR(pg_catalog.<) $2 AND at OPERATOR(pg_catalog.<) $3"
		" ORDER BY access_id LIMIT $4))",
		.types = {"customers.merchant_id", "pg_catalog.uuid", "pg_catalog.timestamptz",
		"pg_catalog.int8"},
	};
	Id			end = first_id_of(before);

	return statement_run(&delete, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(&end),
			bind(TimestampTzGetDatum(before)), bind(Int64GetDatum(max_count))
	});
}

/* prune deletes rows in batches, with the guard's leave. */
static uint64
prune(const Caller *caller, TimestampTz before, int64 max_count)
{
	volatile uint64 pruned = 0;

	pruning = true;
	PG_TRY();
	{
		uint64		wanted;
		uint64		count;

		do
		{
			CHECK_FOR_INTERRUPTS();
			wanted = Min(max_count - pruned, BATCH_SIZE);
			count = delete_batch(caller, before, wanted);
			pruned += count;
		} while (count == BATCH_SIZE && pruned < (uint64) max_count);
	}
	PG_FINALLY();
	{
		pruning = false;
	}
	PG_END_TRY();
	return pruned;
}

/* prune_metadata_access(before, max_count) int8: how many rows are gone */
Datum
prune_metadata_access(PG_FUNCTION_ARGS)
{
	TimestampTz before = PG_GETARG_TIMESTAMPTZ(0);
	int64		max_count = PG_GETARG_INT64(1);
	uint64		pruned;
	Caller		caller;

	require_all_arguments(fcinfo);
	if (before > GetCurrentTimestamp())
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("before must not be in the future")));
	if (max_count < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_count must be greater than zero")));

	enter_store(&caller);
	pruned = prune(&caller, before, max_count);
	ereport(LOG_SERVER_ONLY,
			(errmsg("the record of who read metadata was pruned"),
			 errdetail("Merchant \"%s\", role \"%s\", before %s: " UINT64_FORMAT " rows.",
					   id_string(&merchant_id_type, &caller.merchant),
					   GetUserNameFromId(caller.role, false),
					   timestamptz_to_str(before), pruned),
			 errhidestmt(true),
			 errhidecontext(true)));
	leave_store(&caller);
	PG_RETURN_INT64((int64) pruned);
}

/* guard_metadata_access() trigger: BEFORE DELETE, for each row */
Datum
guard_metadata_access(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || !TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be a trigger before DELETE for each row",
						"guard_metadata_access")));
	if (!pruning)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("rows of table \"%s\" are never deleted",
						RelationGetRelationName(trigger->tg_relation)),
				 errhint("An admin prunes old ones with customers.prune_metadata_access()."),
				 errtable(trigger->tg_relation)));
	return PointerGetDatum(trigger->tg_trigtuple);
}
