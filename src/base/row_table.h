/*-------------------------------------------------------------------------
 *
 * row_table.h
 *	  Which tables rows may be read from and written to directly: for
 *	  row_direct.c only.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_ROW_TABLE_H
#define CUSTOMERS_ROW_TABLE_H

#include "storage/lockdefs.h"
#include "utils/acl.h"
#include "utils/relcache.h"

#include "base/row.h"

/* A table that is worked at directly, and the columns of the statement in it. */
typedef struct DirectTable
{
	Relation	relation;
	Relation	key;			/* the primary key's index; NULL for an insert */
	AttrNumber	numbers[STATEMENT_MAX_PARAMETERS];	/* by place in the statement */
} DirectTable;

/*
 * Opens the statement's table, with the lock and the rights that SQL has; false:
 * it is left to SQL.
 */
extern bool open_table(DirectTable *table, const RowStatement *statement, int count, int keys,
					   LOCKMODE lock, AclMode rights);

/* Has the table defaults, or checks of types, for columns that an insert doesn't name? */
extern bool has_other_defaults(const DirectTable *table, int count);

/*
 * Has the table triggers before an update that aren't the store's?  They may write
 * the row themselves, which only SQL reports as what it is.
 */
extern bool has_other_before_triggers(const DirectTable *table);

/* Keeps the locks, as the executor does. */
extern void close_table(DirectTable *table);

#endif							/* CUSTOMERS_ROW_TABLE_H */
