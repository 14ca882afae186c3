/*-------------------------------------------------------------------------
 *
 * validate_members.c
 *	  Keywords about the items of arrays and the members of objects.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "schema/pattern.h"
#include "schema/validate.h"

static int
order_values(const void *a, const void *b)
{
	CHECK_FOR_INTERRUPTS();
	return compare_values(a, b);
}

/* has_unique_items sorts a copy of the items' views; a long one on the heap. */
static bool
has_unique_items(const Value *array)
{
	Value		buffer[32];
	Value	   *items = buffer;
	ItemWalk	walk;
	bool		unique = true;
	int			i;

	if (array->length > lengthof(buffer))
		items = MemoryContextAllocHuge(CurrentMemoryContext, (Size) array->length * sizeof(Value));
	start_items(array, &walk);
	for (i = 0; i < array->length; i++)
		next_item(&walk, &items[i]);
	qsort(items, array->length, sizeof(Value), order_values);
	for (i = 1; i < array->length && unique; i++)
		unique = compare_values(&items[i - 1], &items[i]) != 0;
	if (items != buffer)
		pfree(items);
	return unique;
}

static bool
check_contains(Validation *validation, const ArrayRules *rules, const Value *value,
			   const Place *at, const Place *within, bool *seen)
{
	Place		item_place = {at, NULL, NULL, 0, -1, 0};
	Place		place = {within, "contains", NULL, 0, -1, 0};
	uint32		matches = 0;
	ItemWalk	walk;
	Value		item;

	start_items(value, &walk);
	while (next_item(&walk, &item))
	{
		item_place.index = item_place.ordinal = walk.next - 1;
		if (!probe_value(validation, rules->contains, &item, &item_place, &place, NULL))
			continue;
		matches++;
		if (seen != NULL)
			seen[walk.next - 1] = true;
		else if (matches >= rules->min_contains && rules->max_contains == UNLIMITED)
			return true;
	}
	if (matches < rules->min_contains)
		return report(validation, at, within, rules->min_contains == 1 ? "contains" : "minContains",
					  "must contain at least %u items that match a schema, has %u",
					  rules->min_contains, matches);
	if (matches > rules->max_contains)
		return report(validation, at, within, "maxContains",
					  "must contain at most %u items that match a schema, has %u",
					  rules->max_contains, matches);
	return true;
}

/* check_items checks each item against its place's schema. */
static bool
check_items(Validation *validation, const ArrayRules *rules, bool classic, const Value *value,
			const Place *at, const Place *within, bool *seen)
{
	const Offset *prefix = RULES(validation, rules->prefix.first, Offset);
	int			n_prefix = rules->prefix.count;
	Place		item_place = {at, NULL, NULL, 0, -1, 0};
	Place		place = {within, NULL, NULL, 0, -1, 0};
	const char *prefix_keyword = classic ? "items" : "prefixItems";
	const char *items_keyword = classic && n_prefix > 0 ? "additionalItems" : "items";
	bool		valid = true;
	ItemWalk	walk;
	Value		item;

	start_items(value, &walk);
	while (next_item(&walk, &item))
	{
		int			index = walk.next - 1;
		Offset		node = index < n_prefix ? prefix[index] : rules->items;

		if (node == 0)
			break;
		if (seen != NULL)
			seen[index] = true;
		item_place.index = item_place.ordinal = index;
		place.keyword = index < n_prefix ? prefix_keyword : items_keyword;
		place.index = index < n_prefix ? index : -1;
		if (check_value(validation, node, &item, &item_place, &place, NULL))
			continue;
		valid = false;
		if (!validation->collecting)
			return false;
	}
	return valid;
}

bool
check_array(Validation *validation, const ArrayRules *rules, bool classic, const Value *value,
			const Place *at, const Place *within, bool *seen)
{
	uint32		count = value->length;
	bool		valid = true;

	if (count < rules->min_items)
		valid = report(validation, at, within, "minItems", "must have at least %u items", rules->min_items);
	if (count > rules->max_items)
		valid = report(validation, at, within, "maxItems", "must have at most %u items", rules->max_items);
	if (!valid && !validation->collecting)
		return false;

	if (rules->prefix.count > 0 || rules->items != 0)
		valid &= check_items(validation, rules, classic, value, at, within, seen);
	if ((valid || validation->collecting) && rules->unique && !has_unique_items(value))
		valid = report(validation, at, within, "uniqueItems", "must not have equal items");
	if ((valid || validation->collecting) && rules->contains != 0)
		valid &= check_contains(validation, rules, value, at, within, seen);
	return valid;
}

/* check_name checks the name of a member against propertyNames. */
static bool
check_name(Validation *validation, Offset node, const MemberWalk *walk,
		   const Place *member, const Place *within)
{
	Value		name;

	name.type = JSON_STRING;
	name.in.bytes = walk->name;
	name.length = walk->name_length;
	return probe_value(validation, node, &name, member, within, NULL) ||
		report(validation, member, within, "propertyNames",
			   "name \"%.*s\" does not match the schema for names of properties",
			   walk->name_length, walk->name);
}

/* check_patterns applies patternProperties to one member. */
static bool
check_patterns(Validation *validation, const ObjectRules *rules, const MemberWalk *walk,
			   const Value *member, const Place *at, const Place *within, bool *matched)
{
	const PatternRule *rule = RULES(validation, rules->patterns.first, PatternRule);
	Place		place = {within, "patternProperties", NULL, 0, -1, 0};
	bool		valid = true;
	uint32		i;

	for (i = 0; i < rules->patterns.count; i++, rule++)
	{
		place.name = RULES(validation, rule->pattern.text.bytes, char);
		place.length = rule->pattern.text.length;
		if (!pattern_matches(place.name, place.length, rule->pattern.hash,
							 walk->name, walk->name_length))
			continue;
		*matched = true;
		if (check_value(validation, rule->node, member, at, &place, NULL))
			continue;
		valid = false;
		if (!validation->collecting)
			return false;
	}
	return valid;
}

