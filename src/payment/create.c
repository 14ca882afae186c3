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
#include "base/statement.h"
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
	Oid			amount_type;
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

/* Inserts the payment, its prices, each with the presets of this expression, and its first event. */
#define INSERT_PAYMENT(presets) { \
		.sql = "WITH event AS (INSERT INTO customers.payment_event" \
		" (merchant_id, payment_id, customer_id, sequence, event, from_status, to_status, actor," \
		" value, at, position, key_id, hash)" \
		" VALUES ($1, $2, $3, 1, 'create', NULL, 'created', 'merchant', $6, $12, $16, $17, $18))," \
		" price AS (INSERT INTO customers.payment_price" \
		" (merchant_id, payment_id, currency, position, price, min_amount, max_amount, presets)" \
		" SELECT $1, $2, customers.currency(u.price), u.place::pg_catalog.int4," \
		" u.price, u.min_amount, u.max_amount, " presets \
		" FROM ROWS FROM (pg_catalog.unnest($13), pg_catalog.unnest($14), pg_catalog.unnest($15))" \
		" WITH ORDINALITY AS u(price, min_amount, max_amount, place))" \
		" INSERT INTO customers.payment" \
		" (merchant_id, payment_id, customer_id, reference, base_reference, status, amount," \
		" authorized, received, returned, commits_used, commits_limit, amount_mode, capture," \
		" expires_at, version, event_hash, row_hash, event_position, created_at, updated_at)" \
		" VALUES ($1, $2, $3, $4, $5, 'created', $6, $7, $7, $7, 0, $8, $9, $10, $11, 1, $18, $19," \
		" $16, $12, $12)", \
		.types = {"customers.merchant_id", "customers.payment_id", "customers.customer_id", \
			"pg_catalog.text", "pg_catalog.text", "customers.amount", "customers.amount", \
			"pg_catalog.int4", "pg_catalog.text", "pg_catalog.text", "pg_catalog.timestamptz", \
			"pg_catalog.timestamptz", "customers.amount[]", "customers.amount[]", \
			"customers.amount[]", "pg_catalog.int8", "pg_catalog.int4", "pg_catalog.bytea", \
		"pg_catalog.bytea", "customers.amount[]"}, \
	}

#define NO_PRESETS "NULL"
#define PRESETS_OF_PRICE \
	"(SELECT pg_catalog.array_agg(s.preset ORDER BY s.place)" \
	" FROM pg_catalog.unnest($20) WITH ORDINALITY AS s(preset, place)" \
	" WHERE customers.currency(s.preset) OPERATOR(pg_catalog.=) customers.currency(u.price))"

/* insert writes the payment, its prices and its first event. */
static void
insert(const Caller *caller, const Request *request)
{
	/* Most payments have no presets, and are not to pay for them. */
	static Statement plain = INSERT_PAYMENT(NO_PRESETS);
	static Statement with_presets = INSERT_PAYMENT(PRESETS_OF_PRICE);
	const Amount *price = &request->prices[0].price;
	TimestampTz now = GetCurrentTimestamp();
	Payment		payment = new_payment(caller, request);
	Event		event = {
		.customer = payment.customer_id,
		.sequence = payment.version,
		.event = payment_event_names[EVENT_CREATE],
		.to_status = payment_status_names[payment.status],
		.actor = actor_names[ACTOR_MERCHANT],
		.value = price,
		.at = now
	};
	ArrayType  *columns[3];

	for (int i = 0; i < 3; i++)
		columns[i] = price_array(request->prices, request->price_count, request->amount_type, i);
	complete_event(&payment, &event);

	statement_run(request->presets ? &with_presets : &plain, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(&request->payment),
			bind_pointer(request->customer), bind_pointer(request->reference),
			bind_pointer(request->base_reference), bind_pointer(price),
			bind_pointer(&payment.received),
			bind(Int32GetDatum(request->commits_limit)), bind_string(request->amount_mode),
			bind_string(request->capture), expiry(now, request->expires_in),
			bind(TimestampTzGetDatum(now)),
			bind_pointer(columns[0]), bind_pointer(columns[1]), bind_pointer(columns[2]),
			bind(Int64GetDatum(event.position)), bind_chain_key(event.key_id),
			bind_bytes(event.hash, CHAIN_DIGEST_SIZE),
			bind_bytes(payment.row_hash, CHAIN_DIGEST_SIZE), bind_pointer(request->presets)
	});
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
	request.amount_type = ARR_ELEMTYPE(PG_GETARG_ARRAYTYPE_P(1));
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
		refuse_blocked_customer(&caller, request.customer, EFFECT_BLOCK_PAYMENTS);
		require_new_reference(&caller, request.reference);
		insert(&caller, &request);
	}
	leave_store(&caller);
	*result = request.payment;
	PG_RETURN_POINTER(result);
}
