/*-------------------------------------------------------------------------
 *
 * machine.c
 *	  The payment machine: which event leads a payment from where to where.
 *
 * A payment is in processing exactly while one of its commits is open.  It is
 * authorized while the provider holds money for it that the merchant can
 * capture, whatever else has been received.  Once the amount is received
 * nothing is held any more, as the operations release the rest; so what is
 * authorized or pending has received less than its amount.
 *
 * Money may arrive for an authorized commit while another one is open.  That
 * is why a payment in processing can become paid by any end of the open one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "payment/machine.h"

/* The conditions; each looks at the counters after the event. */

static bool
another_commit_open(const Counters *counters)
{
	return counters->commit_open;
}

static bool
money_held(const Counters *counters)
{
	return counters->authorized > 0;
}

static bool
money_received(const Counters *counters)
{
	return counters->received > 0;
}

static bool
more_received(const Counters *counters)
{
	return counters->received > counters->amount;
}

static bool
all_received(const Counters *counters)
{
	return counters->received == counters->amount;
}

static bool
rest_released(const Counters *counters)
{
	return counters->released;
}

static bool
limit_reached(const Counters *counters)
{
	return counters->commits_used >= counters->commits_limit;
}

static bool
limit_reached_money_received(const Counters *counters)
{
	return limit_reached(counters) && money_received(counters);
}

#define ALWAYS			NULL, NULL
#define OTHER_OPEN		another_commit_open, "another commit open"
#define HELD			money_held, "money held"
#define RECEIVED		money_received, "money received"
#define MORE_RECEIVED	more_received, "more than the amount received"
#define ALL_RECEIVED	all_received, "amount received"
#define RELEASED		rest_released, "rest released"
#define LIMIT			limit_reached, "last commit used"
#define LIMIT_RECEIVED	limit_reached_money_received, "last commit used, money received"

