/*-------------------------------------------------------------------------
 *
 * payment_row.c
 *	  One payment: its row, under its lock.
 *
 * Every operation that changes a payment, one of its commits or its events
 * holds the lock of the payment's row first.  So at most one of them runs at a
 * time, events are numbered without gaps, and the clock read under the lock
 * never goes back from event to event by more than the clock itself does.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/row.h"
#include "payment/checkout.h"
#include "payment/event.h"
#include "payment/payment_row.h"

#define PAYMENT_KEY "merchant_id", "payment_id"
#define PAYMENT_KEY_TYPES "customers.merchant_id", "customers.payment_id"

/* What is read of a payment, in the order of the table. */
#define PAYMENT_COLUMNS \
	"customer_id", "amount_mode", "capture", "commits_limit", "expires_at", "amount", \
	"authorized", "received", "returned", "payment_method_id", "decline_class", \
	"declined", "status", "closed_at", "commits_used", "version", "event_position", \
	"event_hash", "row_hash"
#define PAYMENT_COLUMN_TYPES \
	"customers.customer_id", "pg_catalog.text", "pg_catalog.text", "pg_catalog.int4", \
	"pg_catalog.timestamptz", "customers.amount", "customers.amount", \
	"customers.amount", "customers.amount", "customers.payment_method_id", \
	"pg_catalog.text", "customers.amount", "pg_catalog.text", \
	"pg_catalog.timestamptz", "pg_catalog.int4", "pg_catalog.int4", \
	"pg_catalog.int8", "pg_catalog.bytea", "pg_catalog.bytea"
#define PAYMENT_COLUMN_COUNT 19

/* find_amount_mode reads the column, whose words the guard knows. */
static AmountMode
find_amount_mode(const char *word)
{
	return strcmp(word, "strict") == 0 ? AMOUNT_STRICT
		: strcmp(word, "editable") == 0 ? AMOUNT_EDITABLE
		: AMOUNT_EDITABLE_IF_INSUFFICIENT;
}

/* time_or_never reads a point in time; NULL is none, which never comes. */
static TimestampTz
time_or_never(NullableDatum value)
{
	return value.isnull ? DT_NOEND : DatumGetTimestampTz(value.value);
}

/* fill_payment takes over a row with PAYMENT_COLUMNS. */
static void
fill_payment(const Caller *caller, const Id *payment_id, const NullableDatum *row,
			 Payment *payment)
{
	char	   *status = TextDatumGetCString(row[12].value);

	*payment = (Payment)
	{
		.caller = caller,
			.now = GetCurrentTimestamp(),
			.payment_id = *payment_id,
			.customer_id = *DatumGetIdP(row[0].value),
			.amount_mode = find_amount_mode(TextDatumGetCString(row[1].value)),
			.manual_capture = strcmp(TextDatumGetCString(row[2].value), "manual") == 0,
			.commits_limit = DatumGetInt32(row[3].value),
			.expires_at = time_or_never(row[4]),
			.amount = *DatumGetAmountP(row[5].value),
			.authorized = *DatumGetAmountP(row[6].value),
			.received = *DatumGetAmountP(row[7].value),
			.returned = *DatumGetAmountP(row[8].value),
			.method_chosen = !row[9].isnull,
			.decline_class = find_decline_class(row[10].isnull ? NULL
												: TextDatumGetCString(row[10].value)),
			.declined = *DatumGetAmountP(row[11].isnull ? row[5].value : row[11].value),
			.status = find_payment_status(status, strlen(status)),
			.closed_at = time_or_never(row[13]),
			.commits_used = DatumGetInt32(row[14].value),
			.version = DatumGetInt32(row[15].value),
			.event_position = DatumGetInt64(row[16].value),
	};
	if (payment->method_chosen)
		payment->payment_method_id = *DatumGetIdP(row[9].value);
	get_hash(row[17].value, payment->event_hash);
	get_hash(row[18].value, payment->row_hash);
}

