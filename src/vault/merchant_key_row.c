/*-------------------------------------------------------------------------
 *
 * merchant_key_row.c
 *	  The keys of the merchants: sealed by a root key, one in force each.
 *
 * A merchant's keys have ids that count from 1, the highest is in force.  There
 * is one, but for the time of a rotation: that makes the next one, has the keys
 * of the customers sealed by it, and destroys the old one.
 *
 * Whoever learns which key is in force uses it until his transaction ends, and
 * has a lock on the table until then that no other user of it minds.  After it
 * has made the next key, a rotation waits for those who have the lock: from then
 * on nobody seals anything by the old one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "catalog/namespace.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "port/pg_bswap.h"
#include "storage/lmgr.h"
#include "utils/timestamp.h"

#include "base/statement.h"
#include "vault/merchant_key.h"
#include "vault/root_key.h"

/* The lock of those who use the key in force, and one that only they hold up. */
#define USER_LOCK	RowExclusiveLock
#define WAITER_LOCK ShareLock

/* lock_table locks table merchant_key and returns its OID. */
static Oid
lock_table(LOCKMODE mode)
{
	return RangeVarGetRelid(makeRangeVar("customers", "merchant_key", -1), mode, false);
}

/* wrap seals the merchant's key by the current root key. */
static Sealed *
wrap(const Id *merchant, uint64 key_id, const Secret *key)
{
	uint64		network_key_id = pg_hton64(key_id);
	SealPlace	place = place_of_numbered(SEAL_MERCHANT_KEY, merchant, &network_key_id);

	return seal(current_root_key(), &place, key->bytes, SEAL_KEY_SIZE);
}

/* make_key makes the merchant's key of that id; another may be faster. */
static void
make_key(const Id *merchant, uint64 key_id)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.merchant_key (merchant_id, key_id, wrapped, created_at)"
		" VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
		.types = {"customers.merchant_id", "pg_catalog.int4", "customers.sealed",
		"pg_catalog.timestamptz"},
	};
	Secret	   *key = hold_secret();
	Sealed	   *wrapped;

	randombytes_buf(key->bytes, SEAL_KEY_SIZE);
	wrapped = wrap(merchant, key_id, key);
	release_secret(key);
	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(merchant), bind(Int32GetDatum((int32) key_id)), bind_pointer(wrapped),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
}

uint64
find_merchant_key(const Id *merchant)
{
	static Statement find = {
		.sql = "SELECT key_id FROM customers.merchant_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 ORDER BY key_id DESC LIMIT 1",
		.types = {"customers.merchant_id"},
		.latest = true,
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant)
	}) == 0)
		return 0;
	return DatumGetInt32(statement_get(0, 0));
}

uint64
current_merchant_key(const Id *merchant)
{
	uint64		key_id;

	/* First the lock: what is in force after it can't be destroyed any more. */
	lock_table(USER_LOCK);
	key_id = find_merchant_key(merchant);
	if (key_id == 0)
	{
		make_key(merchant, 1);
		key_id = find_merchant_key(merchant);
		if (key_id == 0)
			elog(ERROR, "the key of a merchant was not made");
	}
	return key_id;
}

uint64
make_next_merchant_key(const Id *merchant)
{
	uint64		key_id = find_merchant_key(merchant);

	if (key_id >= PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("merchant \"%s\" has had as many keys as there are ids",
						id_string(&merchant_id_type, merchant))));
	make_key(merchant, key_id + 1);
	return key_id + 1;
}

/* read_key reads the wrapped key; NULL if there is none.  Not copied. */
static Sealed *
read_key(const Id *merchant, uint64 key_id)
{
	static Statement find = {
		.sql = "SELECT wrapped FROM customers.merchant_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND key_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "pg_catalog.int4"},
		.latest = true,
	};

	/* An id that no key can have comes from an envelope that was changed. */
	if (key_id < 1 || key_id > PG_INT32_MAX)
		refuse_to_open();
	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant), bind(Int32GetDatum((int32) key_id))
	}) == 0)
		return NULL;
	return DatumGetSealedP(statement_get(0, 0));
}

bool
open_merchant_key(const Id *merchant, uint64 key_id, Secret *key)
{
	Sealed	   *wrapped = read_key(merchant, key_id);
	uint64		network_key_id = pg_hton64(key_id);
	SealPlace	place = place_of_numbered(SEAL_MERCHANT_KEY, merchant, &network_key_id);
	SealKey		root;

	if (wrapped == NULL)
		return false;
	root = find_root_key(sealed_key_id(wrapped));
	if (sealed_length(wrapped) != SEAL_KEY_SIZE)
		refuse_to_open();
	open_sealed(root.bytes, &place, wrapped, key->bytes);
	return true;
}

bool
can_open_merchant_key(const Id *merchant, uint64 key_id)
{
	Sealed	   *wrapped = read_key(merchant, key_id);

	return wrapped != NULL && has_root_key(sealed_key_id(wrapped));
}

void
report_no_such_merchant_key(const Id *merchant, uint64 key_id)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("merchant \"%s\" has no key %llu",
					id_string(&merchant_id_type, merchant), (unsigned long long) key_id),
			 errdetail("It seals the keys of customers."),
			 errhint("Restore that row of table merchant_key from a backup.")));
}

bool
rewrap_merchant_key(const Id *merchant, uint64 key_id)
{
	static Statement update = {
		.sql = "UPDATE customers.merchant_key SET wrapped = $3"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND key_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "pg_catalog.int4", "customers.sealed"},
	};
	Secret	   *key = hold_secret();
	Sealed	   *wrapped = NULL;

	if (open_merchant_key(merchant, key_id, key))
		wrapped = wrap(merchant, key_id, key);
	release_secret(key);
	return wrapped && statement_run(&update, (NullableDatum[]) {
		bind_pointer(merchant), bind(Int32GetDatum((int32) key_id)), bind_pointer(wrapped)
	}) == 1;
}

void
await_users_of_older_keys(void)
{
	LOCKTAG		tag;

	SET_LOCKTAG_RELATION(tag, MyDatabaseId, lock_table(NoLock));
	WaitForLockers(tag, WAITER_LOCK, false);
}

bool
destroy_merchant_key(const Id *merchant, uint64 key_id)
{
	static Statement delete = {
		.sql = "DELETE FROM customers.merchant_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND key_id OPERATOR(pg_catalog.=) $2"
		" AND NOT EXISTS (SELECT FROM customers.customer_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND pg_catalog.substr(customers.sealed_send(wrapped), 2, 8)"
		" OPERATOR(pg_catalog.=) pg_catalog.int8send($3))"
		" AND NOT EXISTS (SELECT FROM customers.chain_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND pg_catalog.substr(customers.sealed_send(wrapped), 2, 8)"
		" OPERATOR(pg_catalog.=) pg_catalog.int8send($3))"
		" AND NOT EXISTS (SELECT FROM customers.metadata"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND digest OPERATOR(pg_catalog.>=) pg_catalog.int4send($2)"
		" AND digest OPERATOR(pg_catalog.<) pg_catalog.int4send($2 OPERATOR(pg_catalog.+) 1))",
		.types = {"customers.merchant_id", "pg_catalog.int4", "pg_catalog.int8"},
	};

	return statement_run(&delete, (NullableDatum[]) {
		bind_pointer(merchant), bind(Int32GetDatum((int32) key_id)),
			bind(Int64GetDatum((int64) key_id))
	}) == 1;
}
