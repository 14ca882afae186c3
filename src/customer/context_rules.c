/*-------------------------------------------------------------------------
 *
 * context_rules.c
 *	  Rules of the context as a whole: a JSON Schema beside those of the fields.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/statement.h"
#include "customer/context.h"
#include "customer/merge_patch.h"

/* Where context_schema() shows the rules. */
#define RULES_LOCATION "/allOf/0"

PG_FUNCTION_INFO_V1(set_context_rules);

List *
rule_violations(const ContextSchema *schema, Jsonb *context)
{
	List	   *violations;
	ListCell   *cell;

	if (schema->rules == NULL || schema_accepts(schema->rules, context))
		return NIL;
	violations = schema_violations(schema->rules, context);
	foreach(cell, violations)
	{
		SchemaViolation *violation = lfirst(cell);

		violation->keyword_location = psprintf(RULES_LOCATION "%s", violation->keyword_location);
	}
	return violations;
}

/* order_violations orders cells of a list by what makes a violation the same. */
static int
order_violations(const void *left, const void *right)
{
	const SchemaViolation *a = lfirst((const ListCell *) left);
	const SchemaViolation *b = lfirst((const ListCell *) right);
	int			order = strcmp(a->instance_location, b->instance_location);

	CHECK_FOR_INTERRUPTS();		/* a context may have very many */
	if (order == 0)
		order = strcmp(a->keyword_location, b->keyword_location);
	return order == 0 ? strcmp(a->message, b->message) : order;
}

/* sorted_violations is a list in that order, for has_violation(). */
static List *
sorted_violations(List *violations)
{
	qsort(list_head(violations), list_length(violations), sizeof(ListCell), order_violations);
	return violations;
}

/* has_violation says whether a sorted list has the same violation as a cell. */
static bool
has_violation(List *sorted, const ListCell *sought)
{
	return sorted != NIL &&
		bsearch(sought, list_head(sorted), list_length(sorted), sizeof(ListCell),
				order_violations) != NULL;
}

/* lies_within_member says whether a place is in one of the members of an object. */
static bool
lies_within_member(const char *location, Jsonb *members)
{
	JsonbIterator *iterator = JsonbIteratorInit(&members->root);
	JsonbIteratorToken token;
	JsonbValue	key;
	JsonbValue	value;

	while ((token = JsonbIteratorNext(&iterator, &key, true)) != WJB_DONE)
	{
		int			length = key.val.string.len;

		if (token != WJB_KEY)
			continue;
		JsonbIteratorNext(&iterator, &value, true);
		if (location[0] == '/' && strncmp(location + 1, key.val.string.val, length) == 0 &&
			(location[1 + length] == '\0' || location[1 + length] == '/'))
			return true;
	}
	return false;
}

/*
 * A violation that was there before is not the fault of the change, unless it
 * lies within a member that the change writes.
 */
List *
rule_change_violations(const ContextSchema *schema, Jsonb *old, Jsonb *new)
{
	List	   *after = rule_violations(schema, new);
	List	   *before;
	List	   *violations = NIL;
	Jsonb	   *changed;
	ListCell   *cell;

	if (after == NIL)
		return NIL;
	before = sorted_violations(rule_violations(schema, old));
	changed = changed_members(old, new);
	foreach(cell, after)
	{
		const SchemaViolation *violation = lfirst(cell);

		if (!has_violation(before, cell) ||
			lies_within_member(violation->instance_location, changed))
			violations = lappend(violations, lfirst(cell));
	}
	return violations;
}

/* same_rules compares the rules in force with those to come; NULL: none. */
static bool
same_rules(const JsonSchema *rules, Jsonb *source)
{
	if (rules == NULL || source == NULL)
		return rules == NULL && source == NULL;
	return compareJsonbContainers(&schema_source(rules)->root, &source->root) == 0;
}

/* set_context_rules(schema) void: null removes them */
Datum
set_context_rules(PG_FUNCTION_ARGS)
{
	Jsonb	   *source = PG_ARGISNULL(0) ? NULL : PG_GETARG_JSONB_P(0);
	JsonSchema *rules;
	Caller		caller;

	enter_store(&caller);
	rules = source ? compile_schema(source, NULL) : NULL;
	lock_fields(&caller);
	if (!same_rules(latest_context_rules(&caller), source))
		make_context_schema(&caller, rules);
	leave_store(&caller);
	PG_RETURN_VOID();
}
