/*-------------------------------------------------------------------------
 *
 * order.c
 *	  order_summary(): the payments that one base reference joins, summed up.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/timestamp.h"

#include "base/caller.h"
#include "base/compat.h"
#include "base/statement.h"

PG_FUNCTION_INFO_V1(order_summary);

/* Can payment p still be paid?  One in processing doesn't expire. */
#define IS_OPEN \
	"p.closed_at IS NULL AND (p.expires_at IS NULL OR p.expires_at OPERATOR(pg_catalog.>) $3" \
	" OR p.status OPERATOR(pg_catalog.=) 'processing')"

/* Zero, in the payment's currency. */
#define ZERO "p.received OPERATOR(pg_catalog.-) p.received"

/*
 * order_summary(base_reference) table(currency, payments, open_payments, amount,
 *		authorized, received, returned, balance)
 *
 * What a payment asked for that ended without money is asked for no more.
 */
Datum
order_summary(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT customers.currency(o.amount), pg_catalog.count(*),"
		" pg_catalog.count(*) FILTER (WHERE o.open),"
		" pg_catalog.sum(CASE WHEN o.open OR o.received OPERATOR(pg_catalog.>) o.zero THEN o.amount ELSE o.zero END),"
		" pg_catalog.sum(o.authorized), pg_catalog.sum(o.received), pg_catalog.sum(o.returned),"
		" pg_catalog.sum(CASE WHEN o.open AND o.balance OPERATOR(pg_catalog.>) o.zero THEN o.balance ELSE o.zero END)"
		" FROM (SELECT p.amount, p.authorized, p.received, p.returned, " IS_OPEN " AS open, " ZERO " AS zero,"
		" p.amount OPERATOR(pg_catalog.-) p.received OPERATOR(pg_catalog.-) p.authorized AS balance"
		" FROM customers.payment p"
		" WHERE p.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND p.base_reference OPERATOR(pg_catalog.=) $2) AS o"
		" GROUP BY customers.currency(o.amount) ORDER BY customers.currency(o.amount)",
		.types = {"customers.merchant_id", "pg_catalog.text", "pg_catalog.timestamptz"},
		.stable = true,
	};
	text	   *base_reference = PG_GETARG_TEXT_PP(0);
	Caller		caller;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	statement_return_rows(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(base_reference),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	}, (ReturnSetInfo *) fcinfo->resultinfo);
	leave_store(&caller);
	return (Datum) 0;
}
