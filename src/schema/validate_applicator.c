/*-------------------------------------------------------------------------
 *
 * validate_applicator.c
 *	  Keywords that apply other schemas to the same value.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/validate.h"

static bool
check_all_of(Validation *validation, const ListRef *list, const Value *value,
			 const Place *at, const Place *within, bool *seen)
{
	const Position *nodes = RULES(validation, list->first, Position);
	Place		branch = {within, "allOf", NULL, 0, -1, 0};
	bool		valid = true;

	for (branch.index = 0; branch.index < (int) list->count; branch.index++)
	{
		if (check_value(validation, nodes[branch.index], value, at, &branch, seen))
			continue;
		valid = false;
		if (!validation->collecting)
			return false;
	}
	return valid;
}

/* report_branches collects why none of the alternatives fits. */
static void
report_branches(Validation *validation, const ListRef *list, const Value *value,
				const Place *at, const Place *within, const char *keyword)
{
	const Position *nodes = RULES(validation, list->first, Position);
	Place		branch = {within, keyword, NULL, 0, -1, 0};

	for (branch.index = 0; branch.index < (int) list->count; branch.index++)
		check_value(validation, nodes[branch.index], value, at, &branch, NULL);
}

static bool
check_any_of(Validation *validation, const ListRef *list, const Value *value,
			 const Place *at, const Place *within, bool *seen)
{
	const Position *nodes = RULES(validation, list->first, Position);
	Place		branch = {within, "anyOf", NULL, 0, -1, 0};
	bool		valid = false;

	for (branch.index = 0; branch.index < (int) list->count; branch.index++)
	{
		valid |= probe_value(validation, nodes[branch.index], value, at, &branch, seen);

		/* The others only matter for what they see. */
		if (valid && seen == NULL)
			return true;
	}
	if (valid)
		return true;
	report(validation, at, within, "anyOf", "matches none of the %u schemas, but must match at least one",
		   list->count);
	if (validation->collecting)
		report_branches(validation, list, value, at, within, "anyOf");
	return false;
}

static bool
check_one_of(Validation *validation, const ListRef *list, const Value *value,
			 const Place *at, const Place *within, bool *seen)
{
	const Position *nodes = RULES(validation, list->first, Position);
	Place		branch = {within, "oneOf", NULL, 0, -1, 0};
	int			matches = 0;

	for (branch.index = 0; branch.index < (int) list->count; branch.index++)
	{
		matches += probe_value(validation, nodes[branch.index], value, at, &branch, seen);
		if (matches > 1)
			return report(validation, at, within, "oneOf",
						  "matches more than one of the %u schemas, but must match exactly one",
						  list->count);
	}
	if (matches == 1)
		return true;
	report(validation, at, within, "oneOf", "matches none of the %u schemas, but must match exactly one",
		   list->count);
	if (validation->collecting)
		report_branches(validation, list, value, at, within, "oneOf");
	return false;
}

static bool
check_condition(Validation *validation, const ApplicatorRules *rules, const Value *value,
				const Place *at, const Place *within, bool *seen)
{
	Place		branch = {within, "if", NULL, 0, -1, 0};
	Position	chosen;

	/* Without then and else, the condition only matters for what it sees. */
	if (seen == NULL && rules->consequence == 0 && rules->alternative == 0)
		return true;
	if (probe_value(validation, rules->condition, value, at, &branch, seen))
	{
		branch.keyword = "then";
		chosen = rules->consequence;
	}
	else
	{
		branch.keyword = "else";
		chosen = rules->alternative;
	}
	return chosen == 0 || check_value(validation, chosen, value, at, &branch, seen);
}

/*
 * dynamic_target returns what $dynamicRef refers to: in the outermost of the
 * resources entered that has a dynamic anchor of that name, this one.
 */
static Position
dynamic_target(Validation *validation, const ApplicatorRules *rules)
{
	const ListRef *list = &validation->schema->dynamic_anchors;
	const DynamicAnchor *anchors = RULES(validation, list->first, DynamicAnchor);
	const StoredName *name = &rules->dynamic_name;
	Position	target = rules->dynamic_reference;
	const Scope *scope;
	uint32		i;

	if (name->bytes == 0)
		return target;
	for (scope = validation->scope; scope != NULL; scope = scope->outer)
	{
		for (i = 0; i < list->count; i++)
		{
			if (anchors[i].resource == scope->resource &&
				compare_names(RULES(validation, anchors[i].name.bytes, char), anchors[i].name.length,
							  RULES(validation, name->bytes, char), name->length) == 0)
				target = anchors[i].node;
		}
	}
	return target;
}

bool
check_applicators(Validation *validation, const ApplicatorRules *rules, const Value *value,
				  const Place *at, const Place *within, bool *seen)
{
	bool		valid = true;

	if (rules->reference != 0)
	{
		Place		place = {within, "$ref", NULL, 0, -1, 0};

		valid &= check_value(validation, rules->reference, value, at, &place, seen);
	}
	if ((valid || validation->collecting) && rules->dynamic_reference != 0)
	{
		Place		place = {within, "$dynamicRef", NULL, 0, -1, 0};

		valid &= check_value(validation, dynamic_target(validation, rules), value, at, &place, seen);
	}
	if ((valid || validation->collecting) && rules->all_of.count > 0)
		valid &= check_all_of(validation, &rules->all_of, value, at, within, seen);
	if ((valid || validation->collecting) && rules->any_of.count > 0)
		valid &= check_any_of(validation, &rules->any_of, value, at, within, seen);
	if ((valid || validation->collecting) && rules->one_of.count > 0)
		valid &= check_one_of(validation, &rules->one_of, value, at, within, seen);
	if ((valid || validation->collecting) && rules->negated != 0)
	{
		Place		place = {within, "not", NULL, 0, -1, 0};

		if (probe_value(validation, rules->negated, value, at, &place, NULL))
			valid = report(validation, at, within, "not", "matches a schema that it must not match");
	}
	if ((valid || validation->collecting) && rules->condition != 0)
		valid &= check_condition(validation, rules, value, at, within, seen);
	return valid;
}
