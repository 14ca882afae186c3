/*-------------------------------------------------------------------------
 *
 * chain_key.c
 *	  The keys of the chains of events: one per merchant, which never changes.
 *
 * Events have to be verifiable for years, so the key that chains them is not
 * derived from the merchant's key, which a rotation destroys: it is a random key
 * of its own, sealed by the merchant's, and a rotation only seals it anew.
 *
 * Payments go on where the server has no root key, or not the one that the
 * merchant's key is sealed by: then events are chained without a key.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "port/pg_bswap.h"
#include "utils/timestamp.h"

#include "base/merchant_cache.h"
#include "base/statement.h"
#include "vault/chain_key.h"
#include "vault/key_cache.h"
#include "vault/merchant_key.h"
#include "vault/root_key.h"
#include "vault/secret.h"

/* The id of the first key, and the only one so far. */
#define FIRST_CHAIN_KEY 1

StaticAssertDecl(CHAIN_DIGEST_SIZE == crypto_generichash_BYTES, "digest size");

/* Which key is in force. */
typedef struct CurrentKey
{
	Id			merchant;
	int32		key_id;
} CurrentKey;

static MerchantCache current_keys = {
	.name = "customers chain keys",
	.table = WATCHED_CHAIN_KEY,
	.entry_size = sizeof(CurrentKey),
};

typedef struct OpenedKey
{
	KeyName		name;
	unsigned char bytes[SEAL_KEY_SIZE];
} OpenedKey;

static KeyCache opened_keys = {
	.table = WATCHED_CHAIN_KEY,
	.entry_size = sizeof(OpenedKey),
};

/* read_key reads the wrapped key; NULL if there is none.  Not copied. */
static Sealed *
read_key(const Id *merchant, int32 key_id)
{
	static Statement find = {
		.sql = "SELECT wrapped FROM customers.chain_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND key_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "pg_catalog.int4"},
		.latest = true,
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant), bind(Int32GetDatum(key_id))
	}) == 0)
		return NULL;
	return DatumGetSealedP(statement_get(0, 0));
}

/* open_key opens the key; false if there is none. */
static bool
open_key(const Id *merchant, int32 key_id, unsigned char *bytes)
{
	uint64		network_key_id = pg_hton64((uint64) key_id);
	SealPlace	place = place_of_numbered(SEAL_CHAIN_KEY, merchant, &network_key_id);
	uint64		missing = 0;
	Sealed	   *wrapped;
	SealKey		sealing;

	/* Between two looks a rotation may have sealed it anew. */
	while ((wrapped = read_key(merchant, key_id)) != NULL)
	{
		Sealed	   *copy = (Sealed *) PG_DETOAST_DATUM_COPY(PointerGetDatum(wrapped));
		uint64		sealing_id = sealed_key_id(copy);

		if (find_customer_sealing_key(merchant, sealing_id, &sealing))
		{
			if (sealed_length(copy) != SEAL_KEY_SIZE)
				refuse_to_open();
			open_sealed(sealing.bytes, &place, copy, bytes);
			return true;
		}
		if (sealing_id == missing)
			report_no_such_merchant_key(merchant, sealing_id);
		missing = sealing_id;
	}
	return false;
}

/* wrap seals the key by the merchant's key of that id. */
static Sealed *
wrap(const Id *merchant, int32 key_id, const Secret *key, uint64 sealing_id)
{
	uint64		network_key_id = pg_hton64((uint64) key_id);
	SealPlace	place = place_of_numbered(SEAL_CHAIN_KEY, merchant, &network_key_id);

	return seal(customer_sealing_key(merchant, sealing_id), &place, key->bytes, SEAL_KEY_SIZE);
}

/* find_newest finds the newest key's id, and the id of the key that seals it. */
static int32
find_newest(const Id *merchant, uint64 *sealing_id)
{
	static Statement find = {
		.sql = "SELECT key_id, wrapped FROM customers.chain_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 ORDER BY key_id DESC LIMIT 1",
		.types = {"customers.merchant_id"},
		.latest = true,
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant)
	}) == 0)
		return NO_CHAIN_KEY;
	*sealing_id = sealed_key_id(DatumGetSealedP(statement_get(0, 1)));
	return DatumGetInt32(statement_get(0, 0));
}

