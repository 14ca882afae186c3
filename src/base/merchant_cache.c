/*-------------------------------------------------------------------------
 *
 * merchant_cache.c
 *	  What a backend keeps of each merchant's rows, until they change.
 *
 * Where nothing may be kept, an entry lives in the memory context of who asks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "base/merchant_cache.h"
#include "base/statement.h"

/* Emptied when full: a backend serves few merchants at a time. */
#define ENTRIES_MAX 256

/* forget_stale_entries empties the cache when it may be wrong, or is full. */
static void
forget_stale_entries(MerchantCache *cache)
{
	uint64		generation = table_generation(cache->table);
	HASHCTL		control = {.keysize = sizeof(pg_uuid_t),.entrysize = cache->entry_size};

	if (cache->entries && generation == cache->generation &&
		hash_get_num_entries(cache->entries) < ENTRIES_MAX)
		return;

	cache->entries = NULL;
	if (cache->context)
		MemoryContextReset(cache->context);
	else
	{
		cache->context = AllocSetContextCreate(CacheMemoryContext, "customers merchant cache",
											   ALLOCSET_DEFAULT_SIZES);
		MemoryContextSetIdentifier(cache->context, cache->name);
	}
	control.hcxt = cache->context;
	cache->entries = hash_create(cache->name, 16, &control,
								 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	cache->generation = generation;
}

void *
find_cached(MerchantCache *cache, const pg_uuid_t *merchant)
{
	forget_stale_entries(cache);
	return hash_search(cache->entries, merchant, HASH_FIND, NULL);
}

MemoryContext
cache_memory(const MerchantCache *cache)
{
	return caching_allowed() ? cache->context : CurrentMemoryContext;
}

void *
add_cached(MerchantCache *cache, const void *entry)
{
	void	   *added = caching_allowed() ? hash_search(cache->entries, entry, HASH_ENTER, NULL)
		: palloc(cache->entry_size);

	memcpy(added, entry, cache->entry_size);
	return added;
}
