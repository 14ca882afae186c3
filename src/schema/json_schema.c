/*-------------------------------------------------------------------------
 *
 * json_schema.c
 *	  SQL functions of type json_schema, and of validation.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "base/compat.h"
#include "schema/call_site.h"

/* Of the binary form; the schema's text follows it. */
#define WIRE_VERSION	1

PG_FUNCTION_INFO_V1(json_schema_in);
PG_FUNCTION_INFO_V1(json_schema_out);
PG_FUNCTION_INFO_V1(json_schema_recv);
PG_FUNCTION_INFO_V1(json_schema_send);
PG_FUNCTION_INFO_V1(json_schema_from_jsonb);
PG_FUNCTION_INFO_V1(json_schema_to_jsonb);
PG_FUNCTION_INFO_V1(json_schema_eq);
PG_FUNCTION_INFO_V1(json_schema_ne);
PG_FUNCTION_INFO_V1(json_schema_hash);
PG_FUNCTION_INFO_V1(json_schema_hash_extended);
PG_FUNCTION_INFO_V1(json_schema_is_valid);
PG_FUNCTION_INFO_V1(json_schema_validation_errors);

Datum
json_schema_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	JsonSchema *schema;
	Datum		source;

	if (!DirectInputFunctionCallSafe(jsonb_in, text, InvalidOid, -1, fcinfo->context, &source))
		PG_RETURN_NULL();
	schema = compile_schema(DatumGetJsonbP(source), fcinfo->context);
	if (schema == NULL)
		PG_RETURN_NULL();
	PG_RETURN_JSON_SCHEMA_P(schema);
}

Datum
json_schema_out(PG_FUNCTION_ARGS)
{
	JsonSchema *schema = PG_GETARG_JSON_SCHEMA_P(0);
	Jsonb	   *source = schema_source(schema);

	PG_RETURN_CSTRING(JsonbToCString(NULL, &source->root, VARSIZE(source)));
}

/* json_schema_recv takes the source only: a program from outside is no program. */
Datum
json_schema_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgint(message, 1);
	char	   *text;
	int			length;
	Datum		source;

	if (version != WIRE_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("unsupported version %d of the binary form of json_schema", version)));
	text = pq_getmsgtext(message, message->len - message->cursor, &length);
	source = DirectFunctionCall1(jsonb_in, CStringGetDatum(text));
	PG_RETURN_JSON_SCHEMA_P(compile_schema(DatumGetJsonbP(source), NULL));
}

Datum
json_schema_send(PG_FUNCTION_ARGS)
{
	JsonSchema *schema = PG_GETARG_JSON_SCHEMA_P(0);
	Jsonb	   *source = schema_source(schema);
	char	   *text = JsonbToCString(NULL, &source->root, VARSIZE(source));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendint8(&message, WIRE_VERSION);
	pq_sendtext(&message, text, strlen(text));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

Datum
json_schema_from_jsonb(PG_FUNCTION_ARGS)
{
	Jsonb	   *source = PG_GETARG_JSONB_P(0);
	JsonSchema *schema = compile_schema(source, fcinfo->context);

	PG_FREE_IF_COPY(source, 0);
	if (schema == NULL)
		PG_RETURN_NULL();
	PG_RETURN_JSON_SCHEMA_P(schema);
}

Datum
json_schema_to_jsonb(PG_FUNCTION_ARGS)
{
	Jsonb	   *source = schema_source(PG_GETARG_JSON_SCHEMA_P(0));
	Jsonb	   *result = palloc(VARSIZE(source));

	memcpy(result, source, VARSIZE(source));
	PG_RETURN_JSONB_P(result);
}

/* have_equal_sources compares schemas by their sources, as jsonb does. */
static bool
have_equal_sources(FunctionCallInfo fcinfo)
{
	JsonSchema *a = PG_GETARG_JSON_SCHEMA_P(0);
	JsonSchema *b = PG_GETARG_JSON_SCHEMA_P(1);
	bool		result = compareJsonbContainers(&schema_source(a)->root,
												&schema_source(b)->root) == 0;

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return result;
}

Datum
json_schema_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(have_equal_sources(fcinfo));
}

Datum
json_schema_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!have_equal_sources(fcinfo));
}

Datum
json_schema_hash(PG_FUNCTION_ARGS)
{
	JsonSchema *schema = PG_GETARG_JSON_SCHEMA_P(0);
	Datum		hash = DirectFunctionCall1(jsonb_hash, JsonbPGetDatum(schema_source(schema)));

	PG_FREE_IF_COPY(schema, 0);
	return hash;
}

Datum
json_schema_hash_extended(PG_FUNCTION_ARGS)
{
	JsonSchema *schema = PG_GETARG_JSON_SCHEMA_P(0);
	Datum		hash = DirectFunctionCall2(jsonb_hash_extended,
										   JsonbPGetDatum(schema_source(schema)),
										   PG_GETARG_DATUM(1));

	PG_FREE_IF_COPY(schema, 0);
	return hash;
}

/* read_itself reads a source that is jsonb. */
static Jsonb *
read_itself(char *source, Size length pg_attribute_unused())
{
	return (Jsonb *) source;
}

/*
 * runnable_schema returns a stored schema with a program that this version can
 * run: what another one has stored is compiled again, once for each call site.
 */
static const JsonSchema *
runnable_schema(FunctionCallInfo fcinfo, const JsonSchema *stored)
{
	Jsonb	   *source = schema_source(stored);
	const CallSite *site;

	if (likely(schema_is_current(stored)))
		return stored;
	site = schema_of_call(fcinfo, (char *) source, VARSIZE(source), read_itself, FORMATS_ASSERTED);
	if (site->schema == NULL)
		refuse_schema(&site->fault, NULL);
	return site->schema;
}

Datum
json_schema_is_valid(PG_FUNCTION_ARGS)
{
	Jsonb	   *instance = PG_GETARG_JSONB_P(0);
	JsonSchema *schema = PG_GETARG_JSON_SCHEMA_P(1);
	bool		result = schema_accepts(runnable_schema(fcinfo, schema), instance);

	PG_FREE_IF_COPY(instance, 0);
	PG_FREE_IF_COPY(schema, 1);
	PG_RETURN_BOOL(result);
}

Datum
json_schema_validation_errors(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const JsonSchema *schema = runnable_schema(fcinfo, PG_GETARG_JSON_SCHEMA_P(1));
	List	   *violations = schema_violations(schema, PG_GETARG_JSONB_P(0));
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	foreach(cell, violations)
	{
		SchemaViolation *violation = lfirst(cell);
		Datum		values[4];
		bool		nulls[4] = {false};

		values[0] = CStringGetTextDatum(violation->instance_location);
		values[1] = CStringGetTextDatum(violation->keyword_location);
		values[2] = CStringGetTextDatum(violation->keyword);
		values[3] = CStringGetTextDatum(violation->message);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
