/*-------------------------------------------------------------------------
 *
 * resolve.c
 *	  resolve_commit(): what the provider answered to a commit.
 *
 * An outcome is a fact about the customer's money, so it is never refused for
 * the state of the payment: an error would roll back the record of it.  Reports
 * come late, twice and out of order: late.c tells which of them count.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"

#include "base/argument.h"
#include "base/statement.h"
#include "merchant/merchant_setting.h"
#include "payment/late.h"
#include "payment/method.h"

/* Far more characters than any provider's codes and identifiers have. */
#define REPORT_TEXT_MAX 1000

PG_FUNCTION_INFO_V1(resolve_commit);

/* The outcomes are the statuses that they give the commit, but "submitted". */
static CommitStatus
parse_outcome(const char *outcome)
{
	CommitStatus status = find_commit_status(outcome, strlen(outcome));

	if (status == COMMIT_ABSENT || status == COMMIT_SUBMITTED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown outcome \"%s\"", outcome),
				 errhint("The outcomes are requires_action, unknown, authorized, succeeded, declined, voided, cancelled, expired.")));
	return status;
}

/* report_text is a text of the report.  One that is too long is cut: the report counts. */
static char *
report_text(FunctionCallInfo fcinfo, int number, const char *name)
{
	char	   *text = string_argument(fcinfo, number);
	size_t		length = text ? strlen(text) : 0;
	size_t		kept = text ? pg_mbcharcliplen(text, (int) length, REPORT_TEXT_MAX) : 0;

	if (kept == length)
		return text;
	ereport(WARNING,
			(errcode(ERRCODE_WARNING_STRING_DATA_RIGHT_TRUNCATION),
			 errmsg("%s was cut to %d characters", name, REPORT_TEXT_MAX)));
	text[kept] = '\0';
	return text;
}

/*
 * check_value refuses a value that can't be meant.  The currency is that of the
 * commit: a report of a declined one may come after another was chosen.
 */
static void
check_value(const PaymentCommit *commit, const Amount *value)
{
	if (!same_currency(value, &commit->value) || value->minor_units <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value must be greater than zero and in %s, the currency of the commit",
						commit->value.currency)));
}

/* hold takes over what the provider authorized. */
static Amount
hold(Payment *payment, PaymentCommit *commit, const Amount *value)
{
	Amount		held = value ? *value : commit->value;

	commit->authorized = held;
	change_counter(&payment->authorized, held.minor_units);
	payment->decline_class = DECLINE_NONE;
	return held;
}

/*
 * receive takes over what the provider received of the commit in all.  What is
 * still held of it is released, and so is the rest of the payment once its
 * amount is there.
 */
static Amount
receive(Payment *payment, PaymentCommit *commit, const Amount *value)
{
	Amount		total = commit->value;
	Amount		received = commit->value;

	if (value)
		total = *value;
	else if (commit->authorized.minor_units > 0)
	{
		total = commit->received;
		change_counter(&total, commit->authorized.minor_units);
	}
	/* A part may have been captured before; it is never given back here. */
	total.minor_units = Max(total.minor_units, commit->received.minor_units);
	received.minor_units = total.minor_units - commit->received.minor_units;

	change_counter(&payment->received, received.minor_units);
	change_counter(&payment->authorized, -commit->authorized.minor_units);
	commit->received = total;
	commit->authorized.minor_units = 0;
	payment->decline_class = DECLINE_NONE;
	return received;
}

/* come_to_nothing ends a commit without money: declined, voided, ... */
static Amount
come_to_nothing(Payment *payment, PaymentCommit *commit, CommitStatus outcome,
				const ProviderReport *report)
{
	Amount		missed = commit->status == COMMIT_AUTHORIZED ? commit->authorized : commit->value;

	change_counter(&payment->authorized, -commit->authorized.minor_units);
	commit->authorized.minor_units = 0;
	if (outcome == COMMIT_DECLINED)
	{
		payment->decline_class = report->decline_class;
		payment->declined = commit->value;
	}
	return missed;
}

