/*-------------------------------------------------------------------------
 *
 * customer_vouch.h
 *	  What an operation has done for the rows of table customer that it writes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_CUSTOMER_VOUCH_H
#define CUSTOMERS_CUSTOMER_VOUCH_H

#include "customer/context.h"

/* A row as an operation is going to write it. */
typedef struct VouchedCustomer
{
	Id			merchant;
	Id			customer;
	int32		version;
	Jsonb	   *context;		/* has been checked */
} VouchedCustomer;

/*
 * vouch_for_customers tells the guard that the operation does by itself what
 * the guard would do for each of the rows, which it writes next and in this
 * order: so nothing is done twice.
 *
 * The rows stay where they are, in the current memory context or one of its
 * parents.  It holds for exactly these rows, and only under the schema that
 * they were checked against: if another one comes into force while the
 * operation waits for a lock, the guard checks again.
 */
extern void vouch_for_customers(const ContextSchema *schema, const VouchedCustomer *rows,
								int count);

/*
 * Takes the next of the rows that are vouched for, if it is this one.  Each is
 * taken once.
 */
extern bool take_vouched_customer(const VouchedCustomer *row);

/*
 * Takes it once more when it has been written: was it taken before?  Rows that
 * were not written after all, as another was there, are passed over.
 */
extern bool take_written_customer(const VouchedCustomer *row);

#endif							/* CUSTOMERS_CUSTOMER_VOUCH_H */
