/*-------------------------------------------------------------------------
 *
 * member_stream.h
 *	  The members of one list in the order of their ids, fetched piece by piece.
 *
 * Pieces are small enough to stay in the processor's cache, and what is read in
 * all is never in memory at once.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_LIST_MEMBER_STREAM_H
#define CUSTOMERS_LIST_MEMBER_STREAM_H

#include "base/caller.h"
#include "type/id.h"
#include "utils/jsonpath.h"
#include "utils/timestamp.h"

/* Which members: each is in one stream of its list. */
typedef enum MemberKind
{
	MEMBERS_LASTING,			/* of a fixed list, that never expire */
	MEMBERS_EXPIRING,			/* of a fixed list, that have not expired yet */
	MEMBERS_MATCHING			/* of a dynamic list */
} MemberKind;

typedef struct MemberStream
{
	MemberKind	kind;
	Id			list;
	JsonPath   *rule;			/* of a dynamic list */
	int			place;			/* of the list among those that are merged */

	/* The piece; next < count as long as there are members. */
	Id		   *ids;
	int			count;
	int			next;

	/* private to member_stream.c */
	Id			after;			/* what comes up to here has been fetched */
	bool		ended;			/* nothing comes after it */
	int			room;			/* in ids */
	int			segments;		/* how many to fetch at once */
} MemberStream;

extern MemberStream *open_members(MemberKind kind, const Id *list, JsonPath *rule, int place);

/* Fetches the next piece; false if there is none. */
extern bool fetch_members(const Caller *caller, TimestampTz now, MemberStream *stream);

#endif							/* CUSTOMERS_LIST_MEMBER_STREAM_H */
