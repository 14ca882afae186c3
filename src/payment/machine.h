/*-------------------------------------------------------------------------
 *
 * machine.h
 *	  The payment machine: which event leads a payment from where to where.
 *
 * The table in machine.c is the only truth.  Operations ask it where an event
 * leads, the guards of the tables whether a change of status is legal, and
 * payment_transitions and payment_diagram() show it.  Nothing here knows a
 * row, a clock or a setting.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_MACHINE_H
#define CUSTOMERS_PAYMENT_MACHINE_H

/* Statuses of a payment; those from PAYMENT_PAID on are final. */
typedef enum PaymentStatus
{
	PAYMENT_ABSENT,				/* before it is created */
	PAYMENT_CREATED,
	PAYMENT_ATTEMPTED,
	PAYMENT_PROCESSING,
	PAYMENT_AUTHORIZED,
	PAYMENT_PENDING,
	PAYMENT_PAID,
	PAYMENT_OVER_PAID,
	PAYMENT_PARTIALLY_PAID,
	PAYMENT_CANCELLED,
	PAYMENT_FAILED,
	PAYMENT_EXPIRED
} PaymentStatus;

#define PAYMENT_STATUSES	(PAYMENT_EXPIRED + 1)

/* Statuses of a commit; those up to COMMIT_UNKNOWN are open. */
typedef enum CommitStatus
{
	COMMIT_ABSENT,				/* before the customer decided */
	COMMIT_SUBMITTED,
	COMMIT_REQUIRES_ACTION,
	COMMIT_UNKNOWN,
	COMMIT_AUTHORIZED,
	COMMIT_SUCCEEDED,
	COMMIT_DECLINED,
	COMMIT_VOIDED,
	COMMIT_CANCELLED,
	COMMIT_EXPIRED
} CommitStatus;

#define COMMIT_STATUSES	(COMMIT_EXPIRED + 1)

typedef enum PaymentEvent
{
	EVENT_CREATE,
	EVENT_CHOOSE_CURRENCY,
	EVENT_CHOOSE_PAYMENT_METHOD,
	EVENT_CHANGE_AMOUNT,
	EVENT_COMMIT,
	EVENT_REQUIRE_ACTION,
	EVENT_MARK_UNKNOWN,
	EVENT_AUTHORIZE,
	EVENT_SUCCEED,
	EVENT_CAPTURE,
	EVENT_DECLINE,
	EVENT_CANCEL,
	EVENT_EXPIRE,
	EVENT_RETURN
} PaymentEvent;

#define PAYMENT_EVENTS	(EVENT_RETURN + 1)

typedef enum Actor
{
	ACTOR_MERCHANT,
	ACTOR_CUSTOMER,
	ACTOR_PROCESSOR,
	ACTOR_CLOCK
} Actor;

/*
 * What decides between several transitions of one event: the payment's
 * counters, in minor units, after the event has changed them.
 */
typedef struct Counters
{
	int64		amount;
	int64		authorized;
	int64		received;
	int			commits_used;
	int			commits_limit;
	bool		commit_open;	/* is a commit still open after the event? */
	bool		released;		/* did a final capture release some of the money? */
} Counters;

/* A row of the table.  The first whose condition holds is taken. */
typedef struct Transition
{
	PaymentStatus from;
	PaymentEvent event;
	PaymentStatus to;
	Actor		actor;
	bool		(*condition) (const Counters *counters);	/* NULL: always */
	const char *condition_text; /* the same in words; NULL: always */
} Transition;

extern const Transition payment_transitions[];
extern const int payment_transition_count;

extern const char *const payment_status_names[PAYMENT_STATUSES];
extern const char *const commit_status_names[COMMIT_STATUSES];
extern const char *const payment_event_names[PAYMENT_EVENTS];
extern const char *const actor_names[];

/* ABSENT for a word that is no status. */
extern PaymentStatus find_payment_status(const char *word, size_t length);
extern CommitStatus find_commit_status(const char *word, size_t length);

/* Is there a transition of this event from this status? */
extern bool event_possible(PaymentStatus from, PaymentEvent event);

/* Where the event leads with these counters; NULL: it is not possible. */
extern const Transition *find_transition(PaymentStatus from, PaymentEvent event,
										 const Counters *counters);

/* Does any event lead from one status to the other? */
extern bool payment_status_change_legal(PaymentStatus from, PaymentStatus to);

/* May a commit go from one status to the other?  Never back. */
extern bool commit_status_change_legal(CommitStatus from, CommitStatus to);

static inline bool
payment_status_final(PaymentStatus status)
{
	return status >= PAYMENT_PAID;
}

/* May the commit's outcome still take the customer's money, or not? */
static inline bool
commit_status_open(CommitStatus status)
{
	return status >= COMMIT_SUBMITTED && status <= COMMIT_UNKNOWN;
}

#endif							/* CUSTOMERS_PAYMENT_MACHINE_H */
