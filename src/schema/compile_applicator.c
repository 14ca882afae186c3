/*-------------------------------------------------------------------------
 *
 * compile_applicator.c
 *	  Keywords that apply other schemas to the same instance.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "schema/compile.h"

static bool
compile_list(Compiler *compiler, Draft *draft, const Value *value, const Place *place,
			 ListRef *list)
{
	if (value->type != JSON_ARRAY || value->length == 0)
		return fault(compiler, place, "must be a non-empty array of schemas");
	draft->has_applicator = true;
	return compile_subschema_list(compiler, draft, value, place, true, list);
}

bool
compile_all_of(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return compile_list(compiler, draft, value, place, &draft->applicator.all_of);
}

bool
compile_any_of(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return compile_list(compiler, draft, value, place, &draft->applicator.any_of);
}

bool
compile_one_of(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return compile_list(compiler, draft, value, place, &draft->applicator.one_of);
}

static bool
compile_one(Compiler *compiler, Draft *draft, const Value *value, const Place *place,
			Position *node)
{
	draft->has_applicator = true;
	return compile_subschema(compiler, draft, value, place, true, node);
}

bool
compile_not(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return compile_one(compiler, draft, value, place, &draft->applicator.negated);
}

bool
compile_if(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return compile_one(compiler, draft, value, place, &draft->applicator.condition);
}

/* compile_branch: without `if`, `then` and `else` are never applied. */
static bool
compile_branch(Compiler *compiler, Draft *draft, const Value *value, const Place *place,
			   Position *node)
{
	Value		condition;
	Position	unused;

	if (find_member(&draft->site->value, "if", 2, &condition))
		return compile_one(compiler, draft, value, place, node);
	return compile_subschema(compiler, draft, value, place, false, &unused);
}

bool
compile_then(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return compile_branch(compiler, draft, value, place, &draft->applicator.consequence);
}

bool
compile_else(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return compile_branch(compiler, draft, value, place, &draft->applicator.alternative);
}

bool
compile_ref(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	StoredName	dynamic_name;
	Value		schema;

	return resolve_reference(compiler, draft, value, place, &schema, &dynamic_name) &&
		compile_one(compiler, draft, &schema, place, &draft->applicator.reference);
}

bool
compile_dynamic_ref(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	Value		schema;

	return resolve_reference(compiler, draft, value, place, &schema, &draft->applicator.dynamic_name) &&
		compile_one(compiler, draft, &schema, place, &draft->applicator.dynamic_reference);
}

/* compile_definitions only checks: the schemas inside are sites of their own. */
bool
compile_definitions(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	Place		member = ROOT_PLACE;
	MemberWalk	walk;
	Value		schema;
	Position	unused;

	if (value->type != JSON_OBJECT)
		return fault(compiler, place, "must be an object of schemas");
	member.parent = place;
	start_members(value, &walk);
	while (next_member(&walk, &schema))
	{
		member.name = walk.name;
		member.length = walk.name_length;
		if (!compile_subschema(compiler, draft, &schema, &member, false, &unused))
			return false;
	}
	return true;
}

/* compile_schema_subschema checks a schema that is an annotation. */
bool
compile_schema_subschema(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	Position	unused;

	return compile_subschema(compiler, draft, value, place, false, &unused);
}

/*
 * refuse_endless_recursion refuses schemas that apply themselves to the same
 * instance again, by whatever way: no instance could ever be checked.
 *
 * It is a depth-first search over the edges that keep the instance, with a
 * stack on the heap.  $dynamicRef counts with the target that it has
 * by itself; others depend on the way, and end in the stack depth limit.
 */
bool
refuse_endless_recursion(Compiler *compiler)
{
	enum
	{
		UNSEEN, OPEN, DONE
	}		   *states = palloc0(compiler->n_sites * sizeof(*states) + 1);
	int		   *stack = palloc((compiler->n_sites + 1) * sizeof(int));
	int		   *edges = palloc0((compiler->n_sites + 1) * sizeof(int));
	int			start;

	for (start = 0; start < compiler->n_sites; start++)
	{
		int			depth = 0;

		CHECK_FOR_INTERRUPTS();
		if (states[start] != UNSEEN)
			continue;
		states[start] = OPEN;
		stack[0] = start;
		while (depth >= 0)
		{
			int			current = stack[depth];
			Site	   *site = compiler->sites[current];

			if (edges[current] < list_length(site->in_place))
			{
				int			next = list_nth_int(site->in_place, edges[current]++);

				if (states[next] == OPEN)
					return fault(compiler, &site->place,
								 "applies itself to the same instance again, without end");
				if (states[next] == UNSEEN)
				{
					states[next] = OPEN;
					stack[++depth] = next;
				}
			}
			else
			{
				states[current] = DONE;
				depth--;
			}
		}
	}
	return true;
}
