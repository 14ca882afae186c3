/*-------------------------------------------------------------------------
 *
 * create.c
 *	  create_payment(): what a merchant asks a customer for.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/error.h"
#include "base/row.h"
#include "customer/customer.h"
#include "list/list.h"
#include "merchant/idempotency.h"
#include "payment/event.h"
#include "payment/price.h"

#define COMMITS_LIMIT_MAX 1000

PG_FUNCTION_INFO_V1(create_payment);

/* The arguments of create_payment, checked. */
typedef struct Request
{
	Id			payment;
	Id		   *customer;
	Price	   *prices;
	int			price_count;
	ArrayType  *presets;		/* NULL: none */
	text	   *reference;
	text	   *base_reference;
	char	   *amount_mode;
	char	   *capture;
	int			commits_limit;
	Interval   *expires_in;		/* NULL: never */
} Request;

/* require_word refuses an argument that is none of its words. */
static void
require_word(const char *name, const char *value, const char *const *words)
{
	StringInfoData list;

	initStringInfo(&list);
	for (; *words; words++)
	{
		if (strcmp(value, *words) == 0)
			return;
		appendStringInfo(&list, "%s%s", list.len > 0 ? ", " : "", *words);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid value for %s: \"%s\"", name, value),
			 errhint("Valid values are %s.", list.data)));
}

/* expiry is when the payment expires; it refuses a time that isn't to come. */
static NullableDatum
expiry(TimestampTz now, Interval *expires_in)
{
	Datum		at;

	if (expires_in == NULL)
		return bind_null();
	at = DirectFunctionCall2(timestamptz_pl_interval, TimestampTzGetDatum(now),
							 IntervalPGetDatum(expires_in));
	if (DatumGetTimestampTz(at) <= now)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("expires_in must be greater than zero"),
				 errhint("With null the payment never expires.")));
	return bind(at);
}

/* new_payment is what events change in a new payment. */
static Payment
new_payment(const Caller *caller, const Request *request)
{
	Payment		payment = {
		.caller = caller,
		.now = GetCurrentTimestamp(),
		.payment_id = request->payment,
		.customer_id = *request->customer,
		.status = PAYMENT_CREATED,
		.version = 1,
		.amount = request->prices[0].price,
	};

	fill_amount(&payment.authorized, 0, payment.amount.currency);
	payment.received = payment.authorized;
	payment.returned = payment.authorized;
	return payment;
}

/* insert_payment inserts the payment's row. */
static void
insert_payment(const Payment *payment, const Request *request, NullableDatum expires_at)
{
	static RowStatement insert = {
		.table = "payment",
		.columns = {"merchant_id", "payment_id", "customer_id", "reference",
			"base_reference", "amount_mode", "capture", "commits_limit", "expires_at",
			"created_at", "amount", "authorized", "received", "returned", "status",
			"commits_used", "version", "updated_at", "event_position", "event_hash",
		"row_hash"},
		.types = {"customers.merchant_id", "customers.payment_id", "customers.customer_id",
			"pg_catalog.text", "pg_catalog.text", "pg_catalog.text", "pg_catalog.text",
			"pg_catalog.int4", "pg_catalog.timestamptz", "pg_catalog.timestamptz",
			"customers.amount", "customers.amount", "customers.amount", "customers.amount",
			"pg_catalog.text", "pg_catalog.int4", "pg_catalog.int4", "pg_catalog.timestamptz",
		"pg_catalog.int8", "pg_catalog.bytea", "pg_catalog.bytea"},
	};

	row_insert(&insert, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant),
			bind_pointer(&payment->payment_id),
			bind_pointer(&payment->customer_id),
			bind_pointer(request->reference),
			bind_pointer(request->base_reference),
			bind_string(request->amount_mode),
			bind_string(request->capture),
			bind(Int32GetDatum(request->commits_limit)),
			expires_at,
			bind(TimestampTzGetDatum(payment->now)),
			bind_pointer(&payment->amount),
			bind_pointer(&payment->authorized),
			bind_pointer(&payment->received),
			bind_pointer(&payment->returned),
			bind_string(payment_status_names[payment->status]),
			bind(Int32GetDatum(payment->commits_used)),
			bind(Int32GetDatum(payment->version)),
			bind(TimestampTzGetDatum(payment->now)),
			bind(Int64GetDatum(payment->event_position)),
			bind_bytes(payment->event_hash, CHAIN_DIGEST_SIZE),
			bind_bytes(payment->row_hash, CHAIN_DIGEST_SIZE)
	});
}

