/*-------------------------------------------------------------------------
 *
 * context_field.c
 *	  Context fields: what a merchant collects about its customers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/statement.h"
#include "customer/context.h"
#include "customer/unique_value.h"

/* How many fields a merchant may have, the retired ones included. */
#define CONTEXT_FIELDS_MAX 256
#define FIELD_KEY_LENGTH_MAX 64

PG_FUNCTION_INFO_V1(define_context_field);
PG_FUNCTION_INFO_V1(retire_context_field);
PG_FUNCTION_INFO_V1(check_context);
PG_FUNCTION_INFO_V1(missing_fields);

/* check_field_key refuses a key that is not [a-z][a-z0-9_]{0,63}. */
static void
check_field_key(const char *key)
{
	size_t		length = strlen(key);

	if (length == 0 || length > FIELD_KEY_LENGTH_MAX ||
		key[0] < 'a' || key[0] > 'z' ||
		strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_") != length)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid key of a context field: \"%s\"", key),
				 errdetail("A key begins with a lower-case letter and has at most %d lower-case letters, digits and underscores.",
						   FIELD_KEY_LENGTH_MAX)));
}

void
report_no_such_field(const text *key)
{
	ereport(ERROR,
			(errcode(ERRCODE_NO_DATA_FOUND),
			 errmsg("context field \"%s\" does not exist", text_to_cstring(key))));
}

void
lock_fields(const Caller *caller)
{
	static Statement lock = {
		.sql = "SELECT FROM customers.merchant"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 FOR NO KEY UPDATE",
		.types = {"customers.merchant_id"},
	};

	statement_run(&lock, (NullableDatum[]) {
		bind_pointer(&caller->merchant)
	});
}

/* check_field_count refuses more fields than a merchant may have. */
static void
check_field_count(const Caller *caller)
{
	static Statement count = {
		.sql = "SELECT pg_catalog.count(*) FROM customers.context_field"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1",
		.types = {"customers.merchant_id"},
	};

	statement_run(&count, (NullableDatum[]) {
		bind_pointer(&caller->merchant)
	});
	if (DatumGetInt64(statement_get(0, 0)) > CONTEXT_FIELDS_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("a merchant can have at most %d context fields", CONTEXT_FIELDS_MAX)));
}

/*
 * define_context_field(key, schema, stage, is_unique, label, position) void
 *
 * Defining a field again replaces its definition, and revives a retired one.
 * The same definition makes no new version of the schema.
 */
Datum
define_context_field(PG_FUNCTION_ARGS)
{
	static Statement upsert = {
		.sql = "INSERT INTO customers.context_field AS f"
		" (merchant_id, key, schema, stage, is_unique, label, position)"
		" VALUES ($1, $2, $3, $4, $5, $6, COALESCE($7, (SELECT"
		" LEAST(COALESCE(pg_catalog.max(position), 0), 2147483646) OPERATOR(pg_catalog.+) 1 FROM customers.context_field"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1)))"
		" ON CONFLICT (merchant_id, key) DO UPDATE"
		" SET schema = $3, stage = $4, is_unique = $5, label = $6,"
		" position = COALESCE($7, f.position), retired_at = NULL"
		" WHERE f.schema OPERATOR(pg_catalog.<>) $3 OR f.stage OPERATOR(pg_catalog.<>) $4"
		" OR f.is_unique OPERATOR(pg_catalog.<>) $5 OR f.retired_at IS NOT NULL"
		" OR COALESCE(f.label, '') OPERATOR(pg_catalog.<>) COALESCE($6, '')"
		" OR f.position OPERATOR(pg_catalog.<>) COALESCE($7, f.position)",
		.types = {"customers.merchant_id", "pg_catalog.text", "pg_catalog.jsonb",
			"pg_catalog.text", "pg_catalog.bool", "pg_catalog.text", "pg_catalog.int4"},
	};
	text	   *key;
	Jsonb	   *schema;
	UniqueKind	was;
	UniqueKind	is;
	Caller		caller;

	require_arguments(fcinfo, (const char *const[]) {
		"key", "schema", "stage", "is_unique", NULL, NULL
	});
	key = PG_GETARG_TEXT_PP(0);
	schema = PG_GETARG_JSONB_P(1);
	check_field_key(text_to_cstring(key));
	parse_stage(PG_GETARG_TEXT_PP(2));
	if (!PG_ARGISNULL(5) && PG_GETARG_INT32(5) < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("position of a context field must be at least 1")));
	enter_store(&caller);
	pfree(compile_schema(schema, NULL));	/* a fault is told by its place in
											 * the field's own schema */
	is = PG_GETARG_BOOL(3) ? require_unique_kind(schema) : UNIQUE_NONE;
	lock_fields(&caller);
	was = stored_unique_kind(&caller, key);
	if (statement_run(&upsert, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(key), bind_pointer(schema),
			bind(PG_GETARG_DATUM(2)), bind(PG_GETARG_DATUM(3)),
			(NullableDatum) {PG_GETARG_DATUM(4), PG_ARGISNULL(4)},
			(NullableDatum) {PG_GETARG_DATUM(5), PG_ARGISNULL(5)}
	}) > 0)
	{
		check_field_count(&caller);
		make_context_schema(&caller, latest_context_rules(&caller));
		switch_uniqueness(&caller, key, schema, was, is);
	}
	leave_store(&caller);
	PG_RETURN_VOID();
}

