/*-------------------------------------------------------------------------
 *
 * key_status.c
 *	  key_status(): which keys there are, and how many rows still use each.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "base/caller.h"
#include "base/statement.h"
#include "vault/root_key.h"

PG_FUNCTION_INFO_V1(key_status);

/* known_root_keys is the array of the ids of the root keys, in hexadecimal. */
static ArrayType *
known_root_keys(void)
{
	int			count;
	const uint64 *ids = root_key_ids(&count);
	Datum	   *texts = palloc(count * sizeof(Datum));

	for (int i = 0; i < count; i++)
		texts[i] = CStringGetTextDatum(psprintf("%016llx", (unsigned long long) ids[i]));
	return construct_array(texts, count, TEXTOID, -1, false, TYPALIGN_INT);
}

/*
 * key_status() (level, merchant, key_id, in_force, available, uses, sealed_by,
 * created_at)
 *
 * A root key that the server lacks has a row too if it seals a merchant's key.
 */
Datum
key_status(PG_FUNCTION_ARGS)
{
	static Statement status = {
		.sql = "WITH key AS ("
		" SELECT merchant_id, key_id, created_at, pg_catalog.encode("
		"pg_catalog.substr(customers.sealed_send(wrapped), 2, 8), 'hex') AS sealed_by"
		" FROM customers.merchant_key"
		"), use AS ("
		" SELECT merchant_id, pg_catalog.substr(customers.sealed_send(wrapped), 2, 8) AS sealed_by,"
		" pg_catalog.count(*) AS count FROM customers.customer_key GROUP BY 1, 2"
		")"
		" SELECT 'root', NULL::customers.merchant_id, r.id,"
		" COALESCE(r.id OPERATOR(pg_catalog.=) $1[pg_catalog.cardinality($1)], false),"
		" r.id OPERATOR(pg_catalog.=) ANY ($1),"
		" (SELECT pg_catalog.count(*) FROM key WHERE sealed_by OPERATOR(pg_catalog.=) r.id),"
		" NULL::pg_catalog.text, NULL::pg_catalog.timestamptz"
		" FROM (SELECT pg_catalog.unnest($1) UNION SELECT sealed_by FROM key) AS r (id)"
		" UNION ALL"
		" SELECT 'merchant', k.merchant_id, k.key_id::pg_catalog.text,"
		" k.key_id OPERATOR(pg_catalog.=) (SELECT pg_catalog.max(n.key_id) FROM key n"
		" WHERE n.merchant_id OPERATOR(pg_catalog.=) k.merchant_id),"
		" k.sealed_by OPERATOR(pg_catalog.=) ANY ($1), COALESCE(u.count, 0),"
		" k.sealed_by, k.created_at"
		" FROM key k LEFT JOIN use u ON u.merchant_id OPERATOR(pg_catalog.=) k.merchant_id"
		" AND u.sealed_by OPERATOR(pg_catalog.=) pg_catalog.int8send(k.key_id::pg_catalog.int8)"
		" ORDER BY 1 DESC, 2, 8, 3",
		.types = {"pg_catalog.text[]"},
		.stable = true,
	};
	Caller		caller;

	InitMaterializedSRF(fcinfo, 0);
	enter_store_as_admin(&caller);
	statement_return_rows(&status, (NullableDatum[]) {
		bind_pointer(known_root_keys())
	}, (ReturnSetInfo *) fcinfo->resultinfo);
	leave_store(&caller);
	return (Datum) 0;
}
