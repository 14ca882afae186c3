/*-------------------------------------------------------------------------
 *
 * rule.c
 *	  The rules of dynamic lists.
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

PG_FUNCTION_INFO_V1(rule_matches);

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

/* no_variables returns what a rule finds as its variables, made once a query. */
static Datum
no_variables(FmgrInfo *function)
{
	if (function->fn_extra == NULL)
	{
		MemoryContext outside = MemoryContextSwitchTo(function->fn_mcxt);

		function->fn_extra = DatumGetPointer(DirectFunctionCall1(jsonb_in, CStringGetDatum("{}")));
		MemoryContextSwitchTo(outside);
	}
	return PointerGetDatum(function->fn_extra);
}

/* rule_matches(rule, document) bool */
Datum
rule_matches(PG_FUNCTION_ARGS)
{
	JsonPath   *rule = PG_GETARG_JSONPATH_P(0);
	Datum		arguments[4] = {
		PG_GETARG_DATUM(1), PointerGetDatum(rule), no_variables(fcinfo->flinfo),
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
	result = is_predicate(rule) ? jsonb_path_match_tz(call) : jsonb_path_exists_tz(call);

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

/*
 * refuse_unusable_rule looks for variables in the rule's text, where $ comes
 * before a name in quotation marks.  Strings, keys and patterns are quoted as
 * well and may hold anything.
 */
void
refuse_unusable_rule(JsonPath *rule)
{
	char	   *text = DatumGetCString(DirectFunctionCall1(jsonpath_out, PointerGetDatum(rule)));
	bool		quoted = false;

	for (const char *at = text; *at; at++)
	{
		if (quoted && at[0] == '\\' && at[1])
			at++;
		else if (at[0] == '"')
			quoted = !quoted;
		else if (!quoted && at[0] == '$' && at[1] == '"')
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the rule of a list must not have variables"),
					 errdetail("Only $ is known, the document about one customer.")));
	}
	pfree(text);
}
