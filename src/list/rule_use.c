/*-------------------------------------------------------------------------
 *
 * rule_use.c
 *	  What a rule reads of the document, and which lists it names.
 *
 * The members "payments" and "lists" are computed for the rules that read them,
 * and a list that a rule names can't be dropped.  So a rule has to say what it
 * reads: it names the member of the document, and it compares the list with its
 * name.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "list/rule.h"

PG_FUNCTION_INFO_V1(rule_reads_payments);
PG_FUNCTION_INFO_V1(rule_lists);

/* What an item of a path stands for. */
typedef enum Subject
{
	SUBJECT_OTHER,
	SUBJECT_DOCUMENT,
	SUBJECT_LISTS				/* the names of lists, or one of them */
} Subject;

static void find_use(JsonPathItem *item, Subject current, RuleUse *use);

static void
report_fault(RuleUse *use, RuleFault fault)
{
	if (use->fault == FAULT_NONE)
		use->fault = fault;
}

/* read_member notes that a member of the document is read. */
static Subject
read_member(JsonPathItem *key, RuleUse *use)
{
	static const char *const plain[] = {"context", "payments_allowed", "payouts_allowed",
	"archived", "created_at"};
	int32		length;
	char	   *name = jspGetString(key, &length);

	name = pnstrdup(name, length);
	if (strcmp(name, "lists") == 0)
		return SUBJECT_LISTS;
	if (strcmp(name, "payments") == 0)
	{
		use->payments = true;
		return SUBJECT_OTHER;
	}
	for (size_t i = 0; i < lengthof(plain); i++)
		if (strcmp(plain[i], name) == 0)
			return SUBJECT_OTHER;
	if (use->fault == FAULT_NONE)
		use->member = name;
	report_fault(use, FAULT_MEMBER);
	return SUBJECT_OTHER;
}

/* head_subject is what the first item of a path stands for. */
static Subject
head_subject(JsonPathItem *item, Subject current)
{
	return item->type == jpiRoot ? SUBJECT_DOCUMENT
		: item->type == jpiCurrent ? current
		: SUBJECT_OTHER;
}

/* is_list is whether a path, without filters, stands for the names of lists. */
static bool
is_list(JsonPathItem *item, Subject current)
{
	Subject		subject = head_subject(item, current);
	JsonPathItem at = *item;
	JsonPathItem next;

	for (; jspGetNext(&at, &next); at = next)
	{
		RuleUse		ignored = {0};

		if (next.type == jpiKey && subject == SUBJECT_DOCUMENT)
			subject = read_member(&next, &ignored);
		else if (next.type != jpiAnyArray || subject != SUBJECT_LISTS)
			return false;
	}
	return subject == SUBJECT_LISTS;
}

/* find_named_list notes the list if list == name is what is compared. */
static bool
find_named_list(JsonPathItem *list, JsonPathItem *name, Subject current, RuleUse *use)
{
	int32		length;
	char	   *string;

	if (!is_list(list, current) || name->type != jpiString || jspHasNext(name))
		return false;
	string = jspGetString(name, &length);
	use->lists = lappend(use->lists, pnstrdup(string, length));
	return true;
}

/*
 * loses_parentheses is whether an operator or condition is followed by a path, as
 * in ($.a - 1).abs(): jsonpath_out writes no parentheses where operators don't
 * need them, so the text is none or means $.a - (1.abs()).
 */
static bool
loses_parentheses(JsonPathItem *item)
{
	if (!jspHasNext(item))
		return false;
	switch (item->type)
	{
		case jpiAdd:
		case jpiSub:
		case jpiMul:
		case jpiDiv:
		case jpiMod:
		case jpiPlus:
		case jpiMinus:
			return true;
		default:
			return is_condition(item);
	}
}

/* note_template notes the template by which .datetime() reads, if it has one. */
static void
note_template(JsonPathItem *datetime, RuleUse *use)
{
	JsonPathItem template;
	int32		length;
	char	   *string;

	if (datetime->content.arg == 0)
		return;
	jspGetArg(datetime, &template);
	string = jspGetString(&template, &length);
	use->templates = lappend(use->templates, pnstrdup(string, length));
}

/* find_use_of_operands goes through the two operands of an operator. */
static void
find_use_of_operands(JsonPathItem *item, Subject current, RuleUse *use)
{
	JsonPathItem left;
	JsonPathItem right;

	jspGetLeftArg(item, &left);
	jspGetRightArg(item, &right);
	if (item->type == jpiEqual &&
		(find_named_list(&left, &right, current, use) ||
		 find_named_list(&right, &left, current, use)))
		return;
	find_use(&left, current, use);
	find_use(&right, current, use);
}

