/*-------------------------------------------------------------------------
 *
 * commit.c
 *	  commit_payment() and cancel_payment(): the customer proceeds, or doesn't.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "base/argument.h"
#include "customer/context.h"
#include "list/list.h"
#include "merchant/idempotency.h"
#include "payment/checkout.h"
#include "payment/commit_row.h"
#include "payment/method.h"

#define REASON_LENGTH_MAX 255

PG_FUNCTION_INFO_V1(commit_payment);
PG_FUNCTION_INFO_V1(cancel_payment);

/* require_commit_left refuses another commit when the limit is reached. */
static void
require_commit_left(const Payment *payment)
{
	if (payment->commits_used >= payment->commits_limit)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("payment \"%s\" has no commit left", payment_id_string(payment)),
				 errdetail("It has used %d of %d.", payment->commits_used,
						   payment->commits_limit),
				 payment->status == PAYMENT_AUTHORIZED
				 ? errhint("Possible now: capture, cancel.")
				 : errhint("Possible now: cancel, which keeps what is received.")));
}

/* choose_value is the value to commit, by default all that is left to pay. */
static Amount
choose_value(const Payment *payment, const Amount *value)
{
	Amount		balance = payment_balance(payment);

	if (value)
		require_value(payment, value);
	if (balance.minor_units == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("nothing of payment \"%s\" is left to pay", payment_id_string(payment)),
				 errdetail("Of %s, %s are received and %s authorized.",
						   amount_string(&payment->amount), amount_string(&payment->received),
						   amount_string(&payment->authorized))));
	if (value && value->minor_units > balance.minor_units)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("value is more than is left to pay"),
				 errhint("Commit at most %s.", amount_string(&balance))));
	return value ? *value : balance;
}

/* choose_method is the method to commit with; it is usable. */
static Id
choose_method(const Payment *payment, const Id *method)
{
	Id			chosen;

	if (method == NULL && payment->method_chosen)
		method = &payment->payment_method_id;
	if (method)
	{
		require_usable_method(payment, method);
		return *method;
	}
	if (!find_usable_default(payment, &chosen))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("payment \"%s\" has no payment method", payment_id_string(payment)),
				 errdetail("None is given or chosen, and the customer has no default."),
				 errhint("save_payment_method() saves one.")));
	return chosen;
}

/* submit commits the locked payment. */
static void
submit(Payment *payment, const Id *commit_id, const Id *method, const Amount *value,
	   bool save_method)
{
	PaymentCommit commit = {
		.commit_id = *commit_id,
		.status = COMMIT_SUBMITTED,
		.save_method = save_method,
	};
	Datum		context;

	require_event(payment, EVENT_COMMIT);
	context = lock_unblocked_customer(payment->caller, &payment->customer_id,
									  EFFECT_BLOCK_PAYMENTS);
	require_commit_left(payment);
	commit.value = choose_value(payment, value);
	fill_amount(&commit.authorized, 0, commit.value.currency);
	fill_amount(&commit.received, 0, commit.value.currency);
	commit.payment_method_id = choose_method(payment, method);
	require_fields_at_commit(payment->caller, &payment->customer_id, context);

	payment->commits_used++;
	insert_commit(payment, &commit);
	apply_event(payment, EVENT_COMMIT, &(EventSubject) {
		.commit = &commit.commit_id,.value = &commit.value,.commit_open = true
	});
}

/*
 * commit_payment(payment, method, value, save_method, idempotency_key) commit_id
 *
 * save_method records that the customer agrees to the method being kept for
 * later payments.  It matters for a method that was saved for this payment only:
 * that is kept if the commit comes to money.
 */
Datum
commit_payment(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"payment", NULL, NULL, "save_method", NULL};
	text	   *idempotency_key = PG_ARGISNULL(4) ? NULL : PG_GETARG_TEXT_PP(4);
	Id		   *commit_id = palloc(sizeof(Id));
	Id		   *payment_id;
	Id		   *method = PG_ARGISNULL(1) ? NULL : DatumGetIdP(PG_GETARG_DATUM(1));
	Amount	   *value = PG_ARGISNULL(2) ? NULL : DatumGetAmountP(PG_GETARG_DATUM(2));
	bool		save_method;
	bool		ended;
	Payment		payment;
	Caller		caller;

	require_arguments(fcinfo, names);
	payment_id = DatumGetIdP(PG_GETARG_DATUM(0));
	save_method = PG_GETARG_BOOL(3);
	generate_id(commit_id);

	ended = enter_checkout_or_repeat(&caller);
	require_own_payment(&caller, payment_id);
	if (!idempotency_claim(&caller, "commit_payment", idempotency_key, (CallParameter[]) {
		{"payment", id_string(&payment_id_type, payment_id)},
		{"method", method ? id_string(&payment_method_id_type, method) : NULL},
		{"value", value ? amount_string(value) : NULL},
		{"save_method", save_method ? "true" : "false"},
	}, 4, commit_id))
	{
		if (ended)
			refuse_token();
		lock_payment(&caller, payment_id, &payment);
		submit(&payment, commit_id, method, value, save_method);
	}
	leave_store(&caller);
	PG_RETURN_POINTER(commit_id);
}

/*
 * end_open_commit cancels the open commit of a payment in processing, which is
 * safe only while the provider waits for the customer: otherwise the money may
 * be on its way.
 */
static void
end_open_commit(const Payment *payment, PaymentCommit *commit)
{
	load_open_commit(payment, commit);
	if (commit->status != COMMIT_REQUIRES_ACTION)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("payment \"%s\" can't be cancelled now", payment_id_string(payment)),
				 errdetail("Commit \"%s\" is in flight: its status is \"%s\".",
						   id_string(&commit_id_type, &commit->commit_id),
						   commit_status_names[commit->status]),
				 errhint("Wait until its outcome is reported by resolve_commit().")));
	commit->status = COMMIT_CANCELLED;
	store_commit(payment, commit, NULL);
}

/* cancel_payment(payment, reason) text */
Datum
cancel_payment(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"payment", NULL};
	PaymentCommit commit;
	EventSubject subject = {.detail = string_argument(fcinfo, 1)};
	Payment		payment;
	Caller		caller;
	Datum		result;

	require_arguments(fcinfo, names);
	if (!PG_ARGISNULL(1))
		check_text_length("reason", PG_GETARG_TEXT_PP(1), REASON_LENGTH_MAX);

	enter_checkout(&caller);
	lock_payment(&caller, DatumGetIdP(PG_GETARG_DATUM(0)), &payment);
	require_event(&payment, EVENT_CANCEL);
	if (payment.status == PAYMENT_PROCESSING)
	{
		end_open_commit(&payment, &commit);
		subject.commit = &commit.commit_id;
	}
	release_authorizations(&payment, COMMIT_VOIDED);
	apply_event(&payment, EVENT_CANCEL, &subject);
	result = status_result(&payment);
	leave_store(&caller);
	PG_RETURN_DATUM(result);
}
