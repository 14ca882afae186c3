/*-------------------------------------------------------------------------
 *
 * guard.c
 *	  The guards on the tables payment and payment_commit: what the operations
 *	  hold, every other INSERT and UPDATE has to hold too.
 *
 * They read nothing but the row, so they need no store and no merchant.  What
 * can be said of one row alone is left to the tables' CHECKs.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/rel.h"

#include "payment/machine.h"
#include "type/amount.h"

PG_FUNCTION_INFO_V1(guard_payment);
PG_FUNCTION_INFO_V1(guard_commit);

/* The row as it is going to be, and as it was. */
typedef struct Change
{
	Relation	table;
	HeapTuple	old;			/* NULL: an INSERT */
	HeapTuple	new;
} Change;

/* take_change unpacks the trigger's data. */
static Change
take_change(FunctionCallInfo fcinfo, const char *function)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be a trigger before INSERT or UPDATE for each row",
						function)));
	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		return (Change) {trigger->tg_relation, trigger->tg_trigtuple, trigger->tg_newtuple};
	return (Change) {trigger->tg_relation, NULL, trigger->tg_trigtuple};
}

/* column_number finds a column by its name. */
static int
column_number(Relation table, const char *name)
{
	TupleDesc	descriptor = RelationGetDescr(table);

	for (int i = 0; i < descriptor->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(descriptor, i);

		if (!column->attisdropped && strcmp(NameStr(column->attname), name) == 0)
			return column->attnum;
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("column \"%s\" of table \"%s\" does not exist",
					name, RelationGetRelationName(table))));
}

/* column_value is a column that has a NOT NULL constraint, which comes later. */
static Datum
column_value(const Change *change, HeapTuple row, const char *name)
{
	bool		isnull;
	Datum		value = heap_getattr(row, column_number(change->table, name),
									 RelationGetDescr(change->table), &isnull);

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("null value in column \"%s\" of relation \"%s\" violates not-null constraint",
						name, RelationGetRelationName(change->table)),
				 errtablecol(change->table, column_number(change->table, name))));
	return value;
}

/* refuse_changes raises an error if any of the columns has changed. */
static void
refuse_changes(const Change *change, const char *const *names, int count)
{
	TupleDesc	descriptor = RelationGetDescr(change->table);

	for (int i = 0; i < count; i++)
	{
		int			number = column_number(change->table, names[i]);
		Form_pg_attribute column = TupleDescAttr(descriptor, number - 1);
		bool		was_null;
		bool		is_null;
		Datum		was = heap_getattr(change->old, number, descriptor, &was_null);
		Datum		is = heap_getattr(change->new, number, descriptor, &is_null);

		if (was_null != is_null ||
			(!was_null && !datum_image_eq(was, is, column->attbyval, column->attlen)))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("column \"%s\" of table \"%s\" never changes",
							names[i], RelationGetRelationName(change->table)),
					 errtablecol(change->table, number)));
	}
}

/* refuse_status raises the error for an illegal change of status. */
static void
refuse_status(const Change *change, const char *what, const char *from, const char *to)
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
refuse_step_back(const Change *change, const char *name)
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
guard_money(const Change *change)
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
status_of(const Change *change, HeapTuple row)
{
	return TextDatumGetCString(column_value(change, row, "status"));
}

/* guard_payment() trigger: BEFORE INSERT OR UPDATE, for each row */
Datum
guard_payment(PG_FUNCTION_ARGS)
{
	static const char *const constant[] = {"merchant_id", "payment_id", "customer_id",
	"reference", "base_reference", "amount_mode", "capture", "created_at"};
	Change		change = take_change(fcinfo, "guard_payment");
	char	   *to = status_of(&change, change.new);
	char	   *from = change.old ? status_of(&change, change.old) : NULL;
	PaymentStatus before = from ? find_payment_status(from, strlen(from)) : PAYMENT_ABSENT;
	PaymentStatus after = find_payment_status(to, strlen(to));

	if ((before != after || from == NULL) && !payment_status_change_legal(before, after))
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
	return PointerGetDatum(change.new);
}

/* guard_commit() trigger: BEFORE INSERT OR UPDATE, for each row */
Datum
guard_commit(PG_FUNCTION_ARGS)
{
	static const char *const constant[] = {"merchant_id", "commit_id", "payment_id",
	"payment_method_id", "value", "save_method", "created_at"};
	Change		change = take_change(fcinfo, "guard_commit");
	char	   *to = status_of(&change, change.new);
	char	   *from = change.old ? status_of(&change, change.old) : NULL;
	CommitStatus before = from ? find_commit_status(from, strlen(from)) : COMMIT_ABSENT;
	CommitStatus after = find_commit_status(to, strlen(to));

	if ((before != after || from == NULL) && !commit_status_change_legal(before, after))
		refuse_status(&change, "commit", from, to);
	if (change.old)
	{
		Amount	   *received_before = DatumGetAmountP(column_value(&change, change.old, "received"));
		Amount	   *received = DatumGetAmountP(column_value(&change, change.new, "received"));

		refuse_changes(&change, constant, lengthof(constant));
		if (received->minor_units < received_before->minor_units)
			refuse_step_back(&change, "received");
	}
	return PointerGetDatum(change.new);
}
