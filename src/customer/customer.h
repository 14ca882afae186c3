/*-------------------------------------------------------------------------
 *
 * customer.h
 *	  Rows of table customer, for the operations that work on them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_CUSTOMER_H
#define CUSTOMERS_CUSTOMER_H

#include "base/caller.h"
#include "base/compat.h"
#include "customer/context.h"
#include "datatype/timestamp.h"
#include "vault/seal.h"

#define REFERENCE_LENGTH_MAX 255

/* Refuses a reference that is not 1..255 characters long; NULL is none. */
extern void check_reference(const text *reference);

/* The one error for a customer that the current merchant does not have. */
pg_noreturn extern void report_no_such_customer(const Id *customer);

/* For operations that only read: raises it unless the snapshot of the query has the customer. */
extern void require_customer(const Caller *caller, const Id *customer);

/* What a locked customer is like. */
typedef struct LockedCustomer
{
	int32		version;
	bool		archived;
	bool		payments_allowed;
	bool		payouts_allowed;
	TimestampTz updated_at;
	Datum		context;		/* good until the next statement */
} LockedCustomer;

/*
 * Locks the customer's row until the transaction ends, against everything but
 * new rows that refer to it; raises the error if there is no such customer, or
 * if it was erased.  Whatever changes a customer takes this lock, so that
 * nothing is added to an erased one.
 */
extern LockedCustomer lock_customer(const Caller *caller, const Id *customer);

/*
 * The same in one statement with the customer's wrapped key; a copy, NULL: there
 * was none in the statement's snapshot, which is older than the lock.
 */
extern Sealed *lock_customer_and_read_key(const Caller *caller, const Id *customer);

/* The one error for an erased customer, to whom nothing is added any more. */
pg_noreturn extern void refuse_erased_customer(const Id *customer);

/* The one error for an archived customer where an active one is needed. */
pg_noreturn extern void refuse_archived_customer(const Id *customer);

/*
 * Inserts a customer whose context the schema accepts, with a new id and its
 * metadata if there is any, and returns true; or false with the id of the
 * customer who has the reference, which it waits for and leaves as it is.
 */
extern bool insert_or_find_customer(const Caller *caller, Id *customer, text *reference,
									Jsonb *context, Jsonb *metadata,
									const ContextSchema *schema);

/*
 * A copy of the context that the last statement returned from the row it wrote:
 * a trigger of the user's may have made it another than the one that was bound.
 */
extern Jsonb *written_context(void);

/* The context of a customer that is created without one. */
extern Jsonb *empty_context(void);

#endif							/* CUSTOMERS_CUSTOMER_H */
