/*-------------------------------------------------------------------------
 *
 * payment.h
 *	  One payment: its row under lock, and how an event changes it.
 *
 * An operation locks the row, checks what it has to, sets the counters and the
 * choices in the struct and lets apply_event() do the rest: the status comes
 * from the machine, the row is stored and its event appended.  Nothing else
 * writes table payment or payment_event.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_PAYMENT_H
#define CUSTOMERS_PAYMENT_PAYMENT_H

#include "datatype/timestamp.h"
#include "fmgr.h"

#include "base/caller.h"
#include "base/compat.h"
#include "payment/decline.h"
#include "payment/machine.h"
#include "type/amount.h"
#include "type/id.h"
#include "vault/chain_key.h"

typedef enum AmountMode
{
	AMOUNT_STRICT,
	AMOUNT_EDITABLE,
	AMOUNT_EDITABLE_IF_INSUFFICIENT
} AmountMode;

typedef struct Payment
{
	const Caller *caller;
	Id			payment_id;
	Id			customer_id;
	TimestampTz now;			/* the clock, read when the row was locked */

	/* what never changes */
	AmountMode	amount_mode;
	bool		manual_capture;
	int			commits_limit;
	TimestampTz expires_at;		/* TIMESTAMP infinity: never */

	/* what events change; the four amounts are of one currency */
	PaymentStatus status;
	int			version;		/* also the sequence of the last event */
	Amount		amount;
	Amount		authorized;
	Amount		received;
	Amount		returned;
	int			commits_used;
	bool		method_chosen;
	Id			payment_method_id;
	DeclineClass decline_class; /* of the last decline, DECLINE_NONE: none */
	Amount		declined;		/* what it declined */
	TimestampTz closed_at;		/* DT_NOEND: its status is not final */
	int64		event_position; /* of the last event, as the next */
	unsigned char event_hash[CHAIN_DIGEST_SIZE];
	unsigned char row_hash[CHAIN_DIGEST_SIZE];	/* of all this: see chain.h */

	int32		row_key;		/* key_of_row(), when the row was locked */
} Payment;

/* What an event is about, beside the payment; NULL: nothing. */
typedef struct EventSubject
{
	const Id   *commit;
	const Amount *value;
	const char *detail;
	bool		commit_open;	/* is a commit still open after the event? */
	bool		released;		/* did a final capture release something? */
} EventSubject;

/*
 * Locks the caller's payment; P0002 when there is none.  A checkout token that has
 * died while it was waited for is refused.
 */
extern void lock_payment(const Caller *caller, const Id *payment_id, Payment *payment);

/* The same of the payment that the commit belongs to. */
extern void lock_payment_of_commit(const Caller *caller, const Id *commit_id, Payment *payment);

/* Reads the payment as the calling query sees it; P0002 when there is none. */
extern void read_payment(const Caller *caller, const Id *payment_id, Payment *payment);

/* The one error for a payment that the current merchant does not have. */
pg_noreturn extern void report_no_such_payment(const Id *payment_id);

/* Refuses a payment that should have expired by now. */
extern void refuse_overdue(const Payment *payment);

/* Raises the error unless the table has such an event now, and in time. */
extern void require_event(const Payment *payment, PaymentEvent event);

/* The same whatever the time is. */
extern void require_event_any_time(const Payment *payment, PaymentEvent event);

/* Should the payment have expired by now? */
extern bool payment_overdue(const Payment *payment);

/* Moves the payment by the event, stores it and appends the event. */
extern void apply_event(Payment *payment, PaymentEvent event, const EventSubject *subject);

/* What is left to pay: amount - received - authorized; never below zero. */
extern Amount payment_balance(const Payment *payment);

/* *amount += minor units; an error when it overflows. */
extern void change_counter(Amount *amount, int64 minor_units);

/* Refuses a value that isn't positive, or not in the payment's currency. */
extern void require_value(const Payment *payment, const Amount *value);

/* Texts for messages. */
extern char *payment_id_string(const Payment *payment);
extern char *amount_string(const Amount *amount);

/* The status as the result of an operation, where it outlives leave_store(). */
extern Datum status_result(const Payment *payment);

#endif							/* CUSTOMERS_PAYMENT_PAYMENT_H */
