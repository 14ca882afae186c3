/*-------------------------------------------------------------------------
 *
 * context_schema.c
 *	  The schema that a merchant's context fields make: versions and cache.
 *
 * A version never changes.  The highest is in force, and each backend keeps
 * it compiled until a row of context_schema changes, so that a check costs no
 * query.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/merchant_cache.h"
#include "base/statement.h"
#include "customer/context.h"

static MerchantCache cached_schemas = {
	.name = "customers context schemas",
	.table = WATCHED_CONTEXT_SCHEMA,
	.entry_size = sizeof(ContextSchema),
};

/* text_array_to_list copies the elements, none of them NULL, as C strings. */
static List *
text_array_to_list(Datum array)
{
	List	   *list = NIL;
	Datum	   *elements;
	int			count;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, NULL, &count);
	for (int i = 0; i < count; i++)
		list = lappend(list, TextDatumGetCString(elements[i]));
	return list;
}

/* required_keys copies the elements of a schema's "required" as C strings. */
static List *
required_keys(Jsonb *source)
{
	List	   *keys = NIL;
	JsonbValue *required = getKeyJsonValueFromContainer(&source->root, "required",
														strlen("required"), NULL);

	if (required)
	{
		JsonbContainer *array = required->val.binary.data;

		for (uint32 i = 0; i < JsonContainerSize(array); i++)
		{
			JsonbValue *key = getIthJsonbValueFromContainer(array, i);

			keys = lappend(keys, pnstrdup(key->val.string.val, key->val.string.len));
		}
	}
	return keys;
}

/* empty_schema accepts the empty context only: no field is defined. */
static JsonSchema *
empty_schema(void)
{
	Datum		source = DirectFunctionCall1(jsonb_in,
											 CStringGetDatum("{\"type\": \"object\", \"additionalProperties\": false}"));

	return compile_schema(DatumGetJsonbP(source), NULL);
}

const ContextSchema *
context_schema_in_force(const Id *merchant)
{
	static Statement find = {
		.sql = "SELECT version, schema, at_commit FROM customers.context_schema"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 ORDER BY version DESC LIMIT 1",
		.types = {"customers.merchant_id"},
		.latest = true,
	};
	ContextSchema *cached;
	ContextSchema found = {.merchant = *merchant};
	MemoryContext inside;
	bool		defined;

	cached = find_cached(&cached_schemas, merchant);
	if (cached)
		return cached;

	found.generation = table_generation(WATCHED_CONTEXT_SCHEMA);
	defined = statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant)
	}) > 0;

	inside = MemoryContextSwitchTo(cache_memory(&cached_schemas));
	if (defined)
	{
		found.version = DatumGetInt32(statement_get(0, 0));
		found.schema = (JsonSchema *) PG_DETOAST_DATUM_COPY(statement_get(0, 1));
		found.at_commit = text_array_to_list(statement_get(0, 2));
		found.at_create = required_keys(schema_source(found.schema));
	}
	else
		found.schema = empty_schema();
	MemoryContextSwitchTo(inside);

	return add_cached(&cached_schemas, &found);
}

/*
 * A field's schema is a document of its own, so what refers to a place refers
 * to one within the field: an identifier keeps it so in the whole.
 */
void
make_context_schema(const Caller *caller)
{
	static Statement assemble = {
		.sql = "SELECT pg_catalog.jsonb_build_object("
		"'$schema', 'https://json-schema.org/draft/2020-12/schema',"
		" 'type', 'object',"
		" 'properties', COALESCE(pg_catalog.jsonb_object_agg(key,"
		" CASE WHEN pg_catalog.jsonb_typeof(schema) OPERATOR(pg_catalog.=) 'object'"
		" AND NOT schema OPERATOR(pg_catalog.?) '$id'"
		" AND pg_catalog.jsonb_path_exists(schema, '$.** ? (exists(@.\"$ref\")"
		" || exists(@.\"$dynamicRef\") || exists(@.\"$anchor\") || exists(@.\"$dynamicAnchor\"))')"
		" THEN schema OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object("
		"'$id', 'urn:customers:context:' OPERATOR(pg_catalog.||) key)"
		" ELSE schema END), '{}'),"
		" 'required', COALESCE(pg_catalog.jsonb_agg(key ORDER BY position, key)"
		" FILTER (WHERE stage OPERATOR(pg_catalog.=) 'create'), '[]'),"
		" 'additionalProperties', false),"
		" COALESCE(pg_catalog.array_agg(key ORDER BY position, key)"
		" FILTER (WHERE stage OPERATOR(pg_catalog.=) 'commit'), '{}')"
		" FROM customers.context_field"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND retired_at IS NULL",
		.types = {"customers.merchant_id"},
	};
	static Statement insert = {
		.sql = "INSERT INTO customers.context_schema"
		" (merchant_id, version, schema, at_commit, defined_at)"
		" SELECT $1, COALESCE(pg_catalog.max(version), 0) OPERATOR(pg_catalog.+) 1, $2, $3, $4"
		" FROM customers.context_schema WHERE merchant_id OPERATOR(pg_catalog.=) $1",
		.types = {"customers.merchant_id", "customers.json_schema", "pg_catalog.text[]",
		"pg_catalog.timestamptz"},
	};
	JsonSchema *schema;
	ArrayType  *at_commit;

	statement_run(&assemble, (NullableDatum[]) {
		bind_pointer(&caller->merchant)
	});
	schema = compile_schema(DatumGetJsonbP(statement_get(0, 0)), NULL);
	at_commit = DatumGetArrayTypePCopy(statement_get(0, 1));
	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(schema), bind_pointer(at_commit),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
}
