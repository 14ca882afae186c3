/*-------------------------------------------------------------------------
 *
 * row_direct.h
 *	  The direct way of row.h: for row.c only.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_ROW_DIRECT_H
#define CUSTOMERS_ROW_DIRECT_H

#include "base/row.h"

typedef enum DirectResult
{
	NOT_DIRECT,					/* nothing was done: SQL has to do it */
	DIRECT_NO_ROW,				/* there is no row with that key */
	DIRECT_DONE
} DirectResult;

/* As the functions of row.h; count is that of the statement's columns. */
extern DirectResult direct_read(const RowStatement *statement, int count,
								const NullableDatum *key, NullableDatum *values);
extern DirectResult direct_insert(const RowStatement *statement, int count,
								  const NullableDatum *values);
extern DirectResult direct_update(const RowStatement *statement, int count,
								  const NullableDatum *values);

#endif							/* CUSTOMERS_ROW_DIRECT_H */
