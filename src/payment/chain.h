/*-------------------------------------------------------------------------
 *
 * chain.h
 *	  The hashes that chain the events of a payment, and that of its row.
 *
 * The hash of an event is over the hash of the event before it and all columns
 * of its own.  That of the row is over the hash of the last event and what
 * events change in the row.  Each is keyed by the merchant's chain key, so
 * nobody without it can make up the row of an earlier end.
 *
 * Nor can he have an operation make the hash of a row that he has altered: each
 * first looks by which key the row has its hash, and says so in its own event.
 * An event without a key says nothing, as its operation may have had none to look
 * with.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_CHAIN_H
#define CUSTOMERS_PAYMENT_CHAIN_H

#include "payment/event.h"

/*
 * Computes the hash of the event that comes after the one with that hash and key,
 * NULL and NO_CHAIN_KEY for the first one; false if the merchant has no key of the
 * event's id.
 */
extern bool hash_event(const Payment *payment, const Event *event,
					   const unsigned char *previous, int32 previous_key, unsigned char *hash);

/* The same of the payment's row. */
extern bool hash_row(const Payment *payment, int32 key_id, unsigned char *hash);

#endif							/* CUSTOMERS_PAYMENT_CHAIN_H */
