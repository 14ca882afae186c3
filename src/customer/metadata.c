/*-------------------------------------------------------------------------
 *
 * metadata.c
 *	  The operations that change the metadata of a customer.
 *
 * A value is sealed before anything is handed to the executor, so that no
 * tuple, and so no page, no WAL and no message, ever holds it in plain.  The row
 * of the customer is locked meanwhile: two callers can't exceed the limit of
 * keys together, and what they set comes one after the other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/statement.h"
#include "base/wipe.h"
#include "customer/customer.h"
#include "customer/metadata.h"
#include "customer/metadata_entry.h"
#include "customer/metadata_key.h"
#include "vault/customer_key.h"
#include "vault/merchant_key.h"
#include "vault/search_digest.h"

PG_FUNCTION_INFO_V1(set_metadata);
PG_FUNCTION_INFO_V1(clear_metadata);

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

/* seal_entries seals the values; wrapped: the customer's key, if it was read already. */
static SealedEntries
seal_entries(const Caller *caller, const Id *customer, const Sealed *wrapped,
			 const MetadataEntries *entries)
{
	CustomerKey key = wrapped ? open_customer_key(&caller->merchant, customer, wrapped)
		: obtain_customer_key(&caller->merchant, customer);
	SealedEntries sealed = {
		.keys = palloc(entries->set_count * sizeof(Datum)),
		.values = palloc(entries->set_count * sizeof(Datum)),
		.digests = palloc0(entries->set_count * sizeof(Datum)),
		.no_digest = palloc(entries->set_count * sizeof(bool)),
	};

	for (int i = 0; i < entries->count; i++)
		if (entries->entries[i].value)
			seal_entry(&key, &entries->entries[i], &sealed);
	close_customer_key(&key);
	return sealed;
}

/*
 * run_with_entries runs a statement over sealed entries; how many it stored.  Its
 * $3 to $5 are arrays of the keys, the values and the digests.
 */
static int
run_with_entries(Statement *statement, const Caller *caller, const Id *customer,
				 const SealedEntries *sealed)
{
	int			count = sealed->count;
	int			lower_bound = 1;

	return statement_run(statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind_pointer(construct_array(sealed->keys, count, TEXTOID, -1, false, TYPALIGN_INT)),
			bind_pointer(construct_array(sealed->values, count, own_type("sealed"),
										 -1, false, TYPALIGN_INT)),
			bind_pointer(construct_md_array(sealed->digests, sealed->no_digest, 1, &count,
											&lower_bound, BYTEAOID, -1, false, TYPALIGN_INT)),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
}

#define ENTRIES_TYPES \
	{"customers.merchant_id", "customers.customer_id", "pg_catalog.text[]", \
	"customers.sealed[]", "pg_catalog.bytea[]", "pg_catalog.timestamptz"}

/*
 * update_values stores the entries whose keys the customer has; returns how many.
 * There are few keys: finding their places takes less than a join of the arrays.
 */
static int
update_values(const Caller *caller, const Id *customer, const SealedEntries *sealed)
{
	static Statement statement = {
		.sql = "UPDATE customers.metadata SET"
		" value = ($4)[pg_catalog.array_position($3, key)],"
		" digest = ($5)[pg_catalog.array_position($3, key)], updated_at = $6"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2"
		" AND key OPERATOR(pg_catalog.=) ANY ($3)",
		.types = ENTRIES_TYPES,
	};

	return run_with_entries(&statement, caller, customer, sealed);
}

/*
 * insert_values stores the entries whose keys the customer doesn't have; returns
 * how many.  One that is there, but not in this transaction's snapshot, is an
 * error to be retried.
 */
static int
insert_values(const Caller *caller, const Id *customer, const SealedEntries *sealed)
{
	static Statement statement = {
		.sql = "INSERT INTO customers.metadata"
		" (merchant_id, customer_id, key, value, digest, updated_at)"
		" SELECT $1, $2, e.key, e.value, e.digest, $6"
		" FROM ROWS FROM (pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5))"
		" AS e (key, value, digest)"
		" ON CONFLICT (merchant_id, customer_id, key) DO NOTHING",
		.types = ENTRIES_TYPES,
	};

	return run_with_entries(&statement, caller, customer, sealed);
}

/* keys_of makes a text[] of the keys that have a value, or of those that have none. */
static ArrayType *
keys_of(const MetadataEntries *entries, bool with_value)
{
	Datum	   *keys = palloc(entries->count * sizeof(Datum));
	int			count = 0;

	for (int i = 0; i < entries->count; i++)
	{
		const MetadataEntry *entry = &entries->entries[i];

		if ((entry->value != NULL) == with_value)
			keys[count++] = PointerGetDatum(cstring_to_text_with_len(entry->key,
																	 entry->key_length));
	}
	return construct_array(keys, count, TEXTOID, -1, false, TYPALIGN_INT);
}

/* remove_keys removes the keys of entries without a value; returns how many. */
static int
remove_keys(const Caller *caller, const Id *customer, const MetadataEntries *entries)
{
	static Statement statement = {
		.sql = "DELETE FROM customers.metadata"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2"
		" AND key OPERATOR(pg_catalog.=) ANY ($3)",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.text[]"},
	};

	return statement_run(&statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind_pointer(keys_of(entries, false))
	});
}

