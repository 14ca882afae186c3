/*-------------------------------------------------------------------------
 *
 * call_site.h
 *	  A schema that is compiled once for a place in a query, not per call.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_SCHEMA_CALL_SITE_H
#define CUSTOMERS_SCHEMA_CALL_SITE_H

#include "postgres.h"

#include "fmgr.h"

#include "schema/schema.h"

/* What a call site keeps: the schema that it saw last. */
typedef struct CallSite
{
	MemoryContext context;		/* of what it keeps */
	char	   *source;			/* NULL: nothing is kept */
	Size		length;
	JsonSchema *schema;			/* compiled; NULL: the schema has a fault */
	SchemaFault fault;
} CallSite;

/* Reads the source of a schema. */
typedef Jsonb *(*SourceReader) (char *source, Size length);

/*
 * schema_of_call returns what is known of the schema with this source, whose
 * bytes need not be aligned.  A call site has one reader and one policy.
 */
extern const CallSite *schema_of_call(FunctionCallInfo fcinfo, const char *source, Size length,
									  SourceReader read, FormatPolicy formats);

#endif							/* CUSTOMERS_SCHEMA_CALL_SITE_H */
