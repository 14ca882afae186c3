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
#include "type/id.h"
#include "utils/jsonb.h"

/* Refuses a reference that is not 1..255 characters long; NULL is none. */
extern void check_reference(const text *reference);

/* The one error for a customer that the current merchant does not have. */
pg_noreturn extern void report_no_such_customer(const Id *customer);

/* What a locked customer is like. */
typedef struct LockedCustomer
{
	int32		version;
	bool		archived;
	Datum		context;		/* good until the next statement */
} LockedCustomer;

/*
 * Locks the customer's row until the transaction ends, against everything but
 * new rows that refer to it; raises the error if there is no such customer.
 */
extern LockedCustomer lock_customer(const Caller *caller, const Id *customer);

/* The one error for an archived customer where an active one is needed. */
pg_noreturn extern void refuse_archived_customer(const Id *customer);

/*
 * Inserts a customer whose context has been checked, and returns true; or
 * false if the merchant has one with this reference, which it waits for.
 */
extern bool insert_customer(const Caller *caller, const Id *customer, text *reference,
							Jsonb *context, int32 schema_version);

/* Finds a customer by its reference; false if there is none. */
extern bool find_by_reference(const Caller *caller, text *reference, Id *customer);

#endif							/* CUSTOMERS_CUSTOMER_H */
