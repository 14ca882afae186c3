/*-------------------------------------------------------------------------
 *
 * compile.h
 *	  What the files of the compiler share.
 *
 * The compiler first finds all places of the source that are schemas (sites),
 * with their base URIs and anchors, and gives each a node in the program; then
 * it fills node after node.  So references, also circular ones, are just
 * offsets, and nothing recurses over references.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_SCHEMA_COMPILE_H
#define CUSTOMERS_SCHEMA_COMPILE_H

#include "postgres.h"

#include "utils/hsearch.h"

#include "base/compat.h"
#include "schema/place.h"
#include "schema/program.h"

/* Levels of schemas within schemas; references do not count. */
#define MAX_SCHEMA_DEPTH	100

/*
 * Bytes of a schema's URI.  Each schema with a name keeps the whole URI, also
 * if all but a byte comes from its base.
 */
#define MAX_URI_LENGTH		1000

/* Bytes of a datum, source included. */
#define MAX_SCHEMA_SIZE		(64 * 1024 * 1024)

/* A document that schemas are in: the source, or a published one. */
typedef struct Document
{
	Jsonb	   *source;
	Position	offset;			/* of its copy in the program */
} Document;

/* How the schemas of a resource are read. */
typedef struct Dialect
{
	bool		classic;		/* draft-07 */
	bool		asserts_formats;
	uint8		vocabularies;	/* VOCABULARY_xxx that keywords may belong to */
} Dialect;

#define VOCABULARY_CORE			0x01
#define VOCABULARY_APPLICATOR	0x02
#define VOCABULARY_UNEVALUATED	0x04
#define VOCABULARY_VALIDATION	0x08
#define VOCABULARY_FORMAT		0x10	/* as annotation or assertion */
#define VOCABULARY_CONTENT		0x20
#define VOCABULARY_META_DATA	0x40
#define VOCABULARY_ALL			0x7F

/* A schema resource: a document, or a part of it with its own $id. */
typedef struct Resource
{
	uint32		number;
	Dialect		dialect;
	char	   *uri;			/* absolute as far as known, without fragment */
	Value		root;
} Resource;

/* An object in the source that is a schema. */
typedef struct Site
{
	const JsonbContainer *container;	/* hash key; must be first */
	int			number;			/* index in Compiler.sites */
	Position	node;
	Value		value;
	Resource   *resource;
	Place		place;			/* parents are places of other sites */
	List	   *in_place;		/* numbers of the sites that see the same
								 * instance */
} Site;

/* What a URI with or without anchor refers to. */
typedef struct Target
{
	char	   *uri;			/* with #anchor, or without fragment */
	Value		value;
	Resource   *resource;
	StoredName	dynamic_name;	/* bytes 0: not by $dynamicAnchor */
	struct Target *next;		/* with the same hash */
} Target;

typedef struct Compiler
{
	FormatPolicy formats;
	SchemaFault *fault;
	MemoryContext caller;		/* where the fault stays */
	Value		root;
	List	   *documents;		/* of Document, the source first */
	char	   *program;
	Size		used;
	Size		allocated;
	HTAB	   *sites_by_container;
	Site	  **sites;			/* in the order of their discovery */
	int			n_sites;
	int			max_sites;
	HTAB	   *targets;
	uint32		n_resources;
	List	   *dynamic_targets;
	Position	always;			/* node of the schema true */
	Position	never;			/* and of false */
} Compiler;

/* The rules of the node that is being filled, before they are stored. */
typedef struct Draft
{
	Site	   *site;
	const Dialect *dialect;		/* that the site is written in */
	SchemaNode	node;
	StringRules string;
	NumberRules number;
	ArrayRules	array;
	ObjectRules object;
	ChoiceRules choice;
	ApplicatorRules applicator;
	bool		has_string;
	bool		has_number;
	bool		has_array;
	bool		has_object;
	bool		has_choice;
	bool		has_applicator;
	PropertyRule *properties;	/* of `properties` and `required`, unmerged */
	int			n_properties;
	DependentRule *dependents;
	int			n_dependents;
} Draft;

/*
 * A keyword's compile function: reads value, which is at the place, into the
 * draft.  It returns false after a fault.
 */
typedef bool (*KeywordCompiler) (Compiler *compiler, Draft *draft,
								 const Value *value, const Place *place);

