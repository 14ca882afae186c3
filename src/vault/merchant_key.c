/*-------------------------------------------------------------------------
 *
 * merchant_key.c
 *	  What is derived from the keys of the merchants, and cached.
 *
 * No merchant's key seals anything itself: each use has a key derived from it,
 * so that what one use reveals is of no help against another.
 *
 * A backend caches the derived keys of a merchant's key together.  Which key is
 * in force is asked of the table each time.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "base/wipe.h"
#include "vault/key_cache.h"
#include "vault/merchant_key.h"
#include "vault/secret.h"

/* What keys are derived for; the numbers are part of the format. */
#define DERIVE_CUSTOMER_SEALING 1
#define DERIVE_REQUEST_DIGEST 2
#define DERIVE_SEARCH_DIGEST 3

static const char derivation_context[] = "customer";

StaticAssertDecl(sizeof(derivation_context) - 1 == crypto_kdf_CONTEXTBYTES, "context size");
StaticAssertDecl(SEAL_KEY_SIZE == crypto_kdf_KEYBYTES, "key size");

typedef struct CachedKey
{
	KeyName		name;
	unsigned char sealing[SEAL_KEY_SIZE];
	unsigned char digest[SEAL_KEY_SIZE];
	unsigned char search[SEAL_KEY_SIZE];
} CachedKey;

static KeyCache cache = {
	.table = WATCHED_MERCHANT_KEY,
	.entry_size = sizeof(CachedKey),
};

/* derive computes a key that is derived from the merchant's key. */
static void
derive(unsigned char *derived, int use, const Secret *key)
{
	crypto_kdf_derive_from_key(derived, SEAL_KEY_SIZE, use, derivation_context, key->bytes);
}

/*
 * derived_keys finds the keys derived from the merchant's key of that id; NULL if
 * there is no such key.
 */
static const CachedKey *
derived_keys(const Id *merchant, uint64 key_id)
{
	CachedKey  *entry = key_cache_entry(&cache, merchant, key_id);

	if (!holds_key(&entry->name, merchant, key_id))
	{
		Secret	   *key = hold_secret();

		if (!open_merchant_key(merchant, key_id, key))
		{
			release_secret(key);
			return NULL;
		}
		entry->name.key_id = 0;
		derive(entry->sealing, DERIVE_CUSTOMER_SEALING, key);
		derive(entry->digest, DERIVE_REQUEST_DIGEST, key);
		derive(entry->search, DERIVE_SEARCH_DIGEST, key);
		entry->name = (KeyName) {.merchant = *merchant,.key_id = key_id};
		release_secret(key);
	}
	return entry;
}

bool
find_customer_sealing_key(const Id *merchant, uint64 key_id, SealKey *key)
{
	const CachedKey *keys = derived_keys(merchant, key_id);

	if (keys == NULL)
		return false;
	*key = (SealKey) {.id = key_id,.bytes = keys->sealing};
	return true;
}

SealKey
customer_sealing_key(const Id *merchant, uint64 key_id)
{
	SealKey		key;

	if (!find_customer_sealing_key(merchant, key_id, &key))
		report_no_such_merchant_key(merchant, key_id);
	return key;
}

const unsigned char *
find_search_digest_key(const Id *merchant, uint64 key_id)
{
	const CachedKey *keys = derived_keys(merchant, key_id);

	return keys == NULL ? NULL : keys->search;
}

bool
digest_request(const Id *merchant, uint64 key_id, const char *const *parts, int count,
			   unsigned char *digest)
{
	const CachedKey *keys = derived_keys(merchant, key_id);
	crypto_generichash_state state;

	if (keys == NULL)
		return false;
	crypto_generichash_init(&state, keys->digest, SEAL_KEY_SIZE, REQUEST_DIGEST_SIZE);
	for (int i = 0; i < count; i++)
		crypto_generichash_update(&state, (const unsigned char *) parts[i],
								  strlen(parts[i]) + 1);
	crypto_generichash_final(&state, digest, REQUEST_DIGEST_SIZE);
	wipe_memory(&state, sizeof(state));
	return true;
}