const Transition payment_transitions[] = {
	{PAYMENT_ABSENT, EVENT_CREATE, PAYMENT_CREATED, ACTOR_MERCHANT, ALWAYS},

	{PAYMENT_CREATED, EVENT_CHOOSE_CURRENCY, PAYMENT_CREATED, ACTOR_CUSTOMER, ALWAYS},
	{PAYMENT_ATTEMPTED, EVENT_CHOOSE_CURRENCY, PAYMENT_ATTEMPTED, ACTOR_CUSTOMER, ALWAYS},

	{PAYMENT_CREATED, EVENT_CHOOSE_PAYMENT_METHOD, PAYMENT_CREATED, ACTOR_CUSTOMER, ALWAYS},
	{PAYMENT_ATTEMPTED, EVENT_CHOOSE_PAYMENT_METHOD, PAYMENT_ATTEMPTED, ACTOR_CUSTOMER, ALWAYS},
	{PAYMENT_PENDING, EVENT_CHOOSE_PAYMENT_METHOD, PAYMENT_PENDING, ACTOR_CUSTOMER, ALWAYS},

	{PAYMENT_CREATED, EVENT_CHANGE_AMOUNT, PAYMENT_CREATED, ACTOR_CUSTOMER, ALWAYS},
	{PAYMENT_ATTEMPTED, EVENT_CHANGE_AMOUNT, PAYMENT_ATTEMPTED, ACTOR_CUSTOMER, ALWAYS},
	/* Lowered to what has been received, it is paid. */
	{PAYMENT_PENDING, EVENT_CHANGE_AMOUNT, PAYMENT_PAID, ACTOR_CUSTOMER, ALL_RECEIVED},
	{PAYMENT_PENDING, EVENT_CHANGE_AMOUNT, PAYMENT_PENDING, ACTOR_CUSTOMER, ALWAYS},

	{PAYMENT_CREATED, EVENT_COMMIT, PAYMENT_PROCESSING, ACTOR_CUSTOMER, ALWAYS},
	{PAYMENT_ATTEMPTED, EVENT_COMMIT, PAYMENT_PROCESSING, ACTOR_CUSTOMER, ALWAYS},
	{PAYMENT_PENDING, EVENT_COMMIT, PAYMENT_PROCESSING, ACTOR_CUSTOMER, ALWAYS},
	{PAYMENT_AUTHORIZED, EVENT_COMMIT, PAYMENT_PROCESSING, ACTOR_CUSTOMER, ALWAYS},

	{PAYMENT_PROCESSING, EVENT_REQUIRE_ACTION, PAYMENT_PROCESSING, ACTOR_PROCESSOR, ALWAYS},
	{PAYMENT_PROCESSING, EVENT_MARK_UNKNOWN, PAYMENT_PROCESSING, ACTOR_PROCESSOR, ALWAYS},

	{PAYMENT_PROCESSING, EVENT_AUTHORIZE, PAYMENT_OVER_PAID, ACTOR_PROCESSOR, MORE_RECEIVED},
	{PAYMENT_PROCESSING, EVENT_AUTHORIZE, PAYMENT_PAID, ACTOR_PROCESSOR, ALL_RECEIVED},
	{PAYMENT_PROCESSING, EVENT_AUTHORIZE, PAYMENT_AUTHORIZED, ACTOR_PROCESSOR, ALWAYS},

	{PAYMENT_PROCESSING, EVENT_SUCCEED, PAYMENT_PROCESSING, ACTOR_PROCESSOR, OTHER_OPEN},
	{PAYMENT_PROCESSING, EVENT_SUCCEED, PAYMENT_OVER_PAID, ACTOR_PROCESSOR, MORE_RECEIVED},
	{PAYMENT_PROCESSING, EVENT_SUCCEED, PAYMENT_PAID, ACTOR_PROCESSOR, ALL_RECEIVED},
	{PAYMENT_PROCESSING, EVENT_SUCCEED, PAYMENT_AUTHORIZED, ACTOR_PROCESSOR, HELD},
	{PAYMENT_PROCESSING, EVENT_SUCCEED, PAYMENT_PENDING, ACTOR_PROCESSOR, ALWAYS},
	/* The provider captured by itself what it had authorised. */
	{PAYMENT_AUTHORIZED, EVENT_SUCCEED, PAYMENT_OVER_PAID, ACTOR_PROCESSOR, MORE_RECEIVED},
	{PAYMENT_AUTHORIZED, EVENT_SUCCEED, PAYMENT_PAID, ACTOR_PROCESSOR, ALL_RECEIVED},
	{PAYMENT_AUTHORIZED, EVENT_SUCCEED, PAYMENT_AUTHORIZED, ACTOR_PROCESSOR, HELD},
	{PAYMENT_AUTHORIZED, EVENT_SUCCEED, PAYMENT_PENDING, ACTOR_PROCESSOR, ALWAYS},

	{PAYMENT_AUTHORIZED, EVENT_CAPTURE, PAYMENT_OVER_PAID, ACTOR_MERCHANT, MORE_RECEIVED},
	{PAYMENT_AUTHORIZED, EVENT_CAPTURE, PAYMENT_PAID, ACTOR_MERCHANT, ALL_RECEIVED},
	{PAYMENT_AUTHORIZED, EVENT_CAPTURE, PAYMENT_AUTHORIZED, ACTOR_MERCHANT, HELD},
	{PAYMENT_AUTHORIZED, EVENT_CAPTURE, PAYMENT_PARTIALLY_PAID, ACTOR_MERCHANT, RELEASED},
	{PAYMENT_AUTHORIZED, EVENT_CAPTURE, PAYMENT_PENDING, ACTOR_MERCHANT, ALWAYS},

	{PAYMENT_PROCESSING, EVENT_DECLINE, PAYMENT_PROCESSING, ACTOR_PROCESSOR, OTHER_OPEN},
	{PAYMENT_PROCESSING, EVENT_DECLINE, PAYMENT_OVER_PAID, ACTOR_PROCESSOR, MORE_RECEIVED},
	{PAYMENT_PROCESSING, EVENT_DECLINE, PAYMENT_PAID, ACTOR_PROCESSOR, ALL_RECEIVED},
	{PAYMENT_PROCESSING, EVENT_DECLINE, PAYMENT_AUTHORIZED, ACTOR_PROCESSOR, HELD},
	{PAYMENT_PROCESSING, EVENT_DECLINE, PAYMENT_PARTIALLY_PAID, ACTOR_PROCESSOR, LIMIT_RECEIVED},
	{PAYMENT_PROCESSING, EVENT_DECLINE, PAYMENT_FAILED, ACTOR_PROCESSOR, LIMIT},
	{PAYMENT_PROCESSING, EVENT_DECLINE, PAYMENT_PENDING, ACTOR_PROCESSOR, RECEIVED},
	{PAYMENT_PROCESSING, EVENT_DECLINE, PAYMENT_ATTEMPTED, ACTOR_PROCESSOR, ALWAYS},
	/* The provider took back what it had authorised. */
	{PAYMENT_AUTHORIZED, EVENT_DECLINE, PAYMENT_AUTHORIZED, ACTOR_PROCESSOR, HELD},
	{PAYMENT_AUTHORIZED, EVENT_DECLINE, PAYMENT_PARTIALLY_PAID, ACTOR_PROCESSOR, LIMIT_RECEIVED},
	{PAYMENT_AUTHORIZED, EVENT_DECLINE, PAYMENT_FAILED, ACTOR_PROCESSOR, LIMIT},
	{PAYMENT_AUTHORIZED, EVENT_DECLINE, PAYMENT_PENDING, ACTOR_PROCESSOR, RECEIVED},
	{PAYMENT_AUTHORIZED, EVENT_DECLINE, PAYMENT_ATTEMPTED, ACTOR_PROCESSOR, ALWAYS},

	{PAYMENT_CREATED, EVENT_CANCEL, PAYMENT_CANCELLED, ACTOR_CUSTOMER, ALWAYS},
	{PAYMENT_ATTEMPTED, EVENT_CANCEL, PAYMENT_CANCELLED, ACTOR_CUSTOMER, ALWAYS},
	{PAYMENT_PENDING, EVENT_CANCEL, PAYMENT_PARTIALLY_PAID, ACTOR_CUSTOMER, ALWAYS},
	{PAYMENT_AUTHORIZED, EVENT_CANCEL, PAYMENT_PARTIALLY_PAID, ACTOR_CUSTOMER, RECEIVED},
	{PAYMENT_AUTHORIZED, EVENT_CANCEL, PAYMENT_CANCELLED, ACTOR_CUSTOMER, ALWAYS},
	/* Only while the open commit is in requires_action. */
	{PAYMENT_PROCESSING, EVENT_CANCEL, PAYMENT_OVER_PAID, ACTOR_CUSTOMER, MORE_RECEIVED},
	{PAYMENT_PROCESSING, EVENT_CANCEL, PAYMENT_PAID, ACTOR_CUSTOMER, ALL_RECEIVED},
	{PAYMENT_PROCESSING, EVENT_CANCEL, PAYMENT_PARTIALLY_PAID, ACTOR_CUSTOMER, RECEIVED},
	{PAYMENT_PROCESSING, EVENT_CANCEL, PAYMENT_CANCELLED, ACTOR_CUSTOMER, ALWAYS},

	{PAYMENT_CREATED, EVENT_EXPIRE, PAYMENT_EXPIRED, ACTOR_CLOCK, ALWAYS},
	{PAYMENT_ATTEMPTED, EVENT_EXPIRE, PAYMENT_EXPIRED, ACTOR_CLOCK, ALWAYS},
	{PAYMENT_PENDING, EVENT_EXPIRE, PAYMENT_PARTIALLY_PAID, ACTOR_CLOCK, ALWAYS},
	{PAYMENT_AUTHORIZED, EVENT_EXPIRE, PAYMENT_PARTIALLY_PAID, ACTOR_CLOCK, RECEIVED},
	{PAYMENT_AUTHORIZED, EVENT_EXPIRE, PAYMENT_CANCELLED, ACTOR_CLOCK, ALWAYS},

	{PAYMENT_PAID, EVENT_RETURN, PAYMENT_PAID, ACTOR_MERCHANT, ALWAYS},
	{PAYMENT_OVER_PAID, EVENT_RETURN, PAYMENT_OVER_PAID, ACTOR_MERCHANT, ALWAYS},
	{PAYMENT_PARTIALLY_PAID, EVENT_RETURN, PAYMENT_PARTIALLY_PAID, ACTOR_MERCHANT, ALWAYS},
	{PAYMENT_PENDING, EVENT_RETURN, PAYMENT_PENDING, ACTOR_MERCHANT, ALWAYS},
};

