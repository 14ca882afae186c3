/*-------------------------------------------------------------------------
 *
 * document.h
 *	  The document about a customer that rules read, and who the members of
 *	  lists are, in SQL.
 *
 * In all of these $1 is the merchant and $3 the time.  What has to do with rules
 * runs in between begin_rules() and end_rules().
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_LIST_DOCUMENT_H
#define CUSTOMERS_LIST_DOCUMENT_H

#include "list/rule.h"

/* Is item i still in force at the time $3? */
#define ITEM_IN_FORCE \
	"(i.expires_at IS NULL OR i.expires_at OPERATOR(pg_catalog.>) $3)"

/* Which customers: a condition on customer_id. */
#define ALL_CUSTOMERS ""
#define CUSTOMER_2 " AND customer_id OPERATOR(pg_catalog.=) $2"

#define UTC_TIME(time) \
	"pg_catalog.to_char(pg_catalog.timezone('UTC', " time ")," \
	" 'YYYY-MM-DD\"T\"HH24:MI:SS\"+00:00\"')"

/* An object with the sum of a counter for each currency where it is not zero. */
#define SUM_PER_CURRENCY(counter) \
	"COALESCE(pg_catalog.jsonb_object_agg(s.currency, s." counter ")" \
	" FILTER (WHERE s." counter " OPERATOR(pg_catalog.>) 0), '{}'::pg_catalog.jsonb)"

/*
 * The totals of the customers who have payments, in one pass over the payments
 * or, for one customer, by the index; nothing is read unless a rule of CTE rule
 * wants them.  As numeric they can't overflow.
 */
#define PAYMENT_TOTALS(customers) \
	"SELECT s.customer_id, pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(" \
	"'count', pg_catalog.sum(s.count), 'paid_count', pg_catalog.sum(s.paid_count)," \
	" 'received', " SUM_PER_CURRENCY("received") "," \
	" 'returned', " SUM_PER_CURRENCY("returned") "," \
	" 'last_paid_at', " UTC_TIME("pg_catalog.max(s.last_paid_at)") ")) AS totals" \
	" FROM (SELECT t.customer_id, t.currency, pg_catalog.count(*) AS count," \
	" pg_catalog.count(*) FILTER (WHERE t.is_paid) AS paid_count," \
	" pg_catalog.sum(t.received) AS received, pg_catalog.sum(t.returned) AS returned," \
	" pg_catalog.max(t.closed_at) FILTER (WHERE t.is_paid) AS last_paid_at" \
	" FROM (SELECT customer_id, customers.currency(amount) AS currency," \
	" status OPERATOR(pg_catalog.=) ANY (ARRAY['paid', 'over_paid']) AS is_paid," \
	" customers.amount_to_numeric(received) AS received," \
	" customers.amount_to_numeric(returned) AS returned, closed_at" \
	" FROM customers.payment WHERE merchant_id OPERATOR(pg_catalog.=) $1" customers \
	" AND EXISTS (SELECT FROM rule WHERE rule.reads_payments)) AS t" \
	" GROUP BY t.customer_id, t.currency) AS s GROUP BY s.customer_id"

/*
 * The names of the lists that the customers are on: of the fixed lists that the
 * rules of CTE rule name, since a rule can't ask for others.
 */
#define LIST_NAMES(customers) \
	"SELECT i.customer_id, pg_catalog.jsonb_agg(f.name) AS names" \
	" FROM customers.list f," \
	" (SELECT list_id, customer_id, expires_at FROM customers.list_item" \
	" WHERE merchant_id OPERATOR(pg_catalog.=) $1" customers ") AS i" \
	" WHERE f.merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND f.name OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT u.name" \
	" FROM rule, pg_catalog.unnest(customers.rule_lists(rule.rule)) AS u(name)))" \
	" AND i.list_id OPERATOR(pg_catalog.=) f.list_id AND " ITEM_IN_FORCE \
	" GROUP BY i.customer_id"

/* The customers, and what the document has of their rows. */
#define CUSTOMERS(customers) \
	"(SELECT customer_id, context, payments_allowed, payouts_allowed, archived_at, created_at" \
	" FROM customers.customer WHERE merchant_id OPERATOR(pg_catalog.=) $1" customers ") AS c"
#define CUSTOMER_MEMBERS \
	"'context', c.context," \
	" 'payments_allowed', c.payments_allowed," \
	" 'payouts_allowed', c.payouts_allowed," \
	" 'archived', c.archived_at IS NOT NULL," \
	" 'created_at', " UTC_TIME("c.created_at")

/* Does a rule read more than the customer's row? */
#define READS_MORE(rule) \
	"(customers.rule_reads_payments(" rule ")" \
	" OR customers.rule_lists(" rule ") OPERATOR(pg_catalog.<>) '{}'::pg_catalog.text[])"

/*
 * The columns of rules, a query that gives a rule in column rule, with the id of
 * each of the customers that the rule matches.  The document is doc/lists.md's;
 * what the rule does not read may be missing.  Totals and names are made once, not
 * for each rule.
 */
#define MATCHES_OF(rules, customers) \
	"WITH rule AS MATERIALIZED (SELECT given.*," \
	" customers.rule_reads_payments(given.rule) AS reads_payments FROM (" rules ") AS given)," \
	" total AS MATERIALIZED (" PAYMENT_TOTALS(customers) ")," \
	" named AS MATERIALIZED (" LIST_NAMES(customers) ")" \
	" SELECT rule.*, c.customer_id FROM rule CROSS JOIN " \
	CUSTOMERS(customers " AND EXISTS (SELECT FROM rule)") \
	" LEFT JOIN total AS p ON p.customer_id OPERATOR(pg_catalog.=) c.customer_id" \
	" LEFT JOIN named AS n ON n.customer_id OPERATOR(pg_catalog.=) c.customer_id" \
	" WHERE customers.rule_matches(rule.rule, pg_catalog.jsonb_build_object(" \
	CUSTOMER_MEMBERS "," \
	" 'payments', CASE WHEN rule.reads_payments THEN" \
	" COALESCE(p.totals, '{\"count\": 0, \"paid_count\": 0," \
	" \"received\": {}, \"returned\": {}}'::pg_catalog.jsonb) END," \
	" 'lists', COALESCE(n.names, '[]'::pg_catalog.jsonb)))"

/* The same for rules that read no more than the customers' rows, at a lower price. */
#define MATCHES_OF_ROWS(rules, customers) \
	"SELECT rule.*, c.customer_id FROM (" rules ") AS rule CROSS JOIN " CUSTOMERS(customers) \
	" WHERE customers.rule_matches(rule.rule," \
	" pg_catalog.jsonb_build_object(" CUSTOMER_MEMBERS "))"

/*
 * The members (list_id, customer_id) at the time $3 of an array of lists of
 * merchant $1; each member of a list once.
 */
#define MEMBERS_OF(lists) \
	"SELECT i.list_id, i.customer_id FROM customers.list_item i" \
	" WHERE i.merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND i.list_id OPERATOR(pg_catalog.=) ANY (" lists ")" \
	" AND " ITEM_IN_FORCE \
	" UNION ALL" \
	" SELECT m.list_id, m.customer_id FROM (" MATCHES_OF( \
	"SELECT l.list_id, l.rule FROM customers.list l" \
	" WHERE l.merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND l.list_id OPERATOR(pg_catalog.=) ANY (" lists ")" \
	" AND l.rule IS NOT NULL", ALL_CUSTOMERS) ") AS m"

#endif							/* CUSTOMERS_LIST_DOCUMENT_H */
