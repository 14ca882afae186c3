/*-------------------------------------------------------------------------
 *
 * key_cache.h
 *	  Opened keys of merchants that a backend keeps, in guarded memory.
 *
 * A cache is a static variable beside the function that opens the keys:
 *
 *		static KeyCache cache = {
 *			.table = WATCHED_THING_KEY,
 *			.entry_size = sizeof(CachedThing),
 *		};
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_VAULT_KEY_CACHE_H
#define CUSTOMERS_VAULT_KEY_CACHE_H

#include "base/invalidation.h"
#include "type/id.h"

/* What every entry begins with. */
typedef struct KeyName
{
	Id			merchant;
	uint64		key_id;			/* 0: an empty entry */
} KeyName;

typedef struct KeyCache
{
	WatchedTable table;			/* whose changes empty it */
	size_t		entry_size;		/* of a struct that begins with a KeyName */

	/* private to key_cache.c */
	unsigned char *entries;
	uint64		generation;
} KeyCache;

/*
 * The only entry that can hold the key.  It does if holds_key() says so; if not,
 * whoever fills it sets its name last, since opening a key may fail.
 */
extern void *key_cache_entry(KeyCache *cache, const Id *merchant, uint64 key_id);

static inline bool
holds_key(const KeyName *name, const Id *merchant, uint64 key_id)
{
	return name->key_id == key_id && memcmp(&name->merchant, merchant, sizeof(Id)) == 0;
}

#endif							/* CUSTOMERS_VAULT_KEY_CACHE_H */
