/*-------------------------------------------------------------------------
 *
 * rule.h
 *	  The rules of dynamic lists, and who the members of lists are in SQL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_LIST_RULE_H
#define CUSTOMERS_LIST_RULE_H

#include "postgres.h"

#include "utils/jsonpath.h"

/* Does the rule of list l match customer c?  The document is doc/lists.md's. */
#define RULE_MATCHES \
	"customers.rule_matches(l.rule, pg_catalog.jsonb_build_object(" \
	"'context', c.context," \
	" 'payments_allowed', c.payments_allowed," \
	" 'payouts_allowed', c.payouts_allowed," \
	" 'archived', c.archived_at IS NOT NULL," \
	" 'created_at', pg_catalog.to_char(pg_catalog.timezone('UTC', c.created_at)," \
	" 'YYYY-MM-DD\"T\"HH24:MI:SS\"+00:00\"')))"

/* Is item i still in force at the time $3? */
#define ITEM_IN_FORCE \
	"(i.expires_at IS NULL OR i.expires_at OPERATOR(pg_catalog.>) $3)"

/*
 * The members (list_id, customer_id) at the time $3 of an array of lists of
 * merchant $1; each member of a list once.  Runs in between begin_rules() and
 * end_rules().
 */
#define MEMBERS_OF(lists) \
	"SELECT i.list_id, i.customer_id FROM customers.list_item i" \
	" WHERE i.merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND i.list_id OPERATOR(pg_catalog.=) ANY (" lists ")" \
	" AND " ITEM_IN_FORCE \
	" UNION ALL" \
	" SELECT l.list_id, c.customer_id" \
	" FROM customers.list l, customers.customer c" \
	" WHERE l.merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND l.list_id OPERATOR(pg_catalog.=) ANY (" lists ")" \
	" AND l.rule IS NOT NULL" \
	" AND c.merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND " RULE_MATCHES

/*
 * Between the two a rule means the same in every session: a date without a
 * time zone is one of UTC.  An error ends it as well.
 */
extern int	begin_rules(void);
extern void end_rules(int level);

/* Refuses a rule that could never be evaluated: one with variables. */
extern void refuse_unusable_rule(JsonPath *rule);

#endif							/* CUSTOMERS_LIST_RULE_H */
