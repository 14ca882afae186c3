/*-------------------------------------------------------------------------
 *
 * merge.c
 *	  The members of any number of lists, with the lists that each is on.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/statement.h"
#include "list/lookup.h"
#include "list/merge.h"
#include "list/rule.h"
#include "list/segment.h"

/* find_lists finds the lists and opens a stream for each kind of its members. */
static void
find_lists(ListMerge *merge, ArrayType *lists)
{
	static Statement find = {
		.sql = "SELECT l.list_id, l.name, l.rule FROM ("
		"SELECT g.list_id, pg_catalog.min(g.place) AS place"
		" FROM pg_catalog.unnest($2) WITH ORDINALITY AS g(list_id, place)"
		" GROUP BY g.list_id) AS u JOIN customers.list l"
		" ON l.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND l.list_id OPERATOR(pg_catalog.=) u.list_id ORDER BY u.place",
		.types = {"customers.merchant_id", "customers.list_id[]"},
		.stable = true,
	};
	int			count = statement_run(&find, (NullableDatum[]) {
		bind_pointer(&merge->caller->merchant), bind_pointer(lists)
	});

	merge->list_count = count;
	merge->lists = palloc(count * sizeof(MergedList));
	merge->places = palloc(2 * count * sizeof(int));
	merge->current = palloc(2 * count * sizeof(int));
	merge->streams = palloc(2 * count * sizeof(MemberStream *));
	for (int i = 0; i < count; i++)
	{
		const Id   *list = DatumGetIdP(statement_get(i, 0));
		bool		fixed;
		Datum		rule = statement_value(i, 2, &fixed);

		merge->lists[i] = (MergedList) {*list, statement_string(i, 1)};
		if (fixed)
		{
			merge->streams[merge->stream_count++] = open_members(MEMBERS_LASTING, list, NULL, i);
			merge->streams[merge->stream_count++] = open_members(MEMBERS_EXPIRING, list, NULL, i);
		}
		else
			merge->streams[merge->stream_count++] =
				open_members(MEMBERS_MATCHING, list, DatumGetJsonPathPCopy(rule), i);
	}
}

/* advance goes behind the first member of a stream; false at its end. */
static inline bool
advance(ListMerge *merge, MemberStream *stream)
{
	return ++stream->next < stream->count ||
		fetch_members(merge->caller, merge->now, stream);
}

/* drop_stream forgets one that has ended; the others keep their order. */
static void
drop_stream(ListMerge *merge, int at)
{
	merge->stream_count--;
	memmove(&merge->streams[at], &merge->streams[at + 1],
			(merge->stream_count - at) * sizeof(MemberStream *));
}

ListMerge *
begin_merge(const Caller *caller, ArrayType *lists)
{
	ListMerge  *merge = palloc0(sizeof(ListMerge));
	const Id   *ids = (const Id *) ARR_DATA_PTR(lists);

	require_lists(caller, lists);
	for (int i = 1; i < ArrayGetNItems(ARR_NDIM(lists), ARR_DIMS(lists)); i++)
		if (compare_ids(&ids[0], &ids[i]) == 0)
			merge->first_repeated = true;

	merge->caller = caller;
	merge->now = GetCurrentTimestamp();
	merge->rules_level = begin_rules();
	find_lists(merge, lists);
	for (int i = merge->stream_count - 1; i >= 0; i--)
		if (!fetch_members(caller, merge->now, merge->streams[i]))
			drop_stream(merge, i);
	return merge;
}

bool
next_member(ListMerge *merge)
{
	for (int i = merge->place_count - 1; i >= 0; i--)
		if (!advance(merge, merge->streams[merge->current[i]]))
			drop_stream(merge, merge->current[i]);

	merge->place_count = 0;
	for (int i = 0; i < merge->stream_count; i++)
	{
		MemberStream *stream = merge->streams[i];
		const Id   *customer = &stream->ids[stream->next];
		int			order = merge->place_count == 0 ? -1 : compare_ids(customer, merge->customer);

		if (order > 0)
			continue;
		if (order < 0)
		{
			merge->customer = customer;
			merge->place_count = 0;
		}
		merge->current[merge->place_count] = i;
		merge->places[merge->place_count++] = stream->place;
	}
	return merge->place_count > 0;
}

void
end_merge(ListMerge *merge)
{
	end_rules(merge->rules_level);
}
