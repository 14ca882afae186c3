/*-------------------------------------------------------------------------
 *
 * metadata_digest.c
 *	  The digests of metadata: column digest, by which values are searched.
 *
 * To make a digest the value has to be opened; it is wiped right after.
 * Customers are worked on in batches, in the order of their ids, so that the
 * memory does not grow with their number.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"

#include "base/compat.h"
#include "base/statement.h"
#include "base/wipe.h"
#include "customer/metadata_digest.h"
#include "vault/merchant_key.h"
#include "vault/search_digest.h"

#define BATCH_SIZE 1000
#define BATCH_LIMIT "1000"

/* digest_sealed makes the digest of a sealed value of a metadata key. */
static bytea *
digest_sealed(const CustomerKey *key, uint64 key_id, text *name, const Sealed *sealed)
{
	SearchedValue searched = {.value_length = sealed_length(sealed)};
	char	   *value = palloc(searched.value_length + 1);
	bytea	   *digest;

	searched.name = pg_server_to_any(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), PG_UTF8);
	searched.name_length = searched.name == VARDATA_ANY(name) ? VARSIZE_ANY_EXHDR(name)
		: strlen(searched.name);
	searched.value = value;
	open_value(key, searched.name, searched.name_length, sealed, value);
	digest = search_digest(&key->merchant, key_id, &searched);
	wipe_memory(value, searched.value_length);
	pfree(value);
	return digest;
}

/* A value without a digest. */
typedef struct Undigested
{
	Id			customer;
	Sealed	   *wrapped;		/* the customer's key */
	Sealed	   *value;
} Undigested;

/* read_batch copies the next values without a digest; returns how many. */
static int
read_batch(const Id *merchant, text *name, const Id *after, Undigested *batch)
{
	static Statement find = {
		.sql = "SELECT m.customer_id, k.wrapped, m.value FROM customers.metadata m"
		" JOIN customers.customer_key k ON k.merchant_id OPERATOR(pg_catalog.=) m.merchant_id"
		" AND k.customer_id OPERATOR(pg_catalog.=) m.customer_id"
		" WHERE m.merchant_id OPERATOR(pg_catalog.=) $1 AND m.key OPERATOR(pg_catalog.=) $2"
		" AND m.customer_id OPERATOR(pg_catalog.>) $3 AND m.digest IS NULL"
		" ORDER BY m.customer_id LIMIT " BATCH_LIMIT,
		.types = {"customers.merchant_id", "pg_catalog.text", "customers.customer_id"},
		.latest = true,
	};
	int			count = (int) statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(name), bind_pointer(after)
	});

	for (int i = 0; i < count; i++)
	{
		batch[i].customer = *DatumGetIdP(statement_get(i, 0));
		batch[i].wrapped = (Sealed *) PG_DETOAST_DATUM_COPY(statement_get(i, 1));
		batch[i].value = (Sealed *) PG_DETOAST_DATUM_COPY(statement_get(i, 2));
	}
	return count;
}

/*
 * refuse_old_snapshot raises the error for values that were written since this
 * transaction's snapshot, so that it can't change them.
 */
pg_noreturn static void refuse_old_snapshot(void);

static void
refuse_old_snapshot(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not serialize access due to concurrent change of metadata")));
}

/* write_batch stores the digests of a batch. */
static void
write_batch(const Id *merchant, text *name, Datum *customers, Datum *digests, int count)
{
	static Statement update = {
		.sql = "UPDATE customers.metadata AS m SET digest = u.digest"
		" FROM ROWS FROM (pg_catalog.unnest($3), pg_catalog.unnest($4)) AS u (customer_id, digest)"
		" WHERE m.merchant_id OPERATOR(pg_catalog.=) $1 AND m.key OPERATOR(pg_catalog.=) $2"
		" AND m.customer_id OPERATOR(pg_catalog.=) u.customer_id",
		.types = {"customers.merchant_id", "pg_catalog.text", "customers.customer_id[]",
		"pg_catalog.bytea[]"},
	};
	uint64		updated = statement_run(&update, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(name),
			bind_pointer(construct_array(customers, count, own_type("customer_id"),
										 sizeof(Id), false, TYPALIGN_CHAR)),
			bind_pointer(construct_array(digests, count, BYTEAOID, -1, false, TYPALIGN_INT))
	});

	/* Fewer are fine if customers were erased, but not if they are too new. */
	if (updated < (uint64) count && IsolationUsesXactSnapshot())
		refuse_old_snapshot();
}

