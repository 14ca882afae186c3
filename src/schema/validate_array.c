/*-------------------------------------------------------------------------
 *
 * validate_array.c
 *	  Keywords about the items of arrays.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "schema/validate.h"

/* has_unique_items sorts a copy of the items' views; a long one on the heap. */
static bool
has_unique_items(const Value *array)
{
	Value		buffer[32];
	Value	   *items = buffer;
	ItemWalk	walk;
	bool		unique = true;
	int			i;

	if (array->length > (int) lengthof(buffer))
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
		CHECK_FOR_INTERRUPTS();
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
					  "must contain at least %u matching item%s, but contains %u",
					  rules->min_contains, rules->min_contains == 1 ? "" : "s", matches);
	if (matches > rules->max_contains)
		return report(validation, at, within, "maxContains",
					  "must contain at most %u matching item%s, but contains %u",
					  rules->max_contains, rules->max_contains == 1 ? "" : "s", matches);
	return true;
}

/* check_items checks each item against its place's schema. */
static bool
check_items(Validation *validation, const ArrayRules *rules, bool classic, const Value *value,
			const Place *at, const Place *within, bool *seen)
{
	const Position *prefix = RULES(validation, rules->prefix.first, Position);
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
		Position	node = index < n_prefix ? prefix[index] : rules->items;

		CHECK_FOR_INTERRUPTS();
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
		valid = report(validation, at, within, "minItems", "must have at least %u item%s", rules->min_items,
					   rules->min_items == 1 ? "" : "s");
	if (count > rules->max_items)
		valid = report(validation, at, within, "maxItems", "must have at most %u item%s", rules->max_items,
					   rules->max_items == 1 ? "" : "s");
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