/* resolve applies the outcome to the commit and its payment. */
static void
resolve(Payment *payment, PaymentCommit *commit, CommitStatus outcome, const Amount *value,
		ProviderReport *report)
{
	bool		was_open = commit_status_open(commit->status);
	EventSubject subject = {.commit = &commit->commit_id};
	PaymentEvent event;
	Amount		moved = commit->value;

	switch (outcome)
	{
		case COMMIT_REQUIRES_ACTION:
			event = EVENT_REQUIRE_ACTION;
			break;
		case COMMIT_UNKNOWN:
			event = EVENT_MARK_UNKNOWN;
			break;
		case COMMIT_AUTHORIZED:
			event = EVENT_AUTHORIZE;
			moved = hold(payment, commit, value);
			break;
		case COMMIT_SUCCEEDED:
			event = EVENT_SUCCEED;
			moved = receive(payment, commit, value);
			break;
		default:
			event = EVENT_DECLINE;
			moved = come_to_nothing(payment, commit, outcome, report);
			subject.detail = outcome == COMMIT_DECLINED ? report->decline_code
				: commit_status_names[outcome];
			break;
	}

	/* Money that came before its authorization was voided stays received. */
	commit->status = outcome != COMMIT_SUCCEEDED && commit->received.minor_units > 0
		&& outcome > COMMIT_AUTHORIZED ? COMMIT_SUCCEEDED : outcome;
	store_commit(payment, commit, report);
	if (commit->save_method && (event == EVENT_AUTHORIZE || event == EVENT_SUCCEED))
		keep_method(payment, &commit->payment_method_id);
	if (payment->received.minor_units >= payment->amount.minor_units)
		release_authorizations(payment, COMMIT_VOIDED);

	subject.value = &moved;
	subject.commit_open = commit_status_open(commit->status) ||
		(!was_open && payment->status == PAYMENT_PROCESSING);
	apply_event(payment, event, &subject);
}

/*
 * resolve_commit(commit, outcome, value, code, provider_reference,
 *		provider_sequence) text
 */
Datum
resolve_commit(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"commit", "outcome", NULL, NULL, NULL, NULL};
	Id		   *commit_id;
	CommitStatus reported;
	CommitStatus outcome;
	Amount	   *value = PG_ARGISNULL(2) ? NULL : DatumGetAmountP(PG_GETARG_DATUM(2));
	ProviderReport report = {
		.provider_reference = report_text(fcinfo, 4, "provider_reference"),
		.provider_sequence = PG_ARGISNULL(5) ? PG_INT64_MIN : PG_GETARG_INT64(5),
	};
	PaymentCommit commit;
	Payment		payment;
	Caller		caller;
	Datum		result;

	require_arguments(fcinfo, names);
	commit_id = DatumGetIdP(PG_GETARG_DATUM(0));
	reported = parse_outcome(string_argument(fcinfo, 1));
	if (reported != COMMIT_AUTHORIZED && reported != COMMIT_SUCCEEDED)
		value = NULL;			/* providers give one, such as zero, where there is none */

	enter_store(&caller);
	if (reported == COMMIT_DECLINED)
	{
		report.decline_code = report_text(fcinfo, 3, "code");
		report.decline_class = classify_decline(report.decline_code,
												merchant_settings(&caller.merchant)->decline_classes);
	}
	lock_payment_of_commit(&caller, commit_id, &payment);
	load_commit(&payment, commit_id, &commit);
	if (value)
		check_value(&commit, value);

	/*
	 * Captured by itself, an authorization is only half of an answer: the
	 * outcome is as open as if nothing were known, and can't be cancelled.
	 */
	outcome = reported == COMMIT_AUTHORIZED && !payment.manual_capture
		? COMMIT_UNKNOWN : reported;

	if (report_counts(&commit, outcome, value, &report))
		resolve(&payment, &commit, outcome, value, &report);
	else
		pass_over(&payment, &commit, reported, value, &report);
	result = status_result(&payment);
	leave_store(&caller);
	PG_RETURN_DATUM(result);
}
