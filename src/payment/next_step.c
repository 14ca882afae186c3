/*-------------------------------------------------------------------------
 *
 * next_step.c
 *	  next_steps(): what the customer of a payment can do now, and why not more.
 *
 * It is what a checkout shows.  The operations decide for themselves, under the
 * lock of the payment; this only reads.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/statement.h"
#include "payment/checkout.h"

PG_FUNCTION_INFO_V1(next_steps);

/* What a customer can do, in the order in which a checkout offers it. */
static const PaymentEvent choices[] = {
	EVENT_CHOOSE_CURRENCY, EVENT_CHOOSE_PAYMENT_METHOD, EVENT_CHANGE_AMOUNT, EVENT_COMMIT,
	EVENT_CANCEL
};

/* The choices that are possible, those that aren't, and the latter's obstacles. */
typedef struct Steps
{
	Datum		possible[lengthof(choices)];
	int			possible_count;
	Datum		refused[lengthof(choices)];
	Datum		obstacles[lengthof(choices)];
	int			refused_count;
} Steps;

/* status_of_open_commit is COMMIT_ABSENT if no commit is open. */
static CommitStatus
status_of_open_commit(const Payment *payment)
{
	static Statement find = {
		.sql = "SELECT status FROM customers.payment_commit"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2"
		" AND status OPERATOR(pg_catalog.=) ANY (ARRAY['submitted', 'requires_action', 'unknown'])",
		.types = {"customers.merchant_id", "customers.payment_id"},
		.stable = true,
	};
	char	   *status;

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->payment_id)
	}) == 0)
		return COMMIT_ABSENT;
	status = statement_string(0, 0);
	return find_commit_status(status, strlen(status));
}

/* obstacle_to_change says why the amount can't be changed; NULL: it can. */
static const char *
obstacle_to_change(const Payment *payment)
{
	if (payment->amount_mode == AMOUNT_STRICT)
		return "amount_mode";
	if (payment->amount_mode == AMOUNT_EDITABLE_IF_INSUFFICIENT &&
		payment->decline_class != DECLINE_LOWER_AMOUNT)
		return "decline_class";
	return NULL;
}

/* obstacle says in a word why the customer can't do something; NULL: they can. */
static const char *
obstacle(const Payment *payment, PaymentEvent event, CommitStatus open_commit)
{
	if (payment_overdue(payment))
		return "expired";
	if (!event_possible(payment->status, event))
		return open_commit != COMMIT_ABSENT ? "commit_open" : "status";
	switch (event)
	{
		case EVENT_CHOOSE_CURRENCY:
			return payment->authorized.minor_units > 0 || payment->received.minor_units > 0
				? "money_held" : NULL;
		case EVENT_CHANGE_AMOUNT:
			return obstacle_to_change(payment);
		case EVENT_COMMIT:
			return payment->commits_used >= payment->commits_limit ? "commits_limit"
				: payment_balance(payment).minor_units == 0 ? "balance" : NULL;
		case EVENT_CANCEL:
			return open_commit != COMMIT_ABSENT && open_commit != COMMIT_REQUIRES_ACTION
				? "commit_open" : NULL;
		default:
			return NULL;
	}
}

/* find_steps sorts the choices. */
static Steps
find_steps(const Payment *payment, CommitStatus open_commit)
{
	Steps		steps = {0};

	for (size_t i = 0; i < lengthof(choices); i++)
	{
		const char *reason = obstacle(payment, choices[i], open_commit);
		Datum		event = CStringGetTextDatum(payment_event_names[choices[i]]);

		if (reason == NULL)
			steps.possible[steps.possible_count++] = event;
		else
		{
			steps.refused[steps.refused_count] = event;
			steps.obstacles[steps.refused_count++] = CStringGetTextDatum(reason);
		}
	}
	return steps;
}

static NullableDatum
bind_texts(const Datum *texts, int count)
{
	return bind_pointer(construct_array(unconstify(Datum *, texts), count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* describe makes the document.  Not copied. */
static Datum
describe(const Payment *payment, CommitStatus open_commit, const Steps *steps)
{
	static Statement make = {
		.sql = "SELECT pg_catalog.jsonb_build_object('status', $3, 'open_commit', $4,"
		" 'possible', $5, 'refused', pg_catalog.jsonb_object($6, $7), 'balance', $8,"
		" 'commits_left', $9, 'decline_class', $10, 'declined', $11,"
		" 'barred_methods', COALESCE((SELECT pg_catalog.jsonb_agg(DISTINCT m.payment_method_id)"
		" FROM customers.payment_commit c JOIN customers.payment_method b"
		" ON b.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND b.payment_method_id OPERATOR(pg_catalog.=) c.payment_method_id"
		" JOIN customers.payment_method m ON m.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND m.customer_id OPERATOR(pg_catalog.=) b.customer_id"
		" AND (m.payment_method_id OPERATOR(pg_catalog.=) b.payment_method_id"
		" OR (m.kind OPERATOR(pg_catalog.=) b.kind"
		" AND m.fingerprint OPERATOR(pg_catalog.=) b.fingerprint))"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.payment_id OPERATOR(pg_catalog.=) $2"
		" AND c.decline_class OPERATOR(pg_catalog.=) 'never'), '[]'::pg_catalog.jsonb),"
		" 'expires_at', CASE WHEN pg_catalog.isfinite($12) THEN $12 END)",
		.types = {"customers.merchant_id", "customers.payment_id", "pg_catalog.text",
			"pg_catalog.text", "pg_catalog.text[]", "pg_catalog.text[]", "pg_catalog.text[]",
			"customers.amount", "pg_catalog.int4", "pg_catalog.text", "customers.amount",
		"pg_catalog.timestamptz"},
		.stable = true,
	};
	Amount		balance = payment_balance(payment);
	bool		declined = payment->decline_class != DECLINE_NONE;

	statement_run(&make, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->payment_id),
			bind_string(payment_status_names[payment->status]),
			bind_string(commit_status_names[open_commit]),
			bind_texts(steps->possible, steps->possible_count),
			bind_texts(steps->refused, steps->refused_count),
			bind_texts(steps->obstacles, steps->refused_count),
			bind_pointer(&balance),
			bind(Int32GetDatum(payment->commits_limit - payment->commits_used)),
			bind_string(decline_class_names[payment->decline_class]),
			bind_pointer(declined ? &payment->declined : NULL),
			bind(TimestampTzGetDatum(payment->expires_at))
	});
	return statement_get(0, 0);
}

Datum
describe_next_steps(const Payment *payment)
{
	CommitStatus open_commit = status_of_open_commit(payment);
	Steps		steps = find_steps(payment, open_commit);

	return keep_value(payment->caller, describe(payment, open_commit, &steps), false, -1);
}

/* next_steps(payment) jsonb */
Datum
next_steps(PG_FUNCTION_ARGS)
{
	Payment		payment;
	Caller		caller;
	Datum		result;

	enter_checkout(&caller);
	read_payment(&caller, DatumGetIdP(PG_GETARG_DATUM(0)), &payment);
	result = describe_next_steps(&payment);
	leave_store(&caller);
	PG_RETURN_DATUM(result);
}
