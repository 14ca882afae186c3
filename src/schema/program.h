/*-------------------------------------------------------------------------
 *
 * program.h
 *	  The flat program inside a datum of type json_schema.
 *
 *		JsonSchema		header
 *		source			the schema as jsonb, complete with its own header
 *		SchemaNode ...	nodes, rules and lists, in any order, and the published
 *						schemas that it refers to, as jsonb too
 *
 * All positions are offsets in bytes from the start of the datum, 0 meaning
 * "there is none".  Names, patterns and numbers are not copied: they are
 * read inside the documents.  Everything is 4-byte aligned, which is all that
 * jsonb needs.
 * Integers are in native byte order, as everything on disk.
 *
 * A program only ever comes from compile_schema.  When the layout or the
 * meaning changes, SCHEMA_PROGRAM_VERSION does: then a stored datum is
 * compiled again from the source it carries, once for each call site.  The
 * source lies at the same place in every version (the first three fields and
 * SCHEMA_SOURCE are fixed forever).
 *
 * A program knows nothing of the drafts it was written in, but for the names
 * of keywords in messages (NODE_CLASSIC, DependentRule.classic).
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_SCHEMA_PROGRAM_H
#define CUSTOMERS_SCHEMA_PROGRAM_H

#include "postgres.h"

#include "schema/schema.h"
#include "schema/value.h"

#define SCHEMA_MAGIC			0x4A53
#define SCHEMA_PROGRAM_VERSION	1

typedef int32 Position;

/* count elements, one after the other. */
typedef struct ListRef
{
	uint32		count;
	Position	first;
} ListRef;

struct JsonSchema
{
	int32		vl_len_;		/* varlena header, do not touch directly */
	uint16		magic;
	uint16		version;
	/* fixed forever: up to here, and that the source begins at SCHEMA_SOURCE */
	Position	root;			/* SchemaNode */
	ListRef		dynamic_anchors;	/* DynamicAnchor */
	uint32		reserved[3];
};

#define SCHEMA_SOURCE			32	/* sizeof(JsonSchema), a multiple of 8 */

StaticAssertDecl(sizeof(JsonSchema) == SCHEMA_SOURCE, "the source follows the header");

/* No count; larger than any count of anything in a jsonb value. */
#define UNLIMITED				PG_UINT32_MAX

typedef struct StoredName
{
	Position	bytes;
	uint32		length;
} StoredName;

/* A Value that points by offset. */
typedef struct StoredValue
{
	uint8		type;
	bool		boolean;
	uint16		padding;
	int32		length;
	Position	data;
} StoredValue;

typedef struct StoredPattern
{
	StoredName	text;			/* bytes 0: there is no pattern */
	uint32		hash;			/* pattern_hash(text) */
} StoredPattern;

/* One schema.  Each kind of rule is 0 when no keyword of that kind is there. */
typedef struct SchemaNode
{
	uint8		types;			/* JSON_xxx that `type` allows, also JSON_INTEGER */
	uint8		flags;			/* NODE_xxx */
	uint16		padding;
	uint32		resource;		/* number of the schema resource that it is in */
	Position	string;
	Position	number;
	Position	array;
	Position	object;
	Position	choice;			/* ChoiceRules, for values of every type */
	Position	applicator;		/* ApplicatorRules, likewise */
} SchemaNode;

#define NODE_NEVER				0x01	/* the schema false */
#define NODE_CLASSIC			0x02	/* keywords have the names of draft-07 */
#define NODE_UNEVALUATED		0x04	/* has a keyword unevaluated... */

typedef struct StringRules
{
	uint32		min_length;		/* characters */
	uint32		max_length;
	uint32		format;			/* Format */
	StoredPattern pattern;
} StringRules;

typedef struct NumberRules
{
	Position	minimum;		/* Numeric, each */
	Position	maximum;
	Position	exclusive_minimum;
	Position	exclusive_maximum;
	Position	multiple_of;
} NumberRules;

typedef struct ArrayRules
{
	uint32		min_items;
	uint32		max_items;
	uint32		unique;			/* boolean */
	ListRef		prefix;			/* Position of SchemaNode */
	Position	items;			/* SchemaNode for the items after the prefix */
	Position	contains;		/* SchemaNode */
	uint32		min_contains;
	uint32		max_contains;
	Position	unevaluated;	/* SchemaNode */
} ArrayRules;

/*
 * A name in `properties` or `required`.  Rules are sorted as jsonb sorts the
 * members of an object, so one merge pass checks an object.
 */
typedef struct PropertyRule
{
	StoredName	name;
	Position	node;			/* SchemaNode, or 0 */
	uint32		required;		/* boolean */
} PropertyRule;

typedef struct PatternRule
{
	StoredPattern pattern;
	Position	node;
} PatternRule;

/* If there is a member of that name: either a schema or further names. */
typedef struct DependentRule
{
	StoredName	name;
	Position	node;			/* SchemaNode; 0: the names */
	ListRef		required;		/* StoredName */
	uint32		classic;		/* boolean: of the keyword `dependencies` */
} DependentRule;

typedef struct ObjectRules
{
	uint32		min_properties;
	uint32		max_properties;
	ListRef		properties;		/* PropertyRule */
	ListRef		patterns;		/* PatternRule */
	ListRef		dependents;		/* DependentRule */
	Position	additional;		/* SchemaNode, each */
	Position	names;
	Position	unevaluated;
} ObjectRules;

typedef struct ChoiceRules
{
	ListRef		enumeration;	/* StoredValue, sorted by compare_values */
	uint32		has_enumeration;	/* boolean: an empty one allows nothing */
	Position	constant;		/* StoredValue */
} ChoiceRules;

/* Schemas that are applied to the same value. */
typedef struct ApplicatorRules
{
	ListRef		all_of;			/* Position of SchemaNode, each */
	ListRef		any_of;
	ListRef		one_of;
	Position	negated;		/* SchemaNode, each, from here on */
	Position	condition;
	Position	consequence;
	Position	alternative;
	Position	reference;
	Position	dynamic_reference;
	StoredName	dynamic_name;	/* bytes 0: $dynamicRef acts as $ref */
} ApplicatorRules;

/* A $dynamicAnchor; sorted by nothing: schemas have one or two. */
typedef struct DynamicAnchor
{
	uint32		resource;
	StoredName	name;
	Position	node;
} DynamicAnchor;

#define AT_OFFSET(start, offset, type)	((type *) ((char *) (start) + (offset)))

#endif							/* CUSTOMERS_SCHEMA_PROGRAM_H */
