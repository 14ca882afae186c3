/*-------------------------------------------------------------------------
 *
 * payment.c
 *	  One payment: how an event changes it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/int.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "payment/event.h"
#include "payment/method.h"
#include "payment/payment_row.h"

void
apply_event(Payment *payment, PaymentEvent event, const EventSubject *subject)
{
	PaymentStatus from = payment->status;
	Counters	counters = {
		.amount = payment->amount.minor_units,
		.authorized = payment->authorized.minor_units,
		.received = payment->received.minor_units,
		.commits_used = payment->commits_used,
		.commits_limit = payment->commits_limit,
		.commit_open = subject->commit_open,
		.released = subject->released,
	};
	const Transition *transition = find_transition(from, event, &counters);
	Event		row;

	if (transition == NULL)
		elog(ERROR, "no transition of event \"%s\" from status \"%s\"",
			 payment_event_names[event], payment_status_names[from]);
	payment->status = transition->to;
	payment->version++;
	if (!payment_status_final(payment->status))
		payment->closed_at = DT_NOEND;
	else if (payment->closed_at == DT_NOEND)
		payment->closed_at = payment->now;
	row = (Event)
	{
		.customer = payment->customer_id,
			.sequence = payment->version,
			.event = payment_event_names[event],
			.from_status = payment_status_names[from],
			.to_status = payment_status_names[payment->status],
			.actor = actor_names[transition->actor],
			.commit = subject->commit,
			.value = subject->value,
			.detail = subject->detail,
			.at = payment->now
	};
	complete_event(payment, &row);
	insert_event(payment, &row);
	update_payment(payment);
	if (payment_status_final(payment->status) && !payment_status_final(from))
		remove_methods_of_payment(payment);
}

Amount
payment_balance(const Payment *payment)
{
	Amount		balance = payment->amount;

	/* Counters aren't negative, so only the sum below zero can't overflow. */
	balance.minor_units -= payment->received.minor_units;
	if (balance.minor_units > 0)
		balance.minor_units -= payment->authorized.minor_units;
	balance.minor_units = Max(balance.minor_units, 0);
	return balance;
}

void
change_counter(Amount *amount, int64 minor_units)
{
	if (pg_add_s64_overflow(amount->minor_units, minor_units, &amount->minor_units))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("amount out of range")));
}
