/*-------------------------------------------------------------------------
 *
 * context_type.h
 *	  The types of SQL that the values of context fields have.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_CONTEXT_TYPE_H
#define CUSTOMERS_CONTEXT_TYPE_H

#include "utils/jsonb.h"

typedef struct ContextType
{
	const char *schema_type;	/* what the field's schema says, */
	const char *format;			/* and its format, NULL: any other */
	const char *sql_type;
	const char *function;		/* of context_value.c; NULL: the value as it is */
} ContextType;

#define CONTEXT_TYPE_COUNT 7
extern const ContextType context_types[CONTEXT_TYPE_COUNT];

/* The type of the values that a field's schema accepts. */
extern const ContextType *context_type_of(Jsonb *schema);

/* SQL for the value of a field, from a column that holds contexts. */
extern char *context_expression(const ContextType *type, const char *column, const char *key);

#endif							/* CUSTOMERS_CONTEXT_TYPE_H */
