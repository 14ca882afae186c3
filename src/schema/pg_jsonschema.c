/*-------------------------------------------------------------------------
 *
 * pg_jsonschema.c
 *	  SQL functions with the names and arguments of extension pg_jsonschema.
 *
 * The schema comes as json, mostly a constant.  Each call site keeps the one
 * that it saw last, compiled, together with its text.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "schema/schema.h"

PG_FUNCTION_INFO_V1(json_matches_schema);
PG_FUNCTION_INFO_V1(jsonb_matches_schema);
PG_FUNCTION_INFO_V1(jsonschema_is_valid);
PG_FUNCTION_INFO_V1(jsonschema_validation_errors);

/* What a call site keeps, in a memory context of its own. */
typedef struct CallSite
{
	MemoryContext context;		/* of text and what is compiled from it */
	text	   *text;			/* NULL: nothing is kept */
	JsonSchema *schema;			/* NULL: the schema has a fault */
	SchemaFault fault;
} CallSite;

/* jsonb_of_json reads a json value. */
static Jsonb *
jsonb_of_json(text *json)
{
	char	   *string = text_to_cstring(json);
	Datum		result = DirectFunctionCall1(jsonb_in, CStringGetDatum(string));

	pfree(string);
	return DatumGetJsonbP(result);
}

/*
 * schema_of_call returns the first argument compiled, and what is known of it.
 * What was kept goes only when there is something in its place.
 */
static CallSite *
schema_of_call(FunctionCallInfo fcinfo)
{
	text	   *source = PG_GETARG_TEXT_PP(0);
	CallSite   *site = fcinfo->flinfo->fn_extra;
	CallSite	made;
	Jsonb	   *schema;
	MemoryContext outer;

	if (site == NULL)
		site = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(CallSite));
	if (site->text != NULL && VARSIZE_ANY_EXHDR(site->text) == VARSIZE_ANY_EXHDR(source) &&
		memcmp(VARDATA_ANY(site->text), VARDATA_ANY(source), VARSIZE_ANY_EXHDR(source)) == 0)
		return site;

	made.context = AllocSetContextCreate(CurrentMemoryContext, "JSON Schema of a call site",
										 ALLOCSET_SMALL_SIZES);
	outer = MemoryContextSwitchTo(made.context);
	made.text = cstring_to_text_with_len(VARDATA_ANY(source), VARSIZE_ANY_EXHDR(source));
	schema = jsonb_of_json(made.text);
	made.schema = try_compile_schema(schema, FORMATS_AS_DRAFT, &made.fault);
	pfree(schema);
	MemoryContextSwitchTo(outer);

	MemoryContextSetParent(made.context, fcinfo->flinfo->fn_mcxt);
	if (site->context != NULL)
		MemoryContextDelete(site->context);
	*site = made;
	return site;
}

static bool
matches(FunctionCallInfo fcinfo, Jsonb *instance)
{
	CallSite   *site = schema_of_call(fcinfo);

	if (site->schema == NULL)
		refuse_schema(&site->fault, NULL);
	return schema_accepts(site->schema, instance);
}

Datum
json_matches_schema(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(matches(fcinfo, jsonb_of_json(PG_GETARG_TEXT_PP(1))));
}

Datum
jsonb_matches_schema(PG_FUNCTION_ARGS)
{
	Jsonb	   *instance = PG_GETARG_JSONB_P(1);
	bool		result = matches(fcinfo, instance);

	PG_FREE_IF_COPY(instance, 1);
	PG_RETURN_BOOL(result);
}

/* jsonschema_is_valid: whether a schema is one; a notice says why not. */
Datum
jsonschema_is_valid(PG_FUNCTION_ARGS)
{
	CallSite   *site = schema_of_call(fcinfo);

	if (site->schema == NULL)
		ereport(NOTICE,
				(errcode(site->fault.sqlstate),
				 errmsg("invalid JSON Schema"),
				 errdetail("%s", site->fault.detail)));
	PG_RETURN_BOOL(site->schema != NULL);
}

/*
 * jsonschema_validation_errors returns the violations, each with its place in
 * the document unless it is the whole; those of the schema, if it is none.
 */
Datum
jsonschema_validation_errors(PG_FUNCTION_ARGS)
{
	CallSite   *site = schema_of_call(fcinfo);
	List	   *violations = NIL;
	Datum	   *messages;
	ListCell   *cell;
	int			count = 0;

	if (site->schema != NULL)
		violations = schema_violations(site->schema, jsonb_of_json(PG_GETARG_TEXT_PP(1)));
	messages = palloc((list_length(violations) + 1) * sizeof(Datum));
	if (site->schema == NULL)
		messages[count++] = CStringGetTextDatum(psprintf("invalid JSON Schema: %s", site->fault.detail));
	foreach(cell, violations)
	{
		SchemaViolation *violation = lfirst(cell);

		messages[count++] = CStringGetTextDatum(violation->instance_location[0] == '\0' ? violation->message :
												psprintf("%s: %s", violation->instance_location, violation->message));
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(messages, count, TEXTOID, -1, false, TYPALIGN_INT));
}
