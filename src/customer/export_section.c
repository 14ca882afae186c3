/*-------------------------------------------------------------------------
 *
 * export_section.c
 *	  What the store's tables hold about a customer, as jsonb: one section for
 *	  each job of theirs.
 *
 * Every column is named, so that a member of the document is there because
 * somebody wanted it, and the token of a payment method is not.  The keys are
 * the columns' names.  doc/erasure.md has the JSON Schema of the document.
 *
 * An infinite time has no form in RFC 3339.  It means never, as null does.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "customer/export_section.h"
#include "list/document.h"

#define SECTION_STATEMENT(text) { \
		.sql = text, \
		.types = {"customers.merchant_id", "customers.customer_id", \
		"pg_catalog.timestamptz"}, \
		.stable = true, \
	}

#define NEVER_OR(time) \
	"CASE WHEN pg_catalog.isfinite(" time ") THEN " time " END"

/* An array of what an aggregate over the rows gives; of no rows, empty. */
#define ARRAY_OF(object, order) \
	"COALESCE(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(" object ")" \
	" ORDER BY " order "), '[]'::pg_catalog.jsonb)"

#define OF_CUSTOMER(alias) \
	" WHERE " alias ".merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND " alias ".customer_id OPERATOR(pg_catalog.=) $2"
#define OF_PAYMENT(alias) \
	" WHERE " alias ".merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND " alias ".payment_id OPERATOR(pg_catalog.=) p.payment_id"

#define CUSTOMER \
	"SELECT pg_catalog.jsonb_build_object('customer_id', c.customer_id," \
	" 'reference', c.reference, 'context', c.context, 'schema_version', c.schema_version," \
	" 'payments_allowed', c.payments_allowed, 'payouts_allowed', c.payouts_allowed," \
	" 'archived_at', c.archived_at, 'erased_at', c.erased_at, 'erased_by', c.erased_by," \
	" 'version', c.version, 'created_at', c.created_at, 'updated_at', c.updated_at)" \
	" FROM customers.customer c" OF_CUSTOMER("c")

#define HISTORY \
	"SELECT " ARRAY_OF("'version', h.version, 'context', h.context," \
	" 'schema_version', h.schema_version, 'payments_allowed', h.payments_allowed," \
	" 'payouts_allowed', h.payouts_allowed, 'archived_at', h.archived_at," \
	" 'updated_at', h.updated_at, 'replaced_at', h.replaced_at," \
	" 'replaced_by', h.replaced_by", "h.version") \
	" FROM customers.customer_history h" OF_CUSTOMER("h")

#define PAYMENT_METHODS \
	"SELECT " ARRAY_OF("'payment_method_id', m.payment_method_id, 'kind', m.kind," \
	" 'display', m.display, 'fingerprint', m.fingerprint," \
	" 'expires_on', " NEVER_OR("m.expires_on") ", 'currencies', m.currencies," \
	" 'payment_id', m.payment_id, 'is_default', m.is_default," \
	" 'removed_at', m.removed_at, 'created_at', m.created_at, 'updated_at', m.updated_at", \
	"m.payment_method_id") \
	" FROM customers.payment_method m" OF_CUSTOMER("m")

#define PRICES \
	"(SELECT " ARRAY_OF("'currency', r.currency, 'price', r.price," \
	" 'min_amount', r.min_amount, 'max_amount', r.max_amount," \
	" 'presets', r.presets", "r.position") \
	" FROM customers.payment_price r" OF_PAYMENT("r") ")"

#define COMMITS \
	"(SELECT " ARRAY_OF("'commit_id', t.commit_id, 'payment_method_id', t.payment_method_id," \
	" 'value', t.value, 'authorized', t.authorized, 'received', t.received," \
	" 'status', t.status, 'save_method', t.save_method, 'decline_code', t.decline_code," \
	" 'decline_class', t.decline_class, 'provider_reference', t.provider_reference," \
	" 'late_outcome', t.late_outcome, 'late_value', t.late_value," \
	" 'late_reference', t.late_reference, 'late_at', t.late_at," \
	" 'created_at', t.created_at, 'resolved_at', t.resolved_at", "t.commit_id") \
	" FROM customers.payment_commit t" OF_PAYMENT("t") ")"

/* Returns are events, as what is returned is only summed up in the payment. */
#define EVENTS \
	"(SELECT " ARRAY_OF("'sequence', e.sequence, 'event', e.event," \
	" 'from_status', e.from_status, 'to_status', e.to_status, 'actor', e.actor," \
	" 'commit_id', e.commit_id, 'value', e.value, 'detail', e.detail, 'at', e.at", \
	"e.sequence") \
	" FROM customers.payment_event e" OF_PAYMENT("e") ")"

