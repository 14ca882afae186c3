/*-------------------------------------------------------------------------
 *
 * rule.h
 *	  The rules of dynamic lists.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_LIST_RULE_H
#define CUSTOMERS_LIST_RULE_H

#include "postgres.h"

#include "nodes/pg_list.h"
#include "utils/jsonpath.h"

/*
 * Between the two a rule means the same in every session: a date without a
 * time zone is one of UTC.  An error ends it as well.
 */
extern int	begin_rules(void);
extern void end_rules(int level);

/*
 * The rule for which a comparison of a missing field is unknown, as it is in
 * strict mode; rule itself if that makes no difference.  Refuses a rule that is
 * too long or nested too deeply.
 */
extern JsonPath *make_missing_unknown(JsonPath *rule);

/* What is wrong with a rule. */
typedef enum RuleFault
{
	FAULT_NONE,
	FAULT_VARIABLE,				/* it has variables */
	FAULT_MEMBER,				/* it reads a member that no document has */
	FAULT_WHOLE,				/* it reads members without naming them */
	FAULT_LISTS,				/* it reads lists, but compares none by name */
	FAULT_PARENTHESES,			/* a path goes on after parentheses */
} RuleFault;

/* What a rule reads. */
typedef struct RuleUse
{
	bool		payments;		/* the totals of payments */
	List	   *lists;			/* names of lists (char *), as often as used */
	RuleFault	fault;			/* the first one */
	char	   *member;			/* of FAULT_MEMBER */
	List	   *templates;		/* of dates (char *) */
} RuleUse;

/* Is the item true, false or unknown, and not a value? */
extern bool is_condition(JsonPathItem *item);

extern void find_rule_use(JsonPath *rule, RuleUse *use);

/* Refuses a rule that has a fault. */
extern void refuse_faulty_rule(const RuleUse *use);

/*
 * Refuses one that could not be run, whatever the document; the use has been
 * found before.
 */
extern void require_runnable_rule(JsonPath *rule, const RuleUse *use);

#endif							/* CUSTOMERS_LIST_RULE_H */
