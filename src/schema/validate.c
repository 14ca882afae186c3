/*-------------------------------------------------------------------------
 *
 * validate.c
 *	  Checks a value of a jsonb document against a node of a program.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "schema/validate.h"

/*
 * Schemas that apply others by several ways can cost exponentially more than
 * they are long, so checks of a value against a node are counted.  Once for
 * each pair of value and node is what a schema needs at most, if it does not
 * go the same way again: that is size times size divided by 200 or so.
 */
#define BASE_BUDGET		2000000
#define BUDGET_DIVISOR	16

/* As many members or items have their flags on the stack. */
#define FEW_ELEMENTS	128

/* has_type: whether a set of types allows the value. */
static inline bool
has_type(uint8 types, const Value *value)
{
	return (types & value->type) ||
		(value->type == JSON_NUMBER && (types & JSON_INTEGER) && is_integer(value->in.number));
}

/* check_scalar checks the rules of a node for strings or for numbers. */
static inline bool
check_scalar(Validation *validation, const SchemaNode *node, const Value *value,
			 const Place *at, const Place *within)
{
	if (value->type == JSON_STRING && node->string != 0)
		return check_string(validation, RULES(validation, node->string, StringRules),
							value, at, within);
	if (value->type == JSON_NUMBER && node->number != 0)
		return check_number(validation, RULES(validation, node->number, NumberRules),
							value, at, within);
	return true;
}

/*
 * check_rules checks the rules of a node that demand something of the value
 * itself and of what is inside it.
 */
static bool
check_rules(Validation *validation, const SchemaNode *node, const Value *value,
			const Place *at, const Place *within, bool *seen)
{
	bool		valid = true;

	if (value->type == JSON_OBJECT && node->object != 0)
		valid = check_object(validation, RULES(validation, node->object, ObjectRules),
							 value, at, within, seen);
	else if (value->type == JSON_ARRAY && node->array != 0)
		valid = check_array(validation, RULES(validation, node->array, ArrayRules),
							(node->flags & NODE_CLASSIC) != 0, value, at, within, seen);
	else
		valid = check_scalar(validation, node, value, at, within);

	if ((valid || validation->collecting) && node->choice != 0)
		valid &= check_choice(validation, RULES(validation, node->choice, ChoiceRules),
							  value, at, within);
	return valid;
}

/* check_node checks all of a node but the unevaluated keywords. */
static bool
check_node(Validation *validation, const SchemaNode *node, const Value *value,
		   const Place *at, const Place *within, bool *seen)
{
	bool		valid = true;

	if (node->flags & NODE_NEVER)
		return report_never(validation, at, within);

	if (!has_type(node->types, value))
		valid = report_type(validation, node->types, at, within);
	if (valid || validation->collecting)
		valid &= check_rules(validation, node, value, at, within, seen);
	if ((valid || validation->collecting) && node->applicator != 0)
		valid &= check_applicators(validation, RULES(validation, node->applicator, ApplicatorRules),
								   value, at, within, seen);
	return valid;
}

/*
 * clear_flags returns flags for the members or items of a value: those of a
 * usual one need no memory but the buffer, of FEW_ELEMENTS flags.
 */
static bool *
clear_flags(bool *buffer, int count)
{
	bool	   *flags = count <= FEW_ELEMENTS ? buffer : palloc(count);

	memset(flags, 0, count);
	return flags;
}

/* merge_flags sets the flags that are set in others. */
static void
merge_flags(bool *flags, const bool *others, int count)
{
	int			i;

	for (i = 0; i < count; i++)
		flags[i] |= others[i];
}

/* check_whole_node is check_node with the unevaluated keywords. */
static bool
check_whole_node(Validation *validation, const SchemaNode *node, const Value *value,
				 const Place *at, const Place *within, bool *seen)
{
	bool		buffer[FEW_ELEMENTS];
	bool	   *own = clear_flags(buffer, value->length);
	bool		valid;

	valid = check_node(validation, node, value, at, within, own);
	if (valid || validation->collecting)
		valid &= check_unevaluated(validation, node, value, at, within, own);
	if (seen != NULL)
		merge_flags(seen, own, value->length);
	if (own != buffer)
		pfree(own);
	return valid;
}

