/*-------------------------------------------------------------------------
 *
 * metadata.h
 *	  The metadata of a customer, for the operations that work on it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_METADATA_H
#define CUSTOMERS_METADATA_H

#include "base/caller.h"
#include "type/id.h"
#include "utils/jsonb.h"

/*
 * Merges entries into the metadata of a customer of the current merchant,
 * inside enter_store() ... leave_store().  The row of the customer is locked
 * or was inserted by this transaction, so that nobody else is at it.  Returns
 * how many keys were set or removed.
 */
extern int	store_metadata(const Caller *caller, const Id *customer, Jsonb *entries);

/*
 * Reads all the metadata of a customer, and records it, inside enter_store() ...
 * leave_store(), which the object of strings outlives; stable: in the snapshot
 * of the calling query.  It fails if there is no such customer.
 */
extern Jsonb *read_metadata(const Caller *caller, const Id *customer, bool stable);

#endif							/* CUSTOMERS_METADATA_H */
