/*-------------------------------------------------------------------------
 *
 * checkout_token.c
 *	  The tokens of checkouts, as text and as what the store keeps of them.
 *
 * A token is the prefix and, in base64url without padding, the 16 bytes of the
 * merchant's id and 32 random ones: 68 characters that a URL, a header and a
 * cookie take as they are.  It names the merchant, so that it is found by a key
 * that begins with him, whoever presents it.
 *
 * The store has the BLAKE2b digest of the 48 bytes, 48 long: the first 16 find the
 * row, and the other 32 are compared in constant time.  So how long the search
 * takes tells nothing that is of use.  The digest has no key: nobody can try out
 * 256 random bits, and so tokens survive every rotation of keys and need no root
 * key.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "base/compat.h"
#include "base/wipe.h"
#include "vault/checkout_token.h"

#define PREFIX			"chk_"
#define PREFIX_LENGTH	(sizeof(PREFIX) - 1)
#define ENCODING		sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* The bytes of a token; without padding. */
typedef struct TokenBytes
{
	Id			merchant;
	unsigned char secret[32];
} TokenBytes;

/* Their text, with the NUL. */
#define ENCODED_SIZE	sodium_base64_ENCODED_LEN(sizeof(TokenBytes), ENCODING)

typedef struct TokenDigest
{
	pg_uuid_t	token_id;
	unsigned char hash[CHECKOUT_HASH_SIZE];
} TokenDigest;

StaticAssertDecl(sizeof(TokenBytes) == 48, "size of a token");
StaticAssertDecl(sizeof(TokenDigest) == 48 && sizeof(TokenDigest) <= crypto_generichash_BYTES_MAX,
				 "size of a token's digest");

/* digest_token sets all of the token, and wipes its bytes. */
static void
digest_token(TokenBytes *bytes, CheckoutToken *token)
{
	TokenDigest digest;

	crypto_generichash((unsigned char *) &digest, sizeof(digest),
					   (const unsigned char *) bytes, sizeof(TokenBytes), NULL, 0);
	token->merchant = bytes->merchant;
	token->token_id = digest.token_id;
	memcpy(token->hash, digest.hash, CHECKOUT_HASH_SIZE);
	wipe_memory(bytes, sizeof(TokenBytes));
}

static void
initialize_sodium(void)
{
	if (sodium_init() < 0)
		elog(ERROR, "the library libsodium could not be initialized");
}

char *
make_checkout_token(const Id *merchant, CheckoutToken *token)
{
	char	   *text = palloc(PREFIX_LENGTH + ENCODED_SIZE);
	TokenBytes	bytes = {.merchant = *merchant};

	initialize_sodium();
	randombytes_buf(bytes.secret, sizeof(bytes.secret));
	memcpy(text, PREFIX, PREFIX_LENGTH);
	sodium_bin2base64(text + PREFIX_LENGTH, ENCODED_SIZE, (const unsigned char *) &bytes,
					  sizeof(bytes), ENCODING);
	digest_token(&bytes, token);
	return text;
}

bool
read_checkout_token(const char *text, CheckoutToken *token)
{
	TokenBytes	bytes;
	size_t		length;

	initialize_sodium();
	if (strlen(text) != PREFIX_LENGTH + ENCODED_SIZE - 1 ||
		strncmp(text, PREFIX, PREFIX_LENGTH) != 0 ||
		sodium_base642bin((unsigned char *) &bytes, sizeof(bytes), text + PREFIX_LENGTH,
						  ENCODED_SIZE - 1, NULL, &length, NULL, ENCODING) != 0 ||
		length != sizeof(bytes))
		return false;
	digest_token(&bytes, token);
	return true;
}

bool
checkout_hash_matches(const CheckoutToken *token, const bytea *hash)
{
	return VARSIZE_ANY_EXHDR(hash) == CHECKOUT_HASH_SIZE &&
		sodium_memcmp(VARDATA_ANY(hash), token->hash, CHECKOUT_HASH_SIZE) == 0;
}
