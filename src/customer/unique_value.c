/*-------------------------------------------------------------------------
 *
 * unique_value.c
 *	  The values of unique context fields, of which a merchant has each once.
 *
 * Each has a row in unique_value, whose primary key decides who was first.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"

#include "base/error.h"
#include "base/statement.h"
#include "customer/unique_value.h"

bytea *
unique_digest_in(Jsonb *context, const UniqueField *field)
{
	JsonbValue *value = NULL;

	if (context)
		value = getKeyJsonValueFromContainer(&context->root, field->key, strlen(field->key), NULL);
	return value ? unique_digest(field->kind, value) : NULL;
}

/* same_digest compares digests, of which NULL is none. */
static bool
same_digest(const bytea *a, const bytea *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return VARSIZE(a) == VARSIZE(b) && memcmp(a, b, VARSIZE(a)) == 0;
}

#define THIS_VALUE \
	" FROM customers.unique_value" \
	" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND key OPERATOR(pg_catalog.=) $2" \
	" AND digest OPERATOR(pg_catalog.=) $3 AND customer_id OPERATOR(pg_catalog.=) $4"
#define THIS_VALUE_TYPES \
	{"customers.merchant_id", "pg_catalog.text", "pg_catalog.bytea", "customers.customer_id"}

/*
 * release removes a row.  If it is there, but later than the transaction's
 * snapshot, the field has become unique meanwhile.
 */
static void
release(const Caller *caller, const char *key, const bytea *digest, const Id *customer)
{
	static Statement statement = {
		.sql = "DELETE" THIS_VALUE,
		.types = THIS_VALUE_TYPES,
	};
	static Statement find = {
		.sql = "SELECT" THIS_VALUE,
		.types = THIS_VALUE_TYPES,
		.latest = true,
	};
	NullableDatum parameters[] = {
		bind_pointer(&caller->merchant), bind_string(key), bind_pointer(digest),
		bind_pointer(customer)
	};

	if (statement_run(&statement, parameters) == 0 && IsolationUsesXactSnapshot() &&
		statement_run(&find, parameters) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access due to concurrent change of the context fields"),
				 errhint("The transaction might succeed if retried.")));
}

/* claim leaves a row alone that is this customer's already. */
static void
claim(const Caller *caller, const char *key, const bytea *digest, const Id *customer)
{
	static Statement statement = {
		.sql = "INSERT INTO customers.unique_value AS u (merchant_id, key, digest, customer_id)"
		" VALUES ($1, $2, $3, $4) ON CONFLICT (merchant_id, key, digest)"
		" DO UPDATE SET customer_id = EXCLUDED.customer_id"
		" WHERE u.customer_id OPERATOR(pg_catalog.=) EXCLUDED.customer_id",
		.types = THIS_VALUE_TYPES,
	};

	if (statement_run(&statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_string(key), bind_pointer(digest),
			bind_pointer(customer)
	}) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNIQUE_VIOLATION),
				 errmsg("a customer with this \"%s\" exists already", key),
				 errrule("customer", "context", psprintf("customer_context_%s", key))));
}

void
claim_unique_values(const Caller *caller, const ContextSchema *schema, const Id *customer,
					Jsonb *old, Jsonb *new)
{
	ListCell   *cell;

	foreach(cell, schema->unique)
	{
		const UniqueField *field = lfirst(cell);
		bytea	   *before = unique_digest_in(old, field);
		bytea	   *after = unique_digest_in(new, field);

		if (same_digest(before, after))
			continue;
		if (before)
			release(caller, field->key, before, customer);
		if (after)
			claim(caller, field->key, after, customer);
	}
}
