/*-------------------------------------------------------------------------
 *
 * context_schema.c
 *	  The schema that a merchant's context fields and rules make: versions and
 *	  cache.
 *
 * A version never changes.  The highest is in force, and each backend keeps
 * it compiled until a row of context_schema changes, so that a check costs no
 * query.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/merchant_cache.h"
#include "base/statement.h"
#include "customer/context.h"
#include "customer/unique_value.h"

/*
 * SQL for a schema within the whole.  It is a document of its own, so what refers
 * to a place refers to one within it, and it may be of another dialect: an
 * identifier keeps it so.
 */
#define SCHEMA_WITHIN(schema, id) \
	"CASE WHEN pg_catalog.jsonb_typeof(" schema ") OPERATOR(pg_catalog.=) 'object'" \
	" AND NOT " schema " OPERATOR(pg_catalog.?) '$id'" \
	" AND pg_catalog.jsonb_path_exists(" schema ", '$.** ? (exists(@.\"$ref\")" \
	" || exists(@.\"$dynamicRef\") || exists(@.\"$anchor\") || exists(@.\"$dynamicAnchor\")" \
	" || exists(@.\"$schema\"))')" \
	" THEN " schema " OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('$id', " id ")" \
	" ELSE " schema " END"

PG_FUNCTION_INFO_V1(context_schema);

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
		.sql = "SELECT version, schema, at_commit, retired_fields, unique_fields, rules"
		" FROM customers.context_schema"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 ORDER BY version DESC LIMIT 1",
		.types = {"customers.merchant_id"},
		.latest = true,
	};
	ContextSchema *cached;
	ContextSchema found = {.merchant = *merchant};
	MemoryContext inside;
	bool		defined;
	Datum		rules;
	bool		without_rules;

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
		found.retired = text_array_to_list(statement_get(0, 3));
		found.at_create = required_keys(schema_source(found.schema));
		found.unique = unique_fields(schema_source(found.schema),
									 text_array_to_list(statement_get(0, 4)));
		rules = statement_value(0, 5, &without_rules);
		if (!without_rules)
			found.rules = (JsonSchema *) PG_DETOAST_DATUM_COPY(rules);
	}
	else
		found.schema = empty_schema();
	MemoryContextSwitchTo(inside);

	return add_cached(&cached_schemas, &found);
}

JsonSchema *
latest_context_rules(const Caller *caller)
{
	static Statement find = {
		.sql = "SELECT rules FROM customers.context_schema"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 ORDER BY version DESC LIMIT 1",
		.types = {"customers.merchant_id"},
	};
	Datum		rules;
	bool		isnull;

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant)
	}) == 0)
		return NULL;
	rules = statement_value(0, 0, &isnull);
	return isnull ? NULL : (JsonSchema *) PG_DETOAST_DATUM_COPY(rules);
}

/*
 * Who holds the lock of the fields can only meet a version that is there if his
 * snapshot is older: then ON CONFLICT fails with 40001, and nothing else would.
 */
void
make_context_schema(const Caller *caller, const JsonSchema *rules)
{
	static Statement assemble = {
		.sql = "SELECT pg_catalog.jsonb_build_object("
		"'$schema', 'https://json-schema.org/draft/2020-12/schema',"
		" 'type', 'object',"
		" 'properties', COALESCE(pg_catalog.jsonb_object_agg(key, "
		SCHEMA_WITHIN("schema", "'urn:customers:context:' OPERATOR(pg_catalog.||) key")
		") FILTER (WHERE retired_at IS NULL), '{}'),"
		" 'required', COALESCE(pg_catalog.jsonb_agg(key ORDER BY position, key)"
		" FILTER (WHERE retired_at IS NULL AND stage OPERATOR(pg_catalog.=) 'create'), '[]'),"
		" 'additionalProperties', false),"
		" COALESCE(pg_catalog.array_agg(key ORDER BY position, key)"
		" FILTER (WHERE retired_at IS NULL AND stage OPERATOR(pg_catalog.=) 'commit'), '{}'),"
		" COALESCE(pg_catalog.array_agg(key ORDER BY position, key)"
		" FILTER (WHERE retired_at IS NOT NULL), '{}'),"
		" COALESCE(pg_catalog.array_agg(key ORDER BY position, key)"
		" FILTER (WHERE retired_at IS NULL AND is_unique), '{}')"
		" FROM customers.context_field"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1",
		.types = {"customers.merchant_id"},
	};
	static Statement insert = {
		.sql = "INSERT INTO customers.context_schema"
		" (merchant_id, version, schema, at_commit, retired_fields, unique_fields, rules, defined_at)"
		" SELECT $1, COALESCE(pg_catalog.max(version), 0) OPERATOR(pg_catalog.+) 1,"
		" $2, $3, $4, $5, $6, $7"
		" FROM customers.context_schema WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" ON CONFLICT (merchant_id, version) DO NOTHING",
		.types = {"customers.merchant_id", "customers.json_schema", "pg_catalog.text[]",
			"pg_catalog.text[]", "pg_catalog.text[]", "customers.json_schema",
		"pg_catalog.timestamptz"},
	};
	JsonSchema *schema;
	ArrayType  *at_commit;
	ArrayType  *retired;
	ArrayType  *unique;

	statement_run(&assemble, (NullableDatum[]) {
		bind_pointer(&caller->merchant)
	});
	schema = compile_schema(DatumGetJsonbP(statement_get(0, 0)), NULL);
	at_commit = DatumGetArrayTypePCopy(statement_get(0, 1));
	retired = DatumGetArrayTypePCopy(statement_get(0, 2));
	unique = DatumGetArrayTypePCopy(statement_get(0, 3));
	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(schema), bind_pointer(at_commit),
			bind_pointer(retired), bind_pointer(unique), bind_pointer(rules),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
}

/* context_schema() jsonb: the rules stand beside the fields */
Datum
context_schema(PG_FUNCTION_ARGS pg_attribute_unused())
{
	static Statement join = {
		.sql = "SELECT $1 OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object("
		"'allOf', pg_catalog.jsonb_build_array("
		SCHEMA_WITHIN("$2", "'urn:customers:context-rules'") "))",
		.types = {"pg_catalog.jsonb", "pg_catalog.jsonb"},
		.stable = true,
	};
	Caller		caller;
	const ContextSchema *schema;
	Datum		source;

	enter_store(&caller);
	schema = context_schema_in_force(&caller.merchant);
	source = PointerGetDatum(schema_source(schema->schema));
	if (schema->rules)
	{
		statement_run(&join, (NullableDatum[]) {
			bind(source), bind_pointer(schema_source(schema->rules))
		});
		source = statement_get(0, 0);
	}
	source = keep_value(&caller, source, false, -1);
	leave_store(&caller);
	return source;
}
