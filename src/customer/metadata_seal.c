/*-------------------------------------------------------------------------
 *
 * metadata_seal.c
 *	  Entries of metadata as they are stored: sealed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "base/statement.h"
#include "base/wipe.h"
#include "customer/metadata_key.h"
#include "customer/metadata_seal.h"
#include "vault/merchant_key.h"
#include "vault/search_digest.h"

void
hold_entries(const Id *merchant, const MetadataEntries *entries)
{
	for (int i = 0; i < entries->count; i++)
		hold_metadata_key(merchant, entries->entries[i].key,
						  entries->entries[i].key_length);
}

SealedEntries
make_sealed_entries(int room)
{
	return (SealedEntries) {
		.keys = palloc(room * sizeof(Datum)),
		.values = palloc(room * sizeof(Datum)),
		.digests = palloc0(room * sizeof(Datum)),
		.no_digest = palloc(room * sizeof(bool)),
	};
}

/*
 * seal_entry seals one value and digests it if it can be searched.  Both is done
 * with UTF-8, so that a dump opens in a database of another encoding.
 */
static void
seal_entry(const CustomerKey *key, const MetadataEntry *entry, SealedEntries *sealed)
{
	char	   *name = pg_server_to_any(entry->key, entry->key_length, PG_UTF8);
	char	   *value = pg_server_to_any(entry->value, entry->value_length, PG_UTF8);
	SearchedValue plain = {
		.name = name,
		.name_length = name == entry->key ? (size_t) entry->key_length : strlen(name),
		.value = value,
		.value_length = value == entry->value ? (size_t) entry->value_length : strlen(value),
	};
	int			i = sealed->count++;

	sealed->keys[i] = PointerGetDatum(cstring_to_text_with_len(entry->key, entry->key_length));
	sealed->values[i] = PointerGetDatum(seal_value(key, plain.name, plain.name_length,
												   plain.value, plain.value_length));
	sealed->no_digest[i] = !is_searchable(&key->merchant, entry->key, entry->key_length);
	if (!sealed->no_digest[i])
	{
		if (sealed->key_id == 0)
			sealed->key_id = current_merchant_key(&key->merchant);
		sealed->digests[i] = PointerGetDatum(search_digest(&key->merchant, sealed->key_id, &plain));
	}
	if (value != entry->value)
		wipe_memory(value, plain.value_length);
}

void
seal_entries(const CustomerKey *key, const MetadataEntries *entries, SealedEntries *sealed)
{
	for (int i = 0; i < entries->count; i++)
		if (entries->entries[i].value)
			seal_entry(key, &entries->entries[i], sealed);
}

ArrayType *
sealed_keys(const SealedEntries *sealed)
{
	return construct_array(sealed->keys, sealed->count, TEXTOID, -1, false, TYPALIGN_INT);
}

ArrayType *
sealed_values(const SealedEntries *sealed)
{
	return construct_array(sealed->values, sealed->count, own_type("sealed"), -1, false,
						   TYPALIGN_INT);
}

ArrayType *
sealed_digests(const SealedEntries *sealed)
{
	int			count = sealed->count;
	int			lower_bound = 1;

	return construct_md_array(sealed->digests, sealed->no_digest, 1, &count, &lower_bound,
							  BYTEAOID, -1, false, TYPALIGN_INT);
}
