/*-------------------------------------------------------------------------
 *
 * payment.c
 *	  One payment: its row under lock, and how an event changes it.
 *
 * Every operation that changes a payment, one of its commits or its events
 * holds the lock of the payment's row first.  So at most one of them runs at a
 * time, events are numbered without gaps, and the clock read under the lock
 * never goes back from event to event by more than the clock itself does.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/int.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/statement.h"
#include "payment/checkout.h"
#include "payment/event.h"
#include "payment/method.h"

#define PAYMENT_COLUMNS \
	"p.payment_id, p.customer_id, p.status, p.version, p.amount, p.authorized," \
	" p.received, p.returned, p.commits_used, p.commits_limit, p.amount_mode," \
	" p.capture, p.payment_method_id, p.decline_class, p.declined, p.expires_at," \
	" p.event_hash, p.row_hash, p.event_position"

/* fill_payment takes over the row of the last statement. */
static void
fill_payment(const Caller *caller, Payment *payment)
{
	char	   *word;
	Datum		value;
	bool		isnull;

	memset(payment, 0, sizeof(Payment));
	payment->caller = caller;
	payment->now = GetCurrentTimestamp();
	payment->payment_id = *DatumGetIdP(statement_get(0, 0));
	payment->customer_id = *DatumGetIdP(statement_get(0, 1));
	word = statement_string(0, 2);
	payment->status = find_payment_status(word, strlen(word));
	payment->version = DatumGetInt32(statement_get(0, 3));
	payment->amount = *DatumGetAmountP(statement_get(0, 4));
	payment->authorized = *DatumGetAmountP(statement_get(0, 5));
	payment->received = *DatumGetAmountP(statement_get(0, 6));
	payment->returned = *DatumGetAmountP(statement_get(0, 7));
	payment->commits_used = DatumGetInt32(statement_get(0, 8));
	payment->commits_limit = DatumGetInt32(statement_get(0, 9));
	word = statement_string(0, 10);
	payment->amount_mode = strcmp(word, "strict") == 0 ? AMOUNT_STRICT
		: strcmp(word, "editable") == 0 ? AMOUNT_EDITABLE
		: AMOUNT_EDITABLE_IF_INSUFFICIENT;
	payment->manual_capture = strcmp(statement_string(0, 11), "manual") == 0;
	value = statement_value(0, 12, &isnull);
	payment->method_chosen = !isnull;
	if (!isnull)
		payment->payment_method_id = *DatumGetIdP(value);
	payment->decline_class = find_decline_class(statement_string(0, 13));
	value = statement_value(0, 14, &isnull);
	payment->declined = isnull ? payment->amount : *DatumGetAmountP(value);
	value = statement_value(0, 15, &isnull);
	payment->expires_at = isnull ? DT_NOEND : DatumGetTimestampTz(value);
	get_hash(0, 16, payment->event_hash);
	get_hash(0, 17, payment->row_hash);
	payment->event_position = DatumGetInt64(statement_get(0, 18));
}

void
lock_payment(const Caller *caller, const Id *payment_id, Payment *payment)
{
	static Statement lock = {
		.sql = "SELECT " PAYMENT_COLUMNS " FROM customers.payment p"
		" WHERE p.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND p.payment_id OPERATOR(pg_catalog.=) $2"
		" FOR NO KEY UPDATE",
		.types = {"customers.merchant_id", "customers.payment_id"},
	};

	require_own_payment(caller, payment_id);
	if (statement_run(&lock, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(payment_id)
	}) == 0)
		report_no_such_payment(payment_id);
	fill_payment(caller, payment);
	confirm_checkout(payment);
	payment->row_key = key_of_row(payment);
}

void
lock_payment_of_commit(const Caller *caller, const Id *commit_id, Payment *payment)
{
	static Statement lock = {
		.sql = "SELECT " PAYMENT_COLUMNS " FROM customers.payment p"
		" WHERE p.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND p.payment_id OPERATOR(pg_catalog.=) (SELECT c.payment_id"
		" FROM customers.payment_commit c"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.commit_id OPERATOR(pg_catalog.=) $2)"
		" FOR NO KEY UPDATE OF p",
		.types = {"customers.merchant_id", "customers.commit_id"},
	};

	if (statement_run(&lock, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(commit_id)
	}) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("commit \"%s\" does not exist",
						id_string(&commit_id_type, commit_id))));
	fill_payment(caller, payment);
	payment->row_key = key_of_row(payment);
}

void
read_payment(const Caller *caller, const Id *payment_id, Payment *payment)
{
	static Statement find = {
		.sql = "SELECT " PAYMENT_COLUMNS " FROM customers.payment p"
		" WHERE p.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND p.payment_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.payment_id"},
		.stable = true,
	};

	require_own_payment(caller, payment_id);
	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(payment_id)
	}) == 0)
		report_no_such_payment(payment_id);
	fill_payment(caller, payment);
}