/* lock_row locks the row; false: there is none. */
static bool
lock_row(const Caller *caller, const Id *payment_id, Payment *payment)
{
	static RowStatement lock = {
		.table = "payment",
		.keys = 2,
		.columns = {PAYMENT_KEY, PAYMENT_COLUMNS},
		.types = {PAYMENT_KEY_TYPES, PAYMENT_COLUMN_TYPES},
		.lock = LCS_FORNOKEYUPDATE,
	};
	NullableDatum row[PAYMENT_COLUMN_COUNT];

	if (!row_read(&lock, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(payment_id)
	}, row))
		return false;
	fill_payment(caller, payment_id, row, payment);
	return true;
}

void
lock_payment(const Caller *caller, const Id *payment_id, Payment *payment)
{
	require_own_payment(caller, payment_id);
	if (!lock_row(caller, payment_id, payment))
		report_no_such_payment(payment_id);
	confirm_checkout(payment);
	payment->row_key = key_of_row(payment);
}

void
lock_payment_of_commit(const Caller *caller, const Id *commit_id, Payment *payment)
{
	static RowStatement find = {
		.table = "payment_commit",
		.keys = 2,
		.columns = {"merchant_id", "commit_id", "payment_id"},
		.types = {"customers.merchant_id", "customers.commit_id", "customers.payment_id"},
	};
	NullableDatum row[1];
	Id			payment_id;

	if (!row_read(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(commit_id)
	}, row))
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("commit \"%s\" does not exist",
						id_string(&commit_id_type, commit_id))));
	payment_id = *DatumGetIdP(row[0].value);
	if (!lock_row(caller, &payment_id, payment))
		report_no_such_payment(&payment_id);
	payment->row_key = key_of_row(payment);
}

void
read_payment(const Caller *caller, const Id *payment_id, Payment *payment)
{
	static RowStatement find = {
		.table = "payment",
		.keys = 2,
		.columns = {PAYMENT_KEY, PAYMENT_COLUMNS},
		.types = {PAYMENT_KEY_TYPES, PAYMENT_COLUMN_TYPES},
		.stable = true,
	};
	NullableDatum row[PAYMENT_COLUMN_COUNT];

	require_own_payment(caller, payment_id);
	if (!row_read(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(payment_id)
	}, row))
		report_no_such_payment(payment_id);
	fill_payment(caller, payment_id, row, payment);
}

void
update_payment(const Payment *payment)
{
	static RowStatement update = {
		.table = "payment",
		.keys = 2,
		.columns = {PAYMENT_KEY, "amount", "authorized", "received", "returned",
			"payment_method_id", "decline_class", "declined", "status", "closed_at",
		"commits_used", "version", "updated_at", "event_position", "event_hash", "row_hash"},
		.types = {PAYMENT_KEY_TYPES, "customers.amount", "customers.amount",
			"customers.amount", "customers.amount", "customers.payment_method_id",
			"pg_catalog.text", "customers.amount", "pg_catalog.text",
			"pg_catalog.timestamptz", "pg_catalog.int4", "pg_catalog.int4",
			"pg_catalog.timestamptz", "pg_catalog.int8", "pg_catalog.bytea",
		"pg_catalog.bytea"},
	};
	bool		declined = payment->decline_class != DECLINE_NONE;

	row_update(&update, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant),
			bind_pointer(&payment->payment_id),
			bind_pointer(&payment->amount),
			bind_pointer(&payment->authorized),
			bind_pointer(&payment->received),
			bind_pointer(&payment->returned),
			bind_pointer(payment->method_chosen ? &payment->payment_method_id : NULL),
			bind_string(decline_class_names[payment->decline_class]),
			bind_pointer(declined ? &payment->declined : NULL),
			bind_string(payment_status_names[payment->status]),
			payment->closed_at == DT_NOEND ? bind_null()
			: bind(TimestampTzGetDatum(payment->closed_at)),
			bind(Int32GetDatum(payment->commits_used)),
			bind(Int32GetDatum(payment->version)),
			bind(TimestampTzGetDatum(payment->now)),
			bind(Int64GetDatum(payment->event_position)),
			bind_bytes(payment->event_hash, CHAIN_DIGEST_SIZE),
			bind_bytes(payment->row_hash, CHAIN_DIGEST_SIZE)
	});
}
