/*-------------------------------------------------------------------------
 *
 * method_change.c
 *	  A customer's payment methods: the list, the default, removal.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/statement.h"
#include "customer/customer.h"
#include "payment/checkout.h"
#include "payment/method.h"

PG_FUNCTION_INFO_V1(payment_methods);
PG_FUNCTION_INFO_V1(set_default_payment_method);
PG_FUNCTION_INFO_V1(remove_payment_method);

void
lock_methods(const Caller *caller, const Id *customer, bool must_be_active)
{
	require_own_customer(caller, customer);
	hold_checkout(caller);
	if (lock_customer(caller, customer).archived && must_be_active)
		refuse_archived_customer(customer);
	refuse_unseen_methods(caller, customer);
}

/* promote_newest makes the newest usable method the default if there is none. */
static void
promote_newest(const Caller *caller, const Id *customer, TimestampTz now)
{
	static Statement promote = {
		.sql = "UPDATE customers.payment_method SET is_default = true, updated_at = $3"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_method_id OPERATOR(pg_catalog.=) (SELECT r.payment_method_id"
		" FROM customers.payment_method r WHERE r.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND r.customer_id OPERATOR(pg_catalog.=) $2 AND r.removed_at IS NULL"
		" AND r.payment_id IS NULL"
		" ORDER BY COALESCE(r.expires_on OPERATOR(pg_catalog.<) $4, false),"
		" r.created_at DESC, r.payment_method_id DESC LIMIT 1)"
		" AND NOT EXISTS (SELECT FROM customers.payment_method d"
		" WHERE d.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND d.customer_id OPERATOR(pg_catalog.=) $2 AND d.is_default)",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.timestamptz",
		"pg_catalog.date"},
	};

	statement_run(&promote, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind(TimestampTzGetDatum(now)), bind(DateADTGetDatum(day_of(now)))
	});
}

void
replace_expired_default(const Caller *caller, const Id *customer, TimestampTz now)
{
	static Statement clear = {
		.sql = "UPDATE customers.payment_method SET is_default = false, updated_at = $3"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2 AND is_default"
		" AND expires_on OPERATOR(pg_catalog.<) $4",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.timestamptz",
		"pg_catalog.date"},
	};

	if (statement_run(&clear, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind(TimestampTzGetDatum(now)), bind(DateADTGetDatum(day_of(now)))
	}) > 0)
		promote_newest(caller, customer, now);
}

/* report_no_such_method raises the one error for a method that isn't theirs. */
static void
report_no_such_method(const Id *method)
{
	ereport(ERROR,
			(errcode(ERRCODE_NO_DATA_FOUND),
			 errmsg("payment method \"%s\" does not exist",
					id_string(&payment_method_id_type, method))));
}

/*
 * payment_methods(customer, currency) table(payment_method_id, kind, display,
 *		expires_on, currencies, is_default, created_at)
 */
Datum
payment_methods(PG_FUNCTION_ARGS)
{
	static Statement exists = {
		.sql = "SELECT FROM customers.customer WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.customer_id"},
		.stable = true,
	};
	static Statement find = {
		.sql = "SELECT payment_method_id, kind, display, expires_on, currencies, is_default,"
		" created_at FROM customers.payment_method WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2 AND removed_at IS NULL"
		" AND payment_id IS NULL"
		" AND COALESCE(expires_on OPERATOR(pg_catalog.>=) $3, true)"
		" AND COALESCE($4 OPERATOR(pg_catalog.=) ANY (currencies), true)"
		" ORDER BY is_default DESC, created_at DESC, payment_method_id DESC",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.date",
		"pg_catalog.text"},
		.stable = true,
	};
	static const char *const names[] = {"customer", NULL};
	char	   *currency = string_argument(fcinfo, 1);
	Id		   *customer;
	Caller		caller;

	require_arguments(fcinfo, names);
	customer = DatumGetIdP(PG_GETARG_DATUM(0));
	if (currency)
		require_currency(currency);

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_checkout(&caller);
	require_own_customer(&caller, customer);
	if (statement_run(&exists, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(customer)
	}) == 0)
		report_no_such_customer(customer);
	statement_return_rows(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(customer),
			bind(DateADTGetDatum(day_of(GetCurrentTimestamp()))), bind_string(currency)
	}, (ReturnSetInfo *) fcinfo->resultinfo);
	leave_store(&caller);
	return (Datum) 0;
}

