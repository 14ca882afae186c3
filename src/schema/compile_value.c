/*-------------------------------------------------------------------------
 *
 * compile_value.c
 *	  Keywords about values as such, strings and numbers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/compile.h"
#include "schema/format.h"
#include "schema/pattern.h"

/* read_type adds one name of `type` to a set. */
static bool
read_type(Compiler *compiler, const Value *name, const Place *place, uint8 *types)
{
	uint8		type;

	for (type = JSON_NULL; type <= JSON_INTEGER; type <<= 1)
	{
		if (string_is(name, type_name(type)))
		{
			*types |= type;
			return true;
		}
	}
	return fault(compiler, place, "is not the name of a type; these are \"null\", \"boolean\", "
				 "\"integer\", \"number\", \"string\", \"array\" and \"object\"");
}

bool
compile_type(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	uint8		types = 0;
	Place		item = ROOT_PLACE;
	ItemWalk	walk;
	Value		name;

	if (value->type == JSON_STRING)
	{
		if (!read_type(compiler, value, place, &types))
			return false;
	}
	else if (value->type == JSON_ARRAY && value->length > 0)
	{
		item.parent = place;
		start_items(value, &walk);
		while (next_item(&walk, &name))
		{
			uint8		before = types;

			item.index = walk.next - 1;
			if (!read_type(compiler, &name, &item, &types))
				return false;
			if (types == before)
				return fault(compiler, &item, "names a type a second time");
		}
	}
	else
		return fault(compiler, place, "must be the name of a type or a non-empty array of such names");

	draft->node.types = types;
	return true;
}

static StoredValue
store_value(Compiler *compiler, const Value *value)
{
	StoredValue stored;

	memset(&stored, 0, sizeof(stored));
	stored.type = value->type;
	switch (value->type)
	{
		case JSON_BOOLEAN:
			stored.boolean = value->boolean;
			break;
		case JSON_NUMBER:
			stored.data = source_offset(compiler, value->in.number);
			break;
		case JSON_STRING:
			stored.length = value->length;
			/* An empty string may begin where the source ends. */
			stored.data = value->length == 0 ? SCHEMA_SOURCE : source_offset(compiler, value->in.bytes);
			break;
		case JSON_ARRAY:
		case JSON_OBJECT:
			stored.length = value->length;
			stored.data = source_offset(compiler, value->in.container);
			break;
		default:
			break;
	}
	return stored;
}

bool
compile_enum(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	Value	   *values;
	ListRef		list;
	ItemWalk	walk;
	int			i;

	if (value->type != JSON_ARRAY)
		return fault(compiler, place, "must be an array");

	values = palloc((value->length + 1) * sizeof(Value));
	start_items(value, &walk);
	for (i = 0; next_item(&walk, &values[i]); i++)
		;
	qsort(values, value->length, sizeof(Value), order_values);

	list.count = value->length;
	list.first = reserve(compiler, list.count * sizeof(StoredValue));
	for (i = 0; i < value->length; i++)
		AT_OFFSET(compiler->program, list.first, StoredValue)[i] = store_value(compiler, &values[i]);

	draft->choice.enumeration = list;
	draft->choice.has_enumeration = true;
	draft->has_choice = true;
	pfree(values);
	return true;
}

bool
compile_const(Compiler *compiler, Draft *draft, const Value *value, const Place *place pg_attribute_unused())
{
	StoredValue stored = store_value(compiler, value);

	draft->choice.constant = store(compiler, &stored, sizeof(stored));
	draft->has_choice = true;
	return true;
}

/* read_count reads the value of a keyword that limits a count. */
bool
read_count(Compiler *compiler, const Value *value, const Place *place, uint32 *count)
{
	Number		number;

	if (value->type == JSON_NUMBER)
	{
		read_number(value->in.number, &number);
		if (number_to_count(&number, count))
			return true;
	}
	return fault(compiler, place, "must be a non-negative integer");
}

bool
compile_min_length(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	draft->has_string = true;
	return read_count(compiler, value, place, &draft->string.min_length);
}

bool
compile_max_length(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	draft->has_string = true;
	return read_count(compiler, value, place, &draft->string.max_length);
}

/* store_pattern checks a regular expression of the source. */
bool
store_pattern(Compiler *compiler, const char *text, int length,
			  const Place *place, StoredPattern *pattern)
{
	char	   *reason;

	if (!pattern_is_good(text, length, &reason))
		return fault(compiler, place, "is not usable as a regular expression: %s", reason);
	pattern->text = store_name(compiler, text, length);
	pattern->hash = pattern_hash(text, length);
	return true;
}

bool
compile_pattern(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	if (value->type != JSON_STRING)
		return fault(compiler, place, "must be a string");
	if (value->length == 0)
		return true;			/* matches everything */
	draft->has_string = true;
	return store_pattern(compiler, value->in.bytes, value->length, place,
						 &draft->string.pattern);
}

/* compile_format: a format that is not asserted or not known is an annotation. */
bool
compile_format(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	if (value->type != JSON_STRING)
		return fault(compiler, place, "must be a string");
	if (!draft->dialect->asserts_formats)
		return true;
	draft->string.format = find_format(value->in.bytes, value->length, draft->dialect->classic);
	if (draft->string.format != FORMAT_NONE)
		draft->has_string = true;
	return true;
}

static bool
compile_bound(Compiler *compiler, Draft *draft, const Value *value, const Place *place,
			  Position *bound)
{
	if (value->type != JSON_NUMBER)
		return fault(compiler, place, "must be a number");
	*bound = source_offset(compiler, value->in.number);
	draft->has_number = true;
	return true;
}

bool
compile_minimum(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return compile_bound(compiler, draft, value, place, &draft->number.minimum);
}

bool
compile_maximum(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return compile_bound(compiler, draft, value, place, &draft->number.maximum);
}

bool
compile_exclusive_minimum(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return compile_bound(compiler, draft, value, place, &draft->number.exclusive_minimum);
}

bool
compile_exclusive_maximum(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	return compile_bound(compiler, draft, value, place, &draft->number.exclusive_maximum);
}

bool
compile_multiple_of(Compiler *compiler, Draft *draft, const Value *value, const Place *place)
{
	Number		number;

	if (value->type == JSON_NUMBER)
	{
		read_number(value->in.number, &number);
		if (number.n_digits > 0 && !number.negative)
			return compile_bound(compiler, draft, value, place, &draft->number.multiple_of);
	}
	return fault(compiler, place, "must be a number greater than 0");
}

bool
compile_string_annotation(Compiler *compiler, Draft *draft pg_attribute_unused(), const Value *value, const Place *place)
{
	return value->type == JSON_STRING || fault(compiler, place, "must be a string");
}

bool
compile_boolean_annotation(Compiler *compiler, Draft *draft pg_attribute_unused(), const Value *value, const Place *place)
{
	return value->type == JSON_BOOLEAN || fault(compiler, place, "must be a boolean");
}

bool
compile_array_annotation(Compiler *compiler, Draft *draft pg_attribute_unused(), const Value *value, const Place *place)
{
	return value->type == JSON_ARRAY || fault(compiler, place, "must be an array");
}
