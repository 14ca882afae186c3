/*-------------------------------------------------------------------------
 *
 * customer_key.c
 *	  The keys of the customers: each sealed by a merchant's key, each
 *	  sealing the values of one customer.
 *
 * A customer has one random key for life.  Destroying the row destroys every
 * copy of the customer's values, also those in backups, as far as the backups
 * don't have the row.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "utils/timestamp.h"

#include "base/statement.h"
#include "vault/customer_key.h"
#include "vault/merchant_key.h"

/* The id of the only key that a customer has. */
#define CUSTOMER_KEY_ID 1

static SealPlace
place_of_key(const Id *merchant, const Id *customer)
{
	return (SealPlace) {
		.content = SEAL_CUSTOMER_KEY,
		.merchant = *merchant,
		.customer = *customer,
		.name = "",
	};
}

static SealPlace
place_of_value(const CustomerKey *key, const char *name, size_t name_length)
{
	return (SealPlace) {
		.content = SEAL_METADATA,
		.merchant = key->merchant,
		.customer = key->customer,
		.name = name,
		.name_length = name_length
	};
}

CustomerKey
open_customer_key(const Id *merchant, const Id *customer, const Sealed *wrapped)
{
	CustomerKey key = {.merchant = *merchant,.customer = *customer,.secret = hold_secret()};
	SealPlace	place = place_of_key(merchant, customer);

	if (sealed_length(wrapped) != SEAL_KEY_SIZE)
		refuse_to_open();
	open_sealed(customer_sealing_key(merchant, sealed_key_id(wrapped)).bytes,
				&place, wrapped, key.secret->bytes);
	return key;
}

/* make_key makes the customer's key and stores it, unless another has. */
static void
make_key(const Id *merchant, const Id *customer)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.customer_key (merchant_id, customer_id, wrapped, created_at)"
		" VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
		.types = {"customers.merchant_id", "customers.customer_id", "customers.sealed",
		"pg_catalog.timestamptz"},
	};
	SealPlace	place = place_of_key(merchant, customer);
	uint64		sealing_id = current_merchant_key(merchant);
	SealKey		sealing = customer_sealing_key(merchant, sealing_id);
	Secret	   *secret = hold_secret();
	Sealed	   *wrapped;

	randombytes_buf(secret->bytes, SEAL_KEY_SIZE);
	wrapped = seal(sealing, &place, secret->bytes, SEAL_KEY_SIZE);
	release_secret(secret);
	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(customer), bind_pointer(wrapped),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
}

CustomerKey
obtain_customer_key(const Id *merchant, const Id *customer)
{
	static Statement find = {
		.sql = "SELECT wrapped FROM customers.customer_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.customer_id"},
		.latest = true,
	};
	NullableDatum parameters[] = {bind_pointer(merchant), bind_pointer(customer)};
	Sealed	   *wrapped;

	if (statement_run(&find, parameters) == 0)
	{
		make_key(merchant, customer);
		if (statement_run(&find, parameters) == 0)
			elog(ERROR, "the key of a customer was not made");
	}

	/* Opening it may run a statement, which frees this one's rows. */
	wrapped = (Sealed *) PG_DETOAST_DATUM_COPY(statement_get(0, 0));
	return open_customer_key(merchant, customer, wrapped);
}

void
close_customer_key(CustomerKey *key)
{
	release_secret(key->secret);
}

Sealed *
seal_value(const CustomerKey *key, const char *name, size_t name_length,
		   const char *value, size_t length)
{
	SealPlace	place = place_of_value(key, name, name_length);

	return seal((SealKey) {
		.id = CUSTOMER_KEY_ID,.bytes = key->secret->bytes
	}, &place, value, length);
}

void
open_value(const CustomerKey *key, const char *name, size_t name_length,
		   const Sealed *sealed, char *value)
{
	SealPlace	place = place_of_value(key, name, name_length);

	open_sealed(key->secret->bytes, &place, sealed, value);
}
