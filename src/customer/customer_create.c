/*-------------------------------------------------------------------------
 *
 * customer_create.c
 *	  The operations that create customers and find them by their reference.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/error.h"
#include "base/statement.h"
#include "base/wipe.h"
#include "customer/customer.h"
#include "customer/customer_vouch.h"
#include "customer/metadata.h"
#include "customer/unique_value.h"
#include "merchant/idempotency.h"

PG_FUNCTION_INFO_V1(create_customer);
PG_FUNCTION_INFO_V1(ensure_customer);
PG_FUNCTION_INFO_V1(find_customer);

/*
 * insert_customer inserts a customer whose context has been checked, with its
 * unique values, or returns false if the merchant has one with this reference,
 * which it waits for.
 */
static bool
insert_customer(const Caller *caller, const Id *customer, text *reference,
				Jsonb *context, const ContextSchema *schema)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.customer (merchant_id, customer_id, reference, context,"
		" schema_version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)"
		" ON CONFLICT (merchant_id, reference) WHERE reference IS NOT NULL DO NOTHING"
		" RETURNING context",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.text",
		"pg_catalog.jsonb", "pg_catalog.int4", "pg_catalog.timestamptz"},
	};
	VouchedCustomer *row = palloc(sizeof(VouchedCustomer));

	*row = (VouchedCustomer) {caller->merchant, *customer, 1, context};
	vouch_for_customers(schema, row, 1);
	if (statement_run(&insert, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer), bind_pointer(reference),
			bind_pointer(context), bind(Int32GetDatum(schema->version)),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	}) == 0)
		return false;
	context = written_context();
	claim_unique_values(caller, context_schema_in_force(&caller->merchant), customer, NULL, context);
	return true;
}

static const char find_sql[] =
"SELECT customer_id FROM customers.customer"
" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND reference OPERATOR(pg_catalog.=) $2";

/* find runs a statement of find_sql. */
static bool
find(Statement *statement, const Caller *caller, text *reference, Id *customer)
{
	if (statement_run(statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(reference)
	}) == 0)
		return false;
	*customer = *DatumGetIdP(statement_get(0, 0));
	return true;
}

/* find_by_reference finds a customer; false if there is none. */
static bool
find_by_reference(const Caller *caller, text *reference, Id *customer)
{
	static Statement statement = {
		.sql = find_sql,
		.types = {"customers.merchant_id", "pg_catalog.text"},
	};

	return find(&statement, caller, reference, customer);
}

bool
insert_or_find_customer(const Caller *caller, Id *customer, text *reference, Jsonb *context,
						Jsonb *metadata, const ContextSchema *schema)
{
	generate_id(customer);
	if (!insert_customer(caller, customer, reference, context, schema))
	{
		if (!find_by_reference(caller, reference, customer))
			ereport(ERROR,
					(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					 errmsg("could not serialize access due to concurrent creation of the customer")));
		return false;
	}
	if (metadata)
		store_metadata(caller, customer, metadata);
	return true;
}

/* schema_accepting refuses an invalid new context; returns the schema in force. */
static const ContextSchema *
schema_accepting(const Caller *caller, Jsonb *context)
{
	const ContextSchema *schema = context_schema_in_force(&caller->merchant);

	refuse_violations(context_violations(schema, context, STAGE_CREATE));
	return schema;
}

Jsonb *
empty_context(void)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum("{}")));
}

/* jsonb_string is a parameter's text; NULL for NULL. */
static char *
jsonb_string(Jsonb *json)
{
	return json ? JsonbToCString(NULL, &json->root, VARSIZE(json)) : NULL;
}

/*
 * secret_string tells metadata from any other, as jsonb_string() would; but that
 * leaves copies of the values, which this doesn't.
 */
static char *
secret_string(Jsonb *json)
{
	size_t		length;
	char	   *digits;

	if (json == NULL)
		return NULL;
	length = 2 * (VARSIZE(json) - VARHDRSZ);
	digits = palloc(length + 1);
	wipe_at_reset(digits, length);
	hex_encode(VARDATA(json), VARSIZE(json) - VARHDRSZ, digits);
	digits[length] = '\0';
	return digits;
}

