/*-------------------------------------------------------------------------
 *
 * rule_fault.c
 *	  What is said about a rule that has a fault.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "list/rule.h"

void
refuse_faulty_rule(const RuleUse *use)
{
	switch (use->fault)
	{
		case FAULT_NONE:
			break;
		case FAULT_VARIABLE:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the rule of a list must not have variables"),
					 errdetail("Only $ is known, the document about one customer.")));
			break;
		case FAULT_MEMBER:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the rule of a list reads \"%s\", which the document about a customer does not have",
							use->member),
					 errhint("It has context, payments_allowed, payouts_allowed, archived, created_at, payments and lists; a field of the context is $.context.name.")));
			break;
		case FAULT_WHOLE:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the rule of a list must name what it reads of the document about a customer"),
					 errhint("Begin with one of its members, such as $.context.")));
			break;
		case FAULT_LISTS:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the rule of a list must compare lists with a name"),
					 errhint("Write $.lists == \"name\", or !($.lists == \"name\").")));
			break;
		case FAULT_PARENTHESES:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the rule of a list must have nothing behind an expression in parentheses"),
					 errdetail("Of ($.a - 1).abs(), for one, PostgreSQL writes down $.a - 1.abs().")));
			break;
	}
}
