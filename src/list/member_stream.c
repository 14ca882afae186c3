/*-------------------------------------------------------------------------
 *
 * member_stream.c
 *	  The members of one list in the order of their ids, fetched piece by piece.
 *
 * All statements read in the snapshot of the calling query, so that the pieces
 * fit together.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/guc.h"

#include "base/statement.h"
#include "list/document.h"
#include "list/member_stream.h"
#include "list/segment.h"

/* Members that are fetched at once from items. */
#define ROWS_AT_ONCE 1000
#define LIMIT_ROWS	" LIMIT " CppAsString2(ROWS_AT_ONCE)

/* Customers that a rule is asked about at once. */
#define CUSTOMERS_AT_ONCE 10000

/*
 * Segments at most: they are copied, and what takes much memory at once is
 * given back to the system and costs page faults each time.
 */
#define SEGMENTS_AT_ONCE 16

MemberStream *
open_members(MemberKind kind, const Id *list, JsonPath *rule, int place)
{
	MemberStream *stream = palloc0(sizeof(MemberStream));

	stream->kind = kind;
	stream->list = *list;
	stream->rule = rule;
	stream->place = place;
	stream->after = first_id;
	stream->room = ROWS_AT_ONCE;
	stream->ids = palloc(stream->room * sizeof(Id));
	stream->segments = 1;
	return stream;
}

/* add_members appends an array to the piece. */
static void
add_members(MemberStream *stream, const Id *ids, int count)
{
	if (stream->count + count > stream->room)
	{
		stream->room = Max(stream->count + count, Max(CUSTOMERS_AT_ONCE, SEGMENTS_AT_ONCE * SEGMENT_SIZE));
		stream->ids = repalloc(stream->ids, stream->room * sizeof(Id));
	}
	memcpy(stream->ids + stream->count, ids, count * sizeof(Id));
	stream->count += count;
}

/*
 * add_rows appends what a statement has found up to an id; it found count rows
 * with customers in their order, and as many as it may if there can be more.
 */
static void
add_rows(MemberStream *stream, uint64 count, const Id *upto)
{
	for (uint64 i = 0; i < count; i++)
		add_members(stream, DatumGetIdP(statement_get(i, 0)), 1);
	stream->after = count < ROWS_AT_ONCE ? *upto : stream->ids[stream->count - 1];
	stream->ended = compare_ids(&stream->after, &last_id) == 0;
}

/*
 * add_segments appends the next segments as long as there is no gap before
 * them, and returns where the gap ends.
 */
static Id
add_segments(const Caller *caller, MemberStream *stream)
{
	static Statement find = {
		.sql = "SELECT s.after, s.upto, s.customers FROM customers.list_segment s"
		" WHERE s.merchant_id OPERATOR(pg_catalog.=) $1 AND s.list_id OPERATOR(pg_catalog.=) $2"
		" AND s.upto OPERATOR(pg_catalog.>) $3 ORDER BY s.upto LIMIT $4",
		.types = {"customers.merchant_id", "customers.list_id", "customers.customer_id",
		"pg_catalog.int8"},
		.stable = true,
	};
	uint64		count = statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(&stream->list),
			bind_pointer(&stream->after), bind(Int64GetDatum(stream->segments))
	});

	/* Where there are many gaps, further segments would be fetched in vain. */
	stream->segments = Min(stream->segments * 2, SEGMENTS_AT_ONCE);
	for (uint64 i = 0; i < count; i++)
	{
		const Id   *after = DatumGetIdP(statement_get(i, 0));
		ArrayType  *customers;

		if (compare_ids(after, &stream->after) > 0)
		{
			stream->segments = 1;
			return *after;
		}
		customers = DatumGetArrayTypeP(statement_get(i, 2));
		add_members(stream, (const Id *) ARR_DATA_PTR(customers),
					ArrayGetNItems(ARR_NDIM(customers), ARR_DIMS(customers)));
		stream->after = *DatumGetIdP(statement_get(i, 1));
	}
	return last_id;
}

/*
 * fetch_lasting fetches segments, or items where there are none.  A serializable
 * transaction always reads items: a segment that it has read may be replaced, and
 * then PostgreSQL doesn't see who changes what the transaction has read.
 */
