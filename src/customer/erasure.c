/*-------------------------------------------------------------------------
 *
 * erasure.c
 *	  erase_customer(): nothing that says who a customer is remains.
 *
 * The row of the customer stays, empty, so that payments go on referring to
 * it.  doc/erasure.md says of each column what becomes of it.
 *
 * The lock of the customer's row is the strongest there is.  Whoever adds
 * something about a customer holds that row, if only as a foreign key does, and
 * has looked whether the customer was erased.  So either it is there already
 * and is erased as well, or it comes too late and is refused.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/statement.h"
#include "customer/customer.h"
#include "customer/customer_history.h"
#include "customer/metadata_key.h"

PG_FUNCTION_INFO_V1(erase_customer);

/* lock_whole_customer locks the row; false: the customer was erased before. */
static bool
lock_whole_customer(const Caller *caller, const Id *customer)
{
	static Statement lock = {
		.sql = "SELECT erased_at IS NULL FROM customers.customer"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2 FOR UPDATE",
		.types = {"customers.merchant_id", "customers.customer_id"},
	};

	if (statement_run(&lock, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer)
	}) == 0)
		report_no_such_customer(customer);
	return DatumGetBool(statement_get(0, 0));
}

/*
 * erase takes the steps of an erasure: each sees to one table.  The order in which
 * methods are locked is that of payment/method_once.c.  What is added to
 * without a change of the customer's row is in refuse_overlooked() as well.  Unique
 * values go after that change, since while a field becomes unique there is none.
 */
static void
erase(const Caller *caller, const Id *customer)
{
#define STEP(text) { \
		.sql = text, \
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.timestamptz", \
		"pg_catalog.name"}, \
	}
	static Statement steps[] = {
		STEP("DELETE FROM customers.metadata"
			 " WHERE merchant_id OPERATOR(pg_catalog.=) $1"
			 " AND customer_id OPERATOR(pg_catalog.=) $2"),
		STEP("DELETE FROM customers.customer_key"
			 " WHERE merchant_id OPERATOR(pg_catalog.=) $1"
			 " AND customer_id OPERATOR(pg_catalog.=) $2"),
		STEP("UPDATE customers.payment_method SET token = NULL, display = '{}'::pg_catalog.jsonb,"
			 " fingerprint = NULL, expires_on = NULL, is_default = false,"
			 " removed_at = COALESCE(removed_at, $3), updated_at = $3"
			 " WHERE merchant_id OPERATOR(pg_catalog.=) $1"
			 " AND payment_method_id OPERATOR(pg_catalog.=) ANY (ARRAY("
			 "SELECT m.payment_method_id FROM customers.payment_method m"
			 " WHERE m.merchant_id OPERATOR(pg_catalog.=) $1"
			 " AND m.customer_id OPERATOR(pg_catalog.=) $2"
			 " ORDER BY m.payment_id, m.payment_method_id FOR NO KEY UPDATE))"),
		STEP("UPDATE customers.list_item SET comment = NULL"
			 " WHERE merchant_id OPERATOR(pg_catalog.=) $1"
			 " AND customer_id OPERATOR(pg_catalog.=) $2 AND comment IS NOT NULL"),
		STEP("DELETE FROM customers.idempotency"
			 " WHERE merchant_id OPERATOR(pg_catalog.=) $1"
			 " AND result OPERATOR(pg_catalog.=) $2::pg_catalog.uuid"),
		STEP("UPDATE customers.customer SET reference = NULL, context = '{}'::pg_catalog.jsonb,"
			 " schema_version = 0, erased_at = $3, erased_by = $4,"
			 " updated_at = GREATEST(updated_at, $3),"
			 " version = version OPERATOR(pg_catalog.+) 1"
			 " WHERE merchant_id OPERATOR(pg_catalog.=) $1"
			 " AND customer_id OPERATOR(pg_catalog.=) $2"),
		STEP("DELETE FROM customers.unique_value"
			 " WHERE merchant_id OPERATOR(pg_catalog.=) $1"
			 " AND customer_id OPERATOR(pg_catalog.=) $2"),
	};
#undef STEP
	NullableDatum parameters[] = {
		bind_pointer(&caller->merchant), bind_pointer(customer),
		bind(TimestampTzGetDatum(GetCurrentTimestamp())), bind(caller_name(caller))
	};

	erase_customer_history(caller, customer);
	for (size_t i = 0; i < lengthof(steps); i++)
		statement_run(&steps[i], parameters);
}

/*
 * refuse_overlooked fails if something remains.  Only a transaction that keeps
 * its snapshot can have overlooked it, when it was added after that was taken:
 * it did not change the customer's row, so the lock of it told nothing.
 */
static void
refuse_overlooked(const Caller *caller, const Id *customer)
{
#define OF_CUSTOMER \
	" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2"
	static Statement find = {
		.sql = "SELECT true FROM customers.customer_key" OF_CUSTOMER
		" UNION ALL SELECT true FROM customers.payment_method" OF_CUSTOMER
		" AND removed_at IS NULL"
		" UNION ALL SELECT true FROM customers.unique_value" OF_CUSTOMER
		" UNION ALL SELECT true FROM customers.list_item" OF_CUSTOMER
		" AND comment IS NOT NULL"
		" LIMIT 1",
		.types = {"customers.merchant_id", "customers.customer_id"},
		.latest = true,
	};
#undef OF_CUSTOMER

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer)
	}) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access due to concurrent change of customer \"%s\"",
						id_string(&customer_id_type, customer)),
				 errhint("The transaction might succeed if retried.")));
}

/* erase_customer(customer) void: repeating it changes nothing */
Datum
erase_customer(PG_FUNCTION_ARGS)
{
	Id		   *customer = DatumGetIdP(PG_GETARG_DATUM(0));
	Caller		caller;

	require_all_arguments(fcinfo);
	enter_store(&caller);
	hold_metadata_keys(&caller.merchant);
	if (lock_whole_customer(&caller, customer))
	{
		erase(&caller, customer);
		refuse_overlooked(&caller, customer);
	}
	leave_store(&caller);
	PG_RETURN_VOID();
}
