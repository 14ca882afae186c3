/*-------------------------------------------------------------------------
 *
 * metadata_search.c
 *	  find_by_metadata(): customers by a value of their metadata.
 *
 * The value is digested and the digest looked up; nothing is opened.  While a
 * merchant's key is being rotated there are digests under the old one as well.
 * Those under one that is gone can't be found, also not where an old snapshot has
 * them.  So the search sees what is committed now, whatever snapshot the
 * transaction has, and is repeated if it then hears of another key: nobody makes
 * digests anew before every backend can have heard.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/inval.h"

#include "base/compat.h"
#include "base/merchant_cache.h"
#include "base/statement.h"
#include "base/wipe.h"
#include "customer/metadata_access.h"
#include "customer/metadata_entry.h"
#include "customer/metadata_key.h"
#include "vault/search_digest.h"

PG_FUNCTION_INFO_V1(find_by_metadata);

/* require_searchable refuses a key that has no digests. */
static void
require_searchable(const Caller *caller, text *key)
{
	int			length = VARSIZE_ANY_EXHDR(key);

	if (!is_searchable(&caller->merchant, VARDATA_ANY(key), length))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("metadata key \"%.*s\" is not searchable",
						pg_mbcharcliplen(VARDATA_ANY(key), length, METADATA_KEY_LENGTH_MAX),
						VARDATA_ANY(key)),
				 errhint("The merchant makes it so with customers.define_metadata_key().")));
}

typedef struct MerchantKeyIds
{
	Id			merchant;		/* begins it, for the cache */
	ArrayType  *ids;			/* int4[] */
} MerchantKeyIds;

/* merchant_key_ids finds the ids of all keys of the merchant; a backend keeps them. */
static ArrayType *
merchant_key_ids(const Id *merchant)
{
	static MerchantCache cached_ids = {
		.name = "customers merchant key ids",
		.table = WATCHED_MERCHANT_KEY,
		.entry_size = sizeof(MerchantKeyIds),
	};
	static Statement find = {
		.sql = "SELECT ARRAY(SELECT key_id FROM customers.merchant_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1)",
		.types = {"customers.merchant_id"},
		.latest = true,
	};
	MerchantKeyIds *cached = find_cached(&cached_ids, merchant);
	MerchantKeyIds found = {.merchant = *merchant};
	MemoryContext inside;

	if (cached)
		return cached->ids;

	statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant)
	});
	inside = MemoryContextSwitchTo(cache_memory(&cached_ids));
	found.ids = DatumGetArrayTypePCopy(statement_get(0, 0));
	MemoryContextSwitchTo(inside);
	add_cached(&cached_ids, &found);
	return found.ids;
}

/*
 * digest_searched makes the digests under all keys of the merchant, as bytea[].
 * One that a rotation has destroyed just now has none.
 */
static ArrayType *
digest_searched(const Id *merchant, const SearchedValue *searched)
{
	Datum	   *ids;
	int			count;
	int			made = 0;

	deconstruct_array(merchant_key_ids(merchant), INT4OID, sizeof(int32), true, TYPALIGN_INT, &ids, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		bytea	   *digest = find_search_digest(merchant, DatumGetInt32(ids[i]), searched);

		if (digest)
			ids[made++] = PointerGetDatum(digest);
	}
	return construct_array(ids, made, BYTEAOID, -1, false, TYPALIGN_INT);
}

/* find_digests finds the customers whose value of the key has one of the digests. */
static ArrayType *
find_digests(const Caller *caller, text *key, const ArrayType *digests)
{
	static Statement find = {
		.sql = "SELECT ARRAY(SELECT m.customer_id FROM customers.metadata m"
		" WHERE m.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND m.digest OPERATOR(pg_catalog.=) ANY ($2) AND m.key OPERATOR(pg_catalog.=) $3"
		" ORDER BY m.customer_id)",
		.types = {"customers.merchant_id", "pg_catalog.bytea[]", "pg_catalog.text"},
		.latest = true,
	};

	statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(digests), bind_pointer(key)
	});
	return DatumGetArrayTypePCopy(statement_get(0, 0));
}

/* find_value finds the customers who have the value of the key. */
static ArrayType *
find_value(const Caller *caller, text *key, text *value)
{
	char	   *name = text_to_cstring(key);
	char	   *plain = text_to_cstring(value);
	SearchedValue searched;
	uint64		generation;
	ArrayType  *found;

	wipe_at_reset(plain, strlen(plain));
	searched.name = pg_server_to_any(name, strlen(name), PG_UTF8);
	searched.name_length = strlen(searched.name);
	searched.value = pg_server_to_any(plain, strlen(plain), PG_UTF8);
	searched.value_length = strlen(searched.value);
	if (searched.value != plain)
		wipe_at_reset(unconstify(char *, searched.value), searched.value_length);

	do
	{
		generation = table_generation(WATCHED_MERCHANT_KEY);
		found = find_digests(caller, key, digest_searched(&caller->merchant, &searched));
		AcceptInvalidationMessages();
	} while (table_generation(WATCHED_MERCHANT_KEY) != generation);
	return found;
}

/* return_customers adds an array of ids to the function's result. */
static void
return_customers(ArrayType *customers, ReturnSetInfo *result)
{
	Datum	   *ids;
	int			count;
	bool		nulls[] = {false};

	deconstruct_array(customers, ARR_ELEMTYPE(customers), sizeof(Id), false, TYPALIGN_CHAR,
					  &ids, NULL, &count);
	for (int i = 0; i < count; i++)
		tuplestore_putvalues(result->setResult, result->setDesc, &ids[i], nulls);
}

/* find_by_metadata(key, value) setof customer_id */
Datum
find_by_metadata(PG_FUNCTION_ARGS)
{
	text	   *key = PG_GETARG_TEXT_PP(0);
	text	   *value = PG_GETARG_TEXT_PP(1);
	ArrayType  *found;
	Caller		caller;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	require_searchable(&caller, key);
	found = find_value(&caller, key, value);
	record_metadata_search(&caller, key, found);
	return_customers(found, (ReturnSetInfo *) fcinfo->resultinfo);
	leave_store(&caller);
	return (Datum) 0;
}
