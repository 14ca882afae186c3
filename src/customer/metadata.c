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
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/statement.h"
#include "customer/customer.h"
#include "customer/metadata.h"
#include "customer/metadata_entry.h"
#include "customer/metadata_key.h"
#include "customer/metadata_seal.h"
#include "vault/customer_key.h"

PG_FUNCTION_INFO_V1(set_metadata);
PG_FUNCTION_INFO_V1(clear_metadata);

/* seal_values seals the values; wrapped: the customer's key, if it was read already. */
static SealedEntries
seal_values(const Caller *caller, const Id *customer, const Sealed *wrapped,
			const MetadataEntries *entries)
{
	CustomerKey key = wrapped ? open_customer_key(&caller->merchant, customer, wrapped)
		: obtain_customer_key(&caller->merchant, customer);
	SealedEntries sealed = make_sealed_entries(entries->set_count);

	seal_entries(&key, entries, &sealed);
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
	return statement_run(statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind_pointer(sealed_keys(sealed)), bind_pointer(sealed_values(sealed)),
			bind_pointer(sealed_digests(sealed)),
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
	int64		kept;
	int64		added;

	statement_run(&statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind_pointer(keys_of(entries, true))
	});
	kept = DatumGetInt64(statement_get(0, 0));
	added = entries->set_count - DatumGetInt64(statement_get(0, 1));
	/* Settings that have changed are read by a statement. */
	if (added > 0)
		check_metadata_count(kept + added, merchant_settings(&caller->merchant));
}

/* prepare reads and checks the entries, and holds their keys. */
static MetadataEntries
prepare(const Caller *caller, Jsonb *object)
{
	MetadataEntries entries = read_metadata_entries(object, merchant_settings(&caller->merchant));

	hold_entries(&caller->merchant, &entries);
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
		SealedEntries sealed = seal_values(caller, customer, wrapped, entries);
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