#define PAYMENTS \
	"SELECT " ARRAY_OF("'payment_id', p.payment_id, 'reference', p.reference," \
	" 'base_reference', p.base_reference, 'status', p.status, 'amount', p.amount," \
	" 'authorized', p.authorized, 'received', p.received, 'returned', p.returned," \
	" 'commits_used', p.commits_used, 'commits_limit', p.commits_limit," \
	" 'amount_mode', p.amount_mode, 'capture', p.capture," \
	" 'payment_method_id', p.payment_method_id, 'decline_class', p.decline_class," \
	" 'declined', p.declined, 'expires_at', " NEVER_OR("p.expires_at") "," \
	" 'closed_at', p.closed_at, 'version', p.version, 'created_at', p.created_at," \
	" 'updated_at', p.updated_at," \
	" 'prices', " PRICES ", 'commits', " COMMITS ", 'events', " EVENTS, "p.payment_id") \
	" FROM customers.payment p" OF_CUSTOMER("p")

/* An item that has expired is held as well, until it is swept. */
#define LISTS \
	"SELECT " ARRAY_OF("'list_id', h.list_id, 'name', h.name, 'effect', h.effect," \
	" 'rule', h.rule, 'expires_at', " NEVER_OR("h.expires_at") ", 'comment', h.comment," \
	" 'added_at', h.added_at, 'added_by', h.added_by", "h.list_id") \
	" FROM (SELECT l.list_id, l.name, l.effect, l.rule," \
	" i.expires_at, i.comment, i.added_at, i.added_by" \
	" FROM customers.list_item i, customers.list l" OF_CUSTOMER("i") \
	" AND l.merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND l.list_id OPERATOR(pg_catalog.=) i.list_id" \
	" UNION ALL SELECT m.list_id, m.name, m.effect, m.rule, NULL, NULL, NULL, NULL" \
	" FROM (" MATCHES_OF("SELECT l.list_id, l.name, l.effect, l.rule FROM customers.list l" \
		" WHERE l.merchant_id OPERATOR(pg_catalog.=) $1 AND l.rule IS NOT NULL", \
		CUSTOMER_2) ") AS m) AS h"

#define METADATA_ACCESS \
	"SELECT " ARRAY_OF("'at', a.at, 'role', a.role, 'session_role', a.session_role," \
	" 'keys', a.keys, 'search', a.customer_id IS NULL", "a.access_id") \
	" FROM (SELECT a.* FROM customers.metadata_access a" OF_CUSTOMER("a") \
	" UNION ALL SELECT a.* FROM customers.metadata_access a" \
	" WHERE a.merchant_id OPERATOR(pg_catalog.=) $1 AND a.customer_id IS NULL" \
	" AND a.found OPERATOR(pg_catalog.@>) ARRAY[$2]) AS a"

#define IDEMPOTENCY \
	"SELECT " ARRAY_OF("'operation', y.operation, 'key', y.key, 'created_at', y.created_at", \
	"y.created_at, y.key") \
	" FROM (SELECT $2::pg_catalog.uuid" \
	" UNION ALL SELECT p.payment_id::pg_catalog.uuid FROM customers.payment p" OF_CUSTOMER("p") \
	" UNION ALL SELECT t.commit_id::pg_catalog.uuid" \
	" FROM customers.payment p, customers.payment_commit t" OF_CUSTOMER("p") \
	" AND t.merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND t.payment_id OPERATOR(pg_catalog.=) p.payment_id) AS about (id)," \
	" customers.idempotency y" \
	" WHERE y.merchant_id OPERATOR(pg_catalog.=) $1 AND y.result OPERATOR(pg_catalog.=) about.id"

ExportSection export_sections[] = {
	{"customer", SECTION_STATEMENT(CUSTOMER)},
	{"history", SECTION_STATEMENT(HISTORY)},
	{"payment_methods", SECTION_STATEMENT(PAYMENT_METHODS)},
	{"payments", SECTION_STATEMENT(PAYMENTS)},
	{"lists", SECTION_STATEMENT(LISTS)},
	{"metadata_access", SECTION_STATEMENT(METADATA_ACCESS)},
	{"idempotency", SECTION_STATEMENT(IDEMPOTENCY)},
};

const int	export_section_count = lengthof(export_sections);
