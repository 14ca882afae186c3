/*-------------------------------------------------------------------------
 *
 * context_conform.c
 *	  Contexts that conform to the schema in force, and customers who fall short
 *	  of it.
 *
 * Fields that become required and rules that become narrower lock nobody out, so
 * there may be such customers.  Who was last checked against the schema in force
 * is none: a row has its version only if it conforms.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "base/statement.h"
#include "customer/context.h"

PG_FUNCTION_INFO_V1(nonconforming_customers);

/* without_retired is the context without the values of retired fields. */
static Jsonb *
without_retired(const ContextSchema *schema, Jsonb *context)
{
	ListCell   *cell;

	foreach(cell, schema->retired)
		if (context_has_key(context, lfirst(cell)))
			context = DatumGetJsonbP(DirectFunctionCall2(jsonb_delete, JsonbPGetDatum(context),
														 CStringGetTextDatum(lfirst(cell))));
	return context;
}

bool
context_conforms(const ContextSchema *schema, Jsonb *context)
{
	return JB_ROOT_IS_OBJECT(context) &&
		schema_accepts(schema->schema, without_retired(schema, context)) &&
		(schema->rules == NULL || schema_accepts(schema->rules, context));
}

/* bind_keys binds keys (char *) as text[]. */
static NullableDatum
bind_keys(List *keys)
{
	ArrayBuildState *array = initArrayResult(TEXTOID, CurrentMemoryContext, false);
	ListCell   *cell;

	foreach(cell, keys)
		accumArrayResult(array, CStringGetTextDatum(lfirst(cell)), false, TEXTOID,
						 CurrentMemoryContext);
	return bind(makeArrayResult(array, CurrentMemoryContext));
}

/* keys_required are those of the fields that must be present at a stage. */
static List *
keys_required(const ContextSchema *schema, Stage stage)
{
	switch (stage)
	{
		case STAGE_OPTIONAL:
			break;
		case STAGE_CREATE:
			return list_copy(schema->at_create);
		case STAGE_COMMIT:
			return list_concat_copy(schema->at_create, schema->at_commit);
	}
	return NIL;
}

/* schema_at_stage also accepts what retired fields have. */
static JsonSchema *
schema_at_stage(const ContextSchema *schema, Stage stage)
{
	static Statement make = {
		.sql = "SELECT $1 OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object("
		"'required', $2, 'properties',"
		" COALESCE($1 OPERATOR(pg_catalog.->) 'properties', '{}') OPERATOR(pg_catalog.||)"
		" COALESCE((SELECT pg_catalog.jsonb_object_agg(k, true)"
		" FROM pg_catalog.unnest($3) AS k), '{}'))",
		.types = {"pg_catalog.jsonb", "pg_catalog.text[]", "pg_catalog.text[]"},
		.stable = true,
	};

	statement_run(&make, (NullableDatum[]) {
		bind_pointer(schema_source(schema->schema)), bind_keys(keys_required(schema, stage)),
			bind_keys(schema->retired)
	});
	return compile_schema(DatumGetJsonbP(statement_get(0, 0)), NULL);
}

/* is_retired says whether the key is that of a retired field. */
static bool
is_retired(const ContextSchema *schema, const text *key)
{
	char	   *name = text_to_cstring(key);
	ListCell   *cell;

	foreach(cell, schema->retired)
		if (strcmp(lfirst(cell), name) == 0)
			return true;
	return false;
}

/* schema_of_field is the part of the schema that a field has; a retired one has none. */
static JsonSchema *
schema_of_field(const ContextSchema *schema, const text *key, Stage stage)
{
	static Statement make = {
		.sql = "SELECT pg_catalog.jsonb_build_object("
		"'properties', pg_catalog.jsonb_build_object($2,"
		" $1 OPERATOR(pg_catalog.->) 'properties' OPERATOR(pg_catalog.->) $2),"
		" 'required', CASE WHEN $2 OPERATOR(pg_catalog.=) ANY ($3)"
		" THEN pg_catalog.jsonb_build_array($2) ELSE '[]' END)"
		" WHERE $1 OPERATOR(pg_catalog.->) 'properties' OPERATOR(pg_catalog.?) $2",
		.types = {"pg_catalog.jsonb", "pg_catalog.text", "pg_catalog.text[]"},
		.stable = true,
	};

	if (is_retired(schema, key))
		return compile_schema(DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum("true"))), NULL);
	if (statement_run(&make, (NullableDatum[]) {
		bind_pointer(schema_source(schema->schema)), bind_pointer(key),
			bind_keys(keys_required(schema, stage))
	}) == 0)
		report_no_such_field(key);
	return compile_schema(DatumGetJsonbP(statement_get(0, 0)), NULL);
}

/*
 * nonconforming_customers(key, stage) setof customer_id
 *
 * Of the whole schema, or of one field only.  What conforms at stage create may
 * not do so at stage commit, so then every customer is checked.
 */
Datum
nonconforming_customers(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT c.customer_id FROM customers.customer c"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1 AND c.erased_at IS NULL"
		" AND c.schema_version OPERATOR(pg_catalog.<>) $2"
		" AND NOT (customers.is_valid(c.context, $3)"
		" AND COALESCE(customers.is_valid(c.context, $4), true))",
		.types = {"customers.merchant_id", "pg_catalog.int4", "customers.json_schema",
		"customers.json_schema"},
		.stable = true,
	};
	text	   *key = PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0);
	Stage		stage;
	const ContextSchema *schema;
	JsonSchema *demanded;
	Caller		caller;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(1))
		return (Datum) 0;
	stage = parse_stage(PG_GETARG_TEXT_PP(1));

	enter_store(&caller);
	schema = context_schema_in_force(&caller.merchant);
	demanded = key ? schema_of_field(schema, key, stage) : schema_at_stage(schema, stage);
	statement_return_rows(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant),
			bind(Int32GetDatum(stage == STAGE_COMMIT ? -1 : schema->version)),
			bind_pointer(demanded), bind_pointer(key ? NULL : schema->rules)
	}, (ReturnSetInfo *) fcinfo->resultinfo);
	leave_store(&caller);
	return (Datum) 0;
}
