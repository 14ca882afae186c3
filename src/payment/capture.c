/*-------------------------------------------------------------------------
 *
 * capture.c
 *	  capture_payment() and record_return(): the merchant takes what is
 *	  authorized, and gives back what was received.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "base/argument.h"
#include "base/statement.h"
#include "customer/customer.h"
#include "merchant/idempotency.h"
#include "payment/commit_row.h"

PG_FUNCTION_INFO_V1(capture_payment);
PG_FUNCTION_INFO_V1(record_return);

/* take moves a value from authorized to received, from the oldest commit on. */
static void
take(Payment *payment, const Amount *value)
{
	int64		left = value->minor_units;
	int			count;
	PaymentCommit *commits = load_authorized_commits(payment, &count);

	for (int i = 0; i < count && left > 0; i++)
	{
		PaymentCommit *commit = &commits[i];
		int64		part = Min(left, commit->authorized.minor_units);

		commit->authorized.minor_units -= part;
		change_counter(&commit->received, part);
		if (commit->authorized.minor_units == 0)
			commit->status = COMMIT_SUCCEEDED;
		store_commit(payment, commit, NULL);
		left -= part;
	}
	payment->authorized.minor_units -= value->minor_units;
	change_counter(&payment->received, value->minor_units);
}

/*
 * capture takes the value, by default all that is authorized.  A final capture
 * releases the rest, and so does one that completes the amount.
 */
static void
capture(Payment *payment, const Amount *requested, bool final)
{
	Amount		value = requested ? *requested : payment->authorized;
	EventSubject subject = {.value = &value};

	require_event(payment, EVENT_CAPTURE);
	require_value(payment, &value);
	if (value.minor_units > payment->authorized.minor_units)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("value is more than is authorized"),
				 errhint("Capture at most %s.", amount_string(&payment->authorized))));

	take(payment, &value);
	if (final || payment->received.minor_units >= payment->amount.minor_units)
	{
		subject.released = payment->authorized.minor_units > 0;
		release_authorizations(payment, COMMIT_VOIDED);
	}
	apply_event(payment, EVENT_CAPTURE, &subject);
}

/*
 * capture_payment(payment, value, final, idempotency_key) text
 *
 * A capture that isn't final leaves a status in which the same is possible again,
 * so only the key makes it safe to repeat.
 */
Datum
capture_payment(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"payment", NULL, "final", NULL};
	const char *operation = "capture_payment";
	Amount	   *value = PG_ARGISNULL(1) ? NULL : DatumGetAmountP(PG_GETARG_DATUM(1));
	text	   *idempotency_key = PG_ARGISNULL(3) ? NULL : PG_GETARG_TEXT_PP(3);
	Id			payment_id;
	bool		final;
	const char *status;
	Payment		payment;
	Caller		caller;
	Datum		result;

	require_arguments(fcinfo, names);
	payment_id = *DatumGetIdP(PG_GETARG_DATUM(0));
	final = PG_GETARG_BOOL(2);

	enter_store(&caller);
	if (idempotency_claim(&caller, operation, idempotency_key, (CallParameter[]) {
		{"payment", id_string(&payment_id_type, &payment_id)},
		{"value", value ? amount_string(value) : NULL},
		{"final", final ? "true" : "false"},
	}, 3, &payment_id))
		status = idempotency_status(&caller, operation, idempotency_key);
	else
	{
		lock_payment(&caller, &payment_id, &payment);
		capture(&payment, value, final);
		status = payment_status_names[payment.status];
		idempotency_keep_status(&caller, operation, idempotency_key, status);
	}
	result = keep_value(&caller, CStringGetTextDatum(status), false, -1);
	leave_store(&caller);
	PG_RETURN_DATUM(result);
}

/*
 * returned_before tells whether this return is recorded already; one with the
 * same reference and another value is an error.
 */
static bool
returned_before(const Payment *payment, const Amount *value, const char *reference)
{
	static Statement find = {
		.sql = "SELECT value FROM customers.payment_event"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2"
		" AND event OPERATOR(pg_catalog.=) 'return' AND detail OPERATOR(pg_catalog.=) $3",
		.types = {"customers.merchant_id", "customers.payment_id", "pg_catalog.text"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->payment_id),
			bind_string(reference)
	}) == 0)
		return false;
	if (compare_amounts(DatumGetAmountP(statement_get(0, 0)), value) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNIQUE_VIOLATION),
				 errmsg("a return with this reference is recorded with another value"),
				 errhint("Give each return of a payment a reference of its own.")));
	return true;
}

/*
 * record_return(payment, value, reference) text
 *
 * The reference makes it safe to repeat: the same return counts once.
 */
Datum
record_return(PG_FUNCTION_ARGS)
{
	Amount	   *value = DatumGetAmountP(PG_GETARG_DATUM(1));
	char	   *reference = string_argument(fcinfo, 2);
	Amount		rest;
	Payment		payment;
	Caller		caller;
	Datum		result;

	require_all_arguments(fcinfo);
	check_reference(PG_GETARG_TEXT_PP(2));

	enter_store(&caller);
	lock_payment(&caller, DatumGetIdP(PG_GETARG_DATUM(0)), &payment);
	require_value(&payment, value);
	if (!returned_before(&payment, value, reference))
	{
		require_event_any_time(&payment, EVENT_RETURN);
		rest = payment.received;
		rest.minor_units -= payment.returned.minor_units;
		if (value->minor_units > rest.minor_units)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("value is more than can be returned"),
					 errhint("Return at most %s.", amount_string(&rest))));
		change_counter(&payment.returned, value->minor_units);
		apply_event(&payment, EVENT_RETURN, &(EventSubject) {
			.value = value,.detail = reference
		});
	}
	result = status_result(&payment);
	leave_store(&caller);
	PG_RETURN_DATUM(result);
}