/* store writes the payment and its event. */
static void
store(const Payment *payment, const Event *event)
{
	static Statement update = {
		.sql = "WITH event AS (INSERT INTO customers.payment_event"
		" (merchant_id, payment_id, sequence, event, from_status, to_status, actor,"
		" commit_id, value, detail, at, position, key_id, hash, customer_id)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $21, $22, $23, $25))"
		" UPDATE customers.payment SET status = $6, version = $3, amount = $12,"
		" authorized = $13, received = $14, returned = $15, commits_used = $16,"
		" payment_method_id = $17, decline_class = $18, declined = $19,"
		" closed_at = CASE WHEN $20 THEN COALESCE(closed_at, $11) END, updated_at = $11,"
		" event_hash = $23, row_hash = $24, event_position = $21"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.payment_id", "pg_catalog.int4",
			"pg_catalog.text", "pg_catalog.text", "pg_catalog.text", "pg_catalog.text",
			"customers.commit_id", "customers.amount", "pg_catalog.text",
			"pg_catalog.timestamptz", "customers.amount", "customers.amount",
			"customers.amount", "customers.amount", "pg_catalog.int4",
			"customers.payment_method_id", "pg_catalog.text", "customers.amount",
			"pg_catalog.bool", "pg_catalog.int8", "pg_catalog.int4", "pg_catalog.bytea",
		"pg_catalog.bytea", "customers.customer_id"},
	};
	bool		declined = payment->decline_class != DECLINE_NONE;

	statement_run(&update, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant),
			bind_pointer(&payment->payment_id),
			bind(Int32GetDatum(event->sequence)),
			bind_string(event->event),
			bind_string(event->from_status),
			bind_string(event->to_status),
			bind_string(event->actor),
			bind_pointer(event->commit),
			bind_pointer(event->value),
			bind_string(event->detail),
			bind(TimestampTzGetDatum(event->at)),
			bind_pointer(&payment->amount),
			bind_pointer(&payment->authorized),
			bind_pointer(&payment->received),
			bind_pointer(&payment->returned),
			bind(Int32GetDatum(payment->commits_used)),
			bind_pointer(payment->method_chosen ? &payment->payment_method_id : NULL),
			bind_string(decline_class_names[payment->decline_class]),
			bind_pointer(declined ? &payment->declined : NULL),
			bind(BoolGetDatum(payment_status_final(payment->status))),
			bind(Int64GetDatum(event->position)),
			bind_chain_key(event->key_id),
			bind_bytes(event->hash, CHAIN_DIGEST_SIZE),
			bind_bytes(payment->row_hash, CHAIN_DIGEST_SIZE),
			bind_pointer(&event->customer)
	});
}

void
apply_event(Payment *payment, PaymentEvent event, const EventSubject *subject)
{
	PaymentStatus from = payment->status;
	Counters	counters = {
		.amount = payment->amount.minor_units,
		.authorized = payment->authorized.minor_units,
		.received = payment->received.minor_units,
		.commits_used = payment->commits_used,
		.commits_limit = payment->commits_limit,
		.commit_open = subject->commit_open,
		.released = subject->released,
	};
	const Transition *transition = find_transition(from, event, &counters);
	Event		row;

	if (transition == NULL)
		elog(ERROR, "no transition of event \"%s\" from status \"%s\"",
			 payment_event_names[event], payment_status_names[from]);
	payment->status = transition->to;
	payment->version++;
	row = (Event)
	{
		.customer = payment->customer_id,
			.sequence = payment->version,
			.event = payment_event_names[event],
			.from_status = payment_status_names[from],
			.to_status = payment_status_names[payment->status],
			.actor = actor_names[transition->actor],
			.commit = subject->commit,
			.value = subject->value,
			.detail = subject->detail,
			.at = payment->now
	};
	complete_event(payment, &row);
	store(payment, &row);
	if (payment_status_final(payment->status) && !payment_status_final(from))
		remove_methods_of_payment(payment);
}

Amount
payment_balance(const Payment *payment)
{
	Amount		balance = payment->amount;

	/* Counters aren't negative, so only the sum below zero can't overflow. */
	balance.minor_units -= payment->received.minor_units;
	if (balance.minor_units > 0)
		balance.minor_units -= payment->authorized.minor_units;
	balance.minor_units = Max(balance.minor_units, 0);
	return balance;
}

void
change_counter(Amount *amount, int64 minor_units)
{
	if (pg_add_s64_overflow(amount->minor_units, minor_units, &amount->minor_units))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("amount out of range")));
}
