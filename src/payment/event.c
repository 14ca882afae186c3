/*-------------------------------------------------------------------------
 *
 * event.c
 *	  payment_events(): what happened to a payment.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"

#include "base/statement.h"
#include "payment/payment.h"

PG_FUNCTION_INFO_V1(payment_events);

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
