/*-------------------------------------------------------------------------
 *
 * possible.c
 *	  Which events are possible for a payment now, and how others are refused.
 *
 * The machine decides by the status, and the clock: a payment that should have
 * expired is refused from that moment on, whether that is recorded yet or not.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "payment/payment.h"

bool
payment_overdue(const Payment *payment)
{
	return payment->expires_at <= payment->now &&
		event_possible(payment->status, EVENT_EXPIRE);
}

/* possible_events lists what people can do in a status, for a HINT. */
static char *
possible_events(PaymentStatus status)
{
	StringInfoData list;
	int			last = -1;

	initStringInfo(&list);
	for (int i = 0; i < payment_transition_count; i++)
	{
		const Transition *row = &payment_transitions[i];

		if (row->from != status || (int) row->event == last ||
			row->actor == ACTOR_PROCESSOR || row->actor == ACTOR_CLOCK)
			continue;
		appendStringInfo(&list, "%s%s", list.len > 0 ? ", " : "",
						 payment_event_names[row->event]);
		last = row->event;
	}
	return list.data;
}

void
require_event_any_time(const Payment *payment, PaymentEvent event)
{
	char	   *possible;

	if (event_possible(payment->status, event))
		return;

	possible = possible_events(payment->status);
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("event \"%s\" is not possible for payment \"%s\"",
					payment_event_names[event], payment_id_string(payment)),
			 errdetail("The payment's status is \"%s\".",
					   payment_status_names[payment->status]),
			 payment->status == PAYMENT_PROCESSING
			 ? errhint("A commit is open; wait until its outcome is reported by resolve_commit(), or cancel while it is in requires_action.")
			 : possible[0] == '\0'
			 ? errhint("This status is final; only a new payment can be paid.")
			 : errhint("Possible in this status: %s.", possible)));
}

void
refuse_overdue(const Payment *payment)
{
	/* Only expire_payments() can record it: this error rolls back. */
	if (payment_overdue(payment))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("payment \"%s\" has expired", payment_id_string(payment)),
				 errhint("Create a new payment.")));
}

void
require_event(const Payment *payment, PaymentEvent event)
{
	refuse_overdue(payment);
	require_event_any_time(payment, event);
}
