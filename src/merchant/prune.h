/*-------------------------------------------------------------------------
 *
 * prune.h
 *	  Tables whose rows nothing deletes but the operations made for it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PRUNE_H
#define CUSTOMERS_PRUNE_H

#include "base/caller.h"
#include "base/statement.h"
#include "datatype/timestamp.h"
#include "fmgr.h"

/* Runs a DELETE of rows of the table, with the guard's leave; returns how many. */
extern uint64 delete_guarded(const char *table, Statement *delete,
							 const NullableDatum *parameters);

/*
 * A table from which old rows are pruned: delete_batch deletes up to max_count
 * of the oldest rows before a time, and returns how many.
 */
typedef struct PrunedTable
{
	const char *holds;			/* what it holds, for the server log */
	uint64		(*delete_batch) (const Caller *caller, TimestampTz before, int64 max_count);
} PrunedTable;

/* The body of an operation (before, max_count) int8 that prunes the table. */
extern Datum prune_table(FunctionCallInfo fcinfo, const PrunedTable *table);

#endif							/* CUSTOMERS_PRUNE_H */
