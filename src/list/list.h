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

/* What the members of a list may not do. */
typedef enum Effect
{
	EFFECT_NONE,
	EFFECT_BLOCK_PAYMENTS,
	EFFECT_BLOCK_PAYOUTS
} Effect;

/* Refuses the name of an effect that there is not. */
extern void require_effect(const char *name);

/*
 * lock_unblocked_customer raises an error (55000) if the customer is erased or
 * archived, is not allowed what the effect forbids, or is on any list, fixed or
 * dynamic, with that effect; P0002 without the customer, who can't be erased until
 * the transaction ends.  It returns the customer's context, a jsonb as it is stored.
 *
 * Call it between enter_store() and leave_store().  It runs statements, so
 * rows of an earlier statement_run() are gone afterwards.  It sees what the
 * transaction has done so far, and the clock decides which items have expired.
 */
extern Datum lock_unblocked_customer(const Caller *caller, const Id *customer, Effect effect);

#endif							/* CUSTOMERS_LIST_H */
