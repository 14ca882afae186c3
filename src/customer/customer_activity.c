/*-------------------------------------------------------------------------
 *
 * customer_activity.c
 *	  customer_activity(): all that happened with a customer, in one timeline.
 *
 * Each source gives its first rows after a time, from an index, and the first of
 * all of them are the page.  So a page costs as much as it has rows, however
 * much has happened.  Sources and page end where the time changes (WITH TIES), so
 * that the time of a page's last row is where the next page begins.
 *
 * doc/history.md says of each kind what it is about and what the detail has.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"

#include "base/argument.h"
#include "base/statement.h"
#include "customer/customer.h"
#include "list/rule.h"

PG_FUNCTION_INFO_V1(customer_activity);

#define OF_CUSTOMER(alias) \
	" WHERE " alias ".merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND " alias ".customer_id OPERATOR(pg_catalog.=) $2"

/* The rows of a source whose time is in a page after $3; NULL: from the beginning. */
#define FIRST_OF(columns, from, time, order) \
	"(SELECT " columns " FROM " from " AND " time " OPERATOR(pg_catalog.>)" \
	" COALESCE($3, '-infinity'::pg_catalog.timestamptz)" \
	" ORDER BY " order " FETCH FIRST ($4) ROWS WITH TIES)"

/* A row of the timeline; place and sequence order rows of the same time. */
#define ROW(place, sequence, time, kind, subject, detail) \
	time " AS at, " place " AS place, " sequence " AS sequence, " kind " AS kind," \
	" pg_catalog.format('%s', " subject ") AS subject, pg_catalog.jsonb_build_object(" detail ") AS detail"

/* What a change has made of a member; null: it has left it as it was. */
#define IF_CHANGED(name) \
	"'" name "', CASE WHEN h." name " OPERATOR(pg_catalog.<>) n." name " THEN n." name " END"

/* The keys of the members that two contexts don't have in common. */
#define CHANGED_KEYS \
	"(SELECT pg_catalog.jsonb_agg(d.key ORDER BY d.key) FROM (" \
	"SELECT o.key FROM pg_catalog.jsonb_each(h.context) AS o" \
	" WHERE NOT COALESCE((n.context OPERATOR(pg_catalog.->) o.key) OPERATOR(pg_catalog.=) o.value, false)" \
	" UNION SELECT o.key FROM pg_catalog.jsonb_object_keys(n.context) AS o(key)" \
	" WHERE NOT h.context OPERATOR(pg_catalog.?) o.key) AS d)"

/*
 * A change is between a state in the history and the one after it: the next in
 * the history, or that in force.
 */
#define STATE(alias) \
	alias ".version, " alias ".context, " alias ".payments_allowed, " alias ".payouts_allowed," \
	" " alias ".archived_at IS NOT NULL AS archived"

#define CHANGES \
	"SELECT " ROW("2", "n.version", "h.replaced_at", \
	"CASE WHEN h.archived OPERATOR(pg_catalog.=) n.archived THEN 'changed'" \
	" WHEN n.archived THEN 'archived' ELSE 'unarchived' END", "$2", \
	"'version', n.version, 'by', h.replaced_by, 'fields', " CHANGED_KEYS "," \
	" " IF_CHANGED("archived") ", " IF_CHANGED("payments_allowed") "," \
	" " IF_CHANGED("payouts_allowed")) \
	" FROM " FIRST_OF("h.replaced_at, h.replaced_by, " STATE("h"), \
					  "customers.customer_history h" OF_CUSTOMER("h"), \
					  "h.replaced_at", "h.replaced_at") " AS h, LATERAL (" \
	"(SELECT 1 AS place, " STATE("m") " FROM customers.customer_history m" OF_CUSTOMER("m") \
	" AND m.version OPERATOR(pg_catalog.>) h.version ORDER BY m.version LIMIT 1)" \
	" UNION ALL SELECT 2, " STATE("c") " FROM customers.customer c" OF_CUSTOMER("c") \
	" ORDER BY place LIMIT 1) AS n"