static bool
report_missing(Validation *validation, const PropertyRule *rule, const Place *at, const Place *within)
{
	return report(validation, at, within, "required", "required property \"%.*s\" is missing",
				  (int) rule->name.length, RULES(validation, rule->name.bytes, char));
}

/*
 * check_members goes once over the members and the property rules together:
 * both are sorted by (length, bytes) of their names.
 */
static bool
check_members(Validation *validation, const ObjectRules *rules, const Value *value,
			  const Place *at, const Place *within, bool *seen)
{
	const PropertyRule *rule = RULES(validation, rules->properties.first, PropertyRule);
	const PropertyRule *end = rule + rules->properties.count;
	bool		demanding = !(validation->partial && at->parent == NULL);
	Place		member_place = {at, NULL, NULL, 0, -1, 0};
	Place		place = {within, NULL, NULL, 0, -1, 0};
	bool		valid = true;
	MemberWalk	walk;
	Value		member;

	start_members(value, &walk);
	while (next_member(&walk, &member))
	{
		bool		matched = false;
		int			order = -1;

		member_place.name = walk.name;
		member_place.length = walk.name_length;
		member_place.ordinal = walk.next - 1;

		while (rule < end)
		{
			order = compare_names(RULES(validation, rule->name.bytes, char), rule->name.length,
								  walk.name, walk.name_length);
			if (order >= 0)
				break;
			if (rule->required && demanding)
				valid = report_missing(validation, rule, at, within);
			rule++;
		}
		if (rule < end && order == 0)
		{
			if (rule->node != 0)
			{
				matched = true;
				place.keyword = "properties";
				place.name = walk.name;
				place.length = walk.name_length;
				valid &= check_value(validation, rule->node, &member, &member_place, &place, NULL);
			}
			rule++;
		}
		if (!valid && !validation->collecting)
			return false;

		if (rules->patterns.count > 0)
			valid &= check_patterns(validation, rules, &walk, &member, &member_place, within, &matched);
		if (!matched && rules->additional != 0)
		{
			matched = true;
			place.keyword = "additionalProperties";
			place.name = NULL;
			valid &= check_value(validation, rules->additional, &member, &member_place, &place, NULL);
		}
		if (rules->names != 0)
			valid &= check_name(validation, rules->names, &walk, &member_place, within);
		if (!valid && !validation->collecting)
			return false;
		if (seen != NULL && matched)
			seen[walk.next - 1] = true;
	}
	for (; rule < end; rule++)
	{
		if (rule->required && demanding)
			valid = report_missing(validation, rule, at, within);
	}
	return valid;
}

/* check_dependents checks what the presence of some member demands. */
static bool
check_dependents(Validation *validation, const ObjectRules *rules, bool classic, const Value *value,
				 const Place *at, const Place *within, bool *seen)
{
	const DependentRule *rule = RULES(validation, rules->dependents.first, DependentRule);
	const DependentRule *end = rule + rules->dependents.count;
	bool		demanding = !(validation->partial && at->parent == NULL);
	Place		place = {within, NULL, NULL, 0, -1, 0};
	bool		valid = true;
	Value		member;

	for (; rule < end && (valid || validation->collecting); rule++)
	{
		const StoredName *name = RULES(validation, rule->required.first, StoredName);
		const char *if_present = RULES(validation, rule->name.bytes, char);
		uint32		i;

		if (!find_member(value, if_present, rule->name.length, &member))
			continue;
		if (rule->node != 0)
		{
			place.keyword = classic ? "dependencies" : "dependentSchemas";
			place.name = if_present;
			place.length = rule->name.length;
			valid &= check_value(validation, rule->node, value, at, &place, seen);
			continue;
		}
		for (i = 0; i < rule->required.count && demanding; i++, name++)
		{
			const char *required = RULES(validation, name->bytes, char);

			if (!find_member(value, required, name->length, &member))
				valid = report(validation, at, within, classic ? "dependencies" : "dependentRequired",
							   "property \"%.*s\" is missing, which \"%.*s\" requires",
							   (int) name->length, required, (int) rule->name.length, if_present);
		}
	}
	return valid;
}

bool
check_object(Validation *validation, const ObjectRules *rules, bool classic, const Value *value,
			 const Place *at, const Place *within, bool *seen)
{
	uint32		count = value->length;
	bool		demanding = !(validation->partial && at->parent == NULL);
	bool		valid = true;

	if (count < rules->min_properties && demanding)
		valid = report(validation, at, within, "minProperties",
					   "must have at least %u properties", rules->min_properties);
	if (count > rules->max_properties)
		valid = report(validation, at, within, "maxProperties",
					   "must have at most %u properties", rules->max_properties);
	if (!valid && !validation->collecting)
		return false;

	valid &= check_members(validation, rules, value, at, within, seen);
	if ((valid || validation->collecting) && rules->dependents.count > 0)
		valid &= check_dependents(validation, rules, classic, value, at, within, seen);
	return valid;
}

/* check_unevaluated checks what no other keyword has seen, and marks it seen. */
bool
check_unevaluated(Validation *validation, const SchemaNode *node, const Value *value,
				  const Place *at, const Place *within, bool *seen)
{
	Place		inner = {at, NULL, NULL, 0, -1, 0};
	Place		place = {within, NULL, NULL, 0, -1, 0};
	Offset		rest = 0;
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
