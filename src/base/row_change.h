/*-------------------------------------------------------------------------
 *
 * row_change.h
 *	  What the guards of the tables look at: a row that is written.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_ROW_CHANGE_H
#define CUSTOMERS_ROW_CHANGE_H

#include "access/htup.h"
#include "fmgr.h"
#include "utils/relcache.h"

/* The row as it is going to be, and as it was. */
typedef struct RowChange
{
	Relation	table;
	HeapTuple	old;			/* NULL: an INSERT */
	HeapTuple	new;			/* NULL: a DELETE */
} RowChange;

/* Unpacks the data of a trigger BEFORE INSERT OR UPDATE for each row. */
extern RowChange take_row_change(FunctionCallInfo fcinfo, const char *function);

/* The same of a trigger AFTER INSERT, UPDATE or DELETE; of a row that goes new is NULL. */
extern RowChange take_written_row(FunctionCallInfo fcinfo, const char *function);

/* The new row with another value in a column. */
extern HeapTuple with_column_value(const RowChange *change, const char *name, Datum value);

/* The number of a column of the table, by its name. */
extern int	column_number(Relation table, const char *name);

/* A column that has a NOT NULL constraint, which would only refuse it later. */
extern Datum column_value(const RowChange *change, HeapTuple row, const char *name);

/* Is the column NULL in that row? */
extern bool column_is_null(const RowChange *change, HeapTuple row, const char *name);

/* Does an UPDATE write other bytes into the column? */
extern bool column_changed(const RowChange *change, const char *name);

/* Raises an error if an UPDATE changes any of the columns. */
extern void refuse_changes(const RowChange *change, const char *const *names, int count);

#endif							/* CUSTOMERS_ROW_CHANGE_H */
