/*-------------------------------------------------------------------------
 *
 * chain.c
 *	  The hashes that chain the events of a payment, and that of its row.
 *
 * What is hashed is a label and then fields, in a fixed order, each with its
 * length before it, so that no two rows give the same bytes.  Numbers have their
 * most significant byte first, texts are in UTF-8 whatever the database's
 * encoding is.  doc/events.md has the whole format, for readers outside.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"

#include "payment/chain.h"
#include "vault/chain_key.h"

/* Instead of a length: the field is NULL. */
#define NULL_LENGTH 0xFFFFFFFF

/* The numbers are part of the format. */
static const char event_label[] = "payment event 1";
static const char row_label[] = "payment row 1";

static void
add_bytes(StringInfo message, const void *bytes, int length)
{
	if (bytes == NULL)
		pq_sendint32(message, NULL_LENGTH);
	else
	{
		pq_sendint32(message, (uint32) length);
		appendBinaryStringInfo(message, bytes, length);
	}
}

static void
add_text(StringInfo message, const char *text)
{
	char	   *converted = text ? pg_server_to_any(text, (int) strlen(text), PG_UTF8) : NULL;

	add_bytes(message, converted, converted ? (int) strlen(converted) : 0);
}

static void
add_id(StringInfo message, const Id *id)
{
	add_bytes(message, id, sizeof(Id));
}

static void
add_int32(StringInfo message, int32 number)
{
	pq_sendint32(message, sizeof(number));
	pq_sendint32(message, (uint32) number);
}

static void
add_int64(StringInfo message, int64 number)
{
	pq_sendint32(message, sizeof(number));
	pq_sendint64(message, (uint64) number);
}

/* Minor units, then the letters of the currency. */
static void
add_amount(StringInfo message, const Amount *amount)
{
	if (amount == NULL)
		pq_sendint32(message, NULL_LENGTH);
	else
	{
		pq_sendint32(message, sizeof(int64) + CURRENCY_CODE_LENGTH);
		pq_sendint64(message, (uint64) amount->minor_units);
		appendBinaryStringInfo(message, amount->currency, CURRENCY_CODE_LENGTH);
	}
}

/* begin_message begins with what both kinds begin with. */
static void
begin_message(StringInfo message, const char *label, const Payment *payment, int32 key_id,
			  const unsigned char *link, const Id *customer)
{
	initStringInfo(message);
	add_text(message, label);
	add_int32(message, key_id);
	add_bytes(message, link, CHAIN_DIGEST_SIZE);
	add_id(message, &payment->caller->merchant);
	add_id(message, &payment->payment_id);
	add_id(message, customer);
}

/* end_message digests the message. */
static bool
end_message(StringInfo message, const Payment *payment, int32 key_id, unsigned char *hash)
{
	bool		done = chain_digest(&payment->caller->merchant, key_id,
									message->data, message->len, hash);

	pfree(message->data);
	return done;
}

bool
hash_event(const Payment *payment, const Event *event, const unsigned char *previous,
		   int32 previous_key, unsigned char *hash)
{
	StringInfoData message;

	begin_message(&message, event_label, payment, event->key_id, previous, &event->customer);
	add_int32(&message, event->key_id == NO_CHAIN_KEY ? NO_CHAIN_KEY : previous_key);
	add_int32(&message, event->sequence);
	add_text(&message, event->event);
	add_text(&message, event->from_status);
	add_text(&message, event->to_status);
	add_text(&message, event->actor);
	add_id(&message, event->commit);
	add_amount(&message, event->value);
	add_text(&message, event->detail);
	add_int64(&message, event->at);
	add_int64(&message, event->position);
	return end_message(&message, payment, event->key_id, hash);
}

bool
hash_row(const Payment *payment, int32 key_id, unsigned char *hash)
{
	bool		declined = payment->decline_class != DECLINE_NONE;
	StringInfoData message;

	begin_message(&message, row_label, payment, key_id, payment->event_hash,
				  &payment->customer_id);
	add_text(&message, payment_status_names[payment->status]);
	add_int32(&message, payment->version);
	add_amount(&message, &payment->amount);
	add_amount(&message, &payment->authorized);
	add_amount(&message, &payment->received);
	add_amount(&message, &payment->returned);
	add_int32(&message, payment->commits_used);
	add_id(&message, payment->method_chosen ? &payment->payment_method_id : NULL);
	add_text(&message, decline_class_names[payment->decline_class]);
	add_amount(&message, declined ? &payment->declined : NULL);
	add_int64(&message, payment->event_position);
	return end_message(&message, payment, key_id, hash);
}
