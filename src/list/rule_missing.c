/*-------------------------------------------------------------------------
 *
 * rule_missing.c
 *	  What a comparison of a missing field is in a rule: unknown.
 *
 * jsonpath has two modes.  In lax mode a missing field is an empty sequence, so
 * a comparison of it is false and its negation true: !($.country == "FR") would
 * match whoever has no country.  In strict mode the comparison is unknown, but
 * so is exists(), and arrays are not unwrapped.  A rule wants the unknown of
 * the one and everything else of the other.  jsonpath itself can say it:
 *
 *		$.a == 1
 *		($.a == 1 || !exists ($.a) && 1 < "")
 *
 * where the last comparison is unknown, as it is of different types.  So the
 * text of a rule is rewritten that way where false and unknown differ, that is
 * if it negates something or asks for "is unknown".
 *
 * The text is the one of jsonpath_out, in which names and strings are quoted,
 * and operators between spaces.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/fmgrprotos.h"

#include "list/rule.h"

/* Far more than people write; sessions keep rules, and read them recursively. */
#define RULE_SIZE_MAX	(256 * 1024)
#define DEPTH_MAX		1000

/* The text that is read, and the text that is written. */
typedef struct Rewriting
{
	const char *at;
	StringInfoData out;
	int			depth;			/* of parentheses */
	bool		matters;		/* do false and unknown differ? */
} Rewriting;

/* token_length is the length of the token at text; 0: it isn't there. */
static int
token_length(const char *text, const char *token)
{
	int			length = strlen(token);

	return strncmp(text, token, length) == 0 ? length : 0;
}

/* comparison_length is the length of the comparison's operator at text, or 0. */
static int
comparison_length(const char *text)
{
	static const char *const operators[] = {" == ", " != ", " < ", " > ", " <= ", " >= ",
	" starts with ", " like_regex "};

	for (size_t i = 0; i < lengthof(operators); i++)
	{
		int			length = token_length(text, operators[i]);

		if (length > 0)
			return length;
	}
	return 0;
}

/* quoted_length is the length of the quoted name or string at text. */
static int
quoted_length(const char *text)
{
	const char *end = text + 1;

	while (*end && *end != '"')
		end += end[0] == '\\' && end[1] ? 2 : 1;
	return end - text + (*end == '"');
}

/*
 * field_length is the length of the field at the beginning of an operand: of a
 * path up to its first array, filter or wildcard of levels, of which any number
 * of items may come; 0 for an operand that is no path.
 */
static int
field_length(const char *operand)
{
	const char *end = operand;

	if (*end != '$' && *end != '@')
		return 0;
	while (*end && strchr(" [?{", *end) == NULL)
		end += *end == '"' ? quoted_length(end) : 1;
	return end - operand;
}

/*
 * append_condition adds that the field of an operand is missing.  A path in an
 * arithmetic expression comes after signs and parentheses.
 */
static void
append_condition(StringInfo out, const char *operand, bool *any)
{
	int			length;

	operand += strspn(operand, " -+(");
	length = field_length(operand);
	if (length > 0)
	{
		appendStringInfo(out, "%s!exists (%.*s)", *any ? " || " : "", length, operand);
		*any = true;
	}
}

/*
 * end_comparison rewrites the comparison that was written from start on, whose
 * operator is at operator, and right operand at right.
 */
static void
end_comparison(StringInfo out, int start, int operator, int right)
{
	char	   *left_operand = pnstrdup(out->data + start, operator - start);
	char	   *right_operand = pstrdup(out->data + right);
	char	   *comparison = pstrdup(out->data + start);
	StringInfoData condition;
	bool		any = false;

	initStringInfo(&condition);
	append_condition(&condition, left_operand, &any);
	append_condition(&condition, right_operand, &any);
	if (any)
	{
		out->len = start;
		out->data[start] = '\0';
		appendStringInfo(out, "(%s || (%s) && 1 < \"\")", comparison, condition.data);
	}
	pfree(left_operand);
	pfree(right_operand);
	pfree(comparison);
	pfree(condition.data);
}

/* copy writes the next characters as they are. */
static void
copy(Rewriting *rewriting, int length)
{
	appendBinaryStringInfo(&rewriting->out, rewriting->at, length);
	rewriting->at += length;
}

/* rewrite_expression rewrites up to the closing parenthesis, or the end. */
static void
rewrite_expression(Rewriting *rewriting)
{
	int			start = rewriting->out.len;
	int			operator = -1;	/* of the comparison from start on, if any */
	int			right = -1;

	check_stack_depth();
	if (rewriting->depth > DEPTH_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_STATEMENT_TOO_COMPLEX),
				 errmsg("the rule of a list is nested too deeply"),
				 errdetail("More than %d pairs of parentheses are around each other, also those that each && and || gives.",
						   DEPTH_MAX)));
	for (;;)
	{
		const char *at = rewriting->at;
		int			connective = Max(token_length(at, " && "), token_length(at, " || "));
		int			length;

		if (operator >= 0 && (*at == '\0' || *at == ')' || connective > 0))
			end_comparison(&rewriting->out, start, operator, right);
		if (*at == '\0' || *at == ')')
			break;
		if (connective > 0)
		{
			copy(rewriting, connective);
			start = rewriting->out.len;
			operator = -1;
		}
		else if (*at == '(')
		{
			copy(rewriting, 1);
			rewriting->depth++;
			rewrite_expression(rewriting);
			rewriting->depth--;
			if (*rewriting->at == ')')
				copy(rewriting, 1);
		}
		else if (operator < 0 && (length = comparison_length(at)) > 0)
		{
			operator = rewriting->out.len;
			copy(rewriting, length);
			right = rewriting->out.len;
		}
		else
		{
			if (token_length(at, "!(") || token_length(at, " is unknown"))
				rewriting->matters = true;
			copy(rewriting, *at == '"' ? quoted_length(at) : 1);
		}
	}
}

JsonPath *
make_missing_unknown(JsonPath *rule)
{
	char	   *text;
	Rewriting	rewriting = {0};

	if (VARSIZE(rule) > RULE_SIZE_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the rule of a list must not take more than %d bytes", RULE_SIZE_MAX)));
	text = DatumGetCString(DirectFunctionCall1(jsonpath_out, PointerGetDatum(rule)));
	rewriting.at = text;
	initStringInfo(&rewriting.out);
	rewrite_expression(&rewriting);
	if (rewriting.matters && (rule->header & JSONPATH_LAX) != 0)
		rule = DatumGetJsonPathP(DirectFunctionCall1(jsonpath_in,
													 CStringGetDatum(rewriting.out.data)));
	pfree(rewriting.out.data);
	pfree(text);
	return rule;
}
