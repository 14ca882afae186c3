/*-------------------------------------------------------------------------
 *
 * value.c
 *	  Walks over jsonb containers, and one total order of JSON values.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "schema/value.h"

/* read_root looks at a document's root, which jsonb wraps if it is a scalar. */
void
read_root(Jsonb *document, Value *value)
{
	const JsonbContainer *root = &document->root;

	if (JsonContainerIsScalar(root))
		read_entry(root->children[0], (const char *) &root->children[1], 0, value);
	else
	{
		value->type = JsonContainerIsObject(root) ? JSON_OBJECT : JSON_ARRAY;
		value->in.container = root;
		value->length = JsonContainerSize(root);
	}
}

/* find_member finds a member by name, by binary search. */
bool
find_member(const Value *object, const char *name, int length, Value *value)
{
	const JsonbContainer *container = object->in.container;
	const char *base = (const char *) &container->children[object->length * 2];
	int			low = 0;
	int			high = object->length;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		int			order = compare_names(base + getJsonbOffset(container, middle),
										  getJsonbLength(container, middle),
										  name, length);

		if (order == 0)
		{
			int			entry = middle + object->length;

			read_entry(container->children[entry], base, getJsonbOffset(container, entry), value);
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool
get_item(const Value *array, int index, Value *value)
{
	const JsonbContainer *container = array->in.container;

	if (index < 0 || index >= array->length)
		return false;
	read_entry(container->children[index], (const char *) &container->children[array->length],
			   getJsonbOffset(container, index), value);
	return true;
}

/* compare_containers compares two arrays or two objects. */
static int
compare_containers(const Value *a, const Value *b)
{
	Value		left;
	Value		right;
	int			order;

	check_stack_depth();

	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;

	if (a->type == JSON_ARRAY)
	{
		ItemWalk	lefts;
		ItemWalk	rights;

		start_items(a, &lefts);
		start_items(b, &rights);
		while (next_item(&lefts, &left) && next_item(&rights, &right))
		{
			CHECK_FOR_INTERRUPTS();
			order = compare_values(&left, &right);
			if (order != 0)
				return order;
		}
	}
	else
	{
		MemberWalk	lefts;
		MemberWalk	rights;

		start_members(a, &lefts);
		start_members(b, &rights);
		while (next_member(&lefts, &left) && next_member(&rights, &right))
		{
			CHECK_FOR_INTERRUPTS();
			order = compare_names(lefts.name, lefts.name_length,
								  rights.name, rights.name_length);
			if (order == 0)
				order = compare_values(&left, &right);
			if (order != 0)
				return order;
		}
	}
	return 0;
}

/*
 * compare_values is a total order in which equality is JSON Schema's: numbers
 * by their mathematical value, strings byte by byte, objects whatever the
 * order of their members was.
 */
int
compare_values(const Value *a, const Value *b)
{
	Number		left;
	Number		right;

	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;

	switch (a->type)
	{
		case JSON_NULL:
			return 0;
		case JSON_BOOLEAN:
			return (int) a->boolean - (int) b->boolean;
		case JSON_NUMBER:
			read_number(a->in.number, &left);
			read_number(b->in.number, &right);
			return compare_numbers(&left, &right);
		case JSON_STRING:
			return compare_names(a->in.bytes, a->length, b->in.bytes, b->length);
		default:
			return compare_containers(a, b);
	}
}

/* order_values is compare_values for qsort(), which may take long. */
int
order_values(const void *a, const void *b)
{
	CHECK_FOR_INTERRUPTS();
	return compare_values(a, b);
}

/* type_name returns the name that the keyword `type` has for one type bit. */
const char *
type_name(uint8 type)
{
	switch (type)
	{
		case JSON_NULL:
			return "null";
		case JSON_BOOLEAN:
			return "boolean";
		case JSON_NUMBER:
			return "number";
		case JSON_STRING:
			return "string";
		case JSON_ARRAY:
			return "array";
		case JSON_INTEGER:
			return "integer";
		default:
			return "object";
	}
}
