/*-------------------------------------------------------------------------
 *
 * schema.h
 *	  JSON Schema: a schema compiled to a datum, and jsonb checked against it.
 *
 * A JsonSchema is the datum of type json_schema: a flat program (program.h
 * tells its layout) and the source that it was compiled from.  Validation
 * reads both the program and the instance in place.
 *
 * A pointer to JsonSchema is always to a detoasted datum with a four-byte
 * header, aligned for int64.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_SCHEMA_SCHEMA_H
#define CUSTOMERS_SCHEMA_SCHEMA_H

#include "postgres.h"

#include "fmgr.h"
#include "nodes/nodes.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

typedef struct JsonSchema JsonSchema;

#define DatumGetJsonSchemaP(d)	((JsonSchema *) PG_DETOAST_DATUM(d))
#define PG_GETARG_JSON_SCHEMA_P(n)	DatumGetJsonSchemaP(PG_GETARG_DATUM(n))
#define PG_RETURN_JSON_SCHEMA_P(x)	PG_RETURN_POINTER(x)

/*
 * One violation of a schema.  The strings never contain a value of the
 * instance; names of its properties they may contain.
 */
typedef struct SchemaViolation
{
	char	   *instance_location;	/* JSON pointer into the instance */
	char	   *keyword_location;	/* JSON pointer into the schema, by way of
									 * the references that were followed */
	char	   *keyword;		/* the keyword that is violated; if it is a
								 * schema false, the one that it belongs to */
	char	   *message;		/* for people: begins in lower case, no period */
} SchemaViolation;

/* What `format` means. */
typedef enum FormatPolicy
{
	FORMATS_ASSERTED,			/* values must be in the format */
	FORMATS_AS_DRAFT			/* the same in draft-07; an annotation in 2020-12,
								 * unless the metaschema wants it asserted */
} FormatPolicy;

/* Why a schema is none. */
typedef struct SchemaFault
{
	int			sqlstate;
	char	   *detail;			/* a sentence: JSON pointer and what is wrong */
} SchemaFault;

/*
 * try_compile_schema: the program of a schema, or NULL and the fault of the
 * schema; both in the current memory context.
 *
 * compile_schema: the same with formats asserted.  A fault is an error, soft
 * if escontext is an ErrorSaveContext (16 and later): then the result is NULL.
 */
extern JsonSchema *try_compile_schema(Jsonb *source, FormatPolicy formats, SchemaFault *fault);
extern JsonSchema *compile_schema(Jsonb *source, Node *escontext);

/* refuse_schema raises a fault, or makes it a soft error. */
extern void refuse_schema(const SchemaFault *fault, Node *escontext);

/* The source of a compiled schema, in place. */
extern Jsonb *schema_source(const JsonSchema *schema);

/*
 * schema_is_current: whether this version can run a schema's program.  If not,
 * only the source is of use.  Bytes that are no schema at all are an error.
 */
extern bool schema_is_current(const JsonSchema *schema);

/*
 * The schema must be current.
 *
 * schema_accepts: whether the instance is valid; stops at the first fault,
 * and allocates nothing for a valid instance, except for uniqueItems of long
 * arrays and unevaluated keywords on many members or items.
 */
extern bool schema_accepts(const JsonSchema *schema, Jsonb *instance);

/*
 * schema_violations: all violations, a List of SchemaViolation in the order
 * of the document, in the current memory context; NIL if it is valid.
 *
 * schema_violations_partial: the same for a document that only has the keys
 * which somebody touched: whatever demands presence of a key of the root
 * object (required, minProperties) is left out.
 */
extern List *schema_violations(const JsonSchema *schema, Jsonb *instance);
extern List *schema_violations_partial(const JsonSchema *schema, Jsonb *instance);

#endif							/* CUSTOMERS_SCHEMA_SCHEMA_H */
