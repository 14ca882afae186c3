/*-------------------------------------------------------------------------
 *
 * key_cache.c
 *	  Opened keys of merchants that a backend keeps, in guarded memory.
 *
 * Merchant and key id together name the same key forever, whatever seals it.
 * What can make an entry wrong is that the row goes, or that the transaction
 * which made it is rolled back.  Either sends an invalidation of the table, and
 * that empties the cache.  Which key is in force is no business of this cache.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "base/wipe.h"
#include "vault/key_cache.h"
#include "vault/secret.h"

/* Each merchant's key has one entry where it can be: few collide, none waits. */
#define CACHE_SIZE 256

void *
key_cache_entry(KeyCache *cache, const Id *merchant, uint64 key_id)
{
	uint64		generation = table_generation(cache->table);
	uint32		hash = hash_combine(hash_bytes(merchant->data, sizeof(Id)), (uint32) key_id);

	if (cache->entries == NULL)
	{
		cache->entries = allocate_guarded(CACHE_SIZE * cache->entry_size);
		memset(cache->entries, 0, CACHE_SIZE * cache->entry_size);
	}
	if (generation != cache->generation)
	{
		wipe_memory(cache->entries, CACHE_SIZE * cache->entry_size);
		cache->generation = generation;
	}
	return cache->entries + hash % CACHE_SIZE * cache->entry_size;
}
