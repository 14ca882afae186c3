/*-------------------------------------------------------------------------
 *
 * merchant_setting.c
 *	  The settings of a merchant: column settings of table merchant.
 *
 * What is absent has its default.  A setting that does not exist is refused:
 * a name that is mistyped would else do nothing, and nobody would know.  Each
 * backend keeps the settings until a row of table merchant changes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "base/error.h"
#include "base/merchant_cache.h"
#include "base/statement.h"
#include "merchant/merchant_setting.h"
#include "payment/decline.h"

/* In characters. */
#define NAME_LENGTH_MAX 64
#define CODE_LENGTH_MAX 64
#define REASON_LENGTH_MAX 500

/* The settings that are whole numbers from 1 to a maximum. */
static const struct
{
	const char *name;
	size_t		offset;
	int			max;
	int			absent;			/* the default */
}			limits[] = {
	{"metadata_keys_max", offsetof(MerchantSettings, metadata_keys_max),
	METADATA_KEYS_MAX, METADATA_KEYS_MAX},
	{"metadata_key_length_max", offsetof(MerchantSettings, metadata_key_length_max),
	METADATA_KEY_LENGTH_MAX, METADATA_KEY_LENGTH_MAX},
	{"metadata_value_length_max", offsetof(MerchantSettings, metadata_value_length_max),
	METADATA_VALUE_LENGTH_MAX, METADATA_VALUE_LENGTH_MAX},
	{"payment_methods_per_customer", offsetof(MerchantSettings, payment_methods_per_customer),
	PAYMENT_METHODS_MAX, PAYMENT_METHODS_DEFAULT},
};

static MerchantCache cached_settings = {
	.name = "customers merchant settings",
	.table = WATCHED_MERCHANT,
	.entry_size = sizeof(MerchantSettings),
};

static bool
is_string(const JsonbValue *value, const char *string)
{
	return value->val.string.len == (int) strlen(string) &&
		memcmp(value->val.string.val, string, value->val.string.len) == 0;
}

/* show_name is a name for messages, cut to the length that one can have. */
static char *
show_name(const JsonbValue *name)
{
	int			shown = pg_mbcharcliplen(name->val.string.val, name->val.string.len,
										 NAME_LENGTH_MAX);

	return pnstrdup(name->val.string.val, shown);
}

/* read_limit returns a whole number from 1 to max, or 0. */
static int
read_limit(const JsonbValue *value, int max)
{
	char	   *digits;
	char	   *end;
	long		number;

	if (value->type != jbvNumeric)
		return 0;
	digits = DatumGetCString(DirectFunctionCall1(numeric_out,
												 NumericGetDatum(value->val.numeric)));
	number = strtol(digits, &end, 10);
	return *end == '\0' && number >= 1 && number <= max ? (int) number : 0;
}

/* is_reason: a string that says something. */
static bool
is_reason(const JsonbValue *value)
{
	if (value->type != jbvString ||
		pg_mbstrlen_with_len(value->val.string.val, value->val.string.len) > REASON_LENGTH_MAX)
		return false;
	for (int i = 0; i < value->val.string.len; i++)
		if (!isspace((unsigned char) value->val.string.val[i]))
			return true;
	return false;
}

/* read_exemptions checks the object of names and reasons, and copies it. */
static Jsonb *
read_exemptions(JsonbValue *value)
{
	Jsonb	   *exemptions;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	name;
	JsonbValue	reason;

	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("merchant setting \"%s\" must be an object of names and reasons",
						"card_number_exemptions"),
				 errrule("merchant", "settings", "merchant_settings")));
	exemptions = JsonbValueToJsonb(value);
	iterator = JsonbIteratorInit(&exemptions->root);
	while ((token = JsonbIteratorNext(&iterator, &name, true)) != WJB_DONE)
	{
		int			length;

		if (token != WJB_KEY)
			continue;
		JsonbIteratorNext(&iterator, &reason, true);
		length = pg_mbstrlen_with_len(name.val.string.val, name.val.string.len);
		if (length < 1 || length > NAME_LENGTH_MAX || !is_reason(&reason))
			ereport(ERROR,
					(errcode(ERRCODE_CHECK_VIOLATION),
					 errmsg("merchant setting \"%s\" must give a reason for \"%s\"",
							"card_number_exemptions", show_name(&name)),
					 errdetail("A name has 1 to %d characters, a reason is a string of 1 to %d and not blank.",
							   NAME_LENGTH_MAX, REASON_LENGTH_MAX),
					 errrule("merchant", "settings", "merchant_settings")));
	}
	return exemptions;
}

/*
 * is_decline_code: 1 to CODE_LENGTH_MAX characters, none of them an upper-case
 * letter, as codes are compared in lower case.
 */
