/*-------------------------------------------------------------------------
 *
 * segment_guard.c
 *	  Keeps segments right when rows of list_item are written directly.
 *
 * The operations delete the segments by themselves; afterwards the guard finds
 * nothing to do, which is known without a query for most rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "fmgr.h"

#include "base/row_change.h"
#include "base/statement.h"
#include "list/segment.h"

PG_FUNCTION_INFO_V1(guard_segments);

/*
 * lock_items locks the list of an item, if it exists, as lock_list() does.  One
 * that is newer than the transaction's snapshot can't be locked.
 */
static void
lock_items(const Id *merchant, const Id *list)
{
	static Statement find = {
		.sql = "SELECT FROM customers.list"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND list_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.list_id"},
		.latest = true,
	};
	static Statement lock = {
		.sql = "SELECT FROM customers.list"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND list_id OPERATOR(pg_catalog.=) $2"
		" FOR KEY SHARE",
		.types = {"customers.merchant_id", "customers.list_id"},
	};

	NullableDatum parameters[] = {bind_pointer(merchant), bind_pointer(list)};

	if (statement_run(&lock, parameters) == 0 && statement_run(&find, parameters) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access due to concurrent creation of a list"),
				 errhint("The transaction might succeed if retried.")));
}

/* uncover deletes the segment that covers a row, or would. */
static void
uncover(const RowChange *change, HeapTuple row)
{
	const Id   *merchant = DatumGetIdP(column_value(change, row, "merchant_id"));
	const Id   *list = DatumGetIdP(column_value(change, row, "list_id"));
	const Id   *customer = DatumGetIdP(column_value(change, row, "customer_id"));
	Caller		caller;

	if (!column_is_null(change, row, "expires_at") || is_uncovered(merchant, list, customer))
		return;
	enter_store_for_merchant(&caller, merchant);
	lock_items(merchant, list);
	uncover_customer(merchant, list, customer);
	leave_store(&caller);
}

/* empty_segments follows a TRUNCATE of the items, which no snapshot sees either. */
static void
empty_segments(void)
{
	Caller		caller;

	enter_store_for_merchant(&caller, &first_id);
	statement_run_once("TRUNCATE customers.list_segment");
	leave_store(&caller);
}

/* is_same_item says whether an UPDATE leaves the item where it is in the list. */
static bool
is_same_item(const RowChange *change)
{
	static const char *const key[] = {"merchant_id", "list_id", "customer_id"};

	for (size_t i = 0; i < lengthof(key); i++)
		if (column_changed(change, key[i]))
			return false;
	return column_is_null(change, change->old, "expires_at") ==
		column_is_null(change, change->new, "expires_at");
}

/*
 * guard_segments() trigger: AFTER INSERT OR UPDATE OR DELETE for each row, and
 * AFTER TRUNCATE
 */
Datum
guard_segments(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	RowChange	change;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be a trigger after a change of rows",
						"guard_segments")));
	if (TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event))
	{
		empty_segments();
		return PointerGetDatum(NULL);
	}

	change.table = trigger->tg_relation;
	change.old = TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ? NULL : trigger->tg_trigtuple;
	change.new = TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ? trigger->tg_trigtuple
		: TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : NULL;
	if (change.old && change.new && is_same_item(&change))
		return PointerGetDatum(NULL);
	if (change.old)
		uncover(&change, change.old);
	if (change.new)
		uncover(&change, change.new);
	return PointerGetDatum(NULL);
}
