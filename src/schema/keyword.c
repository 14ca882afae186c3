/*-------------------------------------------------------------------------
 *
 * keyword.c
 *	  The keywords of both drafts: where schemas are in them, and who
 *	  compiles them.
 *
 * Names that are not here are annotations of somebody else, as the
 * specification wants it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/compile.h"

/* compile_schema_uri refuses drafts that this is not, at $schema. */
static bool
compile_schema_uri(Compiler *compiler, Draft *draft pg_attribute_unused(), const Value *value, const Place *place)
{
	const char *core;

	if (value->type != JSON_STRING)
		return fault(compiler, place, "must be a string");
	core = compiler->classic ? "json-schema.org/draft-07/schema" : "json-schema.org/draft/2020-12/schema";
	if (string_is(value, psprintf("http://%s", core)) || string_is(value, psprintf("http://%s#", core)) ||
		string_is(value, psprintf("https://%s", core)) || string_is(value, psprintf("https://%s#", core)))
		return true;
	if (place->parent->parent != NULL)
		return fault(compiler, place, "is not the draft that the document is written in");
	return fault(compiler, place,
				 "is not a supported draft; supported are "
				 "\"https://json-schema.org/draft/2020-12/schema\", which is the default, "
				 "and \"http://json-schema.org/draft-07/schema#\"");
}