static bool
is_decline_code(const JsonbValue *code)
{
	int			length = pg_mbstrlen_with_len(code->val.string.val, code->val.string.len);

	for (int i = 0; i < code->val.string.len; i++)
		if (code->val.string.val[i] >= 'A' && code->val.string.val[i] <= 'Z')
			return false;
	return length >= 1 && length <= CODE_LENGTH_MAX;
}

/* is_decline_class: a string that names one. */
static bool
is_decline_class(const JsonbValue *class)
{
	return class->type == jbvString &&
		is_decline_class_name(class->val.string.val, class->val.string.len);
}

/* read_decline_classes checks the object of codes and classes, and copies it. */
static Jsonb *
read_decline_classes(JsonbValue *value)
{
	Jsonb	   *classes;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	code;
	JsonbValue	class;

	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("merchant setting \"%s\" must be an object of decline codes and classes",
						"decline_classes"),
				 errrule("merchant", "settings", "merchant_settings")));
	classes = JsonbValueToJsonb(value);
	iterator = JsonbIteratorInit(&classes->root);
	while ((token = JsonbIteratorNext(&iterator, &code, true)) != WJB_DONE)
	{
		if (token != WJB_KEY)
			continue;
		JsonbIteratorNext(&iterator, &class, true);
		if (!is_decline_code(&code) || !is_decline_class(&class))
			ereport(ERROR,
					(errcode(ERRCODE_CHECK_VIOLATION),
					 errmsg("merchant setting \"%s\" must give a class for \"%s\"",
							"decline_classes", show_name(&code)),
					 errdetail("A code has 1 to %d characters, in lower case; the classes are lower_amount, fix_input, authenticate, retry_later, other_method, never, unknown.",
							   CODE_LENGTH_MAX),
					 errrule("merchant", "settings", "merchant_settings")));
	}
	return classes;
}

/* read_setting sets what one member of the object says. */
static void
read_setting(MerchantSettings *settings, const JsonbValue *name, JsonbValue *value)
{
	if (is_string(name, "card_number_exemptions"))
	{
		settings->card_number_exemptions = read_exemptions(value);
		return;
	}
	if (is_string(name, "decline_classes"))
	{
		settings->decline_classes = read_decline_classes(value);
		return;
	}
	for (size_t i = 0; i < lengthof(limits); i++)
	{
		int			limit;

		if (!is_string(name, limits[i].name))
			continue;
		limit = read_limit(value, limits[i].max);
		if (limit == 0)
			ereport(ERROR,
					(errcode(ERRCODE_CHECK_VIOLATION),
					 errmsg("merchant setting \"%s\" must be a whole number from 1 to %d",
							limits[i].name, limits[i].max),
					 errrule("merchant", "settings", "merchant_settings")));
		*(int *) ((char *) settings + limits[i].offset) = limit;
		return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("merchant setting \"%s\" does not exist", show_name(name)),
			 errhint("Settings are \"%s\", \"%s\", \"%s\", \"%s\", \"%s\" and \"%s\".",
					 limits[0].name, limits[1].name, limits[2].name, limits[3].name,
					 "card_number_exemptions", "decline_classes"),
			 errrule("merchant", "settings", "merchant_settings")));
}

/* read_settings sets what the object says, above the defaults. */
static void
read_settings(MerchantSettings *settings, Jsonb *object)
{
	JsonbIterator *iterator = JsonbIteratorInit(&object->root);
	JsonbIteratorToken token;
	JsonbValue	name;
	JsonbValue	value;

	while ((token = JsonbIteratorNext(&iterator, &name, true)) != WJB_DONE)
	{
		if (token != WJB_KEY)
			continue;
		JsonbIteratorNext(&iterator, &value, true);
		read_setting(settings, &name, &value);
	}
}

void
check_merchant_settings(Jsonb *settings)
{
	MerchantSettings unused;

	read_settings(&unused, settings);
}

const MerchantSettings *
merchant_settings(const Id *merchant)
{
	static Statement find = {
		.sql = "SELECT settings FROM customers.merchant"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1",
		.types = {"customers.merchant_id"},
		.latest = true,
	};
	MerchantSettings *cached = find_cached(&cached_settings, merchant);
	MerchantSettings found = {.merchant = *merchant};
	MemoryContext inside;

	if (cached)
		return cached;

	for (size_t i = 0; i < lengthof(limits); i++)
		*(int *) ((char *) &found + limits[i].offset) = limits[i].absent;
	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant)
	}) > 0)
	{
		inside = MemoryContextSwitchTo(cache_memory(&cached_settings));
		read_settings(&found, DatumGetJsonbP(statement_get(0, 0)));
		MemoryContextSwitchTo(inside);
	}
	return add_cached(&cached_settings, &found);
}

bool
card_number_exempt(const MerchantSettings *settings, const char *name, int length)
{
	return settings->card_number_exemptions &&
		getKeyJsonValueFromContainer(&settings->card_number_exemptions->root,
									 name, length, NULL) != NULL;
}
