/*-------------------------------------------------------------------------
 *
 * outbox.c
 *	  events_since() and the notifications: how others hear of events.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "commands/async.h"
#include "common/string.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "base/argument.h"
#include "base/setting.h"
#include "base/statement.h"
#include "payment/event.h"
#include "payment/position.h"

#define CHANNEL "customers_payment"

PG_FUNCTION_INFO_V1(events_since);

/* An event that was read: those that come after it are asked for. */
typedef struct Cursor
{
	int64		position;
	Id			payment_id;
	int32		sequence;
} Cursor;

/* PostgreSQL drops what a transaction notifies twice. */
void
announce_payment(const Payment *payment)
{
	char		payload[2 * ID_TEXT_SIZE];
	size_t		length;

	if (!setting_notify)
		return;
	id_to_text(&merchant_id_type, &payment->caller->merchant, payload);
	length = strlen(payload);
	payload[length] = ' ';
	id_to_text(&payment_id_type, &payment->payment_id, payload + length + 1);
	Async_Notify(CHANNEL, payload);
}

/*
 * read_cursor reads a cursor that events_since() made: a position, a payment and a
 * sequence, with points between them.
 */
static bool
read_cursor(const char *text, Cursor *cursor)
{
	const char *payment = strchr(text, '.');
	const char *sequence = payment ? strchr(payment + 1, '.') : NULL;
	char	   *end;

	if (sequence == NULL || !isdigit((unsigned char) text[0]) ||
		!isdigit((unsigned char) sequence[1]) ||
		text_to_id(&payment_id_type, payment + 1, sequence - payment - 1,
				   &cursor->payment_id, &(size_t) {0}) != ID_VALID)
		return false;
	errno = 0;
	cursor->position = strtoi64(text, &end, 10);
	if (errno != 0 || end != payment)
		return false;
	cursor->sequence = strtoint(sequence + 1, &end, 10);
	return errno == 0 && *end == '\0';
}

/* require_cursor reads the argument; NULL is the beginning of all. */
static Cursor
require_cursor(const text *argument)
{
	Cursor		cursor = {0};

	if (argument && !read_cursor(text_to_cstring(argument), &cursor))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid cursor"),
				 errhint("Give the next_cursor of the last row that was read, or null to begin.")));
	return cursor;
}

/*
 * events_since(cursor, max_count) table(payment_id, sequence, event, from_status,
 *		to_status, actor, commit_id, value, detail, at, next_cursor)
 */
Datum
events_since(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT payment_id, sequence, event, from_status, to_status, actor, commit_id,"
		" value, detail, at, pg_catalog.concat_ws('.', position, payment_id, sequence)"
		" FROM customers.payment_event"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND ROW(position, payment_id, sequence) OPERATOR(pg_catalog.>) ROW($2, $3, $4)"
		" AND position OPERATOR(pg_catalog.<) $5"
		" ORDER BY position, payment_id, sequence LIMIT $6",
		.types = {"customers.merchant_id", "pg_catalog.int8", "customers.payment_id",
		"pg_catalog.int4", "pg_catalog.int8", "pg_catalog.int4"},
		.stable = true,
	};
	Cursor		cursor = require_cursor(PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0));
	int			max_count;
	Caller		caller;

	require_arguments(fcinfo, (const char *const[]) {NULL, "max_count"});
	max_count = PG_GETARG_INT32(1);
	check_max_count(max_count);

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	if (position_unknown(cursor.position))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cursor is of a later history than this store has"),
				 errhint("It comes from another copy of the store. Begin with null, and skip the events that are known by payment and sequence.")));
	statement_return_rows(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind(Int64GetDatum(cursor.position)),
			bind_pointer(&cursor.payment_id), bind(Int32GetDatum(cursor.sequence)),
			bind(Int64GetDatum(settled_position())), bind(Int32GetDatum(max_count))
	}, (ReturnSetInfo *) fcinfo->resultinfo);
	leave_store(&caller);
	return (Datum) 0;
}
