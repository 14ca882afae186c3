/*-------------------------------------------------------------------------
 *
 * merchant_cache.h
 *	  What a backend keeps of each merchant's rows, until they change.
 *
 * A cache is a static variable beside the function that reads the rows:
 *
 *		static MerchantCache cache = {
 *			.name = "customers things",
 *			.table = WATCHED_THING,
 *			.entry_size = sizeof(CachedThing),
 *		};
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_MERCHANT_CACHE_H
#define CUSTOMERS_MERCHANT_CACHE_H

#include "base/invalidation.h"
#include "utils/hsearch.h"
#include "utils/uuid.h"

typedef struct MerchantCache
{
	const char *name;
	WatchedTable table;			/* whose changes empty it */
	Size		entry_size;		/* of a struct that begins with the merchant */

	/* private to merchant_cache.c */
	HTAB	   *entries;
	MemoryContext context;		/* of the entries and what they point to */
	uint64		generation;
} MerchantCache;

/*
 * The entry of the merchant, good until the next look; or NULL: then its rows
 * are to be read, by a statement that is latest, and an entry to be added.
 */
extern void *find_cached(MerchantCache *cache, const pg_uuid_t *merchant);

/* Where to allocate what a new entry points to, after find_cached(). */
extern MemoryContext cache_memory(const MerchantCache *cache);

/* Adds a copy of the entry, which begins with the merchant, and returns it. */
extern void *add_cached(MerchantCache *cache, const void *entry);

#endif							/* CUSTOMERS_MERCHANT_CACHE_H */
