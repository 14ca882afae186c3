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

/* has_type: whether a set of types allows the value. */
static inline bool
has_type(uint8 types, const Value *value)
{
	Number		number;

	if (types & value->type)
		return true;
	if (value->type != JSON_NUMBER || !(types & JSON_INTEGER))
		return false;
	read_number(value->in.number, &number);
	return is_integral(&number);
}

/* check_node checks all rules of a node but the unevaluated keywords. */
static bool
check_node(Validation *validation, const SchemaNode *node, const Value *value,
		   const Place *at, const Place *within, bool *seen)
{
	bool		classic = (node->flags & NODE_CLASSIC) != 0;
	bool		valid = true;

	if (node->flags & NODE_NEVER)
		return report_never(validation, at, within);

	if (!has_type(node->types, value))
		valid = report_type(validation, node->types, at, within);
	if (!valid && !validation->collecting)
		return false;

	if (value->type == JSON_STRING && node->string != 0)
		valid &= check_string(validation, RULES(validation, node->string, StringRules),
							  value, at, within);
	else if (value->type == JSON_NUMBER && node->number != 0)
		valid &= check_number(validation, RULES(validation, node->number, NumberRules),
							  value, at, within);
	else if (value->type == JSON_OBJECT && node->object != 0)
		valid &= check_object(validation, RULES(validation, node->object, ObjectRules),
							  value, at, within, seen);
	else if (value->type == JSON_ARRAY && node->array != 0)
		valid &= check_array(validation, RULES(validation, node->array, ArrayRules),
							 classic, value, at, within, seen);
	if (!valid && !validation->collecting)
		return false;

	if (node->any != 0)
		valid &= check_any(validation, RULES(validation, node->any, AnyRules),
						   value, at, within, seen);
	return valid;
}

/* check_whole_node is check_node with the unevaluated keywords. */
static bool
check_whole_node(Validation *validation, const SchemaNode *node, const Value *value,
				 const Place *at, const Place *within, bool *seen)
{
	bool		buffer[128];
	bool	   *own = value->length <= (int) lengthof(buffer) ? buffer : palloc(value->length);
	bool		valid;
	int			i;

	memset(own, 0, value->length);
	valid = check_node(validation, node, value, at, within, own);
	if (valid || validation->collecting)
		valid &= check_unevaluated(validation, node, value, at, within, own);
	for (i = 0; seen != NULL && i < value->length; i++)
		seen[i] |= own[i];
	if (own != buffer)
		pfree(own);
	return valid;
}

/* refuse_expense ends a check that has used up its budget. */
static void
refuse_expense(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_STATEMENT_TOO_COMPLEX),
			 errmsg("JSON Schema is too expensive for a document"),
			 errhint("Avoid applying the same schema to the same value by many ways.")));
}

/* check_value checks a value against the node at an offset. */
bool
check_value(Validation *validation, Position offset, const Value *value,
			const Place *at, const Place *within, bool *seen)
{
	const SchemaNode *node = RULES(validation, offset, SchemaNode);
	const Scope *outer = validation->scope;
	Scope		scope = {node->resource, outer};
	bool		valid;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (unlikely(validation->budget-- == 0))
		refuse_expense();

	if (node->resource != outer->resource)
		validation->scope = &scope;
	if ((node->flags & NODE_UNEVALUATED) && (value->type & (JSON_OBJECT | JSON_ARRAY)))
		valid = check_whole_node(validation, node, value, at, within, seen);
	else
		valid = check_node(validation, node, value, at, within, seen);
	validation->scope = outer;
	return valid;
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
	bool	   *tentative = NULL;
	bool		valid;
	int			i;

	if (seen != NULL)
		tentative = palloc0(value->length + 1);
	validation->collecting = false;
	valid = check_value(validation, offset, value, at, within, tentative);
	validation->collecting = collecting;
	for (i = 0; valid && seen != NULL && i < value->length; i++)
		seen[i] |= tentative[i];
	if (tentative != NULL)
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

	if (schema->magic != SCHEMA_MAGIC)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("a stored JSON Schema is damaged")));
	if (schema->version != SCHEMA_PROGRAM_VERSION)
		schema = compile_schema(schema_source(schema), NULL);

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