/* program.c */
extern bool fault(Compiler *compiler, const Place *place, const char *format,...) pg_attribute_printf(3, 4);
extern Position reserve(Compiler *compiler, Size size);
extern Position store(Compiler *compiler, const void *data, Size size);
extern Position add_document(Compiler *compiler, Jsonb *source);
extern Position source_offset(Compiler *compiler, const void *pointer);
extern StoredName store_name(Compiler *compiler, const char *name, int length);

/* compile.c */
extern bool compile_subschema(Compiler *compiler, Draft *draft, const Value *value,
							  const Place *place, bool in_place, Position *node);

/* keyword.c */
typedef enum SubschemaKind
{
	NO_SUBSCHEMA,				/* nothing in it is a schema */
	ONE_SUBSCHEMA,				/* it is a schema */
	SUBSCHEMA_LIST,				/* an array of schemas */
	SUBSCHEMA_MAP,				/* an object whose values are schemas */
	ONE_OR_LIST,				/* `items` of draft-07 */
	MAP_OF_ONE_OR_NAMES			/* `dependencies` of draft-07 */
} SubschemaKind;

typedef struct Keyword
{
	const char *name;
	uint8		drafts;			/* DRAFT_xxx in which it means something */
	uint8		vocabulary;		/* VOCABULARY_xxx */
	SubschemaKind subschemas;
	KeywordCompiler compile;	/* NULL: nothing to do */
} Keyword;

#define DRAFT_2020_12	0x01
#define DRAFT_07		0x02
#define DRAFT_BOTH		0x03

extern const Keyword *find_keyword(const Dialect *dialect, const char *name, int length);

/* dialect.c */
extern bool begins_resource(const Value *schema, bool classic);
extern bool read_dialect(Compiler *compiler, const Value *schema, const Place *place,
						 bool is_root, Dialect *dialect);
extern bool compile_vocabulary(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern Dialect default_dialect(const Compiler *compiler);

/* published.c */
extern const char *published_schema(const char *uri);

/* compile_value.c */
extern bool compile_type(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_enum(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_const(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_min_length(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_max_length(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_pattern(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_format(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_minimum(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_maximum(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_exclusive_minimum(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_exclusive_maximum(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_multiple_of(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_string_annotation(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_boolean_annotation(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_array_annotation(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool read_count(Compiler *compiler, const Value *value, const Place *place, uint32 *count);
extern bool store_pattern(Compiler *compiler, const char *text, int length,
						  const Place *place, StoredPattern *pattern);

/* compile_array.c */
extern bool compile_subschema_list(Compiler *compiler, Draft *draft, const Value *value,
								   const Place *place, bool in_place, ListRef *list);
extern bool compile_min_items(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_max_items(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_unique_items(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_prefix_items(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_items(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_additional_items(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_contains(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_min_contains(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_max_contains(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_unevaluated_items(Compiler *compiler, Draft *draft, const Value *value, const Place *place);

/* compile_object.c */
extern bool compile_min_properties(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_max_properties(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_properties(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_required(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_pattern_properties(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_additional_properties(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_property_names(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_unevaluated_properties(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_dependent_required(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_dependent_schemas(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_dependencies(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern void merge_properties(Compiler *compiler, Draft *draft);

/* compile_applicator.c */
extern bool compile_all_of(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_any_of(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_one_of(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_not(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_if(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_then(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_else(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_ref(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_dynamic_ref(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_definitions(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool compile_schema_subschema(Compiler *compiler, Draft *draft, const Value *value, const Place *place);
extern bool refuse_endless_recursion(Compiler *compiler);

/* resource.c */
extern bool discover(Compiler *compiler, const Value *value, const Place *place,
					 Resource *resource, int depth);
extern Site *find_site(Compiler *compiler, const Value *value);

/* target.c */
extern Target *find_target(Compiler *compiler, const char *uri);
extern Target *find_document(Compiler *compiler, const char *uri);
extern Target *add_target(Compiler *compiler, char *uri, const Value *value, Resource *resource);

/* reference.c */
extern bool resolve_reference(Compiler *compiler, Draft *draft, const Value *value, const Place *place,
							  Value *schema, StoredName *dynamic_name);

/* uri.c */
extern char *resolve_uri(const char *base, const char *reference);
extern char *decode_fragment(const char *fragment);

#endif							/* CUSTOMERS_SCHEMA_COMPILE_H */
