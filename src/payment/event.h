/*-------------------------------------------------------------------------
 *
 * event.h
 *	  One event of a payment, as a row of table payment_event has it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_EVENT_H
#define CUSTOMERS_PAYMENT_EVENT_H

#include "base/statement.h"
#include "payment/payment.h"

typedef struct Event
{
	Id			customer;		/* who is to pay */
	int			sequence;
	const char *event;
	const char *from_status;	/* NULL: there was no payment */
	const char *to_status;
	const char *actor;
	const Id   *commit;			/* NULL: none, as the two below */
	const Amount *value;
	const char *detail;
	TimestampTz at;

	/* what complete_event() sets */
	int64		position;		/* in the order of events_since() */
	int32		key_id;			/* of the chain key; NO_CHAIN_KEY: none */
	unsigned char hash[CHAIN_DIGEST_SIZE];
} Event;

/*
 * The chain key by which the payment's row has its hash, NO_CHAIN_KEY where there
 * was none; or that it has been altered since the last event.
 */
#define ROW_ALTERED (-1)
extern int32 key_of_row(const Payment *payment);

/*
 * complete_event makes the event the payment's next one: sets its position and
 * links it to the chain, and sets the hashes of the payment, which is as it is
 * going to be stored.  Listeners are notified when the transaction commits.
 */
extern void complete_event(Payment *payment, Event *event);

/* insert_event stores the event. */
extern void insert_event(const Payment *payment, const Event *event);

/* The id of a chain key as the column has it: NULL for none. */
static inline NullableDatum
bind_chain_key(int32 key_id)
{
	return key_id == NO_CHAIN_KEY ? bind_null() : bind(Int32GetDatum(key_id));
}

/* Copies a hash from a column; what has another length is none. */
extern void get_hash(Datum value, unsigned char *hash);

/* Notifies the listeners of channel customers_payment, unless that is off. */
extern void announce_payment(const Payment *payment);

#endif							/* CUSTOMERS_PAYMENT_EVENT_H */
