/*-------------------------------------------------------------------------
 *
 * search_digest.c
 *	  The digests that the values of metadata are searched by.
 *
 * A digest is keyed BLAKE2b, under a subkey of the merchant's key that is for
 * nothing else, of the metadata key, a zero byte and the value.  Neither text
 * can hold a zero byte, so no two pairs are digested alike.
 *
 * 16 bytes are enough for a match to be exact without opening the value: that
 * two of a thousand million values collide has a probability of 10^-21, and
 * nobody can look for a collision, or try values out, without the key.  They keep
 * the index a quarter smaller than 32 would.
 *
 * The key id stands first, most significant byte first, so that the digests of
 * one key are a range of the index.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "port/pg_bswap.h"

#include "base/compat.h"
#include "base/wipe.h"
#include "vault/merchant_key.h"
#include "vault/search_digest.h"

#define DIGEST_SIZE 16

/* make_digest makes the digest under a key that is derived from the merchant's. */
static bytea *
make_digest(uint64 key_id, const unsigned char *key, const SearchedValue *searched)
{
	uint32		network_key_id = pg_hton32((uint32) key_id);
	bytea	   *digest = palloc(VARHDRSZ + sizeof(network_key_id) + DIGEST_SIZE);
	unsigned char *bytes = (unsigned char *) VARDATA(digest);
	crypto_generichash_state state;

	SET_VARSIZE(digest, VARHDRSZ + sizeof(network_key_id) + DIGEST_SIZE);
	memcpy(bytes, &network_key_id, sizeof(network_key_id));
	crypto_generichash_init(&state, key, SEAL_KEY_SIZE, DIGEST_SIZE);
	crypto_generichash_update(&state, (const unsigned char *) searched->name,
							  searched->name_length);
	crypto_generichash_update(&state, (const unsigned char *) "", 1);
	crypto_generichash_update(&state, (const unsigned char *) searched->value,
							  searched->value_length);
	crypto_generichash_final(&state, bytes + sizeof(network_key_id), DIGEST_SIZE);
	wipe_memory(&state, sizeof(state));
	return digest;
}

bytea *
find_search_digest(const Id *merchant, uint64 key_id, const SearchedValue *searched)
{
	const unsigned char *key = find_search_digest_key(merchant, key_id);

	return key == NULL ? NULL : make_digest(key_id, key, searched);
}

bytea *
search_digest(const Id *merchant, uint64 key_id, const SearchedValue *searched)
{
	bytea	   *digest = find_search_digest(merchant, key_id, searched);

	if (digest == NULL)
		report_no_such_merchant_key(merchant, key_id);
	return digest;
}

uint64
search_digest_key_id(const bytea *digest)
{
	uint32		network_key_id;

	memcpy(&network_key_id, VARDATA_ANY(digest), sizeof(network_key_id));
	return pg_ntoh32(network_key_id);
}
