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
#include "utils/jsonb.h"

#include "list/rule.h"

/* As many lists' rules as a query may ask in turn without preparing them again. */
#define READY_MAX 64

PG_FUNCTION_INFO_V1(rule_matches);

/* A rule that is ready to run. */
typedef struct ReadyRule
{
	JsonPath   *source;			/* as it was given */
	JsonPath   *rule;			/* as it is evaluated; may be the same */
	bool		predicate;
} ReadyRule;

/* What a call of rule_matches() in a query keeps. */
typedef struct ReadyRules
{
	Datum		no_variables;	/* what a rule finds as its variables */
	int			count;
	int			last;			/* the one that was used last */
	ReadyRule	rules[READY_MAX];
} ReadyRules;

/* is_predicate tells whether the rule is a predicate, not a path. */
static bool
is_predicate(JsonPath *rule)
{
	JsonPathItem item;

	jspInit(&item, rule);
	if (jspHasNext(&item))
		return false;			/* a path that begins with a predicate */
	switch (item.type)
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

/* copy_rule copies a rule to where the query keeps it. */
static JsonPath *
copy_rule(MemoryContext context, const JsonPath *rule)
{
	JsonPath   *copy = MemoryContextAlloc(context, VARSIZE(rule));

	memcpy(copy, rule, VARSIZE(rule));
	return copy;
}

/* make_ready prepares a rule. */
static ReadyRule
make_ready(MemoryContext context, JsonPath *rule)
{
	JsonPath   *evaluated = make_missing_unknown(rule);
	ReadyRule	ready = {.source = copy_rule(context, rule)};

	ready.rule = evaluated == rule ? ready.source : copy_rule(context, evaluated);
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
find_ready(ReadyRules *ready, JsonPath *rule)
{
	for (int i = 0; i < ready->count; i++)
	{
		int			at = (ready->last + i) % ready->count;
		JsonPath   *source = ready->rules[at].source;

		if (VARSIZE(source) == VARSIZE(rule) && memcmp(source, rule, VARSIZE(rule)) == 0)
		{
			ready->last = at;
			return &ready->rules[at];
		}
	}
	return NULL;
}

/* make_ready_rules makes a place for rules, without any. */
static ReadyRules *
make_ready_rules(MemoryContext context)
{
	ReadyRules *ready = MemoryContextAllocZero(context, sizeof(ReadyRules));
	MemoryContext outside = MemoryContextSwitchTo(context);

	ready->no_variables = DirectFunctionCall1(jsonb_in, CStringGetDatum("{}"));
	MemoryContextSwitchTo(outside);
	return ready;
}

/* get_ready is find_ready for a rule that may be new. */
static ReadyRule *
get_ready(FmgrInfo *function, JsonPath *rule, Datum *no_variables)
{
	ReadyRules *ready = function->fn_extra;
	ReadyRule  *found = ready ? find_ready(ready, rule) : NULL;

	if (found == NULL)
	{
		ReadyRule	new = make_ready(function->fn_mcxt, rule);

		if (ready == NULL)
			function->fn_extra = ready = make_ready_rules(function->fn_mcxt);
		if (ready->count < READY_MAX)
			ready->last = ready->count++;
		else
		{
			ready->last = (ready->last + 1) % READY_MAX;
			discard(&ready->rules[ready->last]);
		}
		found = &ready->rules[ready->last];
		*found = new;
	}
	*no_variables = ready->no_variables;
	return found;
}

/* rule_matches(rule, document) bool */
Datum
rule_matches(PG_FUNCTION_ARGS)
{
	JsonPath   *source = PG_GETARG_JSONPATH_P(0);
	Datum		no_variables;
	ReadyRule  *ready = get_ready(fcinfo->flinfo, source, &no_variables);
	Datum		arguments[4] = {
		PG_GETARG_DATUM(1), PointerGetDatum(ready->rule), no_variables,
		BoolGetDatum(true)		/* silent */
	};
	Datum		result;

	LOCAL_FCINFO(call, 4);

	InitFunctionCallInfoData(*call, NULL, 4, InvalidOid, NULL, NULL);
	for (int i = 0; i < 4; i++)
	{
		call->args[i].value = arguments[i];
		call->args[i].isnull = false;
	}
	result = ready->predicate ? jsonb_path_match_tz(call) : jsonb_path_exists_tz(call);
	PG_FREE_IF_COPY(source, 0);

	/* NULL: an error within the rule, or a predicate that is unknown. */
	PG_RETURN_BOOL(!call->isnull && DatumGetBool(result));
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
