/*-------------------------------------------------------------------------
 *
 * segment.h
 *	  Segments: the members of a list, ready to be read in their order.
 *
 * Table list_item is the truth.  A segment (table list_segment) repeats a part
 * of it: the customers after one id up to another, whose items on one list never
 * expire, as a sorted array.  Reading one costs as much as reading a few items.
 *
 * Where a list has no segments, and beyond the last one, its items are read.  So
 * whoever adds or removes such an item deletes the segment that covers it, in the
 * same transaction: then every snapshot sees both, or neither.  That takes the
 * lock that lock_list() gets by USE_ITEMS; making segments takes USE_WHOLE, so
 * that none is made beside a change that it doesn't see.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_LIST_SEGMENT_H
#define CUSTOMERS_LIST_SEGMENT_H

#include "base/caller.h"
#include "type/id.h"
#include "utils/array.h"

/* Customers in a full segment: a row that fills a page, and needs no TOAST. */
#define SEGMENT_SIZE ((int) ((BLCKSZ - 256) / sizeof(Id)))

/* Of all ids.  The guard keeps customers from having the first. */
extern const Id first_id;
extern const Id last_id;

static inline int
compare_ids(const Id *a, const Id *b)
{
	return memcmp(a, b, sizeof(Id));
}

/* Is it known without a query that no segment covers the customer? */
extern bool is_uncovered(const Id *merchant, const Id *list, const Id *customer);

/*
 * Deletes the segment that covers the customer, if there is one.  The caller has
 * locked the list in this transaction.  Raises 40001 for a segment that the
 * transaction's snapshot is too old to see.
 */
extern void uncover_customer(const Id *merchant, const Id *list, const Id *customer);

/* The same for an array (customer_id[]) in the order of the ids. */
extern void uncover_customers(const Caller *caller, const Id *list, ArrayType *customers);

#endif							/* CUSTOMERS_LIST_SEGMENT_H */
