/*-------------------------------------------------------------------------
 *
 * row.h
 *	  One row of a table of the store, by its primary key: read, inserted, updated.
 *
 * What an operation does most is to lock a row, to insert one and to update one.
 * A RowStatement says so without SQL, as a static variable beside the function
 * that runs it:
 *
 *		static RowStatement lock = {
 *			.table = "payment",
 *			.keys = 2,
 *			.columns = {"merchant_id", "payment_id", "status", "amount"},
 *			.types = {"customers.merchant_id", "customers.payment_id",
 *				"pg_catalog.text", "customers.amount"},
 *			.lock = LCS_FORNOKEYUPDATE,
 *		};
 *
 * Each is for one of the three functions below.  They call the executor at the
 * table itself where that does the same as SQL (see row_direct.c), and run SQL
 * elsewhere; triggers, constraints and errors are the same.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_ROW_H
#define CUSTOMERS_ROW_H

#include "nodes/lockoptions.h"

#include "base/statement.h"

typedef struct RowStatement
{
	const char *table;			/* in schema customers */
	int			keys;			/* how many columns are the primary key: the first */
	LockClauseStrength lock;	/* of a read: how to lock the row */
	bool		stable;			/* of a read without lock: see statement.h */
	const char *columns[STATEMENT_MAX_PARAMETERS + 1];	/* NULL ends them */
	const char *types[STATEMENT_MAX_PARAMETERS + 1];	/* of their values here */

	/* private to row.c and row_direct.c */
	Oid			type_oids[STATEMENT_MAX_PARAMETERS];
	uint64		epoch;			/* store_epoch() for which they were looked up */
	Statement	sql;
} RowStatement;

/*
 * Reads the row with that key, in its newest version if it is locked, and fills in the
 * columns that follow the key; false: there is none.  The values are copies, in the
 * current memory context.
 */
extern bool row_read(RowStatement *statement, const NullableDatum *key, NullableDatum *values);

/* Inserts a row: a value for each column. */
extern void row_insert(RowStatement *statement, const NullableDatum *values);

/*
 * Updates the row with the key that the first values are; false: there is none, or a
 * trigger has kept it as it was.
 */
extern bool row_update(RowStatement *statement, const NullableDatum *values);

#endif							/* CUSTOMERS_ROW_H */
