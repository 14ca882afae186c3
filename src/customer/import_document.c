/*-------------------------------------------------------------------------
 *
 * import_document.c
 *	  A document of an import: taken apart and checked.
 *
 * All that is wrong with it is reported at once.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "base/wipe.h"
#include "customer/customer.h"
#include "customer/import.h"

/* So many unknown members are named. */
#define LISTED_MEMBERS_MAX	20

/* add_fault adds to what is wrong. */
static void
add_fault(ImportedCustomer *imported, const char *fault)
{
	imported->fault = imported->fault ? psprintf("%s; %s", imported->fault, fault)
		: pstrdup(fault);
}

/* A document's metadata, to be read into entries. */
typedef struct Metadata
{
	Jsonb	   *object;
	const MerchantSettings *settings;
	MetadataEntries *entries;
} Metadata;

/* read_entries is work for attempt(). */
static void
read_entries(void *argument)
{
	Metadata   *metadata = argument;

	*metadata->entries = read_metadata_entries(metadata->object, metadata->settings);
	check_metadata_count(metadata->entries->set_count, metadata->settings);
}

static void
take_metadata(const ContextSchema *schema, JsonbValue *value, ImportedCustomer *imported)
{
	Metadata	metadata = {
		.object = JsonbValueToJsonb(value),
		.settings = merchant_settings(&schema->merchant),
		.entries = &imported->metadata,
	};
	char	   *fault;

	wipe_at_reset(metadata.object, VARSIZE(metadata.object));
	fault = attempt(read_entries, &metadata);
	if (fault)
		add_fault(imported, fault);
}

static void
take_reference(const JsonbValue *value, ImportedCustomer *imported)
{
	int			length;

	if (value->type != jbvString)
	{
		add_fault(imported, "reference: must be a string");
		return;
	}
	length = pg_mbstrlen_with_len(value->val.string.val, value->val.string.len);
	if (length < 1 || length > REFERENCE_LENGTH_MAX)
		add_fault(imported, psprintf("reference: must have 1 to %d characters, it has %d",
									 REFERENCE_LENGTH_MAX, length));
	imported->reference = cstring_to_text_with_len(value->val.string.val, value->val.string.len);
}

static void
take_context(const ContextSchema *schema, Jsonb *context, ImportedCustomer *imported)
{
	List	   *violations = context_violations(schema, context, STAGE_CREATE);

	if (violations)
		add_fault(imported, describe_violations(violations));
	imported->context = context;
}

/* find_member finds a member of the document; false if it is absent, or null. */
static bool
find_member(Jsonb *document, const char *name, JsonbValue *value)
{
	return getKeyJsonValueFromContainer(&document->root, name, strlen(name), value) != NULL &&
		value->type != jbvNull;
}

/* is_known tells whether a document may have the member. */
static bool
is_known(const JsonbValue *name)
{
	static const char *const names[] = {"reference", "context", "metadata"};

	for (int i = 0; i < (int) lengthof(names); i++)
		if (name->val.string.len == (int) strlen(names[i]) &&
			memcmp(name->val.string.val, names[i], name->val.string.len) == 0)
			return true;
	return false;
}

/* refuse_other_members reports what a document doesn't have: the first of them, and how many. */
static void
refuse_other_members(Jsonb *document, ImportedCustomer *imported)
{
	JsonbIterator *iterator = JsonbIteratorInit(&document->root);
	JsonbIteratorToken token;
	JsonbValue	item;
	int			unknown = 0;

	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		if (token != WJB_KEY || is_known(&item) || ++unknown > LISTED_MEMBERS_MAX)
			continue;
		add_fault(imported,
				  psprintf("%s: unknown member; a document has reference, context and metadata",
						   pnstrdup(item.val.string.val, item.val.string.len)));
	}
	if (unknown > LISTED_MEMBERS_MAX)
		add_fault(imported, psprintf("... and %d more unknown members",
									 unknown - LISTED_MEMBERS_MAX));
}

static void
take_apart(const ContextSchema *schema, Jsonb *document, ImportedCustomer *imported)
{
	JsonbValue	value;

	if (find_member(document, "reference", &value))
		take_reference(&value, imported);
	else
		add_fault(imported, "reference: missing");
	take_context(schema, find_member(document, "context", &value) ? JsonbValueToJsonb(&value)
				 : empty_context(), imported);
	if (find_member(document, "metadata", &value))
		take_metadata(schema, &value, imported);
	refuse_other_members(document, imported);
}

Size
read_document(const ContextSchema *schema, NullableDatum document, ImportedCustomer *imported)
{
	Jsonb	   *object;

	*imported = (ImportedCustomer) {0};
	if (document.isnull)
	{
		add_fault(imported, "the document is null");
		return 0;
	}
	object = DatumGetJsonbP(document.value);
	if (JB_ROOT_IS_OBJECT(object))
		take_apart(schema, object, imported);
	else
		add_fault(imported, "a document must be a JSON object");
	return VARSIZE(object);
}