/* require_active refuses a method that is not the customer's, or not usable. */
static void
require_active(const Caller *caller, const Id *customer, const Id *method)
{
	static Statement find = {
		.sql = "SELECT removed_at IS NOT NULL,"
		" COALESCE(expires_on OPERATOR(pg_catalog.<) $4, false), payment_id IS NOT NULL"
		" FROM customers.payment_method WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_method_id OPERATOR(pg_catalog.=) $3"
		" AND customer_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.customer_id",
		"customers.payment_method_id", "pg_catalog.date"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer), bind_pointer(method),
			bind(DateADTGetDatum(day_of(GetCurrentTimestamp())))
	}) == 0)
		report_no_such_method(method);
	if (DatumGetBool(statement_get(0, 0)))
		refuse_method(method, "is removed");
	if (DatumGetBool(statement_get(0, 1)))
		refuse_method(method, "has expired");
	if (DatumGetBool(statement_get(0, 2)))
		refuse_method(method, "is for one payment only");
}

/* set_default_payment_method(customer, method) void */
Datum
set_default_payment_method(PG_FUNCTION_ARGS)
{
	static Statement clear = {
		.sql = "UPDATE customers.payment_method SET is_default = false, updated_at = $4"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2 AND is_default"
		" AND payment_method_id OPERATOR(pg_catalog.<>) $3",
		.types = {"customers.merchant_id", "customers.customer_id",
		"customers.payment_method_id", "pg_catalog.timestamptz"},
	};
	static Statement set = {
		.sql = "UPDATE customers.payment_method SET is_default = true, updated_at = $4"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2 AND NOT is_default"
		" AND payment_method_id OPERATOR(pg_catalog.=) $3",
		.types = {"customers.merchant_id", "customers.customer_id",
		"customers.payment_method_id", "pg_catalog.timestamptz"},
	};
	Id		   *customer = DatumGetIdP(PG_GETARG_DATUM(0));
	Id		   *method = DatumGetIdP(PG_GETARG_DATUM(1));
	NullableDatum parameters[4];
	Caller		caller;

	require_all_arguments(fcinfo);
	enter_checkout(&caller);
	lock_methods(&caller, customer, false);
	require_active(&caller, customer, method);
	parameters[0] = bind_pointer(&caller.merchant);
	parameters[1] = bind_pointer(customer);
	parameters[2] = bind_pointer(method);
	parameters[3] = bind(TimestampTzGetDatum(GetCurrentTimestamp()));
	statement_run(&clear, parameters);
	statement_run(&set, parameters);
	leave_store(&caller);
	PG_RETURN_VOID();
}

/*
 * find_customer_of finds whose method it is, whether removed or not.  To a checkout
 * token, a method of another customer or for another payment only is none.
 */
static void
find_customer_of(const Caller *caller, const Id *method, Id *customer)
{
	static Statement find = {
		.sql = "SELECT customer_id FROM customers.payment_method"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_method_id OPERATOR(pg_catalog.=) $2"
		" AND COALESCE(customer_id OPERATOR(pg_catalog.=) $3, true)"
		" AND COALESCE(payment_id OPERATOR(pg_catalog.=) $4, true)",
		.types = {"customers.merchant_id", "customers.payment_method_id",
		"customers.customer_id", "customers.payment_id"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(method),
			bind_pointer(caller->checkout ? &caller->customer : NULL),
			bind_pointer(caller->checkout ? &caller->payment : NULL)
	}) == 0)
		report_no_such_method(method);
	*customer = *DatumGetIdP(statement_get(0, 0));
}

/*
 * remove_payment_method(method) void
 *
 * The newest one that remains becomes the default if this was it.  Commits and
 * events keep the id, so the row stays.
 */
Datum
remove_payment_method(PG_FUNCTION_ARGS)
{
	static Statement remove = {
		.sql = "UPDATE customers.payment_method SET removed_at = $3, updated_at = $3,"
		" is_default = false WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_method_id OPERATOR(pg_catalog.=) $2 AND removed_at IS NULL",
		.types = {"customers.merchant_id", "customers.payment_method_id",
		"pg_catalog.timestamptz"},
	};
	Id		   *method = DatumGetIdP(PG_GETARG_DATUM(0));
	Id			customer;
	TimestampTz now;
	Caller		caller;

	require_all_arguments(fcinfo);
	enter_checkout(&caller);
	find_customer_of(&caller, method, &customer);
	lock_methods(&caller, &customer, false);
	now = GetCurrentTimestamp();
	if (statement_run(&remove, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(method), bind(TimestampTzGetDatum(now))
	}) > 0)
		promote_newest(&caller, &customer, now);
	leave_store(&caller);
	PG_RETURN_VOID();
}
