/*-------------------------------------------------------------------------
 *
 * position.c
 *	  Where events stand in the order of events_since().
 *
 * A position is an epoch and the number of the (top-level) transaction that
 * wrote the event.  Transactions commit in another order than that of their
 * numbers.  But whatever has a lower number than every transaction which was
 * running at a snapshot has ended by then: so below that number no row appears
 * later, and a reader who stays below it skips none.
 *
 * Numbers of transactions mean something only in the server that gave them.
 * When a dump is restored into another one, or one goes on from an earlier
 * moment of another's WAL, numbers are given that are used already, or lower
 * ones.  So table event_epoch has each server, and each timeline, that ever
 * wrote an event: the first event that a new one writes begins a new epoch.
 *
 * All that is of another server's epochs has been there before.  But a standby
 * that is promoted goes on with the numbers of its primary, and takes over its
 * prepared transactions: until they have ended, the epoch that they belong to has
 * not, whatever epoch others write in.
 *
 * A position may be higher than that of its transaction, so that none of a payment
 * is lower than the one before.  Nothing is skipped by that: whoever reads up to
 * there has waited for both transactions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/invalidation.h"
#include "base/statement.h"
#include "payment/position.h"

/* A position's lower bits hold the transaction's number. */
#define TRANSACTION_BITS 48
#define EPOCH_MAX PG_INT16_MAX

typedef struct Epoch
{
	int32		number;			/* 0: no event was ever written */
	int64		system_identifier;
	int32		timeline;
} Epoch;

static int64
make_position(int32 epoch, FullTransactionId transaction)
{
	uint64		number = U64FromFullTransactionId(transaction);

	if (number >> TRANSACTION_BITS != 0 || epoch > EPOCH_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("events have no positions left")));
	return ((int64) epoch << TRANSACTION_BITS) | (int64) number;
}

/* is_of_this_server says whether this server began the epoch, or its primary did. */
static bool
is_of_this_server(const Epoch *epoch)
{
	return epoch->number > 0 && epoch->system_identifier == (int64) GetSystemIdentifier();
}

/* is_ours says whether this server, as it runs now, began the epoch. */
static bool
is_ours(const Epoch *epoch)
{
	return is_of_this_server(epoch) && epoch->timeline == (int32) GetWALInsertionTimeLine();
}

/* read_epoch reads the last epoch, as the statement sees it. */
static Epoch
read_epoch(Statement *statement)
{
	Epoch		epoch = {0};

	if (statement_run(statement, NULL) > 0)
		epoch = (Epoch)
	{
		.number = DatumGetInt32(statement_get(0, 0)),
			.system_identifier = DatumGetInt64(statement_get(0, 1)),
			.timeline = DatumGetInt32(statement_get(0, 2))
	};
	return epoch;
}

#define SELECT_EPOCH \
	"SELECT epoch, system_identifier, timeline FROM customers.event_epoch" \
	" ORDER BY epoch DESC LIMIT 1"

/* begin_epoch begins the epoch after that, unless another has just done so. */
static void
begin_epoch(const Epoch *last)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.event_epoch"
		" (epoch, system_identifier, timeline, first_transaction, begun_at)"
		" VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
		.types = {"pg_catalog.int4", "pg_catalog.int8", "pg_catalog.int4", "pg_catalog.int8",
		"pg_catalog.timestamptz"},
	};
	uint64		first = is_of_this_server(last)
		? U64FromFullTransactionId(GetTopFullTransactionId()) : 0;

	statement_run(&insert, (NullableDatum[]) {
		bind(Int32GetDatum(last->number + 1)),
			bind(Int64GetDatum((int64) GetSystemIdentifier())),
			bind(Int32GetDatum((int32) GetWALInsertionTimeLine())),
			bind(Int64GetDatum((int64) first)),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
}

int64
current_position(void)
{
	static Statement find = {.sql = SELECT_EPOCH,.latest = true};
	static Epoch current;
	static uint64 cached_generation;
	uint64		generation = table_generation(WATCHED_EVENT_EPOCH);

	if (generation != cached_generation || !is_ours(&current))
	{
		current = read_epoch(&find);
		if (!is_ours(&current))
		{
			begin_epoch(&current);
			generation = table_generation(WATCHED_EVENT_EPOCH);
			current = read_epoch(&find);
		}
		if (!is_ours(&current))
			elog(ERROR, "the epoch of events was not begun");
		cached_generation = generation;
	}
	return make_position(current.number, GetTopFullTransactionId());
}

/* widen makes a full number of one that is not later than the next. */
static FullTransactionId
widen(TransactionId transaction)
{
	FullTransactionId next = ReadNextFullTransactionId();
	uint32		epoch = EpochFromFullTransactionId(next);

	if (transaction > XidFromFullTransactionId(next))
		epoch--;
	return FullTransactionIdFromEpochAndXid(epoch, transaction);
}

/* last_epoch is the last epoch that the calling query sees. */
static Epoch
last_epoch(void)
{
	static Statement find = {.sql = SELECT_EPOCH,.stable = true};

	return read_epoch(&find);
}

/* epoch_at is the last epoch before which no transaction from that one on wrote. */
static int32
epoch_at(FullTransactionId transaction)
{
	static Statement find = {
		.sql = "SELECT epoch FROM customers.event_epoch"
		" WHERE first_transaction OPERATOR(pg_catalog.<=) $1 ORDER BY epoch DESC LIMIT 1",
		.types = {"pg_catalog.int8"},
		.stable = true,
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind(Int64GetDatum((int64) U64FromFullTransactionId(transaction)))
	}) == 0)
		return 0;
	return DatumGetInt32(statement_get(0, 0));
}

/*
 * flush_what_is_seen writes to disk all that the active snapshot sees.  With
 * synchronous_commit off others see a transaction before it is there, and when a
 * crash loses it, its number is given again: a reader who had read its events
 * would skip those of the next one.
 */
static void
flush_what_is_seen(void)
{
	XLogRecPtr	end = GetXLogInsertRecPtr();

	/* Where the next record begins a page, the last one ended before the header. */
	if (XLogSegmentOffset(end, wal_segment_size) == SizeOfXLogLongPHD)
		end -= SizeOfXLogLongPHD;
	else if (end % XLOG_BLCKSZ == SizeOfXLogShortPHD)
		end -= SizeOfXLogShortPHD;
	XLogFlush(end);
}

int64
settled_position(void)
{
	Epoch		last = last_epoch();

	/* What a standby has came from a primary's disk. */
	if (!RecoveryInProgress())
		flush_what_is_seen();

	if (is_of_this_server(&last))
	{
		FullTransactionId oldest = widen(GetActiveSnapshot()->xmin);

		return make_position(epoch_at(oldest), oldest);
	}
	return make_position(last.number + 1, FirstNormalFullTransactionId);
}

bool
position_unknown(int64 position)
{
	Epoch		last = last_epoch();

	/* What a primary has given may not have come to its standby yet. */
	if (RecoveryInProgress())
		return false;
	return position >= (is_ours(&last)
						? make_position(last.number, ReadNextFullTransactionId())
						: make_position(last.number + 1, FirstNormalFullTransactionId));
}