const int	payment_transition_count = lengthof(payment_transitions);

const char *const payment_status_names[PAYMENT_STATUSES] = {
	[PAYMENT_ABSENT] = NULL,
	[PAYMENT_CREATED] = "created",
	[PAYMENT_ATTEMPTED] = "attempted",
	[PAYMENT_PROCESSING] = "processing",
	[PAYMENT_AUTHORIZED] = "authorized",
	[PAYMENT_PENDING] = "pending",
	[PAYMENT_PAID] = "paid",
	[PAYMENT_OVER_PAID] = "over_paid",
	[PAYMENT_PARTIALLY_PAID] = "partially_paid",
	[PAYMENT_CANCELLED] = "cancelled",
	[PAYMENT_FAILED] = "failed",
	[PAYMENT_EXPIRED] = "expired",
};

const char *const commit_status_names[COMMIT_STATUSES] = {
	[COMMIT_ABSENT] = NULL,
	[COMMIT_SUBMITTED] = "submitted",
	[COMMIT_REQUIRES_ACTION] = "requires_action",
	[COMMIT_UNKNOWN] = "unknown",
	[COMMIT_AUTHORIZED] = "authorized",
	[COMMIT_SUCCEEDED] = "succeeded",
	[COMMIT_DECLINED] = "declined",
	[COMMIT_VOIDED] = "voided",
	[COMMIT_CANCELLED] = "cancelled",
	[COMMIT_EXPIRED] = "expired",
};

