/*-------------------------------------------------------------------------
 *
 * customer_history.h
 *	  The states of customers that changes have replaced.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_CUSTOMER_HISTORY_H
#define CUSTOMERS_CUSTOMER_HISTORY_H

#include "base/caller.h"
#include "base/row_change.h"
#include "datatype/timestamp.h"
#include "type/id.h"

/* The version after this one; 22003, if there is none. */
extern int32 next_version(int32 version);

/*
 * When a change happens: now, but never before the last one, so that the times
 * of a customer's versions are in order though clocks are set back.
 */
extern TimestampTz time_of_change(TimestampTz last);

/*
 * Records the state of a customer, whose row is locked, before a change replaces
 * it at that time.  Repeating it before the change is made does nothing.
 */
extern void record_replaced_customer(const Caller *caller, const Id *customer, TimestampTz at);

/* Deletes all that was recorded of a customer: for its erasure only. */
extern void erase_customer_history(const Caller *caller, const Id *customer);

/*
 * What the guard does for an UPDATE that no operation vouches for: it sees to the
 * version and the time of the new row, which it returns, and records the old one.
 */
extern HeapTuple guard_history(const RowChange *change);

#endif							/* CUSTOMERS_CUSTOMER_HISTORY_H */
