/*-------------------------------------------------------------------------
 *
 * validate_unevaluated.c
 *	  The keywords about what no other keyword has seen.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/validate.h"

/* check_unevaluated checks what no other keyword has seen, and marks it seen. */
bool
check_unevaluated(Validation *validation, const SchemaNode *node, const Value *value,
				  const Place *at, const Place *within, bool *seen)
{
	Place		inner = {at, NULL, NULL, 0, -1, 0};
	Place		place = {within, NULL, NULL, 0, -1, 0};
	Position	rest = 0;
	bool		valid = true;
	MemberWalk	members;
	ItemWalk	items;
	Value		element;
	int			i;

	if (value->type == JSON_OBJECT && node->object != 0)
	{
		rest = RULES(validation, node->object, ObjectRules)->unevaluated;
		place.keyword = "unevaluatedProperties";
		start_members(value, &members);
	}
	else if (value->type == JSON_ARRAY && node->array != 0)
	{
		rest = RULES(validation, node->array, ArrayRules)->unevaluated;
		place.keyword = "unevaluatedItems";
		start_items(value, &items);
	}
	if (rest == 0)
		return true;

	for (i = 0; i < value->length; i++)
	{
		if (value->type == JSON_OBJECT)
		{
			next_member(&members, &element);
			inner.name = members.name;
			inner.length = members.name_length;
		}
		else
		{
			next_item(&items, &element);
			inner.index = i;
		}
		inner.ordinal = i;
		if (seen[i])
			continue;
		seen[i] = true;
		if (check_value(validation, rest, &element, &inner, &place, NULL))
			continue;
		valid = false;
		if (!validation->collecting)
			return false;
	}
	return valid;
}
