/*-------------------------------------------------------------------------
 *
 * idempotency.c
 *	  The same call with the same key gives the first call's result.
 *
 * The key's row is inserted before anything else is done, with the id that the
 * operation is going to return.  So a concurrent duplicate waits at the primary
 * key until this transaction ends, and finds a committed row with the result,
 * or nothing and goes first.  Parameters are kept as digests, which tell which
 * of them differ.  Whoever reads a digest could try values out until one
 * gives the same, so the digest of a secret is keyed: it is "id:digits", where
 * the id is that of the merchant's key.  When a rotation has destroyed that key,
 * the secret can't be compared any more, and counts as the same.
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
#include "base/compat.h"
#include "base/statement.h"
#include "merchant/idempotency.h"
#include "vault/merchant_key.h"

#define KEY_LENGTH_MAX 255

/* A call with an idempotency key. */
typedef struct Call
{
	const Caller *caller;
	const char *scope;			/* key_scope() */
	text	   *key;
	const CallParameter *parameters;
	int			count;
	const char *secret;			/* the name of the secret parameter, or NULL */
} Call;

static bool
is_secret(const Call *call, const CallParameter *parameter)
{
	return call->secret && strcmp(call->secret, parameter->name) == 0;
}

/* has_secret says whether a key is needed. */
static bool
has_secret(const Call *call)
{
	for (int i = 0; i < call->count; i++)
		if (is_secret(call, &call->parameters[i]) && call->parameters[i].value)
			return true;
	return false;
}

/*
 * secret_digest is the keyed digest of a parameter of this call, as JSON; NULL if
 * the key is gone.
 */
static char *
secret_digest(const Call *call, uint64 key_id, const CallParameter *parameter)
{
	const char *parts[] = {
		call->scope, text_to_cstring(call->key), parameter->name, parameter->value
	};
	unsigned char digest[REQUEST_DIGEST_SIZE];
	StringInfoData json;

	if (!digest_request(&call->caller->merchant, key_id, parts, lengthof(parts), digest))
		return NULL;
	initStringInfo(&json);
	appendStringInfo(&json, "\"" UINT64_FORMAT ":", key_id);
	for (int i = 0; i < REQUEST_DIGEST_SIZE; i++)
		appendStringInfo(&json, "%02x", digest[i]);
	appendStringInfoChar(&json, '"');
	return json.data;
}

/*
 * digest_parameters is a jsonb object of name: digest, null for NULL; key_id
 * is the merchant's key for secrets, which are left out if it is gone.
 */
static Datum
digest_parameters(const Call *call, uint64 key_id)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (int i = 0; i < call->count; i++)
	{
		const CallParameter *parameter = &call->parameters[i];
		const char *value = parameter->value;
		const char *digest = "null";

		if (value && is_secret(call, parameter))
			digest = secret_digest(call, key_id, parameter);
		else if (value)
			digest = psprintf("\"" UINT64_FORMAT "\"",
							  hash_bytes_extended((const unsigned char *) value,
												  strlen(value), 0));
		if (digest)
			appendStringInfo(&json, "%s\"%s\": %s", json.len > 1 ? ", " : "",
							 parameter->name, digest);
	}
	appendStringInfoChar(&json, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
}

/* secret_key_id is the id of the key that digested the stored secret, if any. */
static uint64
secret_key_id(const Call *call, Jsonb *stored)
{
	JsonbValue *digest = getKeyJsonValueFromContainer(&stored->root, call->secret,
													  strlen(call->secret), NULL);

	if (digest == NULL || digest->type != jbvString ||
		memchr(digest->val.string.val, ':', digest->val.string.len) == NULL)
		return 0;
	return strtoull(pnstrdup(digest->val.string.val, digest->val.string.len), NULL, 10);
}

/* differing_parameters names those whose digests are not the stored ones. */
static char *
differing_parameters(const Call *call, Datum digests)
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
		bind_pointer(&call->caller->merchant), bind_string(call->scope),
			bind_pointer(call->key), bind(digests)
	});
	return statement_string(0, 0);
}

