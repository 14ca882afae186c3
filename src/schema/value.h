/*-------------------------------------------------------------------------
 *
 * value.h
 *	  A JSON value looked at inside a jsonb container, and its walks.
 *
 * The walks read the JEntry array as jsonb.h describes it: nothing is
 * copied, and strings have no NUL at their end.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_SCHEMA_VALUE_H
#define CUSTOMERS_SCHEMA_VALUE_H

#include "postgres.h"

#include "utils/jsonb.h"

#include "schema/number.h"

/* Types of JSON values as bits, so that `type` is one test. */
#define JSON_NULL		0x01
#define JSON_BOOLEAN	0x02
#define JSON_NUMBER		0x04
#define JSON_STRING		0x08
#define JSON_ARRAY		0x10
#define JSON_OBJECT		0x20
#define JSON_ANY		0x3F
#define JSON_SCALAR		0x0F
#define JSON_INTEGER	0x40	/* in a schema only: a number that is integral */

typedef struct Value
{
	uint8		type;			/* one of the bits, never JSON_INTEGER */
	bool		boolean;
	int			length;			/* bytes of a string, or number of members or
								 * items */
	union
	{
		const char *bytes;		/* JSON_STRING */
		Numeric		number;		/* JSON_NUMBER */
		const JsonbContainer *container;	/* JSON_ARRAY, JSON_OBJECT */
	}			in;
} Value;

/* A walk over the items of an array. */
typedef struct ItemWalk
{
	const JsonbContainer *container;
	const char *base;			/* of the items' data */
	int			count;
	int			next;
	uint32		offset;			/* of the next item from base */
} ItemWalk;

/* A walk over the members of an object, by (length, bytes) of their names. */
typedef struct MemberWalk
{
	const JsonbContainer *container;
	const char *base;
	int			count;
	int			next;
	uint32		name_offset;
	uint32		value_offset;
	const char *name;			/* of the current member */
	int			name_length;
} MemberWalk;

extern void read_root(Jsonb *document, Value *value);
extern bool find_member(const Value *object, const char *name, int length, Value *value);
extern bool get_item(const Value *array, int index, Value *value);
extern int	compare_values(const Value *a, const Value *b);
extern int	order_values(const void *a, const void *b);
extern const char *type_name(uint8 type);

/* entry_end returns where an entry ends that begins at an offset from its base. */
static inline uint32
entry_end(JEntry entry, uint32 offset)
{
	return JBE_HAS_OFF(entry) ? JBE_OFFLENFLD(entry) : offset + JBE_OFFLENFLD(entry);
}

/* read_entry looks at an entry, and returns where it ends. */
static inline uint32
read_entry(JEntry entry, const char *base, uint32 offset, Value *value)
{
	uint32		end = entry_end(entry, offset);

	if (JBE_ISSTRING(entry))
	{
		value->type = JSON_STRING;
		value->in.bytes = base + offset;
		value->length = end - offset;
	}
	else if (JBE_ISNUMERIC(entry))
	{
		value->type = JSON_NUMBER;
		value->in.number = (Numeric) (base + INTALIGN(offset));
	}
	else if (JBE_ISCONTAINER(entry))
	{
		const JsonbContainer *inner = (const JsonbContainer *) (base + INTALIGN(offset));

		value->type = JsonContainerIsObject(inner) ? JSON_OBJECT : JSON_ARRAY;
		value->in.container = inner;
		value->length = JsonContainerSize(inner);
	}
	else if (JBE_ISNULL(entry))
		value->type = JSON_NULL;
	else
	{
		value->type = JSON_BOOLEAN;
		value->boolean = JBE_ISBOOL_TRUE(entry);
	}
	return end;
}

static inline void
start_items(const Value *array, ItemWalk *walk)
{
	Assert(array->type == JSON_ARRAY);
	walk->container = array->in.container;
	walk->count = array->length;
	walk->base = (const char *) &walk->container->children[walk->count];
	walk->next = 0;
	walk->offset = 0;
}

static inline bool
next_item(ItemWalk *walk, Value *value)
{
	if (walk->next >= walk->count)
		return false;
	walk->offset = read_entry(walk->container->children[walk->next], walk->base, walk->offset, value);
	walk->next++;
	return true;
}

static inline void
start_members(const Value *object, MemberWalk *walk)
{
	Assert(object->type == JSON_OBJECT);
	walk->container = object->in.container;
	walk->count = object->length;
	walk->base = (const char *) &walk->container->children[walk->count * 2];
	walk->next = 0;
	walk->name_offset = 0;
	walk->value_offset = walk->count > 0 ? getJsonbOffset(walk->container, walk->count) : 0;
}

static inline bool
next_member(MemberWalk *walk, Value *value)
{
	const JEntry *entry = &walk->container->children[walk->next];
	uint32		start = walk->name_offset;

	if (walk->next >= walk->count)
		return false;
	walk->name_offset = entry_end(entry[0], start);
	walk->name = walk->base + start;
	walk->name_length = walk->name_offset - start;
	walk->value_offset = read_entry(entry[walk->count], walk->base, walk->value_offset, value);
	walk->next++;
	return true;
}

/* compare_names orders names as jsonb orders those of an object. */
static inline int
compare_names(const char *a, int a_length, const char *b, int b_length)
{
	if (a_length != b_length)
		return a_length < b_length ? -1 : 1;
	return memcmp(a, b, a_length);
}

/* string_is compares a string value with a C string. */
static inline bool
string_is(const Value *value, const char *text)
{
	return value->type == JSON_STRING && value->length == (int) strlen(text) &&
		memcmp(value->in.bytes, text, value->length) == 0;
}

#endif							/* CUSTOMERS_SCHEMA_VALUE_H */
