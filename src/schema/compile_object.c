/*-------------------------------------------------------------------------
 *
 * compile_object.c
 *	  Keywords about objects.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "schema/compile.h"

bool
compile_min_properties(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	draft->has_object = true;
	return read_count(compiler, value, place, &draft->object.min_properties);
}

bool
compile_max_properties(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	draft->has_object = true;
	return read_count(compiler, value, place, &draft->object.max_properties);
}

bool
compile_additional_properties(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	draft->has_object = true;
	return compile_subschema(compiler, draft, value, place, false, &draft->object.additional);
}

bool
compile_property_names(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	draft->has_object = true;
	return compile_subschema(compiler, draft, value, place, false, &draft->object.names);
}

bool
compile_unevaluated_properties(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	draft->has_object = true;
	draft->node.flags |= NODE_UNEVALUATED;
	return compile_subschema(compiler, draft, value, place, false, &draft->object.unevaluated);
}

/* add_properties makes room for more rules and returns the first of them. */
static PropertyRule *
add_properties(Draft *draft, int count)
{
	Size		size = (draft->n_properties + count + 1) * sizeof(PropertyRule);
	PropertyRule *first;

	draft->properties = draft->properties == NULL ? palloc(size) : repalloc(draft->properties, size);
	first = draft->properties + draft->n_properties;
	memset(first, 0, count * sizeof(PropertyRule));
	draft->n_properties += count;
	return first;
}

bool
compile_properties(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	Place		member = ROOT_PLACE;
	PropertyRule *rule;
	MemberWalk	walk;
	Value		schema;

	if (value->type != JSON_OBJECT)
		return fault(compiler, place, "must be an object of schemas");
	draft->has_object = true;
	rule = add_properties(draft, value->length);
	member.parent = place;
	start_members(value, &walk);
	while (next_member(&walk, &schema))
	{
		member.name = walk.name;
		member.length = walk.name_length;
		rule->name = store_name(compiler, walk.name, walk.name_length);
		if (!compile_subschema(compiler, draft, &schema, &member, false, &rule->node))
			return false;
		rule++;
	}
	return true;
}

static int
order_names(const void *a, const void *b, void *start)
{
	const StoredName *left = a;
	const StoredName *right = b;

	return compare_names(AT_OFFSET(start, left->bytes, char), left->length,
						 AT_OFFSET(start, right->bytes, char), right->length);
}

/* read_name_list reads an array of distinct names, and sorts them. */
static bool
read_name_list(Compiler *compiler, const Value *value, const Place *place, StoredName **names)
{
	Place		item = ROOT_PLACE;
	ItemWalk	walk;
	Value		name;
	int			i;

	if (value->type != JSON_ARRAY)
		return fault(compiler, place, "must be an array of strings");
	*names = palloc((value->length + 1) * sizeof(StoredName));
	item.parent = place;
	start_items(value, &walk);
	while (next_item(&walk, &name))
	{
		item.index = walk.next - 1;
		if (name.type != JSON_STRING)
			return fault(compiler, &item, "must be a string");
		(*names)[item.index].length = name.length;
		(*names)[item.index].bytes = name.length == 0 ? SCHEMA_SOURCE : source_offset(compiler, name.in.bytes);
	}
	qsort_arg(*names, value->length, sizeof(StoredName), order_names, compiler->program);
	for (i = 1; i < value->length; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (order_names(*names + i - 1, *names + i, compiler->program) == 0)
			return fault(compiler, place, "names a property twice");
	}
	return true;
}

bool
compile_required(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	StoredName *names;
	PropertyRule *rule;
	int			i;

	if (!read_name_list(compiler, value, place, &names))
		return false;
	draft->has_object = true;
	rule = add_properties(draft, value->length);
	for (i = 0; i < value->length; i++)
	{
		rule[i].name = names[i];
		rule[i].required = true;
	}
	return true;
}

/* merge_properties stores one sorted rule for each name. */
void
merge_properties(Compiler *compiler, Draft *draft)
{
	PropertyRule *rules = draft->properties;
	int			merged = 0;
	int			i;

	/* The name is a rule's first field, so names order rules. */
	qsort_arg(rules, draft->n_properties, sizeof(PropertyRule), order_names, compiler->program);
	for (i = 1; i < draft->n_properties; i++)
	{
		if (order_names(&rules[merged], &rules[i], compiler->program) == 0)
		{
			rules[merged].node |= rules[i].node;
			rules[merged].required |= rules[i].required;
		}
		else
			rules[++merged] = rules[i];
	}
	draft->object.properties.count = merged + 1;
	draft->object.properties.first = store(compiler, rules, (merged + 1) * sizeof(PropertyRule));
}

bool
compile_pattern_properties(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	Place		member = ROOT_PLACE;
	PatternRule *rule;
	MemberWalk	walk;
	Value		schema;

	if (value->type != JSON_OBJECT)
		return fault(compiler, place, "must be an object of schemas");
	draft->has_object = true;
	rule = palloc0((value->length + 1) * sizeof(PatternRule));
	member.parent = place;
	start_members(value, &walk);
	while (next_member(&walk, &schema))
	{
		member.name = walk.name;
		member.length = walk.name_length;
		if (!store_pattern(compiler, walk.name, walk.name_length, &member,
						   &rule[walk.next - 1].pattern) ||
			!compile_subschema(compiler, draft, &schema, &member, false,
							   &rule[walk.next - 1].node))
			return false;
	}
	draft->object.patterns.count = value->length;
	draft->object.patterns.first = store(compiler, rule, value->length * sizeof(PatternRule));
	return true;
}

/* compile_dependents reads all three keywords of this kind. */
static bool
compile_dependents(Compiler *compiler, Draft *draft, const Value *value, const Place *place,
				   bool schemas, bool names)
{
	Place		member = ROOT_PLACE;
	MemberWalk	walk;
	Value		dependent;
	Size		size;

	if (value->type != JSON_OBJECT)
		return fault(compiler, place, "must be an object");
	draft->has_object = true;
	size = (draft->n_dependents + value->length + 1) * sizeof(DependentRule);
	draft->dependents = draft->dependents == NULL ? palloc(size) : repalloc(draft->dependents, size);

	member.parent = place;
	start_members(value, &walk);
	while (next_member(&walk, &dependent))
	{
		DependentRule *rule = &draft->dependents[draft->n_dependents++];
		StoredName *list;

		memset(rule, 0, sizeof(*rule));
		rule->name = store_name(compiler, walk.name, walk.name_length);
		rule->classic = schemas && names;
		member.name = walk.name;
		member.length = walk.name_length;
		if (names && (!schemas || dependent.type == JSON_ARRAY))
		{
			if (!read_name_list(compiler, &dependent, &member, &list))
				return false;
			rule->required.count = dependent.length;
			rule->required.first = store(compiler, list, dependent.length * sizeof(StoredName));
		}
		else if (!compile_subschema(compiler, draft, &dependent, &member, true, &rule->node))
			return false;
	}
	return true;
}

bool
compile_dependent_required(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return compile_dependents(compiler, draft, value, place, false, true);
}

bool
compile_dependent_schemas(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return compile_dependents(compiler, draft, value, place, true, false);
}

bool
compile_dependencies(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return compile_dependents(compiler, draft, value, place, true, true);
}
