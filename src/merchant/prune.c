/*-------------------------------------------------------------------------
 *
 * prune.c
 *	  Tables whose rows nothing deletes but the operations made for it.
 *
 * The guard of the tables lets nothing else delete a row, whoever asks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "miscadmin.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "merchant/prune.h"
#include "type/id.h"

/* How many rows one statement deletes. */
#define BATCH_SIZE 1000

PG_FUNCTION_INFO_V1(guard_pruned);

/* The table whose rows may be deleted now, or NULL.  No SQL can say so. */
static const char *deletable = NULL;

uint64
delete_guarded(const char *table, Statement *delete, const NullableDatum *parameters)
{
	volatile uint64 count = 0;

	deletable = table;
	PG_TRY();
	{
		count = statement_run(delete, parameters);
	}
	PG_FINALLY();
	{
		deletable = NULL;
	}
	PG_END_TRY();
	return count;
}

/* prune deletes rows in batches, the oldest first. */
static int64
prune(const Caller *caller, const PrunedTable *table, TimestampTz before, int64 max_count)
{
	int64		pruned = 0;
	int64		wanted;
	int64		count;

	do
	{
		CHECK_FOR_INTERRUPTS();
		wanted = Min(max_count - pruned, BATCH_SIZE);
		count = (int64) table->delete_batch(caller, before, wanted);
		pruned += count;
	} while (count == BATCH_SIZE && pruned < max_count);
	return pruned;
}

Datum
prune_table(FunctionCallInfo fcinfo, const PrunedTable *table)
{
	TimestampTz before = PG_GETARG_TIMESTAMPTZ(0);
	int64		max_count = PG_GETARG_INT64(1);
	int64		pruned;
	Caller		caller;

	require_all_arguments(fcinfo);
	if (before > GetCurrentTimestamp())
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("before must not be in the future")));
	check_max_count(max_count);

	enter_store(&caller);
	pruned = prune(&caller, table, before, max_count);
	ereport(LOG_SERVER_ONLY,
			(errmsg("%s was pruned", table->holds),
			 errdetail("Merchant \"%s\", role \"%s\", before %s: %lld rows.",
					   id_string(&merchant_id_type, &caller.merchant),
					   GetUserNameFromId(caller.role, false),
					   timestamptz_to_str(before), (long long) pruned),
			 errhidestmt(true),
			 errhidecontext(true)));
	leave_store(&caller);
	PG_RETURN_INT64(pruned);
}

/* guard_pruned() trigger: BEFORE DELETE, for each row */
Datum
guard_pruned(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const char *table;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || !TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be a trigger before DELETE for each row",
						"guard_pruned")));
	table = RelationGetRelationName(trigger->tg_relation);
	if (deletable == NULL || strcmp(deletable, table) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("rows of table \"%s\" are never deleted", table),
				 errhint("An admin prunes old ones with customers.prune_%s().", table),
				 errtable(trigger->tg_relation)));
	return PointerGetDatum(trigger->tg_trigtuple);
}
