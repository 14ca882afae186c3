/*-------------------------------------------------------------------------
 *
 * validate_object.c
 *	  Keywords about the members of objects.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "schema/pattern.h"
#include "schema/validate.h"

/* check_name checks the name of a member against propertyNames. */
static bool
check_name(Validation *validation, Position node, const Place *member, const Place *within)
{
	Value		name;

	name.type = JSON_STRING;
	name.in.bytes = member->name;
	name.length = member->length;
	return probe_value(validation, node, &name, member, within, NULL) ||
		report(validation, member, within, "propertyNames",
			   "name \"%.*s\" does not match the schema for names of properties",
			   member->length, member->name);
}

/* check_patterns applies patternProperties to one member. */
static bool
check_patterns(Validation *validation, const ObjectRules *rules,
			   const Value *member, const Place *at, const Place *within, bool *matched)
{
	const PatternRule *rule = RULES(validation, rules->patterns.first, PatternRule);
	Place		place = {within, "patternProperties", NULL, 0, -1, 0};
	bool		valid = true;
	uint32		i;

	for (i = 0; i < rules->patterns.count; i++, rule++)
	{
		CHECK_FOR_INTERRUPTS();
		place.name = RULES(validation, rule->pattern.text.bytes, char);
		place.length = rule->pattern.text.length;
		if (!pattern_matches(place.name, place.length, rule->pattern.hash,
							 at->name, at->length))
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

/*
 * check_beside checks one member against what an object demands beside its
 * `properties`.  *matched: one of them has that name, or else another keyword
 * has applied to it.
 */
static pg_noinline bool
check_beside(Validation *validation, const ObjectRules *rules,
			 const Value *member, const Place *at, const Place *within, bool *matched)
{
	bool		valid = true;

	if (rules->patterns.count > 0)
		valid = check_patterns(validation, rules, member, at, within, matched);
	if ((valid || validation->collecting) && !*matched && rules->additional != 0)
	{
		Place		place = {within, "additionalProperties", NULL, 0, -1, 0};

		*matched = true;
		valid &= check_value(validation, rules->additional, member, at, &place, NULL);
	}
	if ((valid || validation->collecting) && rules->names != 0)
		valid &= check_name(validation, rules->names, at, within);
	return valid;
}

/* report_missing records that a member is missing; it returns false. */
static pg_noinline pg_attribute_cold bool
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
	bool		more = rules->patterns.count > 0 || rules->names != 0;
	Place		member_place = {at, NULL, NULL, 0, -1, 0};
	Place		place = {within, "properties", NULL, 0, -1, 0};
	bool		valid = true;
	MemberWalk	walk;
	Value		member;

	start_members(value, &walk);
	while (next_member(&walk, &member))
	{
		bool		matched = false;
		int			order = -1;

		CHECK_FOR_INTERRUPTS();
		member_place.name = place.name = walk.name;
		member_place.length = place.length = walk.name_length;
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
		if (order == 0)
		{
			matched = rule->node != 0;
			if (matched)
				valid &= check_value(validation, rule->node, &member, &member_place, &place, NULL);
			rule++;
		}
		if ((more || !matched) && (valid || validation->collecting))
			valid &= check_beside(validation, rules, &member, &member_place, within, &matched);
		if (!valid && !validation->collecting)
			return false;
		if (seen != NULL && matched)
			seen[member_place.ordinal] = true;
	}
	for (; rule < end; rule++)
	{
		if (rule->required && demanding)
			valid = report_missing(validation, rule, at, within);
	}
	return valid;
}

/* check_dependents checks what the presence of some member demands. */
static pg_noinline bool
check_dependents(Validation *validation, const ObjectRules *rules, const Value *value,
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

		CHECK_FOR_INTERRUPTS();
		if (!find_member(value, if_present, rule->name.length, &member))
			continue;
		if (rule->node != 0)
		{
			place.keyword = rule->classic ? "dependencies" : "dependentSchemas";
			place.name = if_present;
			place.length = rule->name.length;
			valid &= check_value(validation, rule->node, value, at, &place, seen);
			continue;
		}
		for (i = 0; i < rule->required.count && demanding; i++, name++)
		{
			const char *required = RULES(validation, name->bytes, char);

			if (!find_member(value, required, name->length, &member))
				valid = report(validation, at, within, rule->classic ? "dependencies" : "dependentRequired",
							   "property \"%.*s\" is missing, which \"%.*s\" requires",
							   (int) name->length, required, (int) rule->name.length, if_present);
		}
	}
	return valid;
}

bool
check_object(Validation *validation, const ObjectRules *rules, const Value *value,
			 const Place *at, const Place *within, bool *seen)
{
	uint32		count = value->length;
	bool		demanding = !(validation->partial && at->parent == NULL);
	bool		valid = true;

	if (count < rules->min_properties && demanding)
		valid = report(validation, at, within, "minProperties",
					   "must have at least %u propert%s", rules->min_properties,
					   rules->min_properties == 1 ? "y" : "ies");
	if (count > rules->max_properties)
		valid = report(validation, at, within, "maxProperties",
					   "must have at most %u propert%s", rules->max_properties,
					   rules->max_properties == 1 ? "y" : "ies");
	if (!valid && !validation->collecting)
		return false;

	valid &= check_members(validation, rules, value, at, within, seen);
	if ((valid || validation->collecting) && rules->dependents.count > 0)
		valid &= check_dependents(validation, rules, value, at, within, seen);
	return valid;
}