static void
fetch_lasting(const Caller *caller, MemberStream *stream)
{
	static Statement find = {
		.sql = "SELECT i.customer_id FROM customers.list_item i"
		" WHERE i.merchant_id OPERATOR(pg_catalog.=) $1 AND i.list_id OPERATOR(pg_catalog.=) $2"
		" AND i.customer_id OPERATOR(pg_catalog.>) $3"
		" AND i.customer_id OPERATOR(pg_catalog.<=) $4"
		" AND i.expires_at IS NULL ORDER BY i.customer_id" LIMIT_ROWS,
		.types = {"customers.merchant_id", "customers.list_id", "customers.customer_id",
		"customers.customer_id"},
		.stable = true,
	};
	Id			upto = IsolationIsSerializable() ? last_id : add_segments(caller, stream);

	if (stream->count == 0)
		add_rows(stream, statement_run(&find, (NullableDatum[]) {
			bind_pointer(&caller->merchant), bind_pointer(&stream->list),
				bind_pointer(&stream->after), bind_pointer(&upto)
		}), &upto);
}

static void
fetch_expiring(const Caller *caller, TimestampTz now, MemberStream *stream)
{
	static Statement find = {
		.sql = "SELECT i.customer_id FROM customers.list_item i"
		" WHERE i.merchant_id OPERATOR(pg_catalog.=) $1 AND i.list_id OPERATOR(pg_catalog.=) $2"
		" AND i.customer_id OPERATOR(pg_catalog.>) $4"
		" AND i.expires_at IS NOT NULL AND " ITEM_IN_FORCE
		" ORDER BY i.customer_id" LIMIT_ROWS,
		.types = {"customers.merchant_id", "customers.list_id", "pg_catalog.timestamptz",
		"customers.customer_id"},
		.stable = true,
	};

	add_rows(stream, statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(&stream->list),
			bind(TimestampTzGetDatum(now)), bind_pointer(&stream->after)
	}), &last_id);
}

/* last_asked is the last id of the customers that a rule is asked about at once. */
static Id
last_asked(const Caller *caller, const Id *after)
{
	static Statement find = {
		.sql = "SELECT c.customer_id FROM customers.customer c"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.customer_id OPERATOR(pg_catalog.>) $2"
		" ORDER BY c.customer_id OFFSET " CppAsString2(CUSTOMERS_AT_ONCE) " LIMIT 1",
		.types = {"customers.merchant_id", "customers.customer_id"},
		.stable = true,
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(after)
	}) == 0)
		return last_id;
	return *DatumGetIdP(statement_get(0, 0));
}

/*
 * fetch_matching asks the rule about the next customers.  There is an end to
 * them, so that what the rule reads of payments is summed up for them only.  Few
 * are expected between two ids where statistics are missing or old; a nested loop
 * would then sum up all the payments for each of them.  The join with the rule
 * has to be one all the same, and its price alone would turn on JIT.
 */
static void
fetch_matching(const Caller *caller, TimestampTz now, MemberStream *stream)
{
	static Statement find = {
		.sql = "SELECT m.customer_id FROM (" MATCHES_OF(
			"SELECT $4 AS rule",
			" AND customer_id OPERATOR(pg_catalog.>) $5"
			" AND customer_id OPERATOR(pg_catalog.<=) $6") ") AS m ORDER BY m.customer_id",
		.types = {"customers.merchant_id", "customers.list_id", "pg_catalog.timestamptz",
		"pg_catalog.jsonpath", "customers.customer_id", "customers.customer_id"},
		.stable = true,
		.whole = true,
	};
	static const char *const off[] = {"enable_nestloop", "jit"};
	Id			upto = last_asked(caller, &stream->after);
	int			level = NewGUCNestLevel();
	uint64		count;

	for (size_t i = 0; i < lengthof(off); i++)
		(void) set_config_option(off[i], "off", PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
	count = statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(&stream->list),
			bind(TimestampTzGetDatum(now)), bind_pointer(stream->rule),
			bind_pointer(&stream->after), bind_pointer(&upto)
	});
	AtEOXact_GUC(true, level);

	for (uint64 i = 0; i < count; i++)
		add_members(stream, DatumGetIdP(statement_get(i, 0)), 1);
	stream->after = upto;
	stream->ended = compare_ids(&upto, &last_id) == 0;
}

bool
fetch_members(const Caller *caller, TimestampTz now, MemberStream *stream)
{
	stream->count = 0;
	stream->next = 0;
	while (stream->count == 0 && !stream->ended)
	{
		CHECK_FOR_INTERRUPTS();
		switch (stream->kind)
		{
			case MEMBERS_LASTING:
				fetch_lasting(caller, stream);
				break;
			case MEMBERS_EXPIRING:
				fetch_expiring(caller, now, stream);
				break;
			case MEMBERS_MATCHING:
				fetch_matching(caller, now, stream);
				break;
		}
	}
	return stream->count > 0;
}
