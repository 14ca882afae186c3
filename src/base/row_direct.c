/*-------------------------------------------------------------------------
 *
 * row_direct.c
 *	  The direct way of row.h: the executor's calls at the table itself, as the
 *	  apply worker of logical replication does them.
 *
 * A third of what SQL costs for one row, or less.  It is right for an ordinary table
 * of this database under READ COMMITTED.  Row triggers, constraints, generated
 * columns and indexes are the executor's, so a user's own work as ever; where a
 * table has what only SQL does, SQL does it: see row_table.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "parser/parse_relation.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "base/row_direct.h"
#include "base/row_table.h"

/* begin_statement is what stands between two statements of SQL as well. */
static void
begin_statement(void)
{
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
}

static void
end_statement(void)
{
	PopActiveSnapshot();
	CommandCounterIncrement();
}

/* fetch_row reads the row with that key into the slot; false: there is none. */
static bool
fetch_row(const DirectTable *table, const NullableDatum *key, int keys, TupleTableSlot *slot)
{
	ScanKeyData conditions[INDEX_MAX_KEYS];
	IndexScanDesc scan;
	bool		found;

	for (int i = 0; i < keys; i++)
	{
		Oid			type = table->key->rd_opcintype[i];
		Oid			equal = get_opfamily_member(table->key->rd_opfamily[i], type, type,
												BTEqualStrategyNumber);

		ScanKeyEntryInitialize(&conditions[i], 0, i + 1, BTEqualStrategyNumber, InvalidOid,
							   table->key->rd_indcollation[i], get_opcode(equal), key[i].value);
	}
	scan = begin_index_scan(table->relation, table->key, GetActiveSnapshot(), keys);
	index_rescan(scan, conditions, keys, NULL, 0);
	found = index_getnext_slot(scan, ForwardScanDirection, slot);
	index_endscan(scan);
	return found;
}

/*
 * lock_row locks the row that the slot has, and waits for whoever has it locked; the
 * slot then has its newest version.  False: it was deleted.  What it was found by
 * are keys, which don't change.  A lock that lets an update go on holds for what that
 * makes of the row as well.
 */
static bool
lock_row(const DirectTable *table, TupleTableSlot *slot, LockTupleMode mode)
{
	TM_FailureData failure;
	TM_Result	result;

	result = table_tuple_lock(table->relation, &slot->tts_tid, GetActiveSnapshot(), slot,
							  GetCurrentCommandId(true), mode, LockWaitBlock,
							  TUPLE_LOCK_FLAG_LOCK_UPDATE_IN_PROGRESS |
							  TUPLE_LOCK_FLAG_FIND_LAST_VERSION, &failure);
	if (result != TM_Ok && result != TM_Deleted)
		elog(ERROR, "unexpected result of table_tuple_lock: %d", result);
	return result == TM_Ok;
}

DirectResult
direct_read(const RowStatement *statement, int count, const NullableDatum *key,
			NullableDatum *values)
{
	DirectTable table;
	TupleTableSlot *slot;
	bool		locks = statement->lock != LCS_NONE;
	bool		found;

	if (!open_table(&table, statement, count, statement->keys,
					locks ? RowShareLock : AccessShareLock,
					locks ? ACL_SELECT | ACL_SELECT_FOR_UPDATE : ACL_SELECT))
		return NOT_DIRECT;
	begin_statement();
	slot = table_slot_create(table.relation, NULL);
	found = fetch_row(&table, key, statement->keys, slot) &&
		(!locks ||
		 lock_row(&table, slot, statement->lock == LCS_FORKEYSHARE
				  ? LockTupleKeyShare : LockTupleNoKeyExclusive));
	if (found)
	{
		HeapTuple	row = ExecCopySlotHeapTuple(slot);

		for (int i = statement->keys; i < count; i++, values++)
			values->value = heap_getattr(row, table.numbers[i],
										 RelationGetDescr(table.relation), &values->isnull);
	}
	ExecDropSingleTupleTableSlot(slot);
	close_table(&table);
	end_statement();
	return found ? DIRECT_DONE : DIRECT_NO_ROW;
}

