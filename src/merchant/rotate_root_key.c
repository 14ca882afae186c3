/*-------------------------------------------------------------------------
 *
 * rotate_root_key.c
 *	  rotate_root_key(): has the current root key seal the keys of all merchants.
 *
 * The keys themselves stay the same, so that nobody has to wait: whoever reads
 * one meanwhile finds it sealed by a root key that the server has.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"

#include "base/caller.h"
#include "base/procedure.h"
#include "base/statement.h"
#include "vault/merchant_key.h"
#include "vault/root_key.h"

#define BATCH "100"				/* keys that are sealed in one transaction */

PG_FUNCTION_INFO_V1(rotate_root_key);

/* A merchant's key that the current root key doesn't seal. */
typedef struct StaleKey
{
	Id			merchant;
	int32		key_id;
	uint64		root_id;		/* the root key that seals it */
} StaleKey;

/* How far a rotation is: it goes through the keys in their order. */
typedef struct Rotation
{
	StaleKey	last;			/* that was looked at */
	int64		rewrapped;
	int64		unknown;		/* keys of a root key that the server lacks */
} Rotation;

/* find_stale_keys finds the next keys, in memory of the caller; how many. */
static uint64
find_stale_keys(const StaleKey *last, StaleKey **keys)
{
	static Statement find = {
		.sql = "SELECT merchant_id, key_id, wrapped FROM customers.merchant_key"
		" WHERE ROW(merchant_id, key_id) OPERATOR(pg_catalog.>) ROW($1, $2)"
		" AND pg_catalog.substr(customers.sealed_send(wrapped), 2, 8) OPERATOR(pg_catalog.<>) $3"
		" ORDER BY merchant_id, key_id LIMIT " BATCH,
		.types = {"customers.merchant_id", "pg_catalog.int4", "pg_catalog.bytea"},
	};
	uint64		root_id = pg_hton64(current_root_key().id);
	uint64		count = statement_run(&find, (NullableDatum[]) {
		bind_pointer(&last->merchant), bind(Int32GetDatum(last->key_id)),
			bind_bytes(&root_id, sizeof(root_id))
	});

	*keys = palloc(count * sizeof(StaleKey));
	for (uint64 i = 0; i < count; i++)
		(*keys)[i] = (StaleKey)
	{
		.merchant = *DatumGetIdP(statement_get(i, 0)),
			.key_id = DatumGetInt32(statement_get(i, 1)),
			.root_id = sealed_key_id(DatumGetSealedP(statement_get(i, 2)))
	};
	return count;
}

/* rewrap_batch rewraps the next keys; false if there are no more. */
static bool
rewrap_batch(Rotation *rotation)
{
	StaleKey   *keys;
	uint64		count = find_stale_keys(&rotation->last, &keys);

	for (uint64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!has_root_key(keys[i].root_id))
			rotation->unknown++;
		else if (rewrap_merchant_key(&keys[i].merchant, keys[i].key_id))
			rotation->rewrapped++;
		rotation->last = keys[i];
	}
	return count > 0;
}

/* report says what was done, and refuses to call it done when it is not. */
static void
report(const Rotation *rotation)
{
	unsigned long long id = current_root_key().id;

	ereport(NOTICE,
			(errmsg("root key %016llx now seals %lld more keys of merchants",
					id, (long long) rotation->rewrapped)));
	if (rotation->unknown > 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the server does not have the root keys of all merchants"),
				 errdetail("%lld keys of merchants are sealed by others and stay so.",
						   (long long) rotation->unknown),
				 errhint("key_status() shows their ids. Add them before the current one, restart the server and call rotate_root_key() again.")));
}

/* rotate_root_key() */
Datum
rotate_root_key(PG_FUNCTION_ARGS)
{
	Rotation	rotation = {0};
	Caller		caller;
	bool		more = true;

	begin_batches(fcinfo);
	while (more)
	{
		enter_store_as_admin(&caller);
		more = rewrap_batch(&rotation);
		leave_store(&caller);
		commit_batch();
	}
	report(&rotation);
	end_batches();
	PG_RETURN_VOID();
}