/* make_batch makes digests of customers after one; returns how many. */
static int
make_batch(const Id *merchant, text *name, Id *after)
{
	Undigested *batch = palloc(BATCH_SIZE * sizeof(Undigested));
	Datum	   *customers = palloc(BATCH_SIZE * sizeof(Datum));
	Datum	   *digests = palloc(BATCH_SIZE * sizeof(Datum));
	int			count = read_batch(merchant, name, after, batch);
	uint64		key_id;

	if (count == 0)
		return 0;
	key_id = current_merchant_key(merchant);
	for (int i = 0; i < count; i++)
	{
		CustomerKey key = open_customer_key(merchant, &batch[i].customer, batch[i].wrapped);

		customers[i] = IdPGetDatum(&batch[i].customer);
		digests[i] = PointerGetDatum(digest_sealed(&key, key_id, name, batch[i].value));
		close_customer_key(&key);
	}
	write_batch(merchant, name, customers, digests, count);
	*after = batch[count - 1].customer;
	return count;
}

void
make_digests(const Id *merchant, text *key)
{
	MemoryContext outside = CurrentMemoryContext;
	MemoryContext per_batch = AllocSetContextCreate(outside, "customers digests",
													ALLOCSET_DEFAULT_SIZES);
	Id			after = {0};
	int			count;

	do
	{
		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(per_batch);
		count = make_batch(merchant, key, &after);
		MemoryContextSwitchTo(outside);
		MemoryContextReset(per_batch);
	} while (count == BATCH_SIZE);
	MemoryContextDelete(per_batch);
}

void
delete_digests(const Id *merchant, text *key)
{
	static Statement update = {
		.sql = "UPDATE customers.metadata SET digest = NULL"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND key OPERATOR(pg_catalog.=) $2"
		" AND digest IS NOT NULL",
		.types = {"customers.merchant_id", "pg_catalog.text"},
	};
	static Statement find = {
		.sql = "SELECT FROM customers.metadata"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND key OPERATOR(pg_catalog.=) $2"
		" AND digest IS NOT NULL LIMIT 1",
		.types = {"customers.merchant_id", "pg_catalog.text"},
		.latest = true,
	};
	NullableDatum parameters[] = {bind_pointer(merchant), bind_pointer(key)};

	statement_run(&update, parameters);
	if (IsolationUsesXactSnapshot() && statement_run(&find, parameters) > 0)
		refuse_old_snapshot();
}

/* A value with its digest. */
typedef struct Digested
{
	text	   *name;
	Sealed	   *value;
	uint64		key_id;			/* of the merchant's key that digested it */
} Digested;

/* read_digests copies the customer's values that have one; returns how many. */
static int
read_digests(const CustomerKey *key, Digested **digested)
{
	static Statement find = {
		.sql = "SELECT key, value, digest FROM customers.metadata"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2 AND digest IS NOT NULL",
		.types = {"customers.merchant_id", "customers.customer_id"},
	};
	int			count = (int) statement_run(&find, (NullableDatum[]) {
		bind_pointer(&key->merchant), bind_pointer(&key->customer)
	});

	*digested = palloc(count * sizeof(Digested));
	for (int i = 0; i < count; i++)
		(*digested)[i] = (Digested)
	{
		.name = DatumGetTextPCopy(statement_get(i, 0)),
			.value = (Sealed *) PG_DETOAST_DATUM_COPY(statement_get(i, 1)),
			.key_id = search_digest_key_id(DatumGetByteaPP(statement_get(i, 2)))
	};
	return count;
}

void
renew_digests(const CustomerKey *key)
{
	static Statement update = {
		.sql = "UPDATE customers.metadata SET digest = $4"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2 AND key OPERATOR(pg_catalog.=) $3",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.text",
		"pg_catalog.bytea"},
	};
	Digested   *digested;
	int			count = read_digests(key, &digested);
	uint64		key_id = count > 0 ? current_merchant_key(&key->merchant) : 0;

	for (int i = 0; i < count; i++)
	{
		const Digested *old = &digested[i];

		if (old->key_id == key_id)
			continue;
		statement_run(&update, (NullableDatum[]) {
			bind_pointer(&key->merchant), bind_pointer(&key->customer),
				bind_pointer(old->name),
				bind_pointer(digest_sealed(key, key_id, old->name, old->value))
		});
	}
}
