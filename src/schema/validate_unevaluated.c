/*-------------------------------------------------------------------------
 *
 * validate_unevaluated.c
 *	  The keywords about what no other keyword has seen.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "schema/validate.h"

static bool
check_members(Validation *validation, Position rest, const Value *value,
			  const Place *at, const Place *within, bool *seen)
{
	Place		inner = {at, NULL, NULL, 0, -1, 0};
	Place		place = {within, "unevaluatedProperties", NULL, 0, -1, 0};
	bool		valid = true;
	MemberWalk	walk;
	Value		member;

	start_members(value, &walk);
	while ((valid || validation->collecting) && next_member(&walk, &member))
	{
		CHECK_FOR_INTERRUPTS();
		inner.name = walk.name;
		inner.length = walk.name_length;
		inner.ordinal = walk.next - 1;
		if (seen[inner.ordinal])
			continue;
		seen[inner.ordinal] = true;
		valid &= check_value(validation, rest, &member, &inner, &place, NULL);
	}
	return valid;
}

static bool
check_items(Validation *validation, Position rest, const Value *value,
			const Place *at, const Place *within, bool *seen)
{
	Place		inner = {at, NULL, NULL, 0, -1, 0};
	Place		place = {within, "unevaluatedItems", NULL, 0, -1, 0};
	bool		valid = true;
	ItemWalk	walk;
	Value		item;

	start_items(value, &walk);
	while ((valid || validation->collecting) && next_item(&walk, &item))
	{
		CHECK_FOR_INTERRUPTS();
		inner.index = inner.ordinal = walk.next - 1;
		if (seen[inner.ordinal])
			continue;
		seen[inner.ordinal] = true;
		valid &= check_value(validation, rest, &item, &inner, &place, NULL);
	}
	return valid;
}

/* check_unevaluated checks what no other keyword has seen, and marks it seen. */
bool
check_unevaluated(Validation *validation, const SchemaNode *node, const Value *value,
				  const Place *at, const Place *within, bool *seen)
{
	Position	rest;

	if (value->type == JSON_OBJECT && node->object != 0)
	{
		rest = RULES(validation, node->object, ObjectRules)->unevaluated;
		return rest == 0 || check_members(validation, rest, value, at, within, seen);
	}
	if (value->type == JSON_ARRAY && node->array != 0)
	{
		rest = RULES(validation, node->array, ArrayRules)->unevaluated;
		return rest == 0 || check_items(validation, rest, value, at, within, seen);
	}
	return true;
}
