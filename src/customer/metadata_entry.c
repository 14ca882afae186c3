/*-------------------------------------------------------------------------
 *
 * metadata_entry.c
 *	  The entries that a caller wants metadata to have: read and checked.
 *
 * A value is text.  A JSON number or boolean is kept as its text; null and ""
 * remove the key.  Arrays and objects are refused: there is no text of theirs
 * that every client would read back alike.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "base/error.h"
#include "base/wipe.h"
#include "customer/card_number.h"
#include "customer/metadata_entry.h"

#define DETAIL_CARD_NUMBER \
	"13 to 19 digits that pass the Luhn check count as a card number."

/* show_key is the key for messages, cut to the length that a key can have. */
static char *
show_key(const MetadataEntry *entry)
{
	int			shown = pg_mbcharcliplen(entry->key, entry->key_length, METADATA_KEY_LENGTH_MAX);

	return psprintf("%.*s%s", shown, entry->key, shown < entry->key_length ? "..." : "");
}

static void
check_key(const MetadataEntry *entry)
{
	if (entry->key_length == 0)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("a metadata key must not be empty"),
				 errrule("metadata", NULL, "metadata_key_length")));
	if (pg_mbstrlen_with_len(entry->key, entry->key_length) > METADATA_KEY_LENGTH_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("metadata key \"%s\" is too long", show_key(entry)),
				 errdetail("A key has at most %d characters.", METADATA_KEY_LENGTH_MAX),
				 errrule("metadata", NULL, "metadata_key_length")));
	if (contains_card_number(entry->key, entry->key_length))
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("a metadata key must not contain a card number"),
				 errdetail(DETAIL_CARD_NUMBER),
				 errrule("metadata", NULL, "metadata_card_number")));
}

static void
check_value(const MetadataEntry *entry)
{
	if (pg_mbstrlen_with_len(entry->value, entry->value_length) > METADATA_VALUE_LENGTH_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("the value of metadata key \"%s\" is too long", show_key(entry)),
				 errdetail("A value has at most %d characters.", METADATA_VALUE_LENGTH_MAX),
				 errrule("metadata", NULL, "metadata_value_length")));
	if (contains_card_number(entry->value, entry->value_length))
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("the value of metadata key \"%s\" contains a card number", show_key(entry)),
				 errdetail(DETAIL_CARD_NUMBER),
				 errhint("Save a payment method with the token that the payment provider gives for the card."),
				 errrule("metadata", NULL, "metadata_card_number")));
}

/* read_value sets the entry's value from a JSON scalar. */
static void
read_value(MetadataEntry *entry, const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			break;
		case jbvString:
			if (value->val.string.len > 0)
			{
				entry->value = value->val.string.val;
				entry->value_length = value->val.string.len;
			}
			break;
		case jbvNumeric:
			entry->value = DatumGetCString(DirectFunctionCall1(numeric_out,
															   NumericGetDatum(value->val.numeric)));
			entry->value_length = strlen(entry->value);
			entry->owned = true;
			break;
		case jbvBool:
			entry->value = pstrdup(value->val.boolean ? "true" : "false");
			entry->value_length = strlen(entry->value);
			entry->owned = true;
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the value of metadata key \"%s\" must not be an array or an object",
							show_key(entry)),
					 errdetail("It can be a string, a number, true, false, or null to remove the key.")));
	}
}

MetadataEntries
read_metadata_entries(Jsonb *object)
{
	MetadataEntries entries = {0};
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	item;

	if (!JB_ROOT_IS_OBJECT(object))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("metadata must be a JSON object")));

	entries.entries = palloc0(JB_ROOT_COUNT(object) * sizeof(MetadataEntry));
	iterator = JsonbIteratorInit(&object->root);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		MetadataEntry *entry = &entries.entries[entries.count];

		if (token == WJB_KEY)
		{
			entry->key = item.val.string.val;
			entry->key_length = item.val.string.len;
			check_key(entry);
		}
		else if (token == WJB_VALUE)
		{
			read_value(entry, &item);
			if (entry->value)
			{
				check_value(entry);
				entries.set_count++;
			}
			entries.count++;
		}
	}
	check_metadata_count(entries.set_count);
	return entries;
}

void
wipe_metadata_entries(MetadataEntries *entries)
{
	for (int i = 0; i < entries->count; i++)
	{
		if (entries->entries[i].owned)
			wipe_memory(entries->entries[i].value, entries->entries[i].value_length);
	}
}

void
check_metadata_count(int64 count)
{
	if (count > METADATA_KEYS_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("too many metadata keys"),
				 errdetail("A customer has at most %d; this would make %lld.",
						   METADATA_KEYS_MAX, (long long) count),
				 errrule("metadata", NULL, "metadata_count")));
}
