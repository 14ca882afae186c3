/*-------------------------------------------------------------------------
 *
 * metadata_key.c
 *	  What a merchant has defined of metadata keys: which are searchable.
 *
 * Every value of a searchable key has a digest, and no other value has one.  So
 * switching search on or off excludes those who write or remove values of the key:
 * they share a lock that it needs alone.  It first waits for the transactions that
 * have done so and may not have committed, then it sees to all values, and who
 * comes meanwhile waits for it, before anything else is locked.  So it never waits
 * for a value while it holds others, and is no part of a deadlock.
 *
 * The locks are of the kind that objects of the database have, in the name of
 * table metadata_key.  A merchant has a few of them, to which its keys are spread,
 * so that a transaction that writes many keys can't fill the table of locks.  With
 * one more, which those who switch keys share, rotations keep them all out.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "nodes/pg_list.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/merchant_cache.h"
#include "base/statement.h"
#include "customer/metadata_digest.h"
#include "customer/metadata_entry.h"
#include "customer/metadata_key.h"

#define LOCKS_PER_MERCHANT 16
#define SWITCHING_LOCK LOCKS_PER_MERCHANT

PG_FUNCTION_INFO_V1(define_metadata_key);

typedef struct SearchableKeys
{
	Id			merchant;		/* begins it, for the cache */
	List	   *keys;			/* of text */
} SearchableKeys;

static MerchantCache cached_keys = {
	.name = "customers searchable metadata keys",
	.table = WATCHED_METADATA_KEY,
	.entry_size = sizeof(SearchableKeys),
};

/* searchable_keys finds the keys of a merchant; a backend keeps them. */
static List *
searchable_keys(const Id *merchant)
{
	static Statement find = {
		.sql = "SELECT key FROM customers.metadata_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND searchable",
		.types = {"customers.merchant_id"},
		.latest = true,
	};
	SearchableKeys *cached = find_cached(&cached_keys, merchant);
	SearchableKeys found = {.merchant = *merchant};
	MemoryContext inside;
	uint64		count;

	if (cached)
		return cached->keys;

	count = statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant)
	});
	inside = MemoryContextSwitchTo(cache_memory(&cached_keys));
	for (uint64 row = 0; row < count; row++)
		found.keys = lappend(found.keys, DatumGetTextPCopy(statement_get(row, 0)));
	MemoryContextSwitchTo(inside);
	add_cached(&cached_keys, &found);
	return found.keys;
}

bool
is_searchable(const Id *merchant, const char *key, int length)
{
	ListCell   *cell;

	foreach(cell, searchable_keys(merchant))
	{
		const text *searchable = lfirst(cell);

		if ((int) VARSIZE_ANY_EXHDR(searchable) == length &&
			memcmp(VARDATA_ANY(searchable), key, length) == 0)
			return true;
	}
	return false;
}

/* take_lock also has the caches know what was committed before the lock. */
static void
take_lock(const Id *merchant, int number, LOCKMODE mode)
{
	LockDatabaseObject(watched_table(WATCHED_METADATA_KEY),
					   hash_bytes(merchant->data, sizeof(Id)), number, mode);
}

static int
lock_of_key(const char *key, int length)
{
	return hash_bytes((const unsigned char *) key, length) % LOCKS_PER_MERCHANT;
}

void
hold_metadata_key(const Id *merchant, const char *key, int length)
{
	take_lock(merchant, lock_of_key(key, length), RowExclusiveLock);
}

void
hold_metadata_keys(const Id *merchant)
{
	for (int number = 0; number < LOCKS_PER_MERCHANT; number++)
		take_lock(merchant, number, RowExclusiveLock);
}

void
hold_off_switching(const Id *merchant)
{
	take_lock(merchant, SWITCHING_LOCK, ShareLock);
}

/*
 * lock_for_switching keeps out who writes or removes values of the key.  While it
 * waits for a rotation it doesn't.
 */
static void
lock_for_switching(const Id *merchant, const text *key)
{
	take_lock(merchant, SWITCHING_LOCK, RowExclusiveLock);
	take_lock(merchant, lock_of_key(VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key)),
			  ShareRowExclusiveLock);
}

/* define_metadata_key(key, searchable) void */
Datum
define_metadata_key(PG_FUNCTION_ARGS)
{
	static Statement define = {
		.sql = "INSERT INTO customers.metadata_key AS k (merchant_id, key, searchable, defined_at)"
		" VALUES ($1, $2, $3, $4) ON CONFLICT (merchant_id, key)"
		" DO UPDATE SET searchable = EXCLUDED.searchable, defined_at = EXCLUDED.defined_at"
		" WHERE k.searchable OPERATOR(pg_catalog.<>) EXCLUDED.searchable",
		.types = {"customers.merchant_id", "pg_catalog.text", "pg_catalog.bool",
		"pg_catalog.timestamptz"},
	};
	text	   *key;
	bool		searchable;
	Caller		caller;

	require_all_arguments(fcinfo);
	key = PG_GETARG_TEXT_PP(0);
	searchable = PG_GETARG_BOOL(1);
	check_metadata_key(VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key));

	enter_store(&caller);
	lock_for_switching(&caller.merchant, key);
	statement_run(&define, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(key), bind(BoolGetDatum(searchable)),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
	if (searchable)
		make_digests(&caller.merchant, key);
	else
		delete_digests(&caller.merchant, key);
	leave_store(&caller);
	PG_RETURN_VOID();
}