#define CREATION \
	FIRST_OF(ROW("1", "0", "c.created_at", "'created'", "$2", ""), \
			 "customers.customer c" OF_CUSTOMER("c"), "c.created_at", "c.created_at")

#define ERASURE \
	FIRST_OF(ROW("9", "0", "c.erased_at", "'erased'", "$2", "'by', c.erased_by"), \
			 "customers.customer c" OF_CUSTOMER("c"), "c.erased_at", "c.erased_at")

#define PAYMENT_EVENTS \
	FIRST_OF(ROW("4", "e.sequence", "e.at", "'payment'", "e.payment_id", \
				 "'event', e.event, 'from', e.from_status, 'to', e.to_status, 'actor', e.actor," \
				 " 'commit', e.commit_id, 'value', e.value, 'detail', e.detail"), \
			 "customers.payment_event e" OF_CUSTOMER("e"), "e.at", "e.at")

#define SAVED_METHODS \
	FIRST_OF(ROW("3", "0", "m.created_at", "'method_saved'", "m.payment_method_id", \
				 "'kind', m.kind"), \
			 "customers.payment_method m" OF_CUSTOMER("m"), "m.created_at", "m.created_at")

#define REMOVED_METHODS \
	FIRST_OF(ROW("7", "0", "m.removed_at", "'method_removed'", "m.payment_method_id", \
				 "'kind', m.kind"), \
			 "customers.payment_method m" OF_CUSTOMER("m"), "m.removed_at", "m.removed_at")

#define LIST_ITEMS \
	FIRST_OF(ROW("5", "0", "i.added_at", "'list_added'", "i.list_id", \
				 "'list', l.name, 'by', i.added_by, 'comment', i.comment"), \
			 "customers.list_item i, customers.list l" OF_CUSTOMER("i") \
			 " AND l.merchant_id OPERATOR(pg_catalog.=) $1" \
			 " AND l.list_id OPERATOR(pg_catalog.=) i.list_id", "i.added_at", "i.added_at")

#define METADATA_READS \
	FIRST_OF(ROW("6", "0", "a.at", "'metadata_read'", "$2", \
				 "'by', a.role, 'session_role', a.session_role, 'keys', a.keys"), \
			 "customers.metadata_access a" OF_CUSTOMER("a"), "a.at", "a.at")

/*
 * customer_activity(customer, since, max_count) table(at, kind, subject, detail)
 */
Datum
customer_activity(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT p.at, p.kind, p.subject, pg_catalog.jsonb_strip_nulls(p.detail) FROM ("
		"SELECT t.* FROM (" CREATION " UNION ALL " CHANGES " UNION ALL " SAVED_METHODS
		" UNION ALL " PAYMENT_EVENTS " UNION ALL " LIST_ITEMS " UNION ALL " METADATA_READS
		" UNION ALL " REMOVED_METHODS " UNION ALL " ERASURE ") AS t"
		" ORDER BY t.at FETCH FIRST ($4) ROWS WITH TIES) AS p"
		" ORDER BY p.at, p.place, p.subject, p.sequence, p.detail",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.timestamptz",
		"pg_catalog.int8"},
		.stable = true,
	};
	static const char *const names[] = {"customer", NULL, "max_count"};
	Id		   *customer;
	int32		max_count;
	int			level;
	Caller		caller;

	require_arguments(fcinfo, names);
	customer = DatumGetIdP(PG_GETARG_DATUM(0));
	max_count = PG_GETARG_INT32(2);
	check_max_count(max_count);

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	require_customer(&caller, customer);
	level = begin_rules();
	statement_return_rows(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(customer),
			PG_ARGISNULL(1) ? bind_null() : bind(PG_GETARG_DATUM(1)),
			bind(Int64GetDatum(max_count))
	}, (ReturnSetInfo *) fcinfo->resultinfo);
	end_rules(level);
	leave_store(&caller);
	return (Datum) 0;
}
