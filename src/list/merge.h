/*-------------------------------------------------------------------------
 *
 * merge.h
 *	  The members of any number of lists, with the lists that each is on.
 *
 *		ListMerge  *merge = begin_merge(&caller, lists);
 *
 *		while (next_member(merge))
 *			...
 *		end_merge(merge);
 *
 * goes between enter_store() and leave_store().  Both kinds of lists are read in
 * the snapshot of the calling query; which items have expired is decided by the
 * clock.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_LIST_MERGE_H
#define CUSTOMERS_LIST_MERGE_H

#include "list/member_stream.h"
#include "utils/array.h"

typedef struct MergedList
{
	Id			list;
	char	   *name;
} MergedList;

typedef struct ListMerge
{
	/* The different lists, in the order in which they come first. */
	MergedList *lists;
	int			list_count;
	bool		first_repeated; /* the first list was given twice */

	/* The member: places[] are those of the lists it is on, in their order. */
	const Id   *customer;
	int		   *places;
	int			place_count;

	/* private to merge.c */
	const Caller *caller;
	TimestampTz now;
	int			rules_level;
	MemberStream **streams;		/* that have members */
	int			stream_count;
	int		   *current;		/* which of them have the customer, if any */
} ListMerge;

/* Begins with an array of lists (list_id[]); P0002 for one that is not there. */
extern ListMerge *begin_merge(const Caller *caller, ArrayType *lists);

/* Goes to the next member in the order of ids; false if there is none. */
extern bool next_member(ListMerge *merge);

extern void end_merge(ListMerge *merge);

#endif							/* CUSTOMERS_LIST_MERGE_H */
