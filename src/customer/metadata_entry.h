/*-------------------------------------------------------------------------
 *
 * metadata_entry.h
 *	  The entries that a caller wants metadata to have: read and checked.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_METADATA_ENTRY_H
#define CUSTOMERS_METADATA_ENTRY_H

#include "merchant/merchant_setting.h"
#include "utils/jsonb.h"

/* Strings are in the server's encoding, and not terminated. */
typedef struct MetadataEntry
{
	const char *key;
	int			key_length;
	char	   *value;			/* NULL: the key is to be removed */
	int			value_length;
	bool		number;			/* was it a JSON number? */
} MetadataEntry;

typedef struct MetadataEntries
{
	MetadataEntry *entries;
	int			count;
	int			set_count;		/* how many have a value */
} MetadataEntries;

/*
 * Reads a JSON object of entries, whose strings it goes on to use, and raises
 * an error if there is anything against one.  No error shows a value, and what
 * is copied of a value is wiped when the current memory context goes.  What a
 * merchant has lowered holds for what is set: a key that is too long by now can
 * be removed.
 */
extern MetadataEntries read_metadata_entries(Jsonb *object, const MerchantSettings *settings);

/* Refuses a key that none can be, whatever the merchant's settings. */
extern void check_metadata_key(const char *key, int length);

/* Refuses a customer who would have that many keys, if that is too many. */
extern void check_metadata_count(int64 count, const MerchantSettings *settings);

#endif							/* CUSTOMERS_METADATA_ENTRY_H */