/*
 * key_scope is what a key belongs to: the operation, and if the caller has a
 * checkout token its payment, so that it meets no keys of others.
 */
static const char *
key_scope(const Caller *caller, const char *operation)
{
	return caller->checkout
		? psprintf("%s of %s", operation, id_string(&payment_id_type, &caller->payment))
		: operation;
}

pg_noreturn static void report_key_removed(void);

static void
report_key_removed(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("idempotency key was removed concurrently")));
}

bool
idempotency_claim_secret(const Caller *caller, const char *operation, text *key,
						 const CallParameter *parameters, int count,
						 const char *secret, Id *result)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.idempotency"
		" (merchant_id, operation, key, parameters, result, created_at)"
		" VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
		.types = {"customers.merchant_id", "pg_catalog.text", "pg_catalog.text",
			"pg_catalog.jsonb", "pg_catalog.uuid", "pg_catalog.timestamptz"},
	};
	static Statement find = {
		.sql = "SELECT result, parameters FROM customers.idempotency"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND operation OPERATOR(pg_catalog.=) $2 AND key OPERATOR(pg_catalog.=) $3",
		.types = {"customers.merchant_id", "pg_catalog.text", "pg_catalog.text"},
	};
	Call		call = {
		.caller = caller,.scope = key_scope(caller, operation),.key = key,
		.parameters = parameters,.count = count,.secret = secret
	};
	uint64		key_id = 0;
	uint64		stored_key_id;
	Datum		digests;
	char	   *differing;

	if (key == NULL)
		return false;
	check_text_length("idempotency_key", key, KEY_LENGTH_MAX);

	if (has_secret(&call))
		key_id = current_merchant_key(&caller->merchant);
	digests = digest_parameters(&call, key_id);
	if (statement_run(&insert, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_string(call.scope), bind_pointer(key),
			bind(digests), bind_pointer(result),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	}) == 1)
		return false;

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_string(call.scope), bind_pointer(key)
	}) == 0)
		report_key_removed();
	*result = *DatumGetIdP(statement_get(0, 0));
	if (key_id != 0)
	{
		/* The merchant may have a new key since the first call. */
		stored_key_id = secret_key_id(&call, DatumGetJsonbP(statement_get(0, 1)));
		if (stored_key_id != 0 && stored_key_id != key_id)
			digests = digest_parameters(&call, stored_key_id);
	}
	differing = differing_parameters(&call, digests);
	if (differing)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("idempotency key was used with other parameters"),
				 errdetail("An earlier call of %s() with this key differs in: %s.",
						   operation, differing),
				 errhint("Use a new key for a new request.")));
	return true;
}

bool
idempotency_claim(const Caller *caller, const char *operation, text *key,
				  const CallParameter *parameters, int count, Id *result)
{
	return idempotency_claim_secret(caller, operation, key, parameters, count, NULL, result);
}

void
idempotency_keep_status(const Caller *caller, const char *operation, text *key,
						const char *status)
{
	static Statement update = {
		.sql = "UPDATE customers.idempotency SET status = $4"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND operation OPERATOR(pg_catalog.=) $2 AND key OPERATOR(pg_catalog.=) $3",
		.types = {"customers.merchant_id", "pg_catalog.text", "pg_catalog.text",
		"pg_catalog.text"},
	};

	if (key)
		statement_run(&update, (NullableDatum[]) {
			bind_pointer(&caller->merchant), bind_string(key_scope(caller, operation)),
				bind_pointer(key), bind_string(status)
		});
}

char *
idempotency_status(const Caller *caller, const char *operation, text *key)
{
	static Statement find = {
		.sql = "SELECT status FROM customers.idempotency"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND operation OPERATOR(pg_catalog.=) $2 AND key OPERATOR(pg_catalog.=) $3",
		.types = {"customers.merchant_id", "pg_catalog.text", "pg_catalog.text"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_string(key_scope(caller, operation)),
			bind_pointer(key)
	}) == 0)
		report_key_removed();
	return statement_string(0, 0);
}
