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

static SealPlace
place_of_token(const CustomerKey *key, const Id *method)
{
	return (SealPlace) {
		.content = SEAL_PAYMENT_METHOD,
		.merchant = key->merchant,
		.customer = key->customer,
		.name = method,
		.name_length = sizeof(Id)
	};
}

/* read_key reads the wrapped key; the caller's copy of it, NULL for none. */
static Sealed *
read_key(const Id *merchant, const Id *customer)
{
	static Statement find = {
		.sql = "SELECT wrapped FROM customers.customer_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.customer_id"},
		.latest = true,
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(customer)
	}) == 0)
		return NULL;
	return (Sealed *) PG_DETOAST_DATUM_COPY(statement_get(0, 0));
}

/*
 * find_sealing_key finds the merchant's key that seals the customer's.  If it is
 * gone, a rotation has ended since the row was read, which may be long ago in
 * the snapshot of this transaction: then *wrapped becomes what is there now.
 */
static SealKey
find_sealing_key(const Id *merchant, const Id *customer, const Sealed **wrapped)
{
	SealKey		key;

	while (!find_customer_sealing_key(merchant, sealed_key_id(*wrapped), &key))
	{
		const Sealed *latest = read_key(merchant, customer);

		if (latest == NULL)
			refuse_to_open();
		if (sealed_key_id(latest) == sealed_key_id(*wrapped))
			report_no_such_merchant_key(merchant, sealed_key_id(latest));
		*wrapped = latest;
	}
	return key;
}

CustomerKey
open_customer_key(const Id *merchant, const Id *customer, const Sealed *wrapped)
{
	CustomerKey key = {.merchant = *merchant,.customer = *customer,.secret = hold_secret()};
	SealPlace	place = place_of_key(merchant, customer);
	SealKey		sealing = find_sealing_key(merchant, customer, &wrapped);

	if (sealed_length(wrapped) != SEAL_KEY_SIZE)
		refuse_to_open();
	open_sealed(sealing.bytes, &place, wrapped, key.secret->bytes);
	return key;
}

bool
find_customer_key(const Id *merchant, const Id *customer, CustomerKey *key)
{
	const Sealed *wrapped = read_key(merchant, customer);

	if (wrapped == NULL)
		return false;
	*key = open_customer_key(merchant, customer, wrapped);
	return true;
}

/* wrap seals the customer's key by the merchant's key of that id. */
static Sealed *
wrap(const CustomerKey *key, uint64 sealing_id)
{
	SealPlace	place = place_of_key(&key->merchant, &key->customer);

	return seal(customer_sealing_key(&key->merchant, sealing_id), &place,
				key->secret->bytes, SEAL_KEY_SIZE);
}

CustomerKey
make_customer_key(const Id *merchant, const Id *customer, uint64 sealing_id, Sealed **wrapped)
{
	CustomerKey key = {.merchant = *merchant,.customer = *customer,.secret = hold_secret()};

	randombytes_buf(key.secret->bytes, SEAL_KEY_SIZE);
	*wrapped = wrap(&key, sealing_id);
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
	Sealed	   *wrapped;
	CustomerKey key = make_customer_key(merchant, customer, current_merchant_key(merchant),
										&wrapped);

	close_customer_key(&key);
	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(customer), bind_pointer(wrapped),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
}

void
store_new_customer_keys(const Id *merchant, ArrayType *customers, ArrayType *wrapped)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.customer_key (merchant_id, customer_id, wrapped, created_at)"
		" SELECT $1, pg_catalog.unnest($2), pg_catalog.unnest($3), $4",
		.types = {"customers.merchant_id", "customers.customer_id[]", "customers.sealed[]",
		"pg_catalog.timestamptz"},
	};

	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(customers), bind_pointer(wrapped),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
}

CustomerKey
obtain_customer_key(const Id *merchant, const Id *customer)
{
	CustomerKey key;

	if (!find_customer_key(merchant, customer, &key))
	{
		make_key(merchant, customer);
		if (!find_customer_key(merchant, customer, &key))
			elog(ERROR, "the key of a customer was not made");
	}
	return key;
}

void
rewrap_customer_key(const CustomerKey *key, uint64 sealing_id)
{
	static Statement update = {
		.sql = "UPDATE customers.customer_key SET wrapped = $3"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.customer_id", "customers.sealed"},
	};

	statement_run(&update, (NullableDatum[]) {
		bind_pointer(&key->merchant), bind_pointer(&key->customer),
			bind_pointer(wrap(key, sealing_id))
	});
}

void
close_customer_key(CustomerKey *key)
{
	release_secret(key->secret);
}

static Sealed *
seal_by(const CustomerKey *key, const SealPlace *place, const char *value, size_t length)
{
	return seal((SealKey) {
		.id = CUSTOMER_KEY_ID,.bytes = key->secret->bytes
	}, place, value, length);
}

Sealed *
seal_value(const CustomerKey *key, const char *name, size_t name_length,
		   const char *value, size_t length)
{
	SealPlace	place = place_of_value(key, name, name_length);

	return seal_by(key, &place, value, length);
}

void
open_value(const CustomerKey *key, const char *name, size_t name_length,
		   const Sealed *sealed, char *value)
{
	SealPlace	place = place_of_value(key, name, name_length);

	open_sealed(key->secret->bytes, &place, sealed, value);
}

Sealed *
seal_token(const CustomerKey *key, const Id *method, const char *token, size_t length)
{
	SealPlace	place = place_of_token(key, method);

	return seal_by(key, &place, token, length);
}

void
open_token(const CustomerKey *key, const Id *method, const Sealed *sealed, char *token)
{
	SealPlace	place = place_of_token(key, method);

	open_sealed(key->secret->bytes, &place, sealed, token);
}
