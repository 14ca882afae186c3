/*-------------------------------------------------------------------------
 *
 * rule.c
 *	  Whether a rule matches a document.
 *
 * A rule is a jsonpath of either form: a predicate ($.a == 1) matches when it
 * is true, a path ($.a ? (@ > 1)) when it yields at least one item, whatever
 * the item is.  The jsonpath functions have one form each and take the other
 * for something else, so the form is looked up here.
 *
 * Nothing in a document may break a read of its list, so an error within a
 * rule means that the rule does not match.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "list/rule.h"

/* As many lists' rules as may be asked in turn without preparing them again. */
#define READY_MAX 64

PG_FUNCTION_INFO_V1(rule_matches);

/* A rule that is ready to run. */
typedef struct ReadyRule
{
	JsonPath   *source;			/* as it was given */
	JsonPath   *rule;			/* as it is evaluated; may be the same */
	bool		predicate;
} ReadyRule;

/*
 * The rules that the session has asked lately: a payment asks those of blocking
 * lists in a query of its own.
 */
static ReadyRule ready_rules[READY_MAX];
static int	ready_count = 0;
static int	ready_last = 0;		/* the one that was used last */

bool
is_condition(JsonPathItem *item)
{
	switch (item->type)
	{
		case jpiAnd:
		case jpiOr:
		case jpiNot:
		case jpiIsUnknown:
		case jpiEqual:
		case jpiNotEqual:
		case jpiLess:
		case jpiGreater:
		case jpiLessOrEqual:
		case jpiGreaterOrEqual:
		case jpiExists:
		case jpiStartsWith:
		case jpiLikeRegex:
			return true;
		default:
			return false;
	}
}

/*
 * is_predicate tells whether the rule is a predicate, not a path, such as one that
 * begins with a predicate.
 */
static bool
is_predicate(JsonPath *rule)
{
	JsonPathItem item;

	jspInit(&item, rule);
	return !jspHasNext(&item) && is_condition(&item);
}

/* copy_rule copies a rule to where the session keeps it. */
static JsonPath *
copy_rule(const JsonPath *rule)
{
	JsonPath   *copy = MemoryContextAlloc(TopMemoryContext, VARSIZE(rule));

	memcpy(copy, rule, VARSIZE(rule));
	return copy;
}

/* make_ready prepares a rule. */
static ReadyRule
make_ready(JsonPath *rule)
{
	JsonPath   *evaluated;
	ReadyRule	ready;
	RuleUse		use;

	find_rule_use(rule, &use);
	if (use.fault == FAULT_PARENTHESES)
		refuse_faulty_rule(&use);
	evaluated = make_missing_unknown(rule);
	ready.source = copy_rule(rule);
	ready.rule = evaluated == rule ? ready.source : copy_rule(evaluated);
	ready.predicate = is_predicate(rule);
	return ready;
}

/* discard frees what make_ready() has made. */
static void
discard(ReadyRule *ready)
{
	if (ready->rule != ready->source)
		pfree(ready->rule);
	pfree(ready->source);
}

/*
 * find_ready returns the rule, ready to run.  A query asks the same rule again
 * or several in turn, so the search begins with the last one and those after it.
 */
static ReadyRule *
find_ready(JsonPath *rule)
{
	for (int i = 0; i < ready_count; i++)
	{
		int			at = (ready_last + i) % ready_count;
		JsonPath   *source = ready_rules[at].source;

		if (VARSIZE(source) == VARSIZE(rule) && memcmp(source, rule, VARSIZE(rule)) == 0)
		{
			ready_last = at;
			return &ready_rules[at];
		}
	}
	return NULL;
}

/* get_ready is find_ready for a rule that may be new. */
static ReadyRule *
get_ready(JsonPath *rule)
{
	ReadyRule  *found = find_ready(rule);

	if (found == NULL)
	{
		ReadyRule	new = make_ready(rule);

		if (ready_count < READY_MAX)
			ready_last = ready_count++;
		else
		{
			ready_last = (ready_last + 1) % READY_MAX;
			discard(&ready_rules[ready_last]);
		}
		found = &ready_rules[ready_last];
		*found = new;
	}
	return found;
}

/* no_variables is what a rule finds as its variables. */
static Datum
no_variables(void)
{
	static Datum empty = (Datum) 0;

	if (empty == (Datum) 0)
	{
		MemoryContext outside = MemoryContextSwitchTo(TopMemoryContext);

		empty = DirectFunctionCall1(jsonb_in, CStringGetDatum("{}"));
		MemoryContextSwitchTo(outside);
	}
	return empty;
}

/* evaluate runs a rule: is its predicate true, or does its path yield an item? */
static bool
evaluate(JsonPath *rule, bool predicate, Datum document)
{
	Datum		arguments[4] = {
		document, PointerGetDatum(rule), no_variables(), BoolGetDatum(true) /* silent */
	};
	Datum		result;

	LOCAL_FCINFO(call, 4);

	InitFunctionCallInfoData(*call, NULL, 4, InvalidOid, NULL, NULL);
	for (int i = 0; i < 4; i++)
	{
		call->args[i].value = arguments[i];
		call->args[i].isnull = false;
	}
	result = predicate ? jsonb_path_match_tz(call) : jsonb_path_exists_tz(call);

	/* NULL: an error within the rule, or a predicate that is unknown. */
	return !call->isnull && DatumGetBool(result);
}

/* rule_matches(rule, document) bool */
Datum
rule_matches(PG_FUNCTION_ARGS)
{
	JsonPath   *source = PG_GETARG_JSONPATH_P(0);
	ReadyRule  *ready = get_ready(source);
	bool		matches = evaluate(ready->rule, ready->predicate, PG_GETARG_DATUM(1));

	PG_FREE_IF_COPY(source, 0);
	PG_RETURN_BOOL(matches);
}

/*
 * require_date_templates refuses templates of dates that no date can be read by.
 * They are errors even where errors are silent, once a document has a text to
 * read; so one is read.
 */
static void
require_date_templates(List *templates)
{
	Datum		no_date = DirectFunctionCall1(jsonb_in, CStringGetDatum("\"\""));
	ListCell   *cell;

	foreach(cell, templates)
	{
		StringInfoData path;

		initStringInfo(&path);
		appendStringInfoString(&path, "$.datetime(");
		escape_json(&path, lfirst(cell));
		appendStringInfoChar(&path, ')');
		(void) evaluate(DatumGetJsonPathP(DirectFunctionCall1(jsonpath_in,
															  CStringGetDatum(path.data))),
						false, no_date);
		pfree(path.data);
	}
}

void
require_runnable_rule(JsonPath *rule, const RuleUse *use)
{
	require_date_templates(use->templates);
	(void) get_ready(rule);
}

int
begin_rules(void)
{
	int			level = NewGUCNestLevel();

	(void) set_config_option("timezone", "UTC", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	return level;
}

void
end_rules(int level)
{
	AtEOXact_GUC(true, level);
}
