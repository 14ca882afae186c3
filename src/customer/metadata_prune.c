/*-------------------------------------------------------------------------
 *
 * metadata_prune.c
 *	  prune_metadata_access(): the end of old records of who read metadata.
 *
 * The guard of the table (merchant/prune.c) lets nothing else delete a row.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/timestamp.h"

#include "merchant/prune.h"
#include "type/id.h"

PG_FUNCTION_INFO_V1(prune_metadata_access);

/*
 * first_id_of is the least id that can be made at a time: the index has the
 * reads in the order of their ids, which is that of time.
 */
static Id
first_id_of(TimestampTz at)
{
	TimestampTz epoch = SetEpochTimestamp();
	int64		milliseconds = at > epoch ? (at - epoch) / 1000 : 0;
	Id			id = {0};

	for (int i = 0; i < 6; i++)
		id.data[i] = (milliseconds >> (40 - 8 * i)) & 0xFF;
	return id;
}

/* delete_batch deletes up to max_count of the oldest rows; returns how many. */
static uint64
delete_batch(const Caller *caller, TimestampTz before, int64 max_count)
{
	static Statement delete = {
		.sql = "DELETE FROM customers.metadata_access"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND access_id OPERATOR(pg_catalog.=) ANY (ARRAY("
		"SELECT access_id FROM customers.metadata_access"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND access_id OPERATOR(pg_catalog.<) $2 AND at OPERATOR(pg_catalog.<) $3"
		" ORDER BY access_id LIMIT $4))",
		.types = {"customers.merchant_id", "pg_catalog.uuid", "pg_catalog.timestamptz",
		"pg_catalog.int8"},
	};
	Id			end = first_id_of(before);

	return delete_guarded("metadata_access", &delete, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(&end),
			bind(TimestampTzGetDatum(before)), bind(Int64GetDatum(max_count))
	});
}

/* prune_metadata_access(before, max_count) int8: how many rows are gone */
Datum
prune_metadata_access(PG_FUNCTION_ARGS)
{
	static const PrunedTable table = {"the record of who read metadata", delete_batch};

	return prune_table(fcinfo, &table);
}