/* refuse_expense ends a check that has used up its budget. */
static pg_noinline void
refuse_expense(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_STATEMENT_TOO_COMPLEX),
			 errmsg("JSON Schema is too expensive for a document"),
			 errhint("Avoid applying the same schema to the same value by many ways.")));
}

/* check_deep is check_value where other nodes may be applied in turn. */
static pg_noinline bool
check_deep(Validation *validation, const SchemaNode *node, const Value *value,
		   const Place *at, const Place *within, bool *seen)
{
	const Scope *outer = validation->scope;
	Scope		scope = {node->resource, outer};
	bool		valid;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();

	if (node->resource != outer->resource)
		validation->scope = &scope;
	if ((node->flags & NODE_UNEVALUATED) && !(value->type & JSON_SCALAR))
		valid = check_whole_node(validation, node, value, at, within, seen);
	else
		valid = check_node(validation, node, value, at, within, seen);
	validation->scope = outer;
	return valid;
}

/* check_value checks a value against the node at an offset. */
bool
check_value(Validation *validation, Position offset, const Value *value,
			const Place *at, const Place *within, bool *seen)
{
	const SchemaNode *node = RULES(validation, offset, SchemaNode);

	if (unlikely(validation->budget-- == 0))
		refuse_expense();

	/* Most values of a document are scalars of the right type. */
	if ((value->type & JSON_SCALAR) && node->applicator == 0 && has_type(node->types, value))
		return node->choice == 0 ? check_scalar(validation, node, value, at, within)
			: check_rules(validation, node, value, at, within, NULL);
	return check_deep(validation, node, value, at, within, seen);
}

/*
 * probe_value only asks whether a value would be valid.  What it has seen
 * counts only if it is.
 */
bool
probe_value(Validation *validation, Position offset, const Value *value,
			const Place *at, const Place *within, bool *seen)
{
	bool		collecting = validation->collecting;
	bool		buffer[FEW_ELEMENTS];
	bool	   *tentative = seen == NULL ? NULL : clear_flags(buffer, value->length);
	bool		valid;

	validation->collecting = false;
	valid = check_value(validation, offset, value, at, within, tentative);
	validation->collecting = collecting;
	if (valid && seen != NULL)
		merge_flags(seen, tentative, value->length);
	if (seen != NULL && tentative != buffer)
		pfree(tentative);
	return valid;
}

/* validate checks a whole document with a schema of the current version. */
static bool
validate(Validation *validation, const JsonSchema *schema, Jsonb *instance)
{
	Place		at = ROOT_PLACE;
	Place		within = ROOT_PLACE;
	Scope		scope;
	Value		root;

	Assert(schema_is_current(schema));

	scope.resource = AT_OFFSET(schema, schema->root, SchemaNode)->resource;
	scope.outer = NULL;
	validation->schema = schema;
	validation->scope = &scope;
	validation->budget = BASE_BUDGET +
		(uint64) VARSIZE(schema) * VARSIZE(instance) / BUDGET_DIVISOR;
	read_root(instance, &root);
	return check_value(validation, schema->root, &root, &at, &within, NULL);
}

bool
schema_accepts(const JsonSchema *schema, Jsonb *instance)
{
	Validation	validation;

	memset(&validation, 0, sizeof(validation));
	return validate(&validation, schema, instance);
}

static List *
collect(const JsonSchema *schema, Jsonb *instance, bool partial)
{
	Validation	validation;

	memset(&validation, 0, sizeof(validation));
	validation.collecting = true;
	validation.partial = partial;
	validate(&validation, schema, instance);
	return finish_violations(&validation);
}

List *
schema_violations(const JsonSchema *schema, Jsonb *instance)
{
	return collect(schema, instance, false);
}

List *
schema_violations_partial(const JsonSchema *schema, Jsonb *instance)
{
	return collect(schema, instance, true);
}
