/*-------------------------------------------------------------------------
 *
 * unique_digest.c
 *	  Which values of a unique field are the same: digests of what is left of
 *	  them after normalisation.
 *
 * A digest has one size, so that any value fits into an index.
 *
 * Letters beyond ASCII keep their case, but in host names: what lower() makes of
 * them depends on the locale, and what is stored must not.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <idn2.h>

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "customer/unique_value.h"
#include "schema/format.h"

PG_FUNCTION_INFO_V1(unique_value_digest);

/* member_is tells whether a member of an object is this string. */
static bool
member_is(JsonbContainer *object, const char *name, const char *string)
{
	JsonbValue *value = getKeyJsonValueFromContainer(object, name, strlen(name), NULL);

	return value && value->type == jbvString &&
		value->val.string.len == (int) strlen(string) &&
		memcmp(value->val.string.val, string, value->val.string.len) == 0;
}

UniqueKind
unique_kind(JsonbContainer *schema)
{
	if (!JsonContainerIsObject(schema))
		return UNIQUE_NONE;
	if (member_is(schema, "type", "integer") || member_is(schema, "type", "number"))
		return UNIQUE_NUMBER;
	if (!member_is(schema, "type", "string"))
		return UNIQUE_NONE;
	if (member_is(schema, "format", "email") || member_is(schema, "format", "idn-email"))
		return UNIQUE_EMAIL;
	if (member_is(schema, "format", "hostname") || member_is(schema, "format", "idn-hostname"))
		return UNIQUE_HOST;
	if (member_is(schema, "format", "uuid"))
		return UNIQUE_UUID;
	return UNIQUE_TEXT;
}

UniqueKind
require_unique_kind(Jsonb *schema)
{
	UniqueKind	kind = unique_kind(&schema->root);

	if (kind == UNIQUE_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("values of this context field can't be compared for uniqueness"),
				 errhint("The \"type\" in its schema must be \"string\", \"integer\" or \"number\".")));
	return kind;
}

List *
unique_fields(Jsonb *schema, List *keys)
{
	JsonbValue *properties = getKeyJsonValueFromContainer(&schema->root, "properties",
														  strlen("properties"), NULL);
	List	   *fields = NIL;
	ListCell   *cell;

	foreach(cell, keys)
	{
		UniqueField *field = palloc(sizeof(UniqueField));
		JsonbValue *of_field;

		field->key = lfirst(cell);
		of_field = getKeyJsonValueFromContainer(properties->val.binary.data, field->key,
												strlen(field->key), NULL);
		field->kind = unique_kind(of_field->val.binary.data);
		fields = lappend(fields, field);
	}
	return fields;
}

/* lower_ascii changes the case in place; in any encoding of a server. */
static void
lower_ascii(char *text)
{
	for (; *text != '\0'; text++)
		*text = pg_ascii_tolower((unsigned char) *text);
}

/* normalize_text is the text in NFC, terminated; in other encodings than UTF-8 as it is. */
static char *
normalize_text(const char *string, int length)
{
	Datum		normal;

	if (is_ascii_text(string, length) || GetDatabaseEncoding() != PG_UTF8)
		return pnstrdup(string, length);
	normal = DirectFunctionCall2(unicode_normalize_func,
								 PointerGetDatum(cstring_to_text_with_len(string, length)),
								 CStringGetTextDatum("NFC"));
	return TextDatumGetCString(normal);
}

/*
 * normalize_host is the name in lower case and, if it is one that can be looked
 * up, as A-labels (UTS 46).
 */
static char *
normalize_host(char *name)
{
	uint8_t    *found = NULL;
	char		a_labels[MAX_HOSTNAME + 1];
	int			code;

	lower_ascii(name);
	if (is_ascii_text(name, strlen(name)))
		return name;

	/* It allocates by malloc: no error before that is freed. */
	code = idn2_lookup_u8((const uint8_t *) pg_server_to_any(name, strlen(name), PG_UTF8),
						  &found, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (code == IDN2_OK)
		strlcpy(a_labels, (char *) found, sizeof(a_labels));
	idn2_free(found);
	if (code == IDN2_MALLOC)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory"),
				 errdetail("Failed in an internationalized host name.")));
	return code == IDN2_OK ? pstrdup(a_labels) : name;
}

/* normalize_email: local parts that differ in case are one mailbox anywhere. */
static char *
normalize_email(char *address)
{
	char	   *at = strrchr(address, '@');

	lower_ascii(address);
	if (at == NULL)
		return address;
	return psprintf("%.*s@%s", (int) (at - address), address, normalize_host(at + 1));
}

bytea *
unique_digest(UniqueKind kind, const JsonbValue *value)
{
	char	   *normal;

	if (value->type != (kind == UNIQUE_NUMBER ? jbvNumeric : jbvString))
		return NULL;
	if (kind == UNIQUE_NUMBER)
		normal = numeric_normalize(value->val.numeric);
	else
		normal = normalize_text(value->val.string.val, value->val.string.len);
	if (kind == UNIQUE_UUID)
		lower_ascii(normal);
	else if (kind == UNIQUE_HOST)
		normal = normalize_host(normal);
	else if (kind == UNIQUE_EMAIL)
		normal = normalize_email(normal);
	return DatumGetByteaP(DirectFunctionCall1(sha256_bytea, CStringGetTextDatum(normal)));
}

/* unique_value_digest(value, schema) bytea: of a value of a field with this schema */
Datum
unique_value_digest(PG_FUNCTION_ARGS)
{
	Jsonb	   *json = PG_GETARG_JSONB_P(0);
	Jsonb	   *schema = PG_GETARG_JSONB_P(1);
	JsonbValue	value;
	bytea	   *digest = NULL;

	if (JsonbExtractScalar(&json->root, &value))
		digest = unique_digest(unique_kind(&schema->root), &value);
	if (digest == NULL)
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(digest);
}