const char *const payment_event_names[PAYMENT_EVENTS] = {
	[EVENT_CREATE] = "create",
	[EVENT_CHOOSE_CURRENCY] = "choose_currency",
	[EVENT_CHOOSE_PAYMENT_METHOD] = "choose_payment_method",
	[EVENT_CHANGE_AMOUNT] = "change_amount",
	[EVENT_COMMIT] = "commit",
	[EVENT_REQUIRE_ACTION] = "require_action",
	[EVENT_MARK_UNKNOWN] = "mark_unknown",
	[EVENT_AUTHORIZE] = "authorize",
	[EVENT_SUCCEED] = "succeed",
	[EVENT_CAPTURE] = "capture",
	[EVENT_DECLINE] = "decline",
	[EVENT_CANCEL] = "cancel",
	[EVENT_EXPIRE] = "expire",
	[EVENT_RETURN] = "return",
};

const char *const actor_names[] = {
	[ACTOR_MERCHANT] = "merchant",
	[ACTOR_CUSTOMER] = "customer",
	[ACTOR_PROCESSOR] = "processor",
	[ACTOR_CLOCK] = "clock",
};

/*
 * The statuses that a commit may go to, a bit each.  Reports that come late or
 * twice find no bit: requires_action after unknown too, since it may have been
 * sent before, and a customer may cancel in requires_action only.
 */
#define TO(status)	(1 << COMMIT_##status)
#define TO_FINAL	(TO(SUCCEEDED) | TO(DECLINED) | TO(VOIDED) | TO(CANCELLED) | TO(EXPIRED))

static const int commit_transitions[COMMIT_STATUSES] = {
	[COMMIT_ABSENT] = TO(SUBMITTED),
	[COMMIT_SUBMITTED] = TO(REQUIRES_ACTION) | TO(UNKNOWN) | TO(AUTHORIZED) | TO_FINAL,
	[COMMIT_REQUIRES_ACTION] = TO(UNKNOWN) | TO(AUTHORIZED) | TO_FINAL,
	[COMMIT_UNKNOWN] = TO(AUTHORIZED) | TO_FINAL,
	[COMMIT_AUTHORIZED] = TO(SUCCEEDED) | TO(VOIDED) | TO(CANCELLED) | TO(EXPIRED),
};

/* find_word returns the index of a word in names, or 0. */
static int
find_word(const char *const *names, int count, const char *word, size_t length)
{
	for (int i = 1; i < count; i++)
	{
		if (strlen(names[i]) == length && memcmp(names[i], word, length) == 0)
			return i;
	}
	return 0;
}

PaymentStatus
find_payment_status(const char *word, size_t length)
{
	return find_word(payment_status_names, PAYMENT_STATUSES, word, length);
}

CommitStatus
find_commit_status(const char *word, size_t length)
{
	return find_word(commit_status_names, COMMIT_STATUSES, word, length);
}

bool
event_possible(PaymentStatus from, PaymentEvent event)
{
	for (size_t i = 0; i < lengthof(payment_transitions); i++)
	{
		if (payment_transitions[i].from == from && payment_transitions[i].event == event)
			return true;
	}
	return false;
}

const Transition *
find_transition(PaymentStatus from, PaymentEvent event, const Counters *counters)
{
	for (size_t i = 0; i < lengthof(payment_transitions); i++)
	{
		const Transition *row = &payment_transitions[i];

		if (row->from == from && row->event == event &&
			(row->condition == NULL || row->condition(counters)))
			return row;
	}
	return NULL;
}

bool
payment_status_change_legal(PaymentStatus from, PaymentStatus to)
{
	for (size_t i = 0; i < lengthof(payment_transitions); i++)
	{
		if (payment_transitions[i].from == from && payment_transitions[i].to == to)
			return true;
	}
	return false;
}

bool
commit_status_change_legal(CommitStatus from, CommitStatus to)
{
	return (commit_transitions[from] & (1 << to)) != 0;
}
