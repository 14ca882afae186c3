/*-------------------------------------------------------------------------
 *
 * row_table.c
 *	  Which tables rows may be read from and written to directly.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "base/row_table.h"
#include "base/setting.h"

/*
 * is_plain tells whether nothing about the table wants SQL, whatever is done to it
 * with those rights.
 */
static bool
is_plain(Relation relation, AclMode rights)
{
	Form_pg_class form = relation->rd_rel;

	/*
	 * The owner has no row-level security, see enter_store(), and all rights unless
	 * they were revoked; others are left to SQL.  Citus keeps the rows of ordinary
	 * tables elsewhere.
	 */
	return form->relkind == RELKIND_RELATION && form->relam == HEAP_TABLE_AM_OID &&
		!form->relhassubclass && !form->relispartition && relation->rd_rules == NULL &&
		form->relowner == GetUserId() &&
		pg_class_aclmask(RelationGetRelid(relation), GetUserId(), rights, ACLMASK_ALL) == rights &&
		!OidIsValid(get_namespace_oid("citus", true));
}

/* has_statement_triggers: of an INSERT or an UPDATE, or with transition tables. */
static bool
has_statement_triggers(Relation relation)
{
	TriggerDesc *triggers = relation->trigdesc;

	return triggers && (triggers->trig_insert_before_statement ||
						triggers->trig_insert_after_statement ||
						triggers->trig_insert_new_table ||
						triggers->trig_update_before_statement ||
						triggers->trig_update_after_statement ||
						triggers->trig_update_old_table || triggers->trig_update_new_table);
}

bool
has_other_before_triggers(const DirectTable *table)
{
	Relation	relation = table->relation;
	TriggerDesc *triggers = relation->trigdesc;

	for (int i = 0; triggers && i < triggers->numtriggers; i++)
	{
		Trigger    *trigger = &triggers->triggers[i];

		if (TRIGGER_TYPE_MATCHES(trigger->tgtype, TRIGGER_TYPE_ROW, TRIGGER_TYPE_BEFORE,
								 TRIGGER_TYPE_UPDATE) &&
			get_func_namespace(trigger->tgfoid) != RelationGetNamespace(relation))
			return true;
	}
	return false;
}

/*
 * find_columns finds the columns of the statement; false: one is missing, or of a
 * type or length that a value would have to be converted to.
 */
static bool
find_columns(DirectTable *table, const RowStatement *statement, int count)
{
	TupleDesc	descriptor = RelationGetDescr(table->relation);
	int			number = 0;

	/* They are likely to be in the order of the table. */
	for (int i = 0; i < count; i++)
	{
		int			looked = 0;

		for (; looked < descriptor->natts; looked++, number++)
		{
			Form_pg_attribute column;

			if (number >= descriptor->natts)
				number = 0;
			column = TupleDescAttr(descriptor, number);
			if (!column->attisdropped &&
				strcmp(NameStr(column->attname), statement->columns[i]) == 0)
				break;
		}
		if (looked == descriptor->natts)
			return false;
		if (TupleDescAttr(descriptor, number)->atttypid != statement->type_oids[i] ||
			TupleDescAttr(descriptor, number)->atttypmod >= 0)
			return false;
		table->numbers[i] = ++number;
	}
	return true;
}

/* has_default tells whether a column that isn't named gets a value, or a check, from SQL. */
static bool
has_default(Form_pg_attribute column)
{
	return column->atthasdef || column->attidentity ||
		get_typtype(column->atttypid) == TYPTYPE_DOMAIN ||
		get_typdefault(column->atttypid) != NULL;
}

bool
has_other_defaults(const DirectTable *table, int count)
{
	TupleDesc	descriptor = RelationGetDescr(table->relation);

	for (int number = 1; number <= descriptor->natts; number++)
	{
		Form_pg_attribute column = TupleDescAttr(descriptor, number - 1);
		bool		named = column->attisdropped || column->attgenerated;

		for (int i = 0; i < count && !named; i++)
			named = table->numbers[i] == number;
		if (!named && has_default(column))
			return true;
	}
	return false;
}

/* is_key tells whether an index is of the columns that come first in the statement. */
static bool
is_key(const DirectTable *table, Relation index, int keys)
{
	Form_pg_index form = index->rd_index;

	if (!form->indisunique || !form->indimmediate || !form->indisvalid ||
		form->indnkeyatts != keys || index->rd_rel->relam != BTREE_AM_OID)
		return false;
	for (int i = 0; i < keys; i++)
		if (form->indkey.values[i] != table->numbers[i])
			return false;
	return true;
}

void
close_table(DirectTable *table)
{
	if (table->key)
		index_close(table->key, NoLock);
	table_close(table->relation, NoLock);
}

/* open_key opens the index that finds rows by the key; false: there is none. */
static bool
open_key(DirectTable *table, int keys, LOCKMODE lock)
{
	Oid			index;

	/* Reading the list finds the primary key, too. */
	list_free(RelationGetIndexList(table->relation));
	index = table->relation->rd_pkindex;
	if (!OidIsValid(index))
		return false;
	table->key = index_open(index, lock);
	return is_key(table, table->key, keys);
}

bool
open_table(DirectTable *table, const RowStatement *statement, int count, int keys,
		   LOCKMODE lock, AclMode rights)
{
	bool		writes = lock == RowExclusiveLock;
	Oid			oid;

	/* The hook is for who audits or refuses what SQL does with a table. */
	if (!setting_direct_rows || ExecutorCheckPerms_hook || statement->stable ||
		IsolationUsesXactSnapshot() || XactReadOnly || IsInParallelMode())
		return false;
	oid = get_relname_relid(statement->table, get_namespace_oid("customers", false));
	table->relation = OidIsValid(oid) ? try_table_open(oid, lock) : NULL;
	if (table->relation == NULL)
		return false;
	table->key = NULL;
	if (is_plain(table->relation, rights) && find_columns(table, statement, count) &&
		(!writes || !has_statement_triggers(table->relation)) &&
		(keys == 0 || open_key(table, keys, lock)))
		return true;
	close_table(table);
	return false;
}
