/*-------------------------------------------------------------------------
 *
 * metadata_access.h
 *	  The record of who has read metadata.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_METADATA_ACCESS_H
#define CUSTOMERS_METADATA_ACCESS_H

#include "base/caller.h"
#include "type/id.h"
#include "utils/array.h"

/*
 * Records that the caller reads these keys (text[]) of the customer, inside
 * enter_store() ... leave_store() and before any value is returned.
 */
extern void record_metadata_access(const Caller *caller, const Id *customer, ArrayType *keys);

/*
 * The same of a search by a value of the key that has found these customers
 * (customer_id[]), none at all or any number.
 */
extern void record_metadata_search(const Caller *caller, text *key, ArrayType *found);

#endif							/* CUSTOMERS_METADATA_ACCESS_H */
