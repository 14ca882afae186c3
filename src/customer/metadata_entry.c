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

/* show_key is the key for messages, cut to the length that a key can have. */
static char *
show_key(const char *key, int length)
{
	int			shown = pg_mbcharcliplen(key, length, METADATA_KEY_LENGTH_MAX);

	return psprintf("%.*s%s", shown, key, shown < length ? "..." : "");
}

static void
check_key_length(const char *key, int length, int max)
{
	if (length == 0)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("a metadata key must not be empty"),
				 errrule("metadata", NULL, "metadata_key_length")));
	if (pg_mbstrlen_with_len(key, length) > max)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("metadata key \"%s\" is too long", show_key(key, length)),
				 errdetail("A key has at most %d characters.", max),
				 errrule("metadata", NULL, "metadata_key_length")));
}

static void
refuse_card_number_in_key(const char *key, int length)
{
	if (contains_card_number(key, length))
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("a metadata key must not contain a card number"),
				 errdetail(DETAIL_CARD_NUMBER),
				 errrule("metadata", NULL, "metadata_card_number")));
}

void
check_metadata_key(const char *key, int length)
{
	refuse_card_number_in_key(key, length);
	check_key_length(key, length, METADATA_KEY_LENGTH_MAX);
}

static void
refuse_card_number_in_value(const MetadataEntry *entry)
{
	if (entry->number ? number_is_card_number(entry->value)
		: contains_card_number(entry->value, entry->value_length))
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("the value of metadata key \"%s\" contains a card number",
						show_key(entry->key, entry->key_length)),
				 errdetail(DETAIL_CARD_NUMBER),
				 errhint("Save a payment method with the token that the payment provider gives for the card."),
				 errrule("metadata", NULL, "metadata_card_number")));
}

/* is_exempt says whether card numbers may stand in the entry. */
static bool
is_exempt(const MetadataEntry *entry, const MerchantSettings *settings)
{
	return card_number_exempt(settings, entry->key, entry->key_length);
}

/* check_key refuses what can't be a key, before a message shows it. */
static void
check_key(const MetadataEntry *entry, const MerchantSettings *settings)
{
	if (is_exempt(entry, settings))
		check_key_length(entry->key, entry->key_length, METADATA_KEY_LENGTH_MAX);
	else
		check_metadata_key(entry->key, entry->key_length);
}

/* check_set refuses an entry that can't be set. */
static void
check_set(const MetadataEntry *entry, const MerchantSettings *settings)
{
	check_key_length(entry->key, entry->key_length, settings->metadata_key_length_max);
	if (pg_mbstrlen_with_len(entry->value, entry->value_length) > settings->metadata_value_length_max)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("the value of metadata key \"%s\" is too long",
						show_key(entry->key, entry->key_length)),
				 errdetail("A value has at most %d characters.",
						   settings->metadata_value_length_max),
				 errrule("metadata", NULL, "metadata_value_length")));
	if (!is_exempt(entry, settings))
		refuse_card_number_in_value(entry);
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
			wipe_at_reset(entry->value, entry->value_length);
			entry->number = true;
			break;
		case jbvBool:
			entry->value = pstrdup(value->val.boolean ? "true" : "false");
			entry->value_length = strlen(entry->value);
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the value of metadata key \"%s\" must not be an array or an object",
							show_key(entry->key, entry->key_length)),
					 errdetail("It can be a string, a number, true, false, or null to remove the key.")));
	}
}

MetadataEntries
read_metadata_entries(Jsonb *object, const MerchantSettings *settings)
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
			check_key(entry, settings);
		}
		else if (token == WJB_VALUE)
		{
			read_value(entry, &item);
			if (entry->value)
			{
				check_set(entry, settings);
				entries.set_count++;
			}
			entries.count++;
		}
	}
	return entries;
}

void
check_metadata_count(int64 count, const MerchantSettings *settings)
{
	if (count > settings->metadata_keys_max)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("too many metadata keys"),
				 errdetail("A customer has at most %d; this would make %lld.",
						   settings->metadata_keys_max, (long long) count),
				 errrule("metadata", NULL, "metadata_count")));
}
