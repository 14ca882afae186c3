/*-------------------------------------------------------------------------
 *
 * customer_guard.c
 *	  The guard on table customer: what the operations hold, every other
 *	  INSERT and UPDATE has to hold too.
 *
 * It runs with the rights of whoever writes the row, who need not be able to
 * read the schema: so it enters the store for the row's merchant.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/datum.h"
#include "utils/rel.h"

#include "customer/context.h"
#include "customer/merge_patch.h"

PG_FUNCTION_INFO_V1(guard_customer);

/* column_of is the value of a column of the row, by the column's name. */
static Datum
column_of(Relation table, HeapTuple row, const char *name, bool *isnull)
{
	int			number = SPI_fnumber(RelationGetDescr(table), name);

	if (number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" of table \"%s\" does not exist",
						name, RelationGetRelationName(table))));
	return heap_getattr(row, number, RelationGetDescr(table), isnull);
}

/* same_bytes compares a column of two rows byte by byte, NULLs included. */
static bool
same_bytes(Relation table, HeapTuple old, HeapTuple new, const char *name)
{
	Form_pg_attribute column = TupleDescAttr(RelationGetDescr(table),
											 SPI_fnumber(RelationGetDescr(table), name) - 1);
	bool		old_isnull;
	bool		new_isnull;
	Datum		old_value = column_of(table, old, name, &old_isnull);
	Datum		new_value = column_of(table, new, name, &new_isnull);

	if (old_isnull || new_isnull)
		return old_isnull && new_isnull;
	return datum_image_eq(old_value, new_value, column->attbyval, column->attlen);
}

/* context_of is the row's context, detoasted; NULL for NULL. */
static Jsonb *
context_of(Relation table, HeapTuple row)
{
	bool		isnull;
	Datum		context = column_of(table, row, "context", &isnull);

	return isnull ? NULL : DatumGetJsonbP(context);
}

/* refuse_new_identity refuses a change of what identifies a customer. */
static void
refuse_new_identity(Relation table, HeapTuple old, HeapTuple new)
{
	static const char *const identity[] = {"merchant_id", "customer_id", "reference"};

	for (int i = 0; i < lengthof(identity); i++)
		if (!same_bytes(table, old, new, identity[i]))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("%s of a customer never changes", identity[i]),
					 errtablecol(table, SPI_fnumber(RelationGetDescr(table), identity[i]))));
}

/* guard_customer() trigger: BEFORE INSERT OR UPDATE, for each row */
Datum
guard_customer(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	bool		is_update;
	HeapTuple	row;
	Jsonb	   *context;
	Datum		merchant;
	bool		isnull;
	const ContextSchema *schema;
	Caller		caller;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager",
						"guard_customer")));

	is_update = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event);
	row = is_update ? trigger->tg_newtuple : trigger->tg_trigtuple;
	if (is_update)
	{
		refuse_new_identity(trigger->tg_relation, trigger->tg_trigtuple, row);
		if (same_bytes(trigger->tg_relation, trigger->tg_trigtuple, row, "context"))
			return PointerGetDatum(row);
	}

	merchant = column_of(trigger->tg_relation, row, "merchant_id", &isnull);
	context = context_of(trigger->tg_relation, row);
	if (isnull || context == NULL)
		return PointerGetDatum(row);	/* NOT NULL refuses it */

	enter_store_for_merchant(&caller, DatumGetIdP(merchant));
	schema = context_schema_in_force(&caller.merchant);
	if (is_update)
		refuse_violations(context_change_violations(schema,
													context_of(trigger->tg_relation,
															   trigger->tg_trigtuple),
													context));
	else
		refuse_violations(context_violations(schema, context, STAGE_CREATE));
	leave_store(&caller);
	return PointerGetDatum(row);
}