/* name_table gives the executor the table, and the columns that are written. */
static void
name_table(EState *estate, const DirectTable *table, int first, int count)
{
	RangeTblEntry *entry = makeNode(RangeTblEntry);
	List	   *permissions = NIL;
	RTEPermissionInfo *columns;
	Bitmapset  *written = NULL;

	entry->rtekind = RTE_RELATION;
	entry->relid = RelationGetRelid(table->relation);
	entry->relkind = table->relation->rd_rel->relkind;
	entry->rellockmode = RowExclusiveLock;
	for (int i = first; i < count; i++)
		written = bms_add_member(written,
								 table->numbers[i] - FirstLowInvalidHeapAttributeNumber);
	columns = addRTEPermissionInfo(&permissions, entry);
	columns->insertedCols = written;
	columns->updatedCols = written;
	init_range_table(estate, list_make1(entry), permissions);
}

/* begin_write makes what the executor's calls need, for a write of these columns. */
static EState *
begin_write(const DirectTable *table, ResultRelInfo *result, int first, int count)
{
	EState	   *estate = CreateExecutorState();

	name_table(estate, table, first, count);
	InitResultRelInfo(result, table->relation, 1, NULL, 0);
	/* Where triggers look for the table, rather than open it once more. */
	estate->es_opened_result_relations = list_make1(result);
	estate->es_output_cid = GetCurrentCommandId(true);
	estate->es_snapshot = GetActiveSnapshot();
	ExecOpenIndices(result, false);
	AfterTriggerBeginQuery();
	return estate;
}

/* end_write fires the triggers that come after. */
static void
end_write(EState *estate, ResultRelInfo *result)
{
	AfterTriggerEndQuery(estate);
	ExecCloseIndices(result);
	ExecResetTupleTable(estate->es_tupleTable, false);
	FreeExecutorState(estate);
}

DirectResult
direct_insert(const RowStatement *statement, int count, const NullableDatum *values)
{
	ResultRelInfo result = {.type = T_ResultRelInfo};
	DirectTable table;
	TupleTableSlot *slot;
	EState	   *estate;

	if (!open_table(&table, statement, count, 0, RowExclusiveLock, ACL_INSERT))
		return NOT_DIRECT;
	if (has_other_defaults(&table, count))
	{
		close_table(&table);
		return NOT_DIRECT;
	}
	begin_statement();
	estate = begin_write(&table, &result, 0, count);
	slot = ExecInitExtraTupleSlot(estate, RelationGetDescr(table.relation), &TTSOpsVirtual);
	ExecStoreAllNullTuple(slot);
	slot->tts_tableOid = RelationGetRelid(table.relation);
	for (int i = 0; i < count; i++)
	{
		slot->tts_values[table.numbers[i] - 1] = values[i].value;
		slot->tts_isnull[table.numbers[i] - 1] = values[i].isnull;
	}
	ExecSimpleRelationInsert(&result, estate, slot);
	end_write(estate, &result);
	close_table(&table);
	end_statement();
	return DIRECT_DONE;
}

DirectResult
direct_update(const RowStatement *statement, int count, const NullableDatum *values)
{
	ResultRelInfo result = {.type = T_ResultRelInfo};
	DirectTable table;
	TupleTableSlot *old;
	TupleTableSlot *new;
	EState	   *estate;
	EPQState	recheck;
	bool		found;

	if (!open_table(&table, statement, count, statement->keys, RowExclusiveLock,
					ACL_UPDATE | ACL_SELECT))
		return NOT_DIRECT;
	if (has_other_before_triggers(&table))
	{
		close_table(&table);
		return NOT_DIRECT;
	}
	begin_statement();
	estate = begin_write(&table, &result, statement->keys, count);
	old = ExecInitExtraTupleSlot(estate, RelationGetDescr(table.relation),
								 table_slot_callbacks(table.relation));
	new = ExecInitExtraTupleSlot(estate, RelationGetDescr(table.relation), &TTSOpsVirtual);

	/* Locked as an UPDATE locks that writes no key; so nobody changes it before us. */
	found = fetch_row(&table, values, statement->keys, old) &&
		lock_row(&table, old, LockTupleNoKeyExclusive);
	if (found)
	{
		ExecCopySlot(new, old);
		new->tts_tableOid = RelationGetRelid(table.relation);
		for (int i = statement->keys; i < count; i++)
		{
			new->tts_values[table.numbers[i] - 1] = values[i].value;
			new->tts_isnull[table.numbers[i] - 1] = values[i].isnull;
		}
		init_recheck(&recheck, estate);
		ExecSimpleRelationUpdate(&result, estate, &recheck, old, new);
		EvalPlanQualEnd(&recheck);
	}
	end_write(estate, &result);
	close_table(&table);
	end_statement();
	return found ? DIRECT_DONE : DIRECT_NO_ROW;
}