/* insert writes the payment, its prices and its first event. */
static void
insert(const Caller *caller, const Request *request)
{
	Payment		payment = new_payment(caller, request);
	Event		event = {
		.customer = payment.customer_id,
		.sequence = payment.version,
		.event = payment_event_names[EVENT_CREATE],
		.to_status = payment_status_names[payment.status],
		.actor = actor_names[ACTOR_MERCHANT],
		.value = &payment.amount,
		.at = payment.now
	};
	NullableDatum expires_at = expiry(payment.now, request->expires_in);

	complete_event(&payment, &event);
	insert_payment(&payment, request, expires_at);
	insert_prices(&payment, request->prices, request->price_count, request->presets);
	insert_event(&payment, &event);
}

/* require_new_reference gives the unique violation its clear error beforehand. */
static void
require_new_reference(const Caller *caller, text *reference)
{
	static Statement find = {
		.sql = "SELECT FROM customers.payment WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND reference OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "pg_catalog.text"},
	};

	if (reference != NULL && statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(reference)
	}) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNIQUE_VIOLATION),
				 errmsg("a payment with this reference exists already"),
				 errhint("To repeat a call safely, give it an idempotency key."),
				 errrule("payment", "reference", "payment_reference")));
}

/* amounts_string is an array of amounts as text, for the idempotency key. */
static char *
amounts_string(FunctionCallInfo fcinfo, int number)
{
	return PG_ARGISNULL(number) ? NULL
		: OidOutputFunctionCall(F_ARRAY_OUT, PG_GETARG_DATUM(number));
}

/*
 * create_payment(customer, prices, reference, base_reference, amount_mode,
 *		min_amounts, max_amounts, capture, commits_limit, expires_in,
 *		idempotency_key, presets) payment_id
 */
Datum
create_payment(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"customer", "prices", NULL, NULL, "amount_mode",
		NULL, NULL, "capture", "commits_limit", NULL, NULL, NULL};
	static const char *const amount_modes[] = {"strict", "editable",
		"editable_if_insufficient", NULL};
	static const char *const captures[] = {"automatic", "manual", NULL};
	text	   *idempotency_key = PG_ARGISNULL(10) ? NULL : PG_GETARG_TEXT_PP(10);
	Id		   *result = palloc(sizeof(Id));
	Request		request = {0};
	Caller		caller;

	require_arguments(fcinfo, names);
	request.customer = DatumGetIdP(PG_GETARG_DATUM(0));
	request.prices = make_prices(PG_GETARG_ARRAYTYPE_P(1),
								 PG_ARGISNULL(5) ? NULL : PG_GETARG_ARRAYTYPE_P(5),
								 PG_ARGISNULL(6) ? NULL : PG_GETARG_ARRAYTYPE_P(6),
								 &request.price_count);
	request.presets = PG_ARGISNULL(11) ? NULL : PG_GETARG_ARRAYTYPE_P(11);
	request.reference = PG_ARGISNULL(2) ? NULL : PG_GETARG_TEXT_PP(2);
	request.base_reference = PG_ARGISNULL(3) ? NULL : PG_GETARG_TEXT_PP(3);
	request.amount_mode = string_argument(fcinfo, 4);
	request.capture = string_argument(fcinfo, 7);
	request.commits_limit = PG_GETARG_INT32(8);
	request.expires_in = PG_ARGISNULL(9) ? NULL : PG_GETARG_INTERVAL_P(9);

	check_reference(request.reference);
	check_reference(request.base_reference);
	require_word("amount_mode", request.amount_mode, amount_modes);
	require_word("capture", request.capture, captures);
	if (request.presets)
		check_presets(request.presets, request.amount_mode, request.prices, request.price_count);
	if (request.commits_limit < 1 || request.commits_limit > COMMITS_LIMIT_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("commits_limit must be from 1 to %d", COMMITS_LIMIT_MAX)));
	generate_id(&request.payment);

	enter_store(&caller);
	if (!idempotency_claim(&caller, "create_payment", idempotency_key, (CallParameter[]) {
		{"customer", id_string(&customer_id_type, request.customer)},
		{"prices", amounts_string(fcinfo, 1)},
		{"reference", string_argument(fcinfo, 2)},
		{"base_reference", string_argument(fcinfo, 3)},
		{"amount_mode", request.amount_mode},
		{"min_amounts", amounts_string(fcinfo, 5)},
		{"max_amounts", amounts_string(fcinfo, 6)},
		{"capture", request.capture},
		{"commits_limit", psprintf("%d", request.commits_limit)},
		{"expires_in", request.expires_in == NULL ? NULL :
			psprintf("%d %d " INT64_FORMAT, request.expires_in->month,
					 request.expires_in->day, request.expires_in->time)},
		{"presets", amounts_string(fcinfo, 11)},
	}, 11, &request.payment))
	{
		lock_unblocked_customer(&caller, request.customer, EFFECT_BLOCK_PAYMENTS);
		require_new_reference(&caller, request.reference);
		insert(&caller, &request);
	}
	leave_store(&caller);
	*result = request.payment;
	PG_RETURN_POINTER(result);
}