/*
 * claim_creation claims the idempotency key, if there is one: see
 * idempotency_claim().  Metadata without an entry is no secret, and needs no
 * key here as it needs none to be stored.
 */
static bool
claim_creation(const Caller *caller, text *key, text *reference, Jsonb *context,
			   Jsonb *metadata, Id *customer)
{
	if (key == NULL)
		return false;
	return idempotency_claim_secret(caller, "create_customer", key, (CallParameter[]) {
		{"reference", reference ? text_to_cstring(reference) : NULL},
		{"context", jsonb_string(context)},
		{"metadata", secret_string(metadata)},
	}, 3, metadata && JB_ROOT_COUNT(metadata) > 0 ? "metadata" : NULL, customer);
}

/* create_customer(reference, context, metadata, idempotency_key) customer_id */
Datum
create_customer(PG_FUNCTION_ARGS)
{
	text	   *reference = PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0);
	Jsonb	   *context = PG_ARGISNULL(1) ? empty_context() : PG_GETARG_JSONB_P(1);
	Jsonb	   *metadata = PG_ARGISNULL(2) ? NULL : PG_GETARG_JSONB_P(2);
	text	   *idempotency_key = PG_ARGISNULL(3) ? NULL : PG_GETARG_TEXT_PP(3);
	Id		   *customer = palloc(sizeof(Id));
	const ContextSchema *schema;
	Caller		caller;

	check_reference(reference);
	generate_id(customer);

	enter_store(&caller);
	if (!claim_creation(&caller, idempotency_key, reference, context, metadata, customer))
	{
		schema = schema_accepting(&caller, context);
		if (!insert_customer(&caller, customer, reference, context, schema))
			ereport(ERROR,
					(errcode(ERRCODE_UNIQUE_VIOLATION),
					 errmsg("a customer with this reference exists already"),
					 errhint("To get an existing customer or create a new one, use customers.ensure_customer()."),
					 errrule("customer", "reference", "customer_reference")));
		if (metadata)
			store_metadata(&caller, customer, metadata);
	}
	leave_store(&caller);
	PG_RETURN_POINTER(customer);
}

/*
 * ensure_customer(reference, context, metadata) (customer, created)
 *
 * Context and metadata are for a new customer only: an existing one keeps its
 * own, and they are not looked at.
 */
Datum
ensure_customer(PG_FUNCTION_ARGS)
{
	text	   *reference;
	Jsonb	   *context = PG_ARGISNULL(1) ? empty_context() : PG_GETARG_JSONB_P(1);
	Jsonb	   *metadata = PG_ARGISNULL(2) ? NULL : PG_GETARG_JSONB_P(2);
	Id			customer;
	bool		created = false;
	Caller		caller;
	TupleDesc	descriptor;
	bool		nulls[2] = {false, false};

	require_arguments(fcinfo, (const char *const[]) {"reference", NULL, NULL});
	reference = PG_GETARG_TEXT_PP(0);
	check_reference(reference);
	if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	descriptor = BlessTupleDesc(descriptor);

	enter_store(&caller);
	if (!find_by_reference(&caller, reference, &customer))
		created = insert_or_find_customer(&caller, &customer, reference, context, metadata,
										  schema_accepting(&caller, context));
	leave_store(&caller);

	return HeapTupleGetDatum(heap_form_tuple(descriptor, (Datum[]) {
		IdPGetDatum(&customer), BoolGetDatum(created)
	}, nulls));
}

/* find_customer(reference) customer_id; NULL if there is none */
Datum
find_customer(PG_FUNCTION_ARGS)
{
	static Statement statement = {
		.sql = find_sql,
		.types = {"customers.merchant_id", "pg_catalog.text"},
		.stable = true,
	};
	text	   *reference = PG_GETARG_TEXT_PP(0);
	Id		   *customer = palloc(sizeof(Id));
	Caller		caller;
	bool		found;

	enter_store(&caller);
	found = find(&statement, &caller, reference, customer);
	leave_store(&caller);
	if (!found)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(customer);
}
