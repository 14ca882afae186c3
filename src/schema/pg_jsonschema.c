/*-------------------------------------------------------------------------
 *
 * pg_jsonschema.c
 *	  SQL functions with the names and arguments of extension pg_jsonschema.
 *
 * The schema comes as json, and is compiled once for each call site.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "schema/call_site.h"

PG_FUNCTION_INFO_V1(json_matches_schema);
PG_FUNCTION_INFO_V1(jsonb_matches_schema);
PG_FUNCTION_INFO_V1(jsonschema_is_valid);
PG_FUNCTION_INFO_V1(jsonschema_validation_errors);

/* jsonb_of_json reads json. */
static Jsonb *
jsonb_of_json(char *json, Size length)
{
	char	   *string = pnstrdup(json, length);
	Datum		result = DirectFunctionCall1(jsonb_in, CStringGetDatum(string));

	pfree(string);
	return DatumGetJsonbP(result);
}

/* first_argument returns what is known of the schema. */
static const CallSite *
first_argument(FunctionCallInfo fcinfo)
{
	text	   *source = PG_GETARG_TEXT_PP(0);

	return schema_of_call(fcinfo, VARDATA_ANY(source), VARSIZE_ANY_EXHDR(source),
						  jsonb_of_json, FORMATS_AS_DRAFT);
}

/* second_argument returns the instance, if it is json. */
static Jsonb *
second_argument(FunctionCallInfo fcinfo)
{
	text	   *instance = PG_GETARG_TEXT_PP(1);

	return jsonb_of_json(VARDATA_ANY(instance), VARSIZE_ANY_EXHDR(instance));
}

static bool
matches(FunctionCallInfo fcinfo, Jsonb *instance)
{
	const CallSite *site = first_argument(fcinfo);

	if (site->schema == NULL)
		refuse_schema(&site->fault, NULL);
	return schema_accepts(site->schema, instance);
}

Datum
json_matches_schema(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(matches(fcinfo, second_argument(fcinfo)));
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
	const CallSite *site = first_argument(fcinfo);

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
	const CallSite *site = first_argument(fcinfo);
	List	   *violations = NIL;
	Datum	   *messages;
	ListCell   *cell;
	int			count = 0;

	if (site->schema != NULL)
		violations = schema_violations(site->schema, second_argument(fcinfo));
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
