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
#include "base/compat.h"
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
	JsonSchema *rules;			/* of the context as a whole; NULL: none */
	List	   *at_create;		/* keys (char *) of the fields of stage create */
	List	   *at_commit;		/* the same of stage commit */
	List	   *retired;		/* the same of those that are collected no longer */
	List	   *unique;			/* UniqueField: see unique_value.h */
	uint64		generation;		/* of table context_schema, when it was read */
} ContextSchema;

extern const ContextSchema *context_schema_in_force(const Id *merchant);

/* A copy of the rules of the highest version; NULL: there are none. */
extern JsonSchema *latest_context_rules(const Caller *caller);

/*
 * Makes a version of the schema, of the fields as they are now and of rules, or
 * none for NULL; it is in force when this transaction commits.
 */
extern void make_context_schema(const Caller *caller, const JsonSchema *rules);

/* The one error for a context field that the merchant does not have. */
pg_noreturn extern void report_no_such_field(const text *key);

/* Lets one transaction at a time change the merchant's fields, rules and what shows them. */
extern void lock_fields(const Caller *caller);

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
 * Raises an error if a change violates the schema.  Only what the change touches
 * is checked, so that a rule which came later locks nobody out of an unrelated
 * update.  The result is whether nothing else violates it either: then the row
 * is of this version, else it keeps the version that it has.
 */
extern bool accept_context_change(const ContextSchema *schema, Jsonb *old, Jsonb *new);

/*
 * Does the context have what the schema demands at stage create, as far as it
 * holds no more than the values of retired fields?  Card numbers aside.
 */
extern bool context_conforms(const ContextSchema *schema, Jsonb *context);

/* The violations of the rules, and those that a change has to answer for. */
extern List *rule_violations(const ContextSchema *schema, Jsonb *context);
extern List *rule_change_violations(const ContextSchema *schema, Jsonb *old, Jsonb *new);

/* Raises violations as one error, or does nothing for NIL. */
extern void refuse_violations(List *violations);

/* "name: message; ..." of all of them, for a report. */
extern char *describe_violations(List *violations);

/* Does the context, an object, have the field? */
extern bool context_has_key(Jsonb *context, const char *key);

/* The keys (char *) that a context lacks at a stage. */
extern List *missing_keys(const ContextSchema *schema, Jsonb *context, Stage stage);

/* Refuses the commit of a payment while fields of stage commit are missing. */
extern void require_fields_at_commit(const Caller *caller, const Id *customer, Datum context);

#endif							/* CUSTOMERS_CONTEXT_H */
