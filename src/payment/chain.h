/*-------------------------------------------------------------------------
 *
 * chain.h
 *	  The hashes that chain the events of a payment, and that of its row.
 *
 * The hash of an event is over the hash of the event before it and all columns
 * of its own.  That of the row is over the hash of the last event and what
 * events change in the row.  Each is keyed by the merchant's chain key, so only
 * the row as it is now has its hash: nobody can go back to an earlier end.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_CHAIN_H
#define CUSTOMERS_PAYMENT_CHAIN_H

#include "payment/event.h"

/*
 * Computes the hash of the event that comes after the one with that hash, NULL
 * for the first one; false if the merchant has no key of that id.
 */
extern bool hash_event(const Payment *payment, const Event *event,
					   const unsigned char *previous, unsigned char *hash);

/* The same of the payment's row. */
extern bool hash_row(const Payment *payment, int32 key_id, unsigned char *hash);

#endif							/* CUSTOMERS_PAYMENT_CHAIN_H */