/*
 * check_count refuses keys above those that a customer may have, also counting
 * what others have committed since this transaction's snapshot.  One who has
 * more since the limit was lowered can still change the values.
 */
static void
check_count(const Caller *caller, const Id *customer, const MetadataEntries *entries)
{
	static Statement statement = {
		.sql = "SELECT pg_catalog.count(*),"
		" pg_catalog.count(*) FILTER (WHERE key OPERATOR(pg_catalog.=) ANY ($3))"
		" FROM customers.metadata"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.text[]"},
		.latest = true,
	};
	int64		added;

	statement_run(&statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind_pointer(keys_of(entries, true))
	});
	added = entries->set_count - DatumGetInt64(statement_get(0, 1));
	if (added > 0)
		check_metadata_count(DatumGetInt64(statement_get(0, 0)) + added,
							 merchant_settings(&caller->merchant));
}

/* prepare reads and checks the entries, and holds their keys. */
static MetadataEntries
prepare(const Caller *caller, Jsonb *object)
{
	MetadataEntries entries = read_metadata_entries(object, merchant_settings(&caller->merchant));

	for (int i = 0; i < entries.count; i++)
		hold_metadata_key(&caller->merchant, entries.entries[i].key,
						  entries.entries[i].key_length);
	return entries;
}

/* store merges entries; returns how many keys were set or removed. */
static int
store(const Caller *caller, const Id *customer, const Sealed *wrapped, MetadataEntries *entries)
{
	int			changed = 0;

	if (entries->set_count < entries->count)
		changed += remove_keys(caller, customer, entries);
	if (entries->set_count > 0)
	{
		SealedEntries sealed = seal_entries(caller, customer, wrapped, entries);
		int			updated = update_values(caller, customer, &sealed);

		changed += updated;
		if (updated < sealed.count)
		{
			check_count(caller, customer, entries);
			changed += insert_values(caller, customer, &sealed);
		}
	}
	return changed;
}

int
store_metadata(const Caller *caller, const Id *customer, Jsonb *object)
{
	MetadataEntries entries = prepare(caller, object);

	return store(caller, customer, NULL, &entries);
}

/* set_metadata(customer, entries) int */
Datum
set_metadata(PG_FUNCTION_ARGS)
{
	Id		   *customer = DatumGetIdP(PG_GETARG_DATUM(0));
	Jsonb	   *object;
	MetadataEntries entries;
	Sealed	   *wrapped;
	int			changed;
	Caller		caller;

	require_all_arguments(fcinfo);
	object = PG_GETARG_JSONB_P(1);

	enter_store(&caller);
	entries = prepare(&caller, object);
	wrapped = lock_customer_and_read_key(&caller, customer);
	changed = store(&caller, customer, wrapped, &entries);
	leave_store(&caller);
	PG_RETURN_INT32(changed);
}

/* clear_metadata(customer) void */
Datum
clear_metadata(PG_FUNCTION_ARGS)
{
	static Statement clear = {
		.sql = "DELETE FROM customers.metadata"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.customer_id"},
	};
	Id		   *customer = DatumGetIdP(PG_GETARG_DATUM(0));
	Caller		caller;

	require_all_arguments(fcinfo);
	enter_store(&caller);
	hold_metadata_keys(&caller.merchant);
	lock_customer(&caller, customer);
	statement_run(&clear, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(customer)
	});
	leave_store(&caller);
	PG_RETURN_VOID();
}
