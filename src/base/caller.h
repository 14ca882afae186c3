/*-------------------------------------------------------------------------
 *
 * caller.h
 *	  Who calls an operation, for which merchant, and acting as the store.
 *
 * Every operation runs between enter_store() and leave_store().  The EXECUTE
 * privilege on the SQL function has decided by then that the role may run it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_CALLER_H
#define CUSTOMERS_CALLER_H

#include "utils/uuid.h"

typedef struct Caller
{
	Oid			role;			/* who called the operation */
	pg_uuid_t	merchant;		/* for whom; unset by enter_store_as_admin */
	MemoryContext context;		/* where results outlive leave_store() */

	/* what a checkout token narrows the caller to: payment/checkout.h */
	bool		checkout;		/* is there one? */
	pg_uuid_t	token_id;		/* which */
	pg_uuid_t	payment;
	pg_uuid_t	customer;

	/* private to caller.c */
	Oid			saved_user;
	int			saved_security;
} Caller;

/*
 * enter_store establishes the caller and the current merchant, becomes the
 * store's owner and connects SPI.  An error leaves nothing to undo.  It refuses a
 * caller with a checkout token, as enter_store_as_admin and -installer do.
 */
extern void enter_store(Caller *caller);

/* The same for this merchant, whoever calls: for a guard, that of the row. */
extern void enter_store_for_merchant(Caller *caller, const pg_uuid_t *merchant);

/* The same for operations over all merchants, which only admins may run. */
extern void enter_store_as_admin(Caller *caller);

/* The same for install(): there may be no store, its owner is the schema's. */
extern void enter_store_as_installer(Caller *caller);

/*
 * The same without becoming anybody else: what the caller's own rights decide,
 * as DDL in his schemas.  The current merchant is left as it was.
 */
extern void enter_as_caller(Caller *caller);

/* leave_store undoes enter_store and returns to the caller's memory context. */
extern void leave_store(Caller *caller);

/* The name of the role that called, for columns that record it. */
extern Datum caller_name(const Caller *caller);

/* Copies a by-reference value to where it outlives leave_store(). */
extern Datum keep_value(const Caller *caller, Datum value, bool byval, int length);

#endif							/* CUSTOMERS_CALLER_H */
