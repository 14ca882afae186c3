/*-------------------------------------------------------------------------
 *
 * idempotency.c
 *	  The same call with the same key gives the first call's result.
 *
 * The key's row is inserted before anything else is done, with the id that the
 * operation is going to return.  So a concurrent duplicate waits at the primary
 * key until this transaction ends, and finds a committed row with the result,
 * or nothing and goes first.  Parameters are kept as digests, which tell which
 * of them differ and hold nothing about a customer.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/statement.h"
#include "merchant/idempotency.h"

#define KEY_LENGTH_MAX 255

/* digest_parameters is a jsonb object of name: digest, null for NULL. */
static Datum
digest_parameters(const CallParameter *parameters, int count)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (int i = 0; i < count; i++)
	{
		const char *value = parameters[i].value;

		appendStringInfo(&json, "%s\"%s\": ", i ? ", " : "", parameters[i].name);
		if (value)
			appendStringInfo(&json, "\"" UINT64_FORMAT "\"",
							 hash_bytes_extended((const unsigned char *) value,
												 strlen(value), 0));
		else
			appendStringInfoString(&json, "null");
	}
	appendStringInfoChar(&json, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
}

/* differing_parameters names those whose digests are not the stored ones. */
static char *
differing_parameters(const Caller *caller, const char *operation, text *key, Datum digests)
{
	static Statement find = {
		.sql = "SELECT pg_catalog.string_agg(d.key, ', ' ORDER BY d.key)"
		" FROM customers.idempotency i, pg_catalog.jsonb_each($4) d"
		" WHERE i.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND i.operation OPERATOR(pg_catalog.=) $2"
		" AND i.key OPERATOR(pg_catalog.=) $3"
		" AND (i.parameters OPERATOR(pg_catalog.->) d.key) OPERATOR(pg_catalog.<>) d.value",
		.types = {"customers.merchant_id", "pg_catalog.text", "pg_catalog.text",
		"pg_catalog.jsonb"},
	};

	statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_string(operation), bind_pointer(key),
			bind(digests)
	});
	return statement_string(0, 0);
}

bool
idempotency_claim(const Caller *caller, const char *operation, text *key,
				  const CallParameter *parameters, int count, Id *result)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.idempotency"
		" (merchant_id, operation, key, parameters, result, created_at)"
		" VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
		.types = {"customers.merchant_id", "pg_catalog.text", "pg_catalog.text",
			"pg_catalog.jsonb", "pg_catalog.uuid", "pg_catalog.timestamptz"},
	};
	static Statement find = {
		.sql = "SELECT result FROM customers.idempotency"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND operation OPERATOR(pg_catalog.=) $2 AND key OPERATOR(pg_catalog.=) $3",
		.types = {"customers.merchant_id", "pg_catalog.text", "pg_catalog.text"},
	};
	Datum		digests;
	char	   *differing;

	if (key == NULL)
		return false;
	check_text_length("idempotency_key", key, KEY_LENGTH_MAX);

	digests = digest_parameters(parameters, count);
	if (statement_run(&insert, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_string(operation), bind_pointer(key),
			bind(digests), bind_pointer(result),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	}) == 1)
		return false;

	differing = differing_parameters(caller, operation, key, digests);
	if (differing)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("idempotency key was used with other parameters"),
				 errdetail("An earlier call of %s() with this key differs in: %s.",
						   operation, differing),
				 errhint("Use a new key for a new request.")));

	statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_string(operation), bind_pointer(key)
	});
	*result = *DatumGetIdP(statement_get(0, 0));
	return true;
}
