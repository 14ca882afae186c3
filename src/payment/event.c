/*-------------------------------------------------------------------------
 *
 * event.c
 *	  The next event of a payment, and payment_events(): all that happened to it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "base/row.h"
#include "payment/chain.h"
#include "payment/position.h"
#include "vault/chain_key.h"

PG_FUNCTION_INFO_V1(payment_events);

void
get_hash(Datum value, unsigned char *hash)
{
	bytea	   *stored = DatumGetByteaPP(value);

	if (VARSIZE_ANY_EXHDR(stored) == CHAIN_DIGEST_SIZE)
		memcpy(hash, VARDATA_ANY(stored), CHAIN_DIGEST_SIZE);
	else
		memset(hash, 0, CHAIN_DIGEST_SIZE);
}

/* has_row_hash says whether the row has the hash that the key makes of it. */
static bool
has_row_hash(const Payment *payment, int32 key_id)
{
	unsigned char hash[CHAIN_DIGEST_SIZE];

	return hash_row(payment, key_id, hash) &&
		memcmp(hash, payment->row_hash, CHAIN_DIGEST_SIZE) == 0;
}

int32
key_of_row(const Payment *payment)
{
	int32		key_id = current_chain_key(&payment->caller->merchant);

	if (has_row_hash(payment, key_id))
		return key_id;
	return has_row_hash(payment, NO_CHAIN_KEY) ? NO_CHAIN_KEY : ROW_ALTERED;
}

void
complete_event(Payment *payment, Event *event)
{
	event->position = Max(current_position(), payment->event_position);
	event->key_id = current_chain_key(&payment->caller->merchant);
	if (!hash_event(payment, event, event->sequence > 1 ? payment->event_hash : NULL,
					payment->row_key, event->hash))
		elog(ERROR, "the chain key of a merchant has gone");
	memcpy(payment->event_hash, event->hash, CHAIN_DIGEST_SIZE);
	payment->event_position = event->position;
	payment->row_key = event->key_id;
	if (!hash_row(payment, event->key_id, payment->row_hash))
		elog(ERROR, "the chain key of a merchant has gone");
	announce_payment(payment);
}

void
insert_event(const Payment *payment, const Event *event)
{
	static RowStatement insert = {
		.table = "payment_event",
		.columns = {"merchant_id", "payment_id", "customer_id", "sequence", "event",
			"from_status", "to_status", "actor", "commit_id", "value", "detail", "at",
		"position", "key_id", "hash"},
		.types = {"customers.merchant_id", "customers.payment_id", "customers.customer_id",
			"pg_catalog.int4", "pg_catalog.text", "pg_catalog.text", "pg_catalog.text",
			"pg_catalog.text", "customers.commit_id", "customers.amount", "pg_catalog.text",
			"pg_catalog.timestamptz", "pg_catalog.int8", "pg_catalog.int4",
		"pg_catalog.bytea"},
	};

	row_insert(&insert, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant),
			bind_pointer(&payment->payment_id),
			bind_pointer(&event->customer),
			bind(Int32GetDatum(event->sequence)),
			bind_string(event->event),
			bind_string(event->from_status),
			bind_string(event->to_status),
			bind_string(event->actor),
			bind_pointer(event->commit),
			bind_pointer(event->value),
			bind_string(event->detail),
			bind(TimestampTzGetDatum(event->at)),
			bind(Int64GetDatum(event->position)),
			bind_chain_key(event->key_id),
			bind_bytes(event->hash, CHAIN_DIGEST_SIZE)
	});
}

/*
 * payment_events(payment) table(sequence, event, from_status, to_status, actor,
 *		commit_id, value, detail, at)
 */
Datum
payment_events(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT sequence, event, from_status, to_status, actor, commit_id, value,"
		" detail, at FROM customers.payment_event"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2 ORDER BY sequence",
		.types = {"customers.merchant_id", "customers.payment_id"},
		.stable = true,
	};
	static Statement exists = {
		.sql = "SELECT FROM customers.payment WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.payment_id"},
		.stable = true,
	};
	Id		   *payment = DatumGetIdP(PG_GETARG_DATUM(0));
	Caller		caller;
	NullableDatum key[2];

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	key[0] = bind_pointer(&caller.merchant);
	key[1] = bind_pointer(payment);
	if (statement_run(&exists, key) == 0)
		report_no_such_payment(payment);
	statement_return_rows(&find, key, (ReturnSetInfo *) fcinfo->resultinfo);
	leave_store(&caller);
	return (Datum) 0;
}
