/*-------------------------------------------------------------------------
 *
 * context_type.c
 *	  The types of SQL that the values of context fields have.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "customer/context_type.h"

/* The first that fits is taken. */
const ContextType context_types[CONTEXT_TYPE_COUNT] = {
	{"string", "date", "pg_catalog.date", "context_date"},
	{"string", "date-time", "pg_catalog.timestamptz", "context_timestamp"},
	{"string", NULL, "pg_catalog.text", "context_text"},
	{"integer", NULL, "pg_catalog.int8", "context_integer"},
	{"number", NULL, "pg_catalog.float8", "context_number"},
	{"boolean", NULL, "pg_catalog.bool", "context_boolean"},
	{NULL, NULL, "pg_catalog.jsonb", NULL},
};

/* is_string compares a string of jsonb, which has no NUL at its end. */
static bool
is_string(const JsonbValue *value, const char *string)
{
	return value && value->type == jbvString &&
		value->val.string.len == (int) strlen(string) &&
		memcmp(value->val.string.val, string, value->val.string.len) == 0;
}

/*
 * only_type: the one type that the keyword "type" names beside "null", or NULL
 * if there are several or none.
 */
static JsonbValue *
only_type(JsonbValue *keyword)
{
	JsonbValue *only = NULL;

	if (keyword == NULL || keyword->type != jbvBinary)
		return keyword;
	for (uint32 i = 0; i < JsonContainerSize(keyword->val.binary.data); i++)
	{
		JsonbValue *name = getIthJsonbValueFromContainer(keyword->val.binary.data, i);

		if (is_string(name, "null"))
			continue;
		if (only)
			return NULL;
		only = name;
	}
	return only;
}

const ContextType *
context_type_of(Jsonb *schema)
{
	const ContextType *type = context_types;
	JsonbValue *name = NULL;
	JsonbValue *format = NULL;

	if (JB_ROOT_IS_OBJECT(schema))
	{
		name = only_type(getKeyJsonValueFromContainer(&schema->root, "type", strlen("type"), NULL));
		format = getKeyJsonValueFromContainer(&schema->root, "format", strlen("format"), NULL);
	}
	while (type->schema_type &&
		   !(is_string(name, type->schema_type) && (type->format == NULL || is_string(format, type->format))))
		type++;
	return type;
}

char *
context_expression(const ContextType *type, const char *column, const char *key)
{
	if (type->function == NULL)
		return psprintf("%s OPERATOR(pg_catalog.->) %s::pg_catalog.text",
						column, quote_literal_cstr(key));
	return psprintf("customers.%s(%s, %s::pg_catalog.text)",
					type->function, column, quote_literal_cstr(key));
}
