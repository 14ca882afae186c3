/*-------------------------------------------------------------------------
 *
 * row_change.c
 *	  What the guards of the tables look at: a row that is written.
 *
 * Columns are found by their names, since a table that was restored or altered
 * may have them in another order.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "commands/trigger.h"
#include "utils/datum.h"
#include "utils/rel.h"

#include "base/row_change.h"

RowChange
take_row_change(FunctionCallInfo fcinfo, const char *function)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be a trigger before INSERT or UPDATE for each row",
						function)));
	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		return (RowChange) {trigger->tg_relation, trigger->tg_trigtuple, trigger->tg_newtuple};
	return (RowChange) {trigger->tg_relation, NULL, trigger->tg_trigtuple};
}

RowChange
take_written_row(FunctionCallInfo fcinfo, const char *function)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be a trigger after INSERT, UPDATE or DELETE for each row",
						function)));
	if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		return (RowChange) {trigger->tg_relation, trigger->tg_trigtuple, NULL};
	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		return (RowChange) {trigger->tg_relation, trigger->tg_trigtuple, trigger->tg_newtuple};
	return (RowChange) {trigger->tg_relation, NULL, trigger->tg_trigtuple};
}

HeapTuple
with_column_value(const RowChange *change, const char *name, Datum value)
{
	int			number = column_number(change->table, name);
	bool		isnull = false;

	return heap_modify_tuple_by_cols(change->new, RelationGetDescr(change->table), 1,
									 &number, &value, &isnull);
}

/* is_column tells whether the column with this number has the name. */
static bool
is_column(TupleDesc descriptor, int number, const char *name)
{
	Form_pg_attribute column = TupleDescAttr(descriptor, number - 1);

	return !column->attisdropped && strcmp(NameStr(column->attname), name) == 0;
}

/*
 * column_number looks first where a column of that name was last found: guards
 * ask for the same few ones with each row.
 */
int
column_number(Relation table, const char *name)
{
	static int	last_found[64];
	int		   *place = &last_found[(uintptr_t) name / 4 % lengthof(last_found)];
	TupleDesc	descriptor = RelationGetDescr(table);

	if (*place > 0 && *place <= descriptor->natts && is_column(descriptor, *place, name))
		return *place;
	for (int number = 1; number <= descriptor->natts; number++)
		if (is_column(descriptor, number, name))
			return *place = number;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("column \"%s\" of table \"%s\" does not exist",
					name, RelationGetRelationName(table))));
}

Datum
column_value(const RowChange *change, HeapTuple row, const char *name)
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

bool
column_is_null(const RowChange *change, HeapTuple row, const char *name)
{
	return heap_attisnull(row, column_number(change->table, name),
						  RelationGetDescr(change->table));
}

bool
column_changed(const RowChange *change, const char *name)
{
	TupleDesc	descriptor = RelationGetDescr(change->table);
	int			number = column_number(change->table, name);
	Form_pg_attribute column = TupleDescAttr(descriptor, number - 1);
	bool		was_null;
	bool		is_null;
	Datum		was = heap_getattr(change->old, number, descriptor, &was_null);
	Datum		is = heap_getattr(change->new, number, descriptor, &is_null);

	return was_null != is_null ||
		(!was_null && !datum_image_eq(was, is, column->attbyval, column->attlen));
}

void
refuse_changes(const RowChange *change, const char *const *names, int count)
{
	for (int i = 0; i < count; i++)
		if (column_changed(change, names[i]))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("column \"%s\" of table \"%s\" never changes",
							names[i], RelationGetRelationName(change->table)),
					 errtablecol(change->table, column_number(change->table, names[i]))));
}
