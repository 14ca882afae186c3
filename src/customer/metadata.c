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

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/statement.h"
#include "base/wipe.h"
#include "customer/customer.h"
#include "customer/metadata.h"
#include "customer/metadata_entry.h"
#include "vault/customer_key.h"

PG_FUNCTION_INFO_V1(set_metadata);
PG_FUNCTION_INFO_V1(clear_metadata);

/* The keys and the sealed values of the entries that have a value. */
typedef struct SealedEntries
{
	Datum	   *keys;			/* text */
	Datum	   *values;			/* sealed */
	int			count;
} SealedEntries;

/*
 * seal_entry seals one value.  What is sealed is UTF-8, so that a dump opens in
 * a database of another encoding.
 */
static Sealed *
seal_entry(const CustomerKey *key, const MetadataEntry *entry)
{
	char	   *name = pg_server_to_any(entry->key, entry->key_length, PG_UTF8);
	char	   *value = pg_server_to_any(entry->value, entry->value_length, PG_UTF8);
	size_t		name_length = name == entry->key ? (size_t) entry->key_length : strlen(name);
	size_t		length = value == entry->value ? (size_t) entry->value_length : strlen(value);
	Sealed	   *sealed = seal_value(key, name, name_length, value, length);

	if (value != entry->value)
		wipe_memory(value, length);
	return sealed;
}

static SealedEntries
seal_entries(const Caller *caller, const Id *customer, const MetadataEntries *entries)
{
	CustomerKey key = obtain_customer_key(&caller->merchant, customer);
	SealedEntries sealed = {
		.keys = palloc(entries->set_count * sizeof(Datum)),
		.values = palloc(entries->set_count * sizeof(Datum)),
	};

	for (int i = 0; i < entries->count; i++)
	{
		const MetadataEntry *entry = &entries->entries[i];

		if (entry->value == NULL)
			continue;
		sealed.keys[sealed.count] =
			PointerGetDatum(cstring_to_text_with_len(entry->key, entry->key_length));
		sealed.values[sealed.count] = PointerGetDatum(seal_entry(&key, entry));
		sealed.count++;
	}
	close_customer_key(&key);
	return sealed;
}

/* upsert stores sealed entries; returns how many. */
static int
upsert(const Caller *caller, const Id *customer, const SealedEntries *sealed)
{
	static Statement statement = {
		.sql = "INSERT INTO customers.metadata (merchant_id, customer_id, key, value, updated_at)"
		" SELECT $1, $2, e.key, e.value, $5"
		" FROM ROWS FROM (pg_catalog.unnest($3), pg_catalog.unnest($4)) AS e (key, value)"
		" ON CONFLICT (merchant_id, customer_id, key)"
		" DO UPDATE SET value = EXCLUDED.value, updated_at = EXCLUDED.updated_at",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.text[]",
		"customers.sealed[]", "pg_catalog.timestamptz"},
	};
	Oid			type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("sealed"),
									   ObjectIdGetDatum(get_namespace_oid("customers", false)));

	return statement_run(&statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind_pointer(construct_array(sealed->keys, sealed->count, TEXTOID,
										 -1, false, TYPALIGN_INT)),
			bind_pointer(construct_array(sealed->values, sealed->count, type,
										 -1, false, TYPALIGN_INT)),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
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
	Datum	   *keys = palloc(entries->count * sizeof(Datum));
	int			count = 0;

	for (int i = 0; i < entries->count; i++)
	{
		const MetadataEntry *entry = &entries->entries[i];

		if (entry->value == NULL)
			keys[count++] = PointerGetDatum(cstring_to_text_with_len(entry->key,
																	 entry->key_length));
	}
	return statement_run(&statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind_pointer(construct_array(keys, count, TEXTOID, -1, false, TYPALIGN_INT))
	});
}

/*
 * check_count refuses more keys than a customer may have, also those that
 * others have committed since this transaction's snapshot.
 */
static void
check_count(const Caller *caller, const Id *customer)
{
	static Statement statement = {
		.sql = "SELECT pg_catalog.count(*) FROM customers.metadata"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.customer_id"},
		.latest = true,
	};

	statement_run(&statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer)
	});
	check_metadata_count(DatumGetInt64(statement_get(0, 0)));
}

int
store_metadata(const Caller *caller, const Id *customer, Jsonb *object)
{
	MetadataEntries entries = read_metadata_entries(object);
	int			changed = 0;

	if (entries.set_count < entries.count)
		changed += remove_keys(caller, customer, &entries);
	if (entries.set_count > 0)
	{
		SealedEntries sealed = seal_entries(caller, customer, &entries);

		wipe_metadata_entries(&entries);
		changed += upsert(caller, customer, &sealed);
		check_count(caller, customer);
	}
	return changed;
}

/* set_metadata(customer, entries) int */
Datum
set_metadata(PG_FUNCTION_ARGS)
{
	Id		   *customer = DatumGetIdP(PG_GETARG_DATUM(0));
	Jsonb	   *entries;
	int			changed;
	Caller		caller;

	require_all_arguments(fcinfo);
	entries = PG_GETARG_JSONB_P(1);

	enter_store(&caller);
	lock_customer(&caller, customer);
	changed = store_metadata(&caller, customer, entries);
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
	lock_customer(&caller, customer);
	statement_run(&clear, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(customer)
	});
	leave_store(&caller);
	PG_RETURN_VOID();
}
