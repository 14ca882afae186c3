/*-------------------------------------------------------------------------
 *
 * late.c
 *	  late_outcomes(): what the provider reported too late to count.
 *
 * Such a report is no event of the payment: it moves nothing, and a payment that
 * was settled stays so.  But money may have been taken, so each is kept with its
 * commit until people have seen to it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"

#include "base/caller.h"
#include "base/statement.h"

PG_FUNCTION_INFO_V1(late_outcomes);

/*
 * late_outcomes(since) table(late_at, payment_id, commit_id, late_outcome,
 *		late_value, status, received, provider_reference)
 */
Datum
late_outcomes(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT late_at, payment_id, commit_id, late_outcome, late_value, status,"
		" received, provider_reference FROM customers.payment_commit"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND late_at IS NOT NULL"
		" AND late_at OPERATOR(pg_catalog.>=) COALESCE($2, '-infinity'::pg_catalog.timestamptz)"
		" ORDER BY late_at, commit_id",
		.types = {"customers.merchant_id", "pg_catalog.timestamptz"},
		.stable = true,
	};
	Caller		caller;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	statement_return_rows(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant),
			PG_ARGISNULL(0) ? bind_null() : bind(PG_GETARG_DATUM(0))
	}, (ReturnSetInfo *) fcinfo->resultinfo);
	leave_store(&caller);
	return (Datum) 0;
}
