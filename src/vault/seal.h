/*-------------------------------------------------------------------------
 *
 * seal.h
 *	  Sealing secrets into envelopes, and opening them: type sealed.
 *
 * An envelope is, without padding, most significant bytes first:
 *
 *		version		 1 byte, SEALED_VERSION
 *		key id		 8 bytes: which key sealed it, of the keys of that level
 *		nonce		24 bytes, random
 *		ciphertext	 as long as the plaintext
 *		tag			16 bytes
 *
 * made by XChaCha20-Poly1305 (the IETF variant).  The associated data bind it
 * to its place, so that it opens nowhere else; doc/format.md has them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_VAULT_SEAL_H
#define CUSTOMERS_VAULT_SEAL_H

#include "fmgr.h"

#include "base/compat.h"
#include "type/id.h"

#define SEALED_VERSION		1
#define SEAL_KEY_SIZE		32

#define SEALED_HEADER_SIZE	(1 + 8)
#define SEALED_NONCE_SIZE	24
#define SEALED_TAG_SIZE		16
#define SEALED_OVERHEAD		(SEALED_HEADER_SIZE + SEALED_NONCE_SIZE + SEALED_TAG_SIZE)

/* The longest name that associated data can hold, in bytes. */
#define SEAL_NAME_MAX		256

/* An envelope as a datum; may be packed, but not compressed or out of line. */
typedef struct varlena Sealed;

typedef struct SealKey
{
	uint64		id;
	const unsigned char *bytes; /* SEAL_KEY_SIZE of them */
} SealKey;

/* What an envelope holds. */
typedef enum SealContent
{
	SEAL_MERCHANT_KEY,
	SEAL_CUSTOMER_KEY,
	SEAL_METADATA,
	SEAL_PAYMENT_METHOD,
	SEAL_CHAIN_KEY
} SealContent;

/* The place that an envelope belongs to. */
typedef struct SealPlace
{
	SealContent content;
	Id			merchant;
	Id			customer;		/* zero for a key of a merchant */
	const void *name;			/* what there can be several of: a metadata
								 * key in UTF-8, or the id of a merchant's
								 * key, chain key or payment method */
	size_t		name_length;
} SealPlace;

/* The place of what a merchant has several of, told by numbers; most significant byte first. */
extern SealPlace place_of_numbered(SealContent content, const Id *merchant,
								   const uint64 *network_number);

/* Seals the plaintext into a new envelope. */
extern Sealed *seal(SealKey key, const SealPlace *place,
					const void *plaintext, size_t length);

/* The same with a nonce that was never used with this key. */
extern Sealed *seal_with_nonce(SealKey key, const SealPlace *place, const unsigned char *nonce,
							   const void *plaintext, size_t length);

/* The id of the key that sealed it. */
extern uint64 sealed_key_id(const Sealed *sealed);

/* How long the plaintext is. */
extern size_t sealed_length(const Sealed *sealed);

/*
 * Opens the envelope into plaintext, which has room for sealed_length() bytes.
 * Whatever is wrong, the error is the same.
 */
extern void open_sealed(const unsigned char *key, const SealPlace *place,
						const Sealed *sealed, void *plaintext);

/* All that the cipher takes beside the bytes that it seals or opens. */
typedef struct SealInput
{
	const unsigned char *key;	/* SEAL_KEY_SIZE bytes */
	const unsigned char *nonce; /* SEALED_NONCE_SIZE bytes */
	const unsigned char *associated;
	size_t		associated_length;
} SealInput;

/*
 * The cipher beneath: length bytes of plaintext on the one side, ciphertext and
 * tag, SEALED_TAG_SIZE bytes more, on the other.
 */
extern void seal_bytes(const SealInput *input, const void *plaintext, size_t length,
					   unsigned char *sealed);
extern bool open_bytes(const SealInput *input, const unsigned char *sealed, size_t length,
					   void *plaintext);

/* The error that says no more than that an envelope does not open. */
pg_noreturn extern void refuse_to_open(void);

static inline Sealed *
DatumGetSealedP(Datum datum)
{
	return (Sealed *) PG_DETOAST_DATUM_PACKED(datum);
}

#endif							/* CUSTOMERS_VAULT_SEAL_H */
