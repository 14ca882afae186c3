/*-------------------------------------------------------------------------
 *
 * compile_array.c
 *	  Keywords about arrays.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/compile.h"

/* compile_subschema_list stores the nodes of an array of schemas. */
bool
compile_subschema_list(Compiler *compiler, Draft *draft, const Value *value,
					   const Place *place, bool in_place, ListRef *list)
{
	Place		item = ROOT_PLACE;
	ItemWalk	walk;
	Value		schema;
	Position	node;

	item.parent = place;
	list->count = value->length;
	list->first = reserve(compiler, list->count * sizeof(Position));
	start_items(value, &walk);
	while (next_item(&walk, &schema))
	{
		item.index = walk.next - 1;
		if (!compile_subschema(compiler, draft, &schema, &item, in_place, &node))
			return false;
		AT_OFFSET(compiler->program, list->first, Position)[item.index] = node;
	}
	return true;
}

bool
compile_min_items(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	draft->has_array = true;
	return read_count(compiler, value, place, &draft->array.min_items);
}

bool
compile_max_items(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	draft->has_array = true;
	return read_count(compiler, value, place, &draft->array.max_items);
}

bool
compile_unique_items(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	if (value->type != JSON_BOOLEAN)
		return fault(compiler, place, "must be a boolean");
	draft->array.unique = value->boolean;
	draft->has_array |= value->boolean;
	return true;
}

bool
compile_prefix_items(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	if (value->type != JSON_ARRAY || (value->length == 0 && !draft->dialect->classic))
		return fault(compiler, place, "must be a non-empty array of schemas");
	draft->has_array = true;
	return compile_subschema_list(compiler, draft, value, place, false, &draft->array.prefix);
}

/* compile_items: in draft-07, an array here is what prefixItems is later. */
bool
compile_items(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	if (value->type == JSON_ARRAY)
	{
		if (draft->dialect->classic)
			return compile_prefix_items(compiler, draft, value, place);
		return fault(compiler, place, "must be a schema; an array of schemas belongs in \"prefixItems\"");
	}
	draft->has_array = true;
	return compile_subschema(compiler, draft, value, place, false, &draft->array.items);
}

/* compile_additional_items: only means something beside an array of items. */
bool
compile_additional_items(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	Value		items;
	Position	node;

	if (!compile_subschema(compiler, draft, value, place, false, &node))
		return false;
	if (find_member(&draft->site->value, "items", 5, &items) && items.type == JSON_ARRAY)
		draft->array.items = node;
	return true;
}

bool
compile_contains(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	draft->has_array = true;
	return compile_subschema(compiler, draft, value, place, false, &draft->array.contains);
}

bool
compile_min_contains(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return read_count(compiler, value, place, &draft->array.min_contains);
}

bool
compile_max_contains(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return read_count(compiler, value, place, &draft->array.max_contains);
}

bool
compile_unevaluated_items(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	draft->has_array = true;
	draft->node.flags |= NODE_UNEVALUATED;
	return compile_subschema(compiler, draft, value, place, false, &draft->array.unevaluated);
}
