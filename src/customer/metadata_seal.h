/*-------------------------------------------------------------------------
 *
 * metadata_seal.h
 *	  Entries of metadata as they are stored: sealed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_METADATA_SEAL_H
#define CUSTOMERS_METADATA_SEAL_H

#include "customer/metadata_entry.h"
#include "utils/array.h"
#include "vault/customer_key.h"

/*
 * What is stored of the entries that have a value: their keys, the sealed values
 * and, where the key is searchable, digests.
 */
typedef struct SealedEntries
{
	Datum	   *keys;			/* text */
	Datum	   *values;			/* sealed */
	Datum	   *digests;		/* bytea */
	bool	   *no_digest;
	int			count;
	uint64		key_id;			/* of the merchant's key in force; 0: not
								 * needed so far */
} SealedEntries;

/* Holds the keys of entries, see hold_metadata_key(): before they are sealed. */
extern void hold_entries(const Id *merchant, const MetadataEntries *entries);

/* Room for that many entries. */
extern SealedEntries make_sealed_entries(int room);

/* Adds the entries that have a value, sealed by the open key of a customer. */
extern void seal_entries(const CustomerKey *key, const MetadataEntries *entries,
						 SealedEntries *sealed);

/* Arrays of them for statements: text[], sealed[] and bytea[]. */
extern ArrayType *sealed_keys(const SealedEntries *sealed);
extern ArrayType *sealed_values(const SealedEntries *sealed);
extern ArrayType *sealed_digests(const SealedEntries *sealed);

#endif							/* CUSTOMERS_METADATA_SEAL_H */
