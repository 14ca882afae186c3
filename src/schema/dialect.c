/*-------------------------------------------------------------------------
 *
 * dialect.c
 *	  The draft and the vocabularies that a schema is written in: $schema.
 *
 * A URI other than those of the two drafts names a metaschema, which the
 * document must carry among its definitions.  Its $vocabulary says
 * which keywords mean something (Core, section 8.1).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/compile.h"

#define VOCABULARY_URI	"https://json-schema.org/draft/2020-12/vocab/"

static const struct
{
	const char *name;			/* after VOCABULARY_URI */
	uint8		vocabulary;
	bool		asserts_formats;
}			vocabularies[] =
{
	{"core", VOCABULARY_CORE, false},
	{"applicator", VOCABULARY_APPLICATOR, false},
	{"unevaluated", VOCABULARY_UNEVALUATED, false},
	{"validation", VOCABULARY_VALIDATION, false},
	{"format-annotation", VOCABULARY_FORMAT, false},
	{"format-assertion", VOCABULARY_FORMAT, true},
	{"content", VOCABULARY_CONTENT, false},
	{"meta-data", VOCABULARY_META_DATA, false},
};

/* default_dialect: draft 2020-12, which a schema is in that doesn't say. */
Dialect
default_dialect(const Compiler *compiler)
{
	Dialect		dialect;

	dialect.classic = false;
	dialect.asserts_formats = compiler->formats == FORMATS_ASSERTED;
	dialect.vocabularies = VOCABULARY_ALL;
	return dialect;
}

/* is_draft: whether a URI is the one of a draft, in any of its spellings. */
static bool
is_draft(const Value *uri, const char *draft)
{
	const char *schemes[] = {"http", "https"};
	const char *fragments[] = {"", "#"};
	int			i;

	for (i = 0; i < 4; i++)
	{
		if (string_is(uri, psprintf("%s://json-schema.org/%s/schema%s",
									schemes[i & 1], draft, fragments[i >> 1])))
			return true;
	}
	return false;
}

/* find_draft finds the dialect of a draft by its URI. */
static bool
find_draft(const Compiler *compiler, const Value *uri, Dialect *dialect)
{
	*dialect = default_dialect(compiler);
	if (is_draft(uri, "draft/2020-12"))
		return true;
	dialect->classic = true;
	dialect->asserts_formats = true;
	return is_draft(uri, "draft-07");
}

/* find_metaschema finds a schema by its $id among the document's definitions. */
static bool
find_metaschema(const Compiler *compiler, const Value *uri, Value *metaschema)
{
	const char *keywords[] = {"$defs", "definitions"};
	Value		definitions;
	Value		id;
	MemberWalk	walk;
	int			i;

	for (i = 0; i < (int) lengthof(keywords); i++)
	{
		if (!find_member(&compiler->root, keywords[i], strlen(keywords[i]), &definitions) ||
			definitions.type != JSON_OBJECT)
			continue;
		start_members(&definitions, &walk);
		while (next_member(&walk, metaschema))
		{
			if (metaschema->type == JSON_OBJECT && find_member(metaschema, "$id", 3, &id) &&
				compare_values(&id, uri) == 0)
				return true;
		}
	}
	return false;
}

/* read_vocabulary adds one member of $vocabulary to a dialect. */
static bool
read_vocabulary(Compiler *compiler, const MemberWalk *walk, const Value *required,
				const Place *place, Dialect *dialect)
{
	int			prefix = strlen(VOCABULARY_URI);
	int			i;

	for (i = 0; i < (int) lengthof(vocabularies); i++)
	{
		const char *name = vocabularies[i].name;

		if (walk->name_length == prefix + (int) strlen(name) &&
			memcmp(walk->name, VOCABULARY_URI, prefix) == 0 &&
			memcmp(walk->name + prefix, name, strlen(name)) == 0)
		{
			dialect->vocabularies |= vocabularies[i].vocabulary;
			dialect->asserts_formats |= vocabularies[i].asserts_formats;
			return true;
		}
	}
	if (required->type == JSON_BOOLEAN && required->boolean)
		return fault(compiler, place, "names a metaschema that requires the vocabulary \"%.*s\", which is not supported",
					 walk->name_length, walk->name);
	return true;
}

/*
 * begins_resource: whether the $id of a schema makes it a resource of its own.
 * In draft-07, "#name" is what $anchor is later, and $ref makes $id ignored.
 */
bool
begins_resource(const Value *schema, bool classic)
{
	Value		id;
	Value		reference;

	if (!find_member(schema, "$id", 3, &id) || id.type != JSON_STRING)
		return false;
	if (classic && find_member(schema, "$ref", 4, &reference))
		return false;
	return id.length == 0 || id.in.bytes[0] != '#';
}

/*
 * read_dialect changes the dialect that a schema inherits, if it has $schema.
 * Only the root of a resource may change it (Core, section 8.1.1).
 */
bool
read_dialect(Compiler *compiler, const Value *schema, const Place *place,
			 bool is_root, Dialect *dialect)
{
	Place		here = {place, "$schema", NULL, 0, -1, 0};
	Dialect		inherited = *dialect;
	Value		uri;
	Value		metaschema;
	Value		value;
	MemberWalk	walk;

	if (!find_member(schema, "$schema", 7, &uri))
		return true;
	if (uri.type != JSON_STRING)
		return fault(compiler, &here, "must be a string");

	if (!find_draft(compiler, &uri, dialect))
	{
		if (!find_metaschema(compiler, &uri, &metaschema))
			return fault(compiler, &here,
						 "is not a supported draft; supported are "
						 "\"https://json-schema.org/draft/2020-12/schema\", which is the default, "
						 "\"http://json-schema.org/draft-07/schema#\", "
						 "and the $id of a metaschema among the definitions of the document");
		if (find_member(&metaschema, "$vocabulary", 11, &value) && value.type == JSON_OBJECT)
		{
			*dialect = default_dialect(compiler);
			dialect->vocabularies = VOCABULARY_CORE;
			start_members(&value, &walk);
			while (next_member(&walk, &value))
			{
				if (!read_vocabulary(compiler, &walk, &value, &here, dialect))
					return false;
			}
		}
		else if (!find_member(&metaschema, "$schema", 7, &value) ||
				 !find_draft(compiler, &value, dialect))
			return fault(compiler, &here,
						 "names a metaschema that has neither $vocabulary nor the $schema of a supported draft");
	}

	is_root = is_root || begins_resource(schema, dialect->classic);
	if (!is_root && (dialect->classic != inherited.classic ||
					 dialect->asserts_formats != inherited.asserts_formats ||
					 dialect->vocabularies != inherited.vocabularies))
		return fault(compiler, &here, "differs from that of the resource; only a schema whose $id begins a resource may have its own");
	return true;
}

/* compile_vocabulary only checks: $vocabulary is read by way of $schema. */
bool
compile_vocabulary(Compiler *compiler, Draft *draft pg_attribute_unused(), const Value *value, const Place *place)
{
	Place		member = ROOT_PLACE;
	MemberWalk	walk;
	Value		required;

	if (value->type != JSON_OBJECT)
		return fault(compiler, place, "must be an object of booleans");
	member.parent = place;
	start_members(value, &walk);
	while (next_member(&walk, &required))
	{
		member.name = walk.name;
		member.length = walk.name_length;
		if (required.type != JSON_BOOLEAN)
			return fault(compiler, &member, "must be a boolean");
	}
	return true;
}
