/*-------------------------------------------------------------------------
 *
 * seal.c
 *	  Sealing secrets into envelopes, and opening them.
 *
 * Nonces are random: 24 bytes are enough that no two are ever alike, however
 * many are drawn, and nothing has to count across backends and restores.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "port/pg_bswap.h"
#include "utils/memutils.h"

#include "vault/seal.h"

StaticAssertDecl(SEAL_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");
StaticAssertDecl(SEALED_NONCE_SIZE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce size");
StaticAssertDecl(SEALED_TAG_SIZE == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tag size");

/* They differ, so an envelope of one content never opens as another. */
#define LABEL_SIZE 16
static const char labels[][LABEL_SIZE] = {
	[SEAL_MERCHANT_KEY] = "merchant key",
	[SEAL_CUSTOMER_KEY] = "customer key",
	[SEAL_CHAIN_KEY] = "chain key",
	[SEAL_METADATA] = "metadata",
	[SEAL_PAYMENT_METHOD] = "payment method",
};

SealPlace
place_of_numbered(SealContent content, const Id *merchant, const uint64 *network_number)
{
	return (SealPlace) {
		.content = content,
		.merchant = *merchant,
		.name = network_number,
		.name_length = sizeof(*network_number)
	};
}

/* All fields have fixed sizes but the last, so no two places look alike. */
typedef struct AssociatedData
{
	unsigned char bytes[LABEL_SIZE + SEALED_HEADER_SIZE + 2 * sizeof(Id) + SEAL_NAME_MAX];
	size_t		length;
} AssociatedData;

static void
append(AssociatedData *data, const void *bytes, size_t length)
{
	memcpy(data->bytes + data->length, bytes, length);
	data->length += length;
}

/* associate fills the associated data; header is that of the envelope. */
static void
associate(AssociatedData *data, const SealPlace *place, const unsigned char *header)
{
	if (place->name_length > SEAL_NAME_MAX)
		elog(ERROR, "a name of %zu bytes is too long to be sealed", place->name_length);

	data->length = 0;
	append(data, labels[place->content], LABEL_SIZE);
	append(data, header, SEALED_HEADER_SIZE);
	append(data, &place->merchant, sizeof(Id));
	append(data, &place->customer, sizeof(Id));
	append(data, place->name, place->name_length);
}

void
seal_bytes(const SealInput *input, const void *plaintext, size_t length, unsigned char *sealed)
{
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, NULL, plaintext, length,
											   input->associated, input->associated_length,
											   NULL, input->nonce, input->key);
}

bool
open_bytes(const SealInput *input, const unsigned char *sealed, size_t length, void *plaintext)
{
	return crypto_aead_xchacha20poly1305_ietf_decrypt(plaintext, NULL, NULL, sealed,
													  length + SEALED_TAG_SIZE,
													  input->associated, input->associated_length,
													  input->nonce, input->key) == 0;
}

Sealed *
seal(SealKey key, const SealPlace *place, const void *plaintext, size_t length)
{
	unsigned char nonce[SEALED_NONCE_SIZE];

	randombytes_buf(nonce, SEALED_NONCE_SIZE);
	return seal_with_nonce(key, place, nonce, plaintext, length);
}

Sealed *
seal_with_nonce(SealKey key, const SealPlace *place, const unsigned char *nonce,
				const void *plaintext, size_t length)
{
	AssociatedData associated;
	Sealed	   *sealed;
	unsigned char *header;
	uint64		id = pg_hton64(key.id);

	if (length > MaxAllocSize - VARHDRSZ - SEALED_OVERHEAD)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("value is too long to be sealed")));

	sealed = palloc(VARHDRSZ + SEALED_OVERHEAD + length);
	SET_VARSIZE(sealed, VARHDRSZ + SEALED_OVERHEAD + length);
	header = (unsigned char *) VARDATA(sealed);

	header[0] = SEALED_VERSION;
	memcpy(header + 1, &id, sizeof(id));
	memcpy(header + SEALED_HEADER_SIZE, nonce, SEALED_NONCE_SIZE);
	associate(&associated, place, header);
	seal_bytes(&(SealInput) {
		.key = key.bytes,.nonce = nonce,
			.associated = associated.bytes,.associated_length = associated.length
	}, plaintext, length, header + SEALED_HEADER_SIZE + SEALED_NONCE_SIZE);
	return sealed;
}

uint64
sealed_key_id(const Sealed *sealed)
{
	uint64		id;

	if (VARSIZE_ANY_EXHDR(sealed) < SEALED_OVERHEAD)
		refuse_to_open();
	memcpy(&id, VARDATA_ANY(sealed) + 1, sizeof(id));
	return pg_ntoh64(id);
}

size_t
sealed_length(const Sealed *sealed)
{
	if (VARSIZE_ANY_EXHDR(sealed) < SEALED_OVERHEAD)
		refuse_to_open();
	return VARSIZE_ANY_EXHDR(sealed) - SEALED_OVERHEAD;
}

void
open_sealed(const unsigned char *key, const SealPlace *place,
			const Sealed *sealed, void *plaintext)
{
	const unsigned char *header = (const unsigned char *) VARDATA_ANY(sealed);
	const unsigned char *nonce = header + SEALED_HEADER_SIZE;
	size_t		length = sealed_length(sealed);
	AssociatedData associated;

	associate(&associated, place, header);
	if (header[0] != SEALED_VERSION ||
		!open_bytes(&(SealInput) {
		.key = key,.nonce = nonce,
			.associated = associated.bytes,.associated_length = associated.length
	}, nonce + SEALED_NONCE_SIZE, length, plaintext))
		refuse_to_open();
}

void
refuse_to_open(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("could not open a sealed value"),
			 errdetail("It was changed, belongs to another place, or was sealed with another key.")));
}