/* make_key makes the merchant's first key, unless another is faster. */
static void
make_key(const Id *merchant, uint64 sealing_id)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.chain_key (merchant_id, key_id, wrapped, created_at)"
		" VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
		.types = {"customers.merchant_id", "pg_catalog.int4", "customers.sealed",
		"pg_catalog.timestamptz"},
	};
	Secret	   *key = hold_secret();
	Sealed	   *wrapped;

	randombytes_buf(key->bytes, SEAL_KEY_SIZE);
	wrapped = wrap(merchant, FIRST_CHAIN_KEY, key, sealing_id);
	release_secret(key);
	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(merchant), bind(Int32GetDatum(FIRST_CHAIN_KEY)), bind_pointer(wrapped),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
}

/* choose_key is the key to chain by: the newest, if the server can open it. */
static int32
choose_key(const Id *merchant)
{
	uint64		sealing_id;
	int32		key_id;

	if (!chain_keys_expected())
		return NO_CHAIN_KEY;
	key_id = find_newest(merchant, &sealing_id);
	if (key_id == NO_CHAIN_KEY)
	{
		sealing_id = current_merchant_key(merchant);
		if (can_open_merchant_key(merchant, sealing_id))
		{
			make_key(merchant, sealing_id);
			key_id = find_newest(merchant, &sealing_id);
		}
	}
	return key_id != NO_CHAIN_KEY && can_open_merchant_key(merchant, sealing_id)
		? key_id : NO_CHAIN_KEY;
}

int32
current_chain_key(const Id *merchant)
{
	CurrentKey *cached = find_cached(&current_keys, merchant);

	if (cached == NULL)
	{
		CurrentKey	chosen = {.merchant = *merchant,.key_id = choose_key(merchant)};

		/* Making a key has emptied the cache. */
		find_cached(&current_keys, merchant);
		cached = add_cached(&current_keys, &chosen);
	}
	return cached->key_id;
}

bool
chain_keys_expected(void)
{
	int			count;

	root_key_ids(&count);
	return count > 0;
}

bool
chain_digest(const Id *merchant, int32 key_id, const void *message, size_t length,
			 unsigned char *digest)
{
	const unsigned char *key = NULL;

	if (key_id != NO_CHAIN_KEY)
	{
		OpenedKey  *entry = key_cache_entry(&opened_keys, merchant, (uint64) key_id);

		if (!holds_key(&entry->name, merchant, (uint64) key_id))
		{
			entry->name.key_id = 0;
			if (!open_key(merchant, key_id, entry->bytes))
				return false;
			entry->name = (KeyName) {.merchant = *merchant,.key_id = (uint64) key_id};
		}
		key = entry->bytes;
	}
	else if (sodium_init() < 0)
		elog(ERROR, "the library libsodium could not be initialized");
	crypto_generichash(digest, CHAIN_DIGEST_SIZE, message, length, key, key ? SEAL_KEY_SIZE : 0);
	return true;
}

void
rewrap_chain_keys(const Id *merchant, uint64 sealing_id)
{
	static Statement update = {
		.sql = "UPDATE customers.chain_key SET wrapped = $3"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND key_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "pg_catalog.int4", "customers.sealed"},
	};
	uint64		unused;
	int32		newest = find_newest(merchant, &unused);

	for (int32 key_id = FIRST_CHAIN_KEY; key_id <= newest; key_id++)
	{
		Secret	   *key = hold_secret();
		Sealed	   *wrapped = NULL;

		if (open_key(merchant, key_id, key->bytes))
			wrapped = wrap(merchant, key_id, key, sealing_id);
		release_secret(key);
		if (wrapped)
			statement_run(&update, (NullableDatum[]) {
				bind_pointer(merchant), bind(Int32GetDatum(key_id)), bind_pointer(wrapped)
			});
	}
}
