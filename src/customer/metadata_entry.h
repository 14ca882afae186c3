/*-------------------------------------------------------------------------
 *
 * metadata_entry.h
 *	  The entries that a caller wants metadata to have: read and checked.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_METADATA_ENTRY_H
#define CUSTOMERS_METADATA_ENTRY_H

#include "utils/jsonb.h"

/* Limits of the metadata of one customer; lengths are in characters. */
#define METADATA_KEYS_MAX			50
#define METADATA_KEY_LENGTH_MAX		40
#define METADATA_VALUE_LENGTH_MAX	500

/* Strings are in the server's encoding, and not terminated. */
typedef struct MetadataEntry
{
	const char *key;
	int			key_length;
	char	   *value;			/* NULL: the key is to be removed */
	int			value_length;
	bool		owned;			/* is value a copy of ours? */
} MetadataEntry;

typedef struct MetadataEntries
{
	MetadataEntry *entries;
	int			count;
	int			set_count;		/* how many have a value */
} MetadataEntries;

/*
 * Reads a JSON object of entries, whose strings it goes on to use, and raises
 * an error if there is anything against one.  No error shows a value.
 */
extern MetadataEntries read_metadata_entries(Jsonb *object);

/* Wipes the values that were copied. */
extern void wipe_metadata_entries(MetadataEntries *entries);

/* Refuses a customer who would have that many keys, if that is too many. */
extern void check_metadata_count(int64 count);

#endif							/* CUSTOMERS_METADATA_ENTRY_H */
