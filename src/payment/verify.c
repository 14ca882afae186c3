/*-------------------------------------------------------------------------
 *
 * verify.c
 *	  verify_payment() and payment_faults(): is a payment as its events say?
 *
 * Three things are checked: that each event is there and has the hash that the
 * merchant's chain key makes of it and of the event before; that the row has the
 * hash which that key makes of it and of the last event; and that the events tell
 * a story (story.h) which the machine allows and which ends in the row.  The story is
 * worth its own check: it finds faults of operations, and where there is no key.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "payment/chain.h"
#include "payment/story.h"

PG_FUNCTION_INFO_V1(verify_payment);
PG_FUNCTION_INFO_V1(payment_faults);

/* Where the faults go. */
typedef struct Findings
{
	int			count;
	ReturnSetInfo *rows;		/* NULL: they are only counted */
} Findings;

/* The fault is of the event with that sequence; 0: of the payment's row. */
static void
add_fault(Findings *findings, int sequence, const char *fault)
{
	findings->count++;
	if (findings->rows)
	{
		Datum		values[] = {Int32GetDatum(sequence), CStringGetTextDatum(fault)};
		bool		nulls[] = {sequence == 0, false};

		tuplestore_putvalues(findings->rows->setResult, findings->rows->setDesc, values, nulls);
	}
}

/* copy_value copies a value of fixed length of the last statement; NULL for NULL. */
static void *
copy_value(uint64 row, int column, size_t size)
{
	bool		isnull;
	Datum		value = statement_value(row, column, &isnull);

	return isnull ? NULL : memcpy(palloc(size), DatumGetPointer(value), size);
}

/* read_events reads the payment's events. */
static Event *
read_events(const Payment *payment, int *count)
{
	static Statement find = {
		.sql = "SELECT sequence, event, from_status, to_status, actor, commit_id, value,"
		" detail, at, position, COALESCE(key_id, 0), hash, customer_id FROM customers.payment_event"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2 ORDER BY sequence",
		.types = {"customers.merchant_id", "customers.payment_id"},
		.stable = true,
	};
	Event	   *events;

	*count = (int) statement_run(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->payment_id)
	});
	events = palloc_extended(sizeof(Event) * (*count + 1), MCXT_ALLOC_HUGE);
	for (int i = 0; i < *count; i++)
	{
		events[i] = (Event)
		{
			.customer = *DatumGetIdP(statement_get(i, 12)),
				.sequence = DatumGetInt32(statement_get(i, 0)),
				.event = statement_string(i, 1),
				.from_status = statement_string(i, 2),
				.to_status = statement_string(i, 3),
				.actor = statement_string(i, 4),
				.commit = copy_value(i, 5, sizeof(Id)),
				.value = copy_value(i, 6, sizeof(Amount)),
				.detail = statement_string(i, 7),
				.at = DatumGetTimestampTz(statement_get(i, 8)),
				.position = DatumGetInt64(statement_get(i, 9)),
				.key_id = DatumGetInt32(statement_get(i, 10))
		};
		get_hash(statement_get(i, 11), events[i].hash);
	}
	return events;
}

/* check_hash checks an event's link to the one before, if that is there. */
static void
check_hash(Findings *findings, const Payment *payment, const Story *story, const Event *event)
{
	unsigned char hash[CHAIN_DIGEST_SIZE];

	if (event->key_id == NO_CHAIN_KEY && chain_keys_expected())
		add_fault(findings, event->sequence, "unkeyed");
	if (event->sequence > 1 && story->hash == NULL)
		return;
	if (!hash_event(payment, event, story->hash, story->key_id, hash))
		add_fault(findings, event->sequence, "key missing");
	else if (memcmp(hash, event->hash, CHAIN_DIGEST_SIZE) != 0)
		add_fault(findings, event->sequence, "altered");
}

/*
 * check_event checks the event that comes next in the story.  Of missing ones it
 * tells the first.
 */
static void
check_event(Findings *findings, const Payment *payment, Story *story, const Event *event)
{
	if (event->sequence != story->last + 1)
	{
		add_fault(findings, story->last + 1, "missing");
		story->hash = NULL;
	}
	else if (!event_follows(story, event))
		add_fault(findings, event->sequence, "no such transition");
	check_hash(findings, payment, story, event);
	tell_event(story, event);
}

/* read_times reads the times of the payment's row. */
static void
read_times(const Payment *payment, TimestampTz *updated_at, TimestampTz *closed_at)
{
	static Statement find = {
		.sql = "SELECT updated_at, COALESCE(closed_at, 'infinity') FROM customers.payment"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.payment_id"},
		.stable = true,
	};

	statement_run(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->payment_id)
	});
	*updated_at = DatumGetTimestampTz(statement_get(0, 0));
	*closed_at = DatumGetTimestampTz(statement_get(0, 1));
}

/* check_row checks the row where the story has ended. */
static void
check_row(Findings *findings, const Payment *payment, const Story *story)
{
	unsigned char hash[CHAIN_DIGEST_SIZE];
	TimestampTz updated_at;
	TimestampTz closed_at;

	if (payment->version > story->last)
		add_fault(findings, story->last + 1, "missing");
	if (story->last == 0)
		return;
	if (payment->version < story->last)
		add_fault(findings, 0, "version");
	if (strcmp(payment_status_names[payment->status], story->status) != 0)
		add_fault(findings, 0, "status");
	if (compare_amounts(&payment->amount, &story->amount) != 0)
		add_fault(findings, 0, "amount");
	if (payment->received.minor_units != story->received)
		add_fault(findings, 0, "received");
	if (payment->returned.minor_units != story->returned)
		add_fault(findings, 0, "returned");
	if (payment->commits_used != story->commits_used)
		add_fault(findings, 0, "commits_used");

	read_times(payment, &updated_at, &closed_at);
	if (updated_at != story->updated_at)
		add_fault(findings, 0, "updated_at");
	if (closed_at != story->closed_at)
		add_fault(findings, 0, "closed_at");

	if (memcmp(payment->event_hash, story->hash, CHAIN_DIGEST_SIZE) != 0)
		add_fault(findings, 0, "event_hash");
	else if (!hash_row(payment, story->key_id, hash) ||
			 memcmp(hash, payment->row_hash, CHAIN_DIGEST_SIZE) != 0)
		add_fault(findings, 0, "altered");
}

/* examine looks for the faults of a payment. */
static void
examine(const Id *payment_id, Findings *findings)
{
	Story		story = {.closed_at = DT_NOEND};
	Caller		caller;
	Payment		payment;
	Event	   *events;
	int			count;

	enter_store(&caller);
	read_payment(&caller, payment_id, &payment);
	events = read_events(&payment, &count);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		check_event(findings, &payment, &story, &events[i]);
	}
	check_row(findings, &payment, &story);
	leave_store(&caller);
}

/* verify_payment(payment) bool */
Datum
verify_payment(PG_FUNCTION_ARGS)
{
	Findings	findings = {0};

	examine(DatumGetIdP(PG_GETARG_DATUM(0)), &findings);
	PG_RETURN_BOOL(findings.count == 0);
}

/* payment_faults(payment) table(sequence, fault) */
Datum
payment_faults(PG_FUNCTION_ARGS)
{
	Findings	findings = {.rows = (ReturnSetInfo *) fcinfo->resultinfo};

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	examine(DatumGetIdP(PG_GETARG_DATUM(0)), &findings);
	return (Datum) 0;
}
