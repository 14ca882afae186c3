/*-------------------------------------------------------------------------
 *
 * import_metadata.c
 *	  The metadata of the customers of an import, stored by two statements.
 *
 * The customers are new: they have no keys and no values so far, and nobody else
 * is at them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/timestamp.h"

#include "base/statement.h"
#include "customer/import.h"
#include "customer/metadata_seal.h"
#include "vault/merchant_key.h"

/* id_array makes a customer_id[]. */
static ArrayType *
id_array(Datum *ids, int count)
{
	return construct_array(ids, count, own_type("customer_id"), sizeof(Id), false, TYPALIGN_CHAR);
}

/* insert_values stores the sealed entries; owners: whose each of them is. */
static void
insert_values(const Caller *caller, Datum *owners, const SealedEntries *sealed)
{
	static Statement statement = {
		.sql = "INSERT INTO customers.metadata"
		" (merchant_id, customer_id, key, value, digest, updated_at)"
		" SELECT $1, pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4),"
		" pg_catalog.unnest($5), $6",
		.types = {"customers.merchant_id", "customers.customer_id[]", "pg_catalog.text[]",
		"customers.sealed[]", "pg_catalog.bytea[]", "pg_catalog.timestamptz"},
	};

	statement_run(&statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(id_array(owners, sealed->count)),
			bind_pointer(sealed_keys(sealed)), bind_pointer(sealed_values(sealed)),
			bind_pointer(sealed_digests(sealed)),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
}

/* seal_metadata seals the entries of one customer by a new key; what is stored of the key. */
static Datum
seal_metadata(const Caller *caller, const ImportedCustomer *customer, uint64 sealing_id,
			  SealedEntries *sealed)
{
	Sealed	   *wrapped;
	CustomerKey key = make_customer_key(&caller->merchant, &customer->customer, sealing_id,
										&wrapped);

	seal_entries(&key, &customer->metadata, sealed);
	close_customer_key(&key);
	return PointerGetDatum(wrapped);
}

/* has_new_metadata: an existing customer keeps his own. */
static bool
has_new_metadata(const ImportedCustomer *customer)
{
	return customer->created && customer->metadata.set_count > 0;
}

void
store_new_metadata(const Caller *caller, ImportedCustomer **imported, int count)
{
	int			entry_count = 0;
	int			key_count = 0;
	uint64		sealing_id;
	SealedEntries sealed;
	Datum	   *owners;
	Datum	   *customers;
	Datum	   *keys;

	for (int i = 0; i < count; i++)
		if (has_new_metadata(imported[i]))
		{
			hold_entries(&caller->merchant, &imported[i]->metadata);
			entry_count += imported[i]->metadata.set_count;
		}
	if (entry_count == 0)
		return;

	sealing_id = current_merchant_key(&caller->merchant);
	sealed = make_sealed_entries(entry_count);
	owners = palloc(entry_count * sizeof(Datum));
	customers = palloc(count * sizeof(Datum));
	keys = palloc(count * sizeof(Datum));
	for (int i = 0; i < count; i++)
	{
		Datum		customer = IdPGetDatum(&imported[i]->customer);
		int			first = sealed.count;

		CHECK_FOR_INTERRUPTS();
		if (!has_new_metadata(imported[i]))
			continue;
		keys[key_count] = seal_metadata(caller, imported[i], sealing_id, &sealed);
		customers[key_count++] = customer;
		for (int entry = first; entry < sealed.count; entry++)
			owners[entry] = customer;
	}
	store_new_customer_keys(&caller->merchant, id_array(customers, key_count),
							construct_array(keys, key_count, own_type("sealed"), -1, false,
											TYPALIGN_INT));
	insert_values(caller, owners, &sealed);
}
