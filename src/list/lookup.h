/*-------------------------------------------------------------------------
 *
 * lookup.h
 *	  The lists and customers that an operation on lists was given.
 *
 * Another merchant's are indistinguishable from none.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_LIST_LOOKUP_H
#define CUSTOMERS_LIST_LOOKUP_H

#include "base/caller.h"
#include "list/rule.h"
#include "type/id.h"
#include "utils/array.h"

/* What an operation does to the list, which decides how it is locked. */
typedef enum ListUse
{
	USE_ITEMS,					/* the list must not be dropped meanwhile */
	USE_WHOLE					/* nobody else may use it */
} ListUse;

/* Locks the list and tells whether it is a dynamic one; P0002 without one. */
extern bool lock_list(const Caller *caller, const Id *list, ListUse use);

/* Locks the list for USE_ITEMS; it must be a fixed one (55000). */
extern void lock_fixed_list(const Caller *caller, const Id *list);

/* For operations that only read: what exists in the snapshot of the query. */
extern void require_list(const Caller *caller, const Id *list);

/* Likewise all of an array (list_id[]), which must have no nulls either. */
extern void require_lists(const Caller *caller, ArrayType *lists);

/*
 * The lists that a rule names: they exist and are fixed.  With hold none of them
 * can be dropped until the transaction ends.
 */
extern void require_named_lists(const Caller *caller, const RuleUse *rule, bool hold);

/*
 * The customers in the order of their ids, each once; the array (customer_id[])
 * must have no nulls.  Operations work on customers in this order, so that no two
 * of them wait for each other.
 */
extern ArrayType *sort_customers(ArrayType *customers);

/* For operations that write: what exists now. */
extern void require_customers(const Caller *caller, ArrayType *customers);

/*
 * The same for one that adds something to sorted customers: it refuses an erased
 * one, and none of them can be erased until the transaction ends.
 */
extern void hold_customers(const Caller *caller, ArrayType *customers);

#endif							/* CUSTOMERS_LIST_LOOKUP_H */
