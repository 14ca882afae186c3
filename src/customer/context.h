/*-------------------------------------------------------------------------
 *
 * context.h
 *	  The schema that a merchant's context fields make, and contexts checked
 *	  against it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_CONTEXT_H
#define CUSTOMERS_CONTEXT_H

#include "base/caller.h"
#include "nodes/pg_list.h"
#include "schema/schema.h"
#include "type/id.h"
#include "utils/jsonb.h"

/*
 * The schema in force.  Lives in a cache, or in the current memory context
 * where it may not be cached: good until the next call of
 * context_schema_in_force(), inside enter_store() ... leave_store().
 */
typedef struct ContextSchema
{
	Id			merchant;		/* begins it, for the cache */
	int32		version;		/* 0: the merchant has defined no field */
	JsonSchema *schema;			/* its "required" are the fields of stage create */
	List	   *at_create;		/* keys (char *) of the fields of stage create */
	List	   *at_commit;		/* the same of stage commit */
	uint64		generation;		/* of table context_schema, when it was read */
} ContextSchema;

extern const ContextSchema *context_schema_in_force(const Id *merchant);

/*
 * Makes a version of the schema of the fields as they are now; it is in force
 * when this transaction commits.
 */
extern void make_context_schema(const Caller *caller);

typedef enum Stage
{
	STAGE_OPTIONAL,
	STAGE_CREATE,
	STAGE_COMMIT
} Stage;

extern Stage parse_stage(text *name);

/*
 * All violations of a whole context at a stage, as SchemaViolations in the
 * order of the document: at the optional stage nothing has to be present.
 */
extern List *context_violations(const ContextSchema *schema, Jsonb *context, Stage stage);

/*
 * The violations of a change.  Only what the change touches is checked, so
 * that a rule which came later locks nobody out of an unrelated update.
 */
extern List *context_change_violations(const ContextSchema *schema, Jsonb *old, Jsonb *new);

/* Raises them as one error, or does nothing for NIL. */
extern void refuse_violations(List *violations);

/* "name: message; ..." of all of them, for a report. */
extern char *describe_violations(List *violations);

/* The keys (char *) that a context lacks at a stage. */
extern List *missing_keys(const ContextSchema *schema, Jsonb *context, Stage stage);

/* Refuses the commit of a payment while fields of stage commit are missing. */
extern void require_fields_at_commit(const Caller *caller, const Id *customer);

#endif							/* CUSTOMERS_CONTEXT_H */
