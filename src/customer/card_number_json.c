/*-------------------------------------------------------------------------
 *
 * card_number_json.c
 *	  Finding the members of a JSON object that hold card numbers.
 *
 * Names count as strings do, at every depth.  So do whole numbers: a card
 * number without its quotes is still one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "customer/card_number.h"

/* value_has_card_number looks at one name or scalar. */
static bool
value_has_card_number(const JsonbValue *value)
{
	char	   *number;
	bool		found;

	if (value->type == jbvString)
		return contains_card_number(value->val.string.val, value->val.string.len);
	if (value->type != jbvNumeric)
		return false;
	number = DatumGetCString(DirectFunctionCall1(numeric_out,
												 NumericGetDatum(value->val.numeric)));
	found = number_is_card_number(number);
	pfree(number);
	return found;
}

List *
members_with_card_numbers(Jsonb *object)
{
	JsonbIterator *iterator = JsonbIteratorInit(&object->root);
	JsonbIteratorToken token;
	JsonbValue	value;
	JsonbValue	name = {.type = jbvNull};
	CardNumberMember *found = NULL; /* in the member that is being read */
	List	   *members = NIL;
	int			depth = 0;

	while ((token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
	{
		bool		is_own_name = token == WJB_KEY && depth == 1;

		if (token == WJB_BEGIN_OBJECT || token == WJB_BEGIN_ARRAY)
			depth++;
		else if (token == WJB_END_OBJECT || token == WJB_END_ARRAY)
			depth--;
		else
		{
			CardNumberPlace place = is_own_name ? CARD_IN_NAME :
				token == WJB_KEY ? CARD_IN_INNER_NAME : CARD_IN_VALUE;

			if (is_own_name)
			{
				name = value;
				found = NULL;
			}
			if (!value_has_card_number(&value))
				continue;
			if (found == NULL)
			{
				found = palloc(sizeof(CardNumberMember));
				found->name = pnstrdup(name.val.string.val, name.val.string.len);
				found->place = place;
				members = lappend(members, found);
			}
			else
				found->place = Max(found->place, place);
		}
	}
	return members;
}
