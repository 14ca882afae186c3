/*-------------------------------------------------------------------------
 *
 * rotate_merchant_key.c
 *	  rotate_merchant_key(): a new key for a merchant, and the end of the old one.
 *
 * The rotation makes the next key, which is in force from then on, waits for the
 * transactions that may still use the old one, has the keys of the customers and
 * the chain key sealed by the new one, and destroys the old one.  Each step is committed, and
 * what is left to do shows in the tables: two keys of a merchant are a rotation
 * that has not ended, and the next call goes on with it.
 *
 * A customer is locked as the operations lock him.  First all that are free are
 * rewrapped, in batches, without waiting for any; then the rest, one by one.
 * Whoever switches the search of a metadata key is waited for first of all, and
 * kept out.  So a rotation never waits for a customer or a value while it holds
 * another, and is no part of a deadlock but with one who has the customer that it
 * waits for and then switches a key's search in the same transaction.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"

#include "base/caller.h"
#include "base/procedure.h"
#include "base/progress.h"
#include "base/statement.h"
#include "customer/metadata_digest.h"
#include "customer/metadata_key.h"
#include "vault/chain_key.h"
#include "vault/customer_key.h"
#include "vault/merchant_key.h"

#define BATCH 100				/* customers that are rewrapped in one transaction */

PG_FUNCTION_INFO_V1(rotate_merchant_key);

typedef struct Rotation
{
	Id			merchant;
	uint64		key_id;			/* the older ones are to go; 0 if there is none */
	uint64		sealing_id;		/* the key in force: a newer one, if another
								 * rotation has begun */
	Progress	progress;
} Rotation;

/* The condition that a merchant's key other than $2 seals a customer's. */
#define IS_STALE \
	" merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND pg_catalog.substr(customers.sealed_send(wrapped), 2, 8)" \
	" OPERATOR(pg_catalog.<>) pg_catalog.int8send($2)"

/* count_keys counts the keys that the merchant has. */
static int64
count_keys(const Id *merchant)
{
	static Statement count = {
		.sql = "SELECT pg_catalog.count(*) FROM customers.merchant_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1",
		.types = {"customers.merchant_id"},
	};

	statement_run(&count, (NullableDatum[]) {
		bind_pointer(merchant)
	});
	return DatumGetInt64(statement_get(0, 0));
}

/*
 * begin makes the key that is to be in force, or finds the one made before.  It
 * counts first: then what is in force is none of those that are to go.
 */
static void
begin(Rotation *rotation)
{
	Caller		caller;

	enter_store(&caller);
	rotation->merchant = caller.merchant;
	if (count_keys(&caller.merchant) == 1)
		rotation->key_id = make_next_merchant_key(&caller.merchant);
	else
		rotation->key_id = find_merchant_key(&caller.merchant);
	leave_store(&caller);
	commit_batch();
}

/*
 * enter_batch begins to work with the key in force, which is asked for in each
 * batch, as by everybody who seals the key of a customer: that of another session
 * which has ended this rotation and begun the next one is a newer one.
 */
static void
enter_batch(Rotation *rotation, Caller *caller)
{
	enter_store(caller);
	hold_off_switching(&rotation->merchant);
	rotation->sealing_id = current_merchant_key(&rotation->merchant);
}

/* count_customers counts the customers to be rewrapped. */
static void
count_customers(Rotation *rotation)
{
	static Statement count = {
		.sql = "SELECT pg_catalog.count(*) FROM customers.customer_key WHERE" IS_STALE,
		.types = {"customers.merchant_id", "pg_catalog.int8"},
	};
	Caller		caller;

	enter_batch(rotation, &caller);
	statement_run(&count, (NullableDatum[]) {
		bind_pointer(&rotation->merchant), bind(Int64GetDatum(rotation->sealing_id))
	});
	rotation->progress = begin_progress("rewrapped the keys of", "customers",
										DatumGetInt64(statement_get(0, 0)));
	leave_store(&caller);
	commit_batch();
}

/* find_customers finds the next customers to be rewrapped; how many. */
static uint64
find_customers(const Rotation *rotation, const Id *last, Id customers[BATCH])
{
	static Statement find = {
		.sql = "SELECT customer_id FROM customers.customer_key WHERE" IS_STALE
		" AND customer_id OPERATOR(pg_catalog.>) $3"
		" ORDER BY customer_id LIMIT " CppAsString2(BATCH),
		.types = {"customers.merchant_id", "pg_catalog.int8", "customers.customer_id"},
	};
	uint64		count = statement_run(&find, (NullableDatum[]) {
		bind_pointer(&rotation->merchant), bind(Int64GetDatum(rotation->sealing_id)),
			bind_pointer(last)
	});

	for (uint64 i = 0; i < count; i++)
		customers[i] = *DatumGetIdP(statement_get(i, 0));
	return count;
}

