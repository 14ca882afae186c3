/*-------------------------------------------------------------------------
 *
 * checkout.c
 *	  open_checkout(), close_checkout() and sweep_checkouts(): the tokens.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/statement.h"
#include "customer/customer.h"
#include "payment/payment.h"
#include "vault/checkout_token.h"

/* The longest of months; a day may have 25 hours. */
#define VALID_DAYS_MAX 31
static const Interval longest = {.day = VALID_DAYS_MAX};

PG_FUNCTION_INFO_V1(open_checkout);
PG_FUNCTION_INFO_V1(close_checkout);
PG_FUNCTION_INFO_V1(sweep_checkouts);

/* add_interval is the time as much later. */
static TimestampTz
add_interval(TimestampTz time, const Interval *interval)
{
	return DatumGetTimestampTz(DirectFunctionCall2(timestamptz_pl_interval,
												   TimestampTzGetDatum(time),
												   IntervalPGetDatum(interval)));
}

/* token_end is when a token ends; it refuses a time too short or too long. */
static TimestampTz
token_end(TimestampTz now, const Interval *valid_for)
{
	TimestampTz end = add_interval(now, valid_for);

	if (end <= now)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("valid_for must be greater than zero")));
	if (end > add_interval(now, &longest))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("valid_for must be at most %d days", VALID_DAYS_MAX),
				 errhint("Open another checkout when the customer comes back.")));
	return end;
}

/* require_open refuses a payment that has nothing for a customer to decide. */
static void
require_open(const Payment *payment)
{
	refuse_overdue(payment);
	if (payment_status_final(payment->status))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("payment \"%s\" has ended", payment_id_string(payment)),
				 errdetail("The payment's status is \"%s\".",
						   payment_status_names[payment->status]),
				 errhint("This status is final; only a new payment can be paid.")));
}

/*
 * open_checkout(payment, valid_for) text: a token, which is shown only once
 *
 * The lock of the customer refuses one who is erased.
 */
Datum
open_checkout(PG_FUNCTION_ARGS)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.checkout (merchant_id, token_id, payment_id, token_hash,"
		" opened_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
		.types = {"customers.merchant_id", "pg_catalog.uuid", "customers.payment_id",
		"pg_catalog.bytea", "pg_catalog.timestamptz", "pg_catalog.timestamptz"},
	};
	CheckoutToken token;
	TimestampTz expires_at;
	char	   *text;
	Payment		payment;
	Caller		caller;
	Datum		result;

	require_all_arguments(fcinfo);
	enter_store(&caller);
	lock_payment(&caller, DatumGetIdP(PG_GETARG_DATUM(0)), &payment);
	require_open(&payment);
	lock_customer(&caller, &payment.customer_id);
	expires_at = token_end(payment.now, PG_GETARG_INTERVAL_P(1));
	text = make_checkout_token(&caller.merchant, &token);
	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(&token.token_id),
			bind_pointer(&payment.payment_id), bind_bytes(token.hash, CHECKOUT_HASH_SIZE),
			bind(TimestampTzGetDatum(payment.now)), bind(TimestampTzGetDatum(expires_at))
	});
	result = keep_value(&caller, CStringGetTextDatum(text), false, -1);
	leave_store(&caller);
	PG_RETURN_DATUM(result);
}

/*
 * close_checkout(payment, token) int: how many were closed
 *
 * The lock of the payment lets operations by a token end before, or fail.
 */
Datum
close_checkout(PG_FUNCTION_ARGS)
{
	static Statement delete = {
		.sql = "DELETE FROM customers.checkout WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2"
		" AND COALESCE(token_id OPERATOR(pg_catalog.=) $3, true)",
		.types = {"customers.merchant_id", "customers.payment_id", "pg_catalog.uuid"},
	};
	static const char *const names[] = {"payment", NULL};
	char	   *text = string_argument(fcinfo, 1);
	CheckoutToken token;
	int			closed = 0;
	Payment		payment;
	Caller		caller;

	require_arguments(fcinfo, names);
	enter_store(&caller);
	lock_payment(&caller, DatumGetIdP(PG_GETARG_DATUM(0)), &payment);
	if (text == NULL || read_checkout_token(text, &token))
		closed = (int) statement_run(&delete, (NullableDatum[]) {
			bind_pointer(&caller.merchant), bind_pointer(&payment.payment_id),
				bind_pointer(text ? &token.token_id : NULL)
		});
	leave_store(&caller);
	PG_RETURN_INT32(closed);
}

/* sweep_checkouts(max_count) int: how many have gone */
Datum
sweep_checkouts(PG_FUNCTION_ARGS)
{
	/* As sweep_idempotency_keys() does. */
	static Statement delete = {
		.sql = "DELETE FROM customers.checkout WHERE ctid OPERATOR(pg_catalog.=) ANY"
		" (ARRAY(SELECT ctid FROM customers.checkout"
		" WHERE expires_at OPERATOR(pg_catalog.<=) $1"
		" ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))",
		.types = {"pg_catalog.timestamptz", "pg_catalog.int4"},
	};
	int			max_count = PG_GETARG_INT32(0);
	int			count;
	Caller		caller;

	require_all_arguments(fcinfo);
	check_max_count(max_count);
	enter_store_as_admin(&caller);
	count = (int) statement_run(&delete, (NullableDatum[]) {
		bind(TimestampTzGetDatum(GetCurrentTimestamp())), bind(Int32GetDatum(max_count))
	});
	leave_store(&caller);
	PG_RETURN_INT32(count);
}
