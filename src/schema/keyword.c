/*-------------------------------------------------------------------------
 *
 * keyword.c
 *	  The keywords of both drafts: where schemas are in them, and who
 *	  compiles them.
 *
 * Names that are not here are annotations of somebody else, as the
 * specification wants it.  `dependencies` stays in 2020-12 what it was, as
 * its metaschema allows: many schemas have taken it along.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/compile.h"

static const Keyword keywords[] =
{
	/* core */
	{"$schema", DRAFT_BOTH, VOCABULARY_CORE, NO_SUBSCHEMA, NULL},	/* dialect.c */
	{"$vocabulary", DRAFT_2020_12, VOCABULARY_CORE, NO_SUBSCHEMA, compile_vocabulary},
	{"$id", DRAFT_BOTH, VOCABULARY_CORE, NO_SUBSCHEMA, NULL},	/* resource.c */
	{"$anchor", DRAFT_2020_12, VOCABULARY_CORE, NO_SUBSCHEMA, NULL},
	{"$dynamicAnchor", DRAFT_2020_12, VOCABULARY_CORE, NO_SUBSCHEMA, NULL},
	{"$ref", DRAFT_BOTH, VOCABULARY_CORE, NO_SUBSCHEMA, compile_ref},
	{"$dynamicRef", DRAFT_2020_12, VOCABULARY_CORE, NO_SUBSCHEMA, compile_dynamic_ref},
	{"$defs", DRAFT_2020_12, VOCABULARY_CORE, SUBSCHEMA_MAP, compile_definitions},
	{"definitions", DRAFT_BOTH, VOCABULARY_CORE, SUBSCHEMA_MAP, compile_definitions},
	{"$comment", DRAFT_BOTH, VOCABULARY_CORE, NO_SUBSCHEMA, compile_string_annotation},
	/* values of every type */
	{"type", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_type},
	{"enum", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_enum},
	{"const", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_const},
	{"allOf", DRAFT_BOTH, VOCABULARY_APPLICATOR, SUBSCHEMA_LIST, compile_all_of},
	{"anyOf", DRAFT_BOTH, VOCABULARY_APPLICATOR, SUBSCHEMA_LIST, compile_any_of},
	{"oneOf", DRAFT_BOTH, VOCABULARY_APPLICATOR, SUBSCHEMA_LIST, compile_one_of},
	{"not", DRAFT_BOTH, VOCABULARY_APPLICATOR, ONE_SUBSCHEMA, compile_not},
	{"if", DRAFT_BOTH, VOCABULARY_APPLICATOR, ONE_SUBSCHEMA, compile_if},
	{"then", DRAFT_BOTH, VOCABULARY_APPLICATOR, ONE_SUBSCHEMA, compile_then},
	{"else", DRAFT_BOTH, VOCABULARY_APPLICATOR, ONE_SUBSCHEMA, compile_else},
	/* strings */
	{"minLength", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_min_length},
	{"maxLength", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_max_length},
	{"pattern", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_pattern},
	{"format", DRAFT_BOTH, VOCABULARY_FORMAT, NO_SUBSCHEMA, compile_format},
	{"contentEncoding", DRAFT_BOTH, VOCABULARY_CONTENT, NO_SUBSCHEMA, compile_string_annotation},
	{"contentMediaType", DRAFT_BOTH, VOCABULARY_CONTENT, NO_SUBSCHEMA, compile_string_annotation},
	{"contentSchema", DRAFT_2020_12, VOCABULARY_CONTENT, ONE_SUBSCHEMA, compile_schema_subschema},
	/* numbers */
	{"minimum", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_minimum},
	{"maximum", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_maximum},
	{"exclusiveMinimum", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_exclusive_minimum},
	{"exclusiveMaximum", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_exclusive_maximum},
	{"multipleOf", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_multiple_of},
	/* arrays */
	{"minItems", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_min_items},
	{"maxItems", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_max_items},
	{"uniqueItems", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_unique_items},
	{"prefixItems", DRAFT_2020_12, VOCABULARY_APPLICATOR, SUBSCHEMA_LIST, compile_prefix_items},
	{"items", DRAFT_2020_12, VOCABULARY_APPLICATOR, ONE_SUBSCHEMA, compile_items},
	{"items", DRAFT_07, VOCABULARY_APPLICATOR, ONE_OR_LIST, compile_items},
	{"additionalItems", DRAFT_07, VOCABULARY_APPLICATOR, ONE_SUBSCHEMA, compile_additional_items},
	{"contains", DRAFT_BOTH, VOCABULARY_APPLICATOR, ONE_SUBSCHEMA, compile_contains},
	{"minContains", DRAFT_2020_12, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_min_contains},
	{"maxContains", DRAFT_2020_12, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_max_contains},
	{"unevaluatedItems", DRAFT_2020_12, VOCABULARY_UNEVALUATED, ONE_SUBSCHEMA, compile_unevaluated_items},
	/* objects */
	{"minProperties", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_min_properties},
	{"maxProperties", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_max_properties},
	{"required", DRAFT_BOTH, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_required},
	{"properties", DRAFT_BOTH, VOCABULARY_APPLICATOR, SUBSCHEMA_MAP, compile_properties},
	{"patternProperties", DRAFT_BOTH, VOCABULARY_APPLICATOR, SUBSCHEMA_MAP, compile_pattern_properties},
	{"additionalProperties", DRAFT_BOTH, VOCABULARY_APPLICATOR, ONE_SUBSCHEMA, compile_additional_properties},
	{"propertyNames", DRAFT_BOTH, VOCABULARY_APPLICATOR, ONE_SUBSCHEMA, compile_property_names},
	{"dependentRequired", DRAFT_2020_12, VOCABULARY_VALIDATION, NO_SUBSCHEMA, compile_dependent_required},
	{"dependentSchemas", DRAFT_2020_12, VOCABULARY_APPLICATOR, SUBSCHEMA_MAP, compile_dependent_schemas},
	{"dependencies", DRAFT_BOTH, VOCABULARY_APPLICATOR, MAP_OF_ONE_OR_NAMES, compile_dependencies},
	{"unevaluatedProperties", DRAFT_2020_12, VOCABULARY_UNEVALUATED, ONE_SUBSCHEMA, compile_unevaluated_properties},
	/* annotations whose values have a type nevertheless */
	{"title", DRAFT_BOTH, VOCABULARY_META_DATA, NO_SUBSCHEMA, compile_string_annotation},
	{"description", DRAFT_BOTH, VOCABULARY_META_DATA, NO_SUBSCHEMA, compile_string_annotation},
	{"examples", DRAFT_BOTH, VOCABULARY_META_DATA, NO_SUBSCHEMA, compile_array_annotation},
	{"deprecated", DRAFT_2020_12, VOCABULARY_META_DATA, NO_SUBSCHEMA, compile_boolean_annotation},
	{"readOnly", DRAFT_BOTH, VOCABULARY_META_DATA, NO_SUBSCHEMA, compile_boolean_annotation},
	{"writeOnly", DRAFT_BOTH, VOCABULARY_META_DATA, NO_SUBSCHEMA, compile_boolean_annotation},
};

/* find_keyword returns what a name means in a dialect, or NULL. */
const Keyword *
find_keyword(const Dialect *dialect, const char *name, int length)
{
	uint8		draft = dialect->classic ? DRAFT_07 : DRAFT_2020_12;
	int			i;

	for (i = 0; i < (int) lengthof(keywords); i++)
	{
		if ((keywords[i].drafts & draft) != 0 &&
			(keywords[i].vocabulary & dialect->vocabularies) != 0 &&
			strncmp(keywords[i].name, name, length) == 0 &&
			keywords[i].name[length] == '\0')
			return &keywords[i];
	}
	return NULL;
}
