/*-------------------------------------------------------------------------
 *
 * list.h
 *	  What lists offer to the other operations.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_LIST_H
#define CUSTOMERS_LIST_H

#include "base/caller.h"
#include "type/id.h"

/*
 * refuse_blocked_customer raises an error (55000) if the customer is a member
 * of any list, fixed or dynamic, with that effect: "block_payments" or
 * "block_payouts".
 *
 * Call it between enter_store() and leave_store().  It runs statements, so
 * rows of an earlier statement_run() are gone afterwards.  It sees what the
 * transaction has done so far, and the clock decides which items have expired.
 */
extern void refuse_blocked_customer(const Caller *caller, const Id *customer,
									const char *effect);

#endif							/* CUSTOMERS_LIST_H */