/* find_use_of_head goes through the first item of a path, or an operator. */
static void
find_use_of_head(JsonPathItem *item, Subject current, RuleUse *use)
{
	JsonPathItem operand;

	switch (item->type)
	{
		case jpiAnd:
		case jpiOr:
		case jpiEqual:
		case jpiNotEqual:
		case jpiLess:
		case jpiGreater:
		case jpiLessOrEqual:
		case jpiGreaterOrEqual:
		case jpiAdd:
		case jpiSub:
		case jpiMul:
		case jpiDiv:
		case jpiMod:
		case jpiStartsWith:
			find_use_of_operands(item, current, use);
			break;
		case jpiNot:
		case jpiIsUnknown:
		case jpiExists:
		case jpiPlus:
		case jpiMinus:
			jspGetArg(item, &operand);
			find_use(&operand, current, use);
			break;
		case jpiLikeRegex:
			jspInitByBuffer(&operand, item->base, item->content.like_regex.expr);
			find_use(&operand, current, use);
			break;
		case jpiVariable:
			report_fault(use, FAULT_VARIABLE);
			break;
		default:
			break;
	}
}

/* find_use_of_subscripts goes through what is within [ ]. */
static void
find_use_of_subscripts(JsonPathItem *item, Subject current, RuleUse *use)
{
	for (int i = 0; i < item->content.array.nelems; i++)
	{
		JsonPathItem from;
		JsonPathItem to;
		bool		is_range = jspGetArraySubscript(item, &from, &to, i);

		find_use(&from, current, use);
		if (is_range)
			find_use(&to, current, use);
	}
}

/*
 * find_use goes through a path or an operator; current is what @ stands for.  A
 * filter leaves the subject as it is, and what it does with @ is seen within.
 */
static void
find_use(JsonPathItem *item, Subject current, RuleUse *use)
{
	Subject		subject = head_subject(item, current);
	bool		filtered = false;
	JsonPathItem at = *item;
	JsonPathItem next;

	check_stack_depth();
	if (loses_parentheses(item))
		use->fault = FAULT_PARENTHESES;
	find_use_of_head(item, current, use);
	for (; jspGetNext(&at, &next); at = next)
	{
		JsonPathItem condition;

		if (next.type == jpiFilter)
		{
			jspGetArg(&next, &condition);
			find_use(&condition, subject, use);
			filtered = true;
			continue;
		}
		if (next.type == jpiIndexArray)
			find_use_of_subscripts(&next, current, use);
		if (next.type == jpiDatetime)
			note_template(&next, use);
		if (subject == SUBJECT_DOCUMENT && next.type == jpiKey)
			subject = read_member(&next, use);
		else if (subject == SUBJECT_DOCUMENT)
		{
			report_fault(use, FAULT_WHOLE);
			subject = SUBJECT_OTHER;
		}
		else if (subject == SUBJECT_LISTS && next.type != jpiAnyArray)
		{
			report_fault(use, FAULT_LISTS);
			subject = SUBJECT_OTHER;
		}
	}
	if (subject == SUBJECT_LISTS && !filtered)
		report_fault(use, FAULT_LISTS);
}

void
find_rule_use(JsonPath *rule, RuleUse *use)
{
	JsonPathItem item;

	memset(use, 0, sizeof(RuleUse));
	jspInit(&item, rule);
	find_use(&item, SUBJECT_OTHER, use);
}

/* rule_reads_payments(rule) bool */
Datum
rule_reads_payments(PG_FUNCTION_ARGS)
{
	RuleUse		use;

	find_rule_use(PG_GETARG_JSONPATH_P(0), &use);
	PG_RETURN_BOOL(use.payments);
}

/* rule_lists(rule) text[] */
Datum
rule_lists(PG_FUNCTION_ARGS)
{
	RuleUse		use;
	Datum	   *names;
	ListCell   *cell;
	int			count = 0;

	find_rule_use(PG_GETARG_JSONPATH_P(0), &use);
	names = palloc(sizeof(Datum) * (list_length(use.lists) + 1));
	foreach(cell, use.lists)
		names[count++] = CStringGetTextDatum(lfirst(cell));
	PG_RETURN_ARRAYTYPE_P(construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
}
