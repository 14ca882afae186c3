/*-------------------------------------------------------------------------
 *
 * merchant_key.c
 *	  The keys of the merchants: sealed by a root key, one in force each.
 *
 * A merchant's keys have ids that count from 1, the highest is in force.  No
 * key seals anything itself: each use has a key derived from it, so that what
 * one use reveals is of no help against another.
 *
 * A backend caches the derived keys, in guarded memory, by merchant and key
 * id; both together name the same key forever.  What can make an entry wrong
 * is that the row goes, or that the transaction which made it is rolled back.
 * Either sends an invalidation of the table, and that empties the cache.  Which
 * key is in force is asked of the table each time.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "common/hashfn.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/invalidation.h"
#include "base/statement.h"
#include "base/wipe.h"
#include "vault/merchant_key.h"
#include "vault/root_key.h"
#include "vault/secret.h"

/* What keys are derived for; the numbers are part of the format. */
#define DERIVE_CUSTOMER_SEALING 1
#define DERIVE_REQUEST_DIGEST 2

static const char derivation_context[] = "customer";

StaticAssertDecl(sizeof(derivation_context) - 1 == crypto_kdf_CONTEXTBYTES, "context size");
StaticAssertDecl(SEAL_KEY_SIZE == crypto_kdf_KEYBYTES, "key size");

typedef struct CachedKey
{
	Id			merchant;
	uint64		key_id;			/* 0: an empty entry */
	unsigned char sealing[SEAL_KEY_SIZE];
	unsigned char digest[SEAL_KEY_SIZE];
} CachedKey;

/* Each merchant's key has one entry where it can be: few collide, none waits. */
#define CACHE_SIZE 256

static CachedKey *cache = NULL; /* in guarded memory */
static uint64 cache_generation;

/* cache_entry finds where the key is cached, if it is. */
static CachedKey *
cache_entry(const Id *merchant, uint64 key_id)
{
	uint64		generation = table_generation(WATCHED_MERCHANT_KEY);
	uint32		hash = hash_combine(hash_bytes(merchant->data, sizeof(Id)), (uint32) key_id);

	if (cache == NULL)
	{
		cache = allocate_guarded(CACHE_SIZE * sizeof(CachedKey));
		memset(cache, 0, CACHE_SIZE * sizeof(CachedKey));
	}
	if (generation != cache_generation)
	{
		wipe_memory(cache, CACHE_SIZE * sizeof(CachedKey));
		cache_generation = generation;
	}
	return &cache[hash % CACHE_SIZE];
}

/* A merchant's key belongs to its merchant and its id. */
static SealPlace
place_of(const Id *merchant, const uint64 *network_key_id)
{
	return (SealPlace) {
		.content = SEAL_MERCHANT_KEY,
		.merchant = *merchant,
		.name = network_key_id,
		.name_length = sizeof(*network_key_id)
	};
}

/* make_first_key makes the merchant's first key; another may be faster. */
static void
make_first_key(const Id *merchant)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.merchant_key (merchant_id, key_id, wrapped, created_at)"
		" VALUES ($1, 1, $2, $3) ON CONFLICT DO NOTHING",
		.types = {"customers.merchant_id", "customers.sealed", "pg_catalog.timestamptz"},
	};
	uint64		network_key_id = pg_hton64(1);
	SealPlace	place = place_of(merchant, &network_key_id);
	SealKey		root = current_root_key();
	Secret	   *key = hold_secret();
	Sealed	   *wrapped;

	randombytes_buf(key->bytes, SEAL_KEY_SIZE);
	wrapped = seal(root, &place, key->bytes, SEAL_KEY_SIZE);
	release_secret(key);
	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(wrapped),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
}

uint64
current_merchant_key(const Id *merchant)
{
	static Statement find = {
		.sql = "SELECT key_id FROM customers.merchant_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 ORDER BY key_id DESC LIMIT 1",
		.types = {"customers.merchant_id"},
		.latest = true,
	};
	NullableDatum parameters[] = {bind_pointer(merchant)};

	if (statement_run(&find, parameters) == 0)
	{
		make_first_key(merchant);
		if (statement_run(&find, parameters) == 0)
			elog(ERROR, "the key of a merchant was not made");
	}
	return DatumGetInt32(statement_get(0, 0));
}

/* read_key reads the wrapped key; the caller's copy of it. */
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
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("merchant \"%s\" has no key %llu",
						id_string(&merchant_id_type, merchant), (unsigned long long) key_id),
				 errdetail("It seals the keys of customers."),
				 errhint("Restore that row of table merchant_key from a backup.")));
	return DatumGetSealedP(statement_get(0, 0));
}

/* derive computes a key that is derived from the merchant's key. */
static void
derive(unsigned char *derived, int use, const Secret *key)
{
	crypto_kdf_derive_from_key(derived, SEAL_KEY_SIZE, use, derivation_context, key->bytes);
}

/* derived_keys finds the keys derived from the merchant's key of that id. */
static const CachedKey *
derived_keys(const Id *merchant, uint64 key_id)
{
	CachedKey  *entry = cache_entry(merchant, key_id);

	if (entry->key_id != key_id || memcmp(&entry->merchant, merchant, sizeof(Id)) != 0)
	{
		Sealed	   *wrapped = read_key(merchant, key_id);
		uint64		network_key_id = pg_hton64(key_id);
		SealPlace	place = place_of(merchant, &network_key_id);
		SealKey		root = find_root_key(sealed_key_id(wrapped));
		Secret	   *key = hold_secret();

		if (sealed_length(wrapped) != SEAL_KEY_SIZE)
			refuse_to_open();
		open_sealed(root.bytes, &place, wrapped, key->bytes);

		entry->key_id = 0;
		derive(entry->sealing, DERIVE_CUSTOMER_SEALING, key);
		derive(entry->digest, DERIVE_REQUEST_DIGEST, key);
		entry->merchant = *merchant;
		entry->key_id = key_id;
		release_secret(key);
	}
	return entry;
}

SealKey
customer_sealing_key(const Id *merchant, uint64 key_id)
{
	return (SealKey) {.id = key_id,.bytes = derived_keys(merchant, key_id)->sealing};
}

void
digest_request(const Id *merchant, uint64 key_id, const char *const *parts, int count,
			   unsigned char *digest)
{
	const CachedKey *keys = derived_keys(merchant, key_id);
	crypto_generichash_state state;

	crypto_generichash_init(&state, keys->digest, SEAL_KEY_SIZE, REQUEST_DIGEST_SIZE);
	for (int i = 0; i < count; i++)
		crypto_generichash_update(&state, (const unsigned char *) parts[i],
								  strlen(parts[i]) + 1);
	crypto_generichash_final(&state, digest, REQUEST_DIGEST_SIZE);
	wipe_memory(&state, sizeof(state));
}