/* retire_context_field(key) void: what is collected no longer is unique no longer */
Datum
retire_context_field(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT retired_at IS NULL FROM customers.context_field"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND key OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "pg_catalog.text"},
	};
	static Statement retire = {
		.sql = "UPDATE customers.context_field SET retired_at = $3"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND key OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "pg_catalog.text", "pg_catalog.timestamptz"},
	};
	text	   *key;
	UniqueKind	was;
	Caller		caller;

	require_all_arguments(fcinfo);
	key = PG_GETARG_TEXT_PP(0);

	enter_store(&caller);
	lock_fields(&caller);
	was = stored_unique_kind(&caller, key);
	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(key)
	}) == 0)
		report_no_such_field(key);
	if (DatumGetBool(statement_get(0, 0)))
	{
		statement_run(&retire, (NullableDatum[]) {
			bind_pointer(&caller.merchant), bind_pointer(key),
				bind(TimestampTzGetDatum(GetCurrentTimestamp()))
		});
		make_context_schema(&caller, latest_context_rules(&caller));
		switch_uniqueness(&caller, key, NULL, was, UNIQUE_NONE);
	}
	leave_store(&caller);
	PG_RETURN_VOID();
}

/* check_context(context, stage) setof violations */
Datum
check_context(PG_FUNCTION_ARGS)
{
	Jsonb	   *context = PG_GETARG_JSONB_P(0);
	Stage		stage = parse_stage(PG_GETARG_TEXT_PP(1));
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Caller		caller;
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	foreach(cell, context_violations(context_schema_in_force(&caller.merchant), context, stage))
	{
		SchemaViolation *violation = lfirst(cell);
		Datum		values[4] = {
			CStringGetTextDatum(violation->instance_location),
			CStringGetTextDatum(violation->keyword_location),
			CStringGetTextDatum(violation->keyword),
			CStringGetTextDatum(violation->message),
		};
		bool		nulls[4] = {false};

		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	leave_store(&caller);
	return (Datum) 0;
}

/* missing_fields(customer, stage) text[] */
Datum
missing_fields(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT context FROM customers.customer"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.customer_id"},
		.stable = true,
	};
	Id		   *customer = DatumGetIdP(PG_GETARG_DATUM(0));
	Stage		stage = parse_stage(PG_GETARG_TEXT_PP(1));
	Caller		caller;
	ArrayBuildState *keys;
	MemoryContext outside = CurrentMemoryContext;
	const ContextSchema *schema;
	ListCell   *cell;

	enter_store(&caller);
	schema = context_schema_in_force(&caller.merchant);
	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(customer)
	}) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("customer \"%s\" does not exist",
						id_string(&customer_id_type, customer))));
	keys = initArrayResult(TEXTOID, outside, false);
	foreach(cell, missing_keys(schema, DatumGetJsonbP(statement_get(0, 0)), stage))
		accumArrayResult(keys, CStringGetTextDatum(lfirst(cell)), false, TEXTOID, outside);
	leave_store(&caller);
	PG_RETURN_DATUM(makeArrayResult(keys, CurrentMemoryContext));
}
