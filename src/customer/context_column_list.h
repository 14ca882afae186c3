/*-------------------------------------------------------------------------
 *
 * context_column_list.h
 *	  The columns that a merchant's customers have in a view of its fields.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_CONTEXT_COLUMN_LIST_H
#define CUSTOMERS_CONTEXT_COLUMN_LIST_H

#include "base/caller.h"
#include "nodes/pg_list.h"

typedef struct ContextColumn
{
	char	   *key;			/* of the field; NULL: a column of customer */
	char	   *name;
	char	   *expression;		/* of SQL; customer is c in it */
	Oid			type;
	char	   *comment;		/* NULL: none */
} ContextColumn;

/*
 * A list of ContextColumn that outlives leave_store(): columns of customer, and
 * the context fields by their position.
 */
extern List *list_context_columns(const Caller *caller);

#endif							/* CUSTOMERS_CONTEXT_COLUMN_LIST_H */