/* lock locks the customer as lock_customer() does; false if it can't. */
static bool
lock(const Rotation *rotation, const Id *customer, bool wait)
{
#define LOCK_CUSTOMER \
	"SELECT FROM customers.customer WHERE merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND customer_id OPERATOR(pg_catalog.=) $2 FOR NO KEY UPDATE"
	static Statement waiting = {
		.sql = LOCK_CUSTOMER,
		.types = {"customers.merchant_id", "customers.customer_id"},
	};
	static Statement skipping = {
		.sql = LOCK_CUSTOMER " SKIP LOCKED",
		.types = {"customers.merchant_id", "customers.customer_id"},
	};

	return statement_run(wait ? &waiting : &skipping, (NullableDatum[]) {
		bind_pointer(&rotation->merchant), bind_pointer(customer)
	}) == 1;
}

/*
 * renew makes anew what depends on the merchant's key: the digests of the values
 * and the wrapped key of the customer, who is locked.
 */
static void
renew(const Rotation *rotation, const Id *customer)
{
	CustomerKey key;

	if (!find_customer_key(&rotation->merchant, customer, &key))
		return;
	renew_digests(&key);
	rewrap_customer_key(&key, rotation->sealing_id);
	close_customer_key(&key);
}

/* tell_customer is the context of an error. */
static void
tell_customer(void *customer)
{
	errcontext("rewrapping the key of customer \"%s\"", id_string(&customer_id_type, customer));
}

/*
 * rewrap_batch rewraps the customers that come after *last, which it moves on, in
 * one transaction; or in one each, if they are waited for.  False if there are none.
 */
static bool
rewrap_batch(Rotation *rotation, Id *last, bool wait)
{
	ErrorContextCallback context = {
		.previous = error_context_stack,.callback = tell_customer,.arg = last
	};
	Id			customers[BATCH];
	uint64		count;
	Caller		caller;

	enter_batch(rotation, &caller);
	count = find_customers(rotation, last, customers);
	for (uint64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (wait)
		{
			leave_store(&caller);
			commit_batch();
			enter_batch(rotation, &caller);
		}
		*last = customers[i];
		error_context_stack = &context;
		if (lock(rotation, last, wait))
		{
			renew(rotation, last);
			rotation->progress.done++;
		}
		error_context_stack = context.previous;
	}
	leave_store(&caller);
	commit_batch();
	report_progress(&rotation->progress);
	return count > 0;
}

/* rewrap_customers rewraps all customers that are free, or the rest. */
static void
rewrap_customers(Rotation *rotation, bool wait)
{
	Id			last = {0};

	while (rewrap_batch(rotation, &last, wait))
		;
}

/* rewrap_chains rewraps the keys of the merchant's chains of events. */
static void
rewrap_chains(Rotation *rotation)
{
	Caller		caller;

	enter_batch(rotation, &caller);
	rewrap_chain_keys(&rotation->merchant, rotation->sealing_id);
	leave_store(&caller);
	commit_batch();
}

/* oldest_key is the id of the oldest key that is to go; 0 if there is none. */
static int32
oldest_key(const Rotation *rotation)
{
	static Statement find = {
		.sql = "SELECT key_id FROM customers.merchant_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND key_id OPERATOR(pg_catalog.<) $2"
		" ORDER BY key_id LIMIT 1",
		.types = {"customers.merchant_id", "pg_catalog.int4"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&rotation->merchant), bind(Int32GetDatum((int32) rotation->key_id))
	}) == 0)
		return 0;
	return DatumGetInt32(statement_get(0, 0));
}

/* destroy_older_keys destroys the keys that this rotation is to replace. */
static void
destroy_older_keys(const Rotation *rotation)
{
	int32		key_id;

	do
	{
		Caller		caller;

		enter_store(&caller);
		key_id = oldest_key(rotation);

		/* Another session may have destroyed it just now. */
		if (key_id != 0 && !destroy_merchant_key(&rotation->merchant, key_id) &&
			oldest_key(rotation) == key_id)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("key %d of merchant \"%s\" is still in use", key_id,
							id_string(&merchant_id_type, &rotation->merchant)),
					 errdetail("It seals other keys, or digests of metadata are made by it."),
					 errhint("Call rotate_merchant_key() again.")));
		leave_store(&caller);
		commit_batch();
	} while (key_id != 0);
}

/* rotate_merchant_key() */
Datum
rotate_merchant_key(PG_FUNCTION_ARGS)
{
	Rotation	rotation = {0};

	begin_batches(fcinfo);
	begin(&rotation);
	if (rotation.key_id == 0)
		ereport(NOTICE,
				(errmsg("merchant \"%s\" has no key yet",
						id_string(&merchant_id_type, &rotation.merchant))));
	else
	{
		await_users_of_older_keys();
		count_customers(&rotation);
		rewrap_customers(&rotation, false);
		rewrap_customers(&rotation, true);
		rewrap_chains(&rotation);
		destroy_older_keys(&rotation);
		ereport(NOTICE,
				(errmsg("key %lld of merchant \"%s\" has replaced the older ones",
						(long long) rotation.key_id,
						id_string(&merchant_id_type, &rotation.merchant))));
	}
	end_batches();
	PG_RETURN_VOID();
}
