/*-------------------------------------------------------------------------
 *
 * report.c
 *	  list_report(): what the customers of lists paid.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/caller.h"
#include "base/statement.h"
#include "list/document.h"
#include "list/lookup.h"

PG_FUNCTION_INFO_V1(list_report);

/*
 * list_report(lists, since, until) table(list, name, customers,
 *		customers_with_payment, payments, paid, conversion, declined, volume)
 *
 * One row for each list, in the order of the array.  A payment belongs to the
 * period in which it was created and is paid when all of it was received.  The
 * declines are those of its commits.
 */
Datum
list_report(PG_FUNCTION_ARGS)
{
	static Statement report = {
		.sql = "WITH member AS MATERIALIZED (" MEMBERS_OF("$2") "),"
		" payment AS MATERIALIZED ("
		"SELECT m.list_id, m.customer_id, p.payment_id, p.received,"
		" p.status OPERATOR(pg_catalog.=) ANY (ARRAY['paid', 'over_paid']) AS is_paid"
		" FROM member m, customers.payment p"
		" WHERE p.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND p.customer_id OPERATOR(pg_catalog.=) m.customer_id"
		" AND p.created_at OPERATOR(pg_catalog.>=) $4"
		" AND p.created_at OPERATOR(pg_catalog.<) $5),"
		" size AS (SELECT m.list_id, pg_catalog.count(*) AS customers"
		" FROM member m GROUP BY m.list_id),"
		" tally AS (SELECT p.list_id, pg_catalog.count(*) AS payments,"
		" pg_catalog.count(DISTINCT p.customer_id) AS customers_with_payment,"
		" pg_catalog.count(*) FILTER (WHERE p.is_paid) AS paid"
		" FROM payment p GROUP BY p.list_id),"
		" decline AS (SELECT p.list_id, COALESCE(c.decline_class, 'unknown') AS class,"
		" pg_catalog.count(*) AS declines"
		" FROM payment p, customers.payment_commit c"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.payment_id OPERATOR(pg_catalog.=) p.payment_id"
		" AND c.status OPERATOR(pg_catalog.=) 'declined'"
		" GROUP BY p.list_id, class),"
		" declined AS (SELECT d.list_id,"
		" pg_catalog.jsonb_object_agg(d.class, d.declines) AS declined"
		" FROM decline d GROUP BY d.list_id),"
		" total AS (SELECT p.list_id, pg_catalog.sum(p.received) AS received"
		" FROM payment p WHERE customers.minor_units(p.received) OPERATOR(pg_catalog.>) 0"
		" GROUP BY p.list_id, customers.currency(p.received)),"
		" volume AS (SELECT t.list_id, pg_catalog.array_agg(t.received ORDER BY t.received) AS volume"
		" FROM total t GROUP BY t.list_id)"
		" SELECT l.list_id, l.name, COALESCE(size.customers, 0),"
		" COALESCE(tally.customers_with_payment, 0), COALESCE(tally.payments, 0),"
		" COALESCE(tally.paid, 0),"
		" pg_catalog.round(tally.paid::pg_catalog.numeric"
		" OPERATOR(pg_catalog./) tally.payments::pg_catalog.numeric, 4),"
		" COALESCE(declined.declined, '{}'),"
		" COALESCE(volume.volume, '{}'::customers.amount[])"
		" FROM pg_catalog.unnest($2) WITH ORDINALITY AS u(list_id, place)"
		" JOIN customers.list l ON l.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND l.list_id OPERATOR(pg_catalog.=) u.list_id"
		" LEFT JOIN size ON size.list_id OPERATOR(pg_catalog.=) l.list_id"
		" LEFT JOIN tally ON tally.list_id OPERATOR(pg_catalog.=) l.list_id"
		" LEFT JOIN declined ON declined.list_id OPERATOR(pg_catalog.=) l.list_id"
		" LEFT JOIN volume ON volume.list_id OPERATOR(pg_catalog.=) l.list_id"
		" ORDER BY u.place",
		.types = {"customers.merchant_id", "customers.list_id[]", "pg_catalog.timestamptz",
		"pg_catalog.timestamptz", "pg_catalog.timestamptz"},
		.stable = true,
		.whole = true,
	};
	TimestampTz since = PG_ARGISNULL(1) ? DT_NOBEGIN : PG_GETARG_TIMESTAMPTZ(1);
	TimestampTz until = PG_ARGISNULL(2) ? DT_NOEND : PG_GETARG_TIMESTAMPTZ(2);
	ArrayType  *lists;
	int			level;
	Caller		caller;

	require_arguments(fcinfo, (const char *const[]) {"lists", NULL, NULL});
	lists = PG_GETARG_ARRAYTYPE_P(0);

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	require_lists(&caller, lists);
	level = begin_rules();
	statement_return_rows(&report, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(lists),
			bind(TimestampTzGetDatum(GetCurrentTimestamp())),
			bind(TimestampTzGetDatum(since)), bind(TimestampTzGetDatum(until))
	}, (ReturnSetInfo *) fcinfo->resultinfo);
	end_rules(level);
	leave_store(&caller);
	return (Datum) 0;
}
