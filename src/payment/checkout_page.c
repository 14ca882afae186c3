/*-------------------------------------------------------------------------
 *
 * checkout_page.c
 *	  checkout(): all that a page shows of the payment of a checkout token.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/timestamp.h"

#include "base/statement.h"
#include "payment/checkout.h"

PG_FUNCTION_INFO_V1(checkout);

static const char *const amount_mode_names[] = {
	[AMOUNT_STRICT] = "strict",
	[AMOUNT_EDITABLE] = "editable",
	[AMOUNT_EDITABLE_IF_INSUFFICIENT] = "editable_if_insufficient",
};

/* describe_payment makes the document, which has next_steps() in it. */
static Datum
describe_payment(const Payment *payment, TimestampTz token_end)
{
	static Statement make = {
		.sql = "SELECT $3 OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('payment_id', $2,"
		" 'customer_id', $4, 'amount', $5, 'authorized', $6, 'received', $7, 'returned', $8,"
		" 'amount_mode', $9, 'token_expires_at', $11,"
		" 'prices', (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object("
		"'price', r.price, 'min_amount', r.min_amount, 'max_amount', r.max_amount,"
		" 'presets', COALESCE(r.presets, '{}'::customers.amount[]))"
		" ORDER BY r.position) FROM customers.payment_price r"
		" WHERE r.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND r.payment_id OPERATOR(pg_catalog.=) $2),"
		" 'payment_method', (SELECT pg_catalog.jsonb_build_object("
		"'payment_method_id', m.payment_method_id, 'kind', m.kind, 'display', m.display,"
		" 'expires_on', m.expires_on) FROM customers.payment_method m"
		" WHERE m.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND m.payment_method_id OPERATOR(pg_catalog.=) $10))",
		.types = {"customers.merchant_id", "customers.payment_id", "pg_catalog.jsonb",
			"customers.customer_id", "customers.amount", "customers.amount",
			"customers.amount", "customers.amount", "pg_catalog.text",
		"customers.payment_method_id", "pg_catalog.timestamptz"},
		.stable = true,
	};

	statement_run(&make, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->payment_id),
			bind(describe_next_steps(payment)), bind_pointer(&payment->customer_id),
			bind_pointer(&payment->amount), bind_pointer(&payment->authorized),
			bind_pointer(&payment->received), bind_pointer(&payment->returned),
			bind_string(amount_mode_names[payment->amount_mode]),
			bind_pointer(payment->method_chosen ? &payment->payment_method_id : NULL),
			bind(TimestampTzGetDatum(token_end))
	});
	return keep_value(payment->caller, statement_get(0, 0), false, -1);
}

/* checkout() jsonb */
Datum
checkout(PG_FUNCTION_ARGS pg_attribute_unused())
{
	TimestampTz token_end;
	Payment		payment;
	Caller		caller;
	Datum		result;

	token_end = enter_own_checkout(&caller);
	read_payment(&caller, &caller.payment, &payment);
	result = describe_payment(&payment, token_end);
	leave_store(&caller);
	PG_RETURN_DATUM(result);
}