static const Keyword keywords[] =
{
	/* core */
	{"$schema", DRAFT_BOTH, NO_SUBSCHEMA, compile_schema_uri},
	{"$id", DRAFT_BOTH, NO_SUBSCHEMA, NULL},	/* names: resource.c */
	{"$anchor", DRAFT_2020_12, NO_SUBSCHEMA, NULL},
	{"$dynamicAnchor", DRAFT_2020_12, NO_SUBSCHEMA, NULL},
	{"$ref", DRAFT_BOTH, NO_SUBSCHEMA, compile_ref},
	{"$dynamicRef", DRAFT_2020_12, NO_SUBSCHEMA, compile_dynamic_ref},
	{"$defs", DRAFT_2020_12, SUBSCHEMA_MAP, compile_definitions},
	{"definitions", DRAFT_BOTH, SUBSCHEMA_MAP, compile_definitions},
	{"$comment", DRAFT_BOTH, NO_SUBSCHEMA, compile_string_annotation},
	/* values of every type */
	{"type", DRAFT_BOTH, NO_SUBSCHEMA, compile_type},
	{"enum", DRAFT_BOTH, NO_SUBSCHEMA, compile_enum},
	{"const", DRAFT_BOTH, NO_SUBSCHEMA, compile_const},
	{"allOf", DRAFT_BOTH, SUBSCHEMA_LIST, compile_all_of},
	{"anyOf", DRAFT_BOTH, SUBSCHEMA_LIST, compile_any_of},
	{"oneOf", DRAFT_BOTH, SUBSCHEMA_LIST, compile_one_of},
	{"not", DRAFT_BOTH, ONE_SUBSCHEMA, compile_not},
	{"if", DRAFT_BOTH, ONE_SUBSCHEMA, compile_if},
	{"then", DRAFT_BOTH, ONE_SUBSCHEMA, compile_then},
	{"else", DRAFT_BOTH, ONE_SUBSCHEMA, compile_else},
	/* strings */
	{"minLength", DRAFT_BOTH, NO_SUBSCHEMA, compile_min_length},
	{"maxLength", DRAFT_BOTH, NO_SUBSCHEMA, compile_max_length},
	{"pattern", DRAFT_BOTH, NO_SUBSCHEMA, compile_pattern},
	{"format", DRAFT_BOTH, NO_SUBSCHEMA, compile_format},
	{"contentEncoding", DRAFT_BOTH, NO_SUBSCHEMA, compile_string_annotation},
	{"contentMediaType", DRAFT_BOTH, NO_SUBSCHEMA, compile_string_annotation},
	{"contentSchema", DRAFT_2020_12, ONE_SUBSCHEMA, compile_schema_subschema},
	/* numbers */
	{"minimum", DRAFT_BOTH, NO_SUBSCHEMA, compile_minimum},
	{"maximum", DRAFT_BOTH, NO_SUBSCHEMA, compile_maximum},
	{"exclusiveMinimum", DRAFT_BOTH, NO_SUBSCHEMA, compile_exclusive_minimum},
	{"exclusiveMaximum", DRAFT_BOTH, NO_SUBSCHEMA, compile_exclusive_maximum},
	{"multipleOf", DRAFT_BOTH, NO_SUBSCHEMA, compile_multiple_of},
	/* arrays */
	{"minItems", DRAFT_BOTH, NO_SUBSCHEMA, compile_min_items},
	{"maxItems", DRAFT_BOTH, NO_SUBSCHEMA, compile_max_items},
	{"uniqueItems", DRAFT_BOTH, NO_SUBSCHEMA, compile_unique_items},
	{"prefixItems", DRAFT_2020_12, SUBSCHEMA_LIST, compile_prefix_items},
	{"items", DRAFT_2020_12, ONE_SUBSCHEMA, compile_items},
	{"items", DRAFT_07, ONE_OR_LIST, compile_items},
	{"additionalItems", DRAFT_07, ONE_SUBSCHEMA, compile_additional_items},
	{"contains", DRAFT_BOTH, ONE_SUBSCHEMA, compile_contains},
	{"minContains", DRAFT_2020_12, NO_SUBSCHEMA, compile_min_contains},
	{"maxContains", DRAFT_2020_12, NO_SUBSCHEMA, compile_max_contains},
	{"unevaluatedItems", DRAFT_2020_12, ONE_SUBSCHEMA, compile_unevaluated_items},
	/* objects */
	{"minProperties", DRAFT_BOTH, NO_SUBSCHEMA, compile_min_properties},
	{"maxProperties", DRAFT_BOTH, NO_SUBSCHEMA, compile_max_properties},
	{"required", DRAFT_BOTH, NO_SUBSCHEMA, compile_required},
	{"properties", DRAFT_BOTH, SUBSCHEMA_MAP, compile_properties},
	{"patternProperties", DRAFT_BOTH, SUBSCHEMA_MAP, compile_pattern_properties},
	{"additionalProperties", DRAFT_BOTH, ONE_SUBSCHEMA, compile_additional_properties},
	{"propertyNames", DRAFT_BOTH, ONE_SUBSCHEMA, compile_property_names},
	{"dependentRequired", DRAFT_2020_12, NO_SUBSCHEMA, compile_dependent_required},
	{"dependentSchemas", DRAFT_2020_12, SUBSCHEMA_MAP, compile_dependent_schemas},
	{"dependencies", DRAFT_07, MAP_OF_ONE_OR_NAMES, compile_dependencies},
	{"unevaluatedProperties", DRAFT_2020_12, ONE_SUBSCHEMA, compile_unevaluated_properties},
	/* annotations whose values have a type nevertheless */
	{"title", DRAFT_BOTH, NO_SUBSCHEMA, compile_string_annotation},
	{"description", DRAFT_BOTH, NO_SUBSCHEMA, compile_string_annotation},
	{"examples", DRAFT_BOTH, NO_SUBSCHEMA, compile_array_annotation},
	{"deprecated", DRAFT_2020_12, NO_SUBSCHEMA, compile_boolean_annotation},
	{"readOnly", DRAFT_BOTH, NO_SUBSCHEMA, compile_boolean_annotation},
	{"writeOnly", DRAFT_BOTH, NO_SUBSCHEMA, compile_boolean_annotation},
};

/* find_keyword returns what a name means in the draft at hand, or NULL. */
const Keyword *
find_keyword(const Compiler *compiler, const char *name, int length)
{
	uint8		draft = compiler->classic ? DRAFT_07 : DRAFT_2020_12;
	int			i;

	for (i = 0; i < (int) lengthof(keywords); i++)
	{
		if ((keywords[i].drafts & draft) != 0 &&
			strncmp(keywords[i].name, name, length) == 0 &&
			keywords[i].name[length] == '\0')
			return &keywords[i];
	}
	return NULL;
}
