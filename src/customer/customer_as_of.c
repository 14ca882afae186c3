/*-------------------------------------------------------------------------
 *
 * customer_as_of.c
 *	  customer_as_of(): a customer as it was at a time.
 *
 * Each state says when it began, so a state that is missing, since it was pruned
 * or written past the guard, is never taken for the one after it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/jsonb.h"

#include "base/statement.h"
#include "customer/customer.h"
#include "list/rule.h"

PG_FUNCTION_INFO_V1(customer_as_of);

/* The columns of a state, in table customer and in customer_history alike. */
#define STATE(alias) \
	alias ".version, " alias ".context, " alias ".schema_version, " alias ".payments_allowed," \
	" " alias ".payouts_allowed, " alias ".archived_at, " alias ".updated_at"

/*
 * customer_as_of(customer, at) jsonb: NULL, if nothing is known of that time
 *
 * The state at that time is the first one that was replaced later, or the one in
 * force.  Of states that were in force for no time the last counts.
 */
Datum
customer_as_of(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT CASE WHEN s.updated_at OPERATOR(pg_catalog.<=) $3"
		" THEN pg_catalog.jsonb_build_object('customer_id', c.customer_id,"
		" 'reference', c.reference, 'context', s.context, 'schema_version', s.schema_version,"
		" 'payments_allowed', s.payments_allowed, 'payouts_allowed', s.payouts_allowed,"
		" 'archived_at', s.archived_at, 'erased_at', c.erased_at, 'erased_by', c.erased_by,"
		" 'version', s.version, 'created_at', c.created_at, 'updated_at', s.updated_at) END"
		" FROM customers.customer c, LATERAL ("
		"(SELECT 1 AS place, " STATE("h") " FROM customers.customer_history h"
		" WHERE h.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND h.customer_id OPERATOR(pg_catalog.=) $2"
		" AND h.replaced_at OPERATOR(pg_catalog.>) $3"
		" ORDER BY h.replaced_at, h.version LIMIT 1)"
		" UNION ALL SELECT 2, " STATE("c")
		" ORDER BY place LIMIT 1) AS s"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.customer_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.timestamptz"},
		.stable = true,
	};
	Id		   *customer = DatumGetIdP(PG_GETARG_DATUM(0));
	Datum		document;
	bool		isnull;
	int			level;
	Caller		caller;

	enter_store(&caller);
	level = begin_rules();		/* times in UTC */
	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(customer), bind(PG_GETARG_DATUM(1))
	}) == 0)
		report_no_such_customer(customer);
	end_rules(level);
	document = statement_value(0, 0, &isnull);
	if (!isnull)
		document = keep_value(&caller, document, false, -1);
	leave_store(&caller);
	if (isnull)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(document);
}
