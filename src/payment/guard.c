/*-------------------------------------------------------------------------
 *
 * guard.c
 *	  The guards on the tables payment and payment_commit: what the operations
 *	  hold, every other INSERT and UPDATE has to hold too.
 *
 * They read nothing but the row, so they need no store and no merchant.  What
 * can be said of the new row alone is in row_rule.c; like CHECKs, it is said of
 * rows that are replayed, too, so the triggers fire always.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "base/row_change.h"
#include "payment/row_rule.h"
#include "type/amount.h"

PG_FUNCTION_INFO_V1(guard_payment);
PG_FUNCTION_INFO_V1(guard_commit);

/* refuse_status raises the error for an illegal change of status. */
static void
refuse_status(const RowChange *change, const char *what, const char *from, const char *to)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 from ? errmsg("a %s can't go from status \"%s\" to \"%s\"", what, from, to)
			 : errmsg("a new %s can't have the status \"%s\"", what, to),
			 errhint("Use the operations; customers.payment_transitions shows what they do."),
			 errtablecol(change->table, column_number(change->table, "status"))));
}

/* refuse_step_back raises the error for a counter that may only grow. */
static void
refuse_step_back(const RowChange *change, const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("column \"%s\" of table \"%s\" can't be changed like this",
					name, RelationGetRelationName(change->table)),
			 errhint("Change it by the operations: each records an event."),
			 errtablecol(change->table, column_number(change->table, name))));
}

/* guard_money: no other currency once there is money, and nothing vanishes. */
static void
guard_money(const RowChange *change)
{
	Amount	   *was = DatumGetAmountP(column_value(change, change->old, "amount"));
	Amount	   *is = DatumGetAmountP(column_value(change, change->new, "amount"));
	Amount	   *authorized = DatumGetAmountP(column_value(change, change->old, "authorized"));
	Amount	   *received_before = DatumGetAmountP(column_value(change, change->old, "received"));
	Amount	   *received = DatumGetAmountP(column_value(change, change->new, "received"));
	Amount	   *returned_before = DatumGetAmountP(column_value(change, change->old, "returned"));
	Amount	   *returned = DatumGetAmountP(column_value(change, change->new, "returned"));

	if (!same_currency(was, is) &&
		(authorized->minor_units != 0 || received_before->minor_units != 0))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the currency of a payment can't be changed once money is authorized or received"),
				 errtablecol(change->table, column_number(change->table, "amount"))));
	if (received->minor_units < received_before->minor_units)
		refuse_step_back(change, "received");
	if (returned->minor_units < returned_before->minor_units)
		refuse_step_back(change, "returned");
}

/* status_of is the word in the column status. */
static char *
status_of(const RowChange *change, HeapTuple row)
{
	return TextDatumGetCString(column_value(change, row, "status"));
}

/*
 * take_change unpacks the data of the trigger.  Of a row that is replayed, such as by
 * logical replication, only the row is looked at: what led to it was judged where it
 * was written, and isn't all seen here, as a subscriber begins with copies.
 */
static RowChange
take_change(FunctionCallInfo fcinfo, const char *function, bool *replayed)
{
	RowChange	change = take_row_change(fcinfo, function);

	*replayed = SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA;
	if (*replayed)
		change.old = NULL;
	return change;
}

/* guard_payment() trigger: BEFORE INSERT OR UPDATE, for each row */
Datum
guard_payment(PG_FUNCTION_ARGS)
{
	static const char *const constant[] = {"merchant_id", "payment_id", "customer_id",
	"reference", "base_reference", "amount_mode", "capture", "created_at"};
	bool		replayed;
	RowChange	change = take_change(fcinfo, "guard_payment", &replayed);
	char	   *to = status_of(&change, change.new);
	char	   *from = change.old ? status_of(&change, change.old) : NULL;
	PaymentStatus before = from ? find_payment_status(from, strlen(from)) : PAYMENT_ABSENT;
	PaymentStatus after = find_payment_status(to, strlen(to));

	if (!replayed && (before != after || from == NULL) && !payment_status_change_legal(before, after))
		refuse_status(&change, "payment", from, to);
	if (change.old)
	{
		int32		old_version = DatumGetInt32(column_value(&change, change.old, "version"));
		int32		new_version = DatumGetInt32(column_value(&change, change.new, "version"));

		refuse_changes(&change, constant, lengthof(constant));
		guard_money(&change);
		if (new_version != old_version && new_version - 1 != old_version)
			refuse_step_back(&change, "version");
	}
	check_payment_row(&change, after);
	return PointerGetDatum(change.new);
}

/* guard_commit() trigger: BEFORE INSERT OR UPDATE, for each row */
Datum
guard_commit(PG_FUNCTION_ARGS)
{
	static const char *const constant[] = {"merchant_id", "commit_id", "payment_id",
	"payment_method_id", "value", "save_method", "created_at"};
	bool		replayed;
	RowChange	change = take_change(fcinfo, "guard_commit", &replayed);
	char	   *to = status_of(&change, change.new);
	char	   *from = change.old ? status_of(&change, change.old) : NULL;
	CommitStatus before = from ? find_commit_status(from, strlen(from)) : COMMIT_ABSENT;
	CommitStatus after = find_commit_status(to, strlen(to));

	if (!replayed && (before != after || from == NULL) && !commit_status_change_legal(before, after))
		refuse_status(&change, "commit", from, to);
	if (change.old)
	{
		Amount	   *received_before = DatumGetAmountP(column_value(&change, change.old, "received"));
		Amount	   *received = DatumGetAmountP(column_value(&change, change.new, "received"));

		refuse_changes(&change, constant, lengthof(constant));
		if (received->minor_units < received_before->minor_units)
			refuse_step_back(&change, "received");
	}
	check_commit_row(&change, after);
	return PointerGetDatum(change.new);
}
