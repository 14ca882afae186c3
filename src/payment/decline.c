/*-------------------------------------------------------------------------
 *
 * decline.c
 *	  What a customer can do next after a decline.
 *
 * Providers name the same reasons much alike; a code that isn't here is of
 * class unknown, which promises nothing and bars nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"

#include "payment/decline.h"

PG_FUNCTION_INFO_V1(decline_codes_rows);

typedef struct DeclineCode
{
	const char *code;			/* in lower case */
	DeclineClass class;
} DeclineCode;

/* In the order of the codes, which are searched by halves. */
static const DeclineCode decline_codes[] = {
	{"amount_too_large", DECLINE_LOWER_AMOUNT},
	{"amount_too_small", DECLINE_OTHER_METHOD},
	{"approve_with_id", DECLINE_RETRY_LATER},
	{"authentication_failed", DECLINE_AUTHENTICATE},
	{"authentication_not_handled", DECLINE_AUTHENTICATE},
	{"authentication_required", DECLINE_AUTHENTICATE},
	{"blocked_card", DECLINE_NEVER},
	{"call_issuer", DECLINE_OTHER_METHOD},
	{"card_declined", DECLINE_OTHER_METHOD},
	{"card_not_supported", DECLINE_OTHER_METHOD},
	{"card_velocity_exceeded", DECLINE_LOWER_AMOUNT},
	{"closed_account", DECLINE_NEVER},
	{"currency_not_supported", DECLINE_OTHER_METHOD},
	{"debit_not_authorized", DECLINE_OTHER_METHOD},
	{"do_not_honor", DECLINE_OTHER_METHOD},
	{"do_not_try_again", DECLINE_NEVER},
	{"duplicate_transaction", DECLINE_RETRY_LATER},
	{"exceeds_balance", DECLINE_LOWER_AMOUNT},
	{"exceeds_limit", DECLINE_LOWER_AMOUNT},
	{"expired_card", DECLINE_FIX_INPUT},
	{"fraudulent", DECLINE_NEVER},
	{"generic_decline", DECLINE_OTHER_METHOD},
	{"incorrect_address", DECLINE_FIX_INPUT},
	{"incorrect_cvc", DECLINE_FIX_INPUT},
	{"incorrect_number", DECLINE_FIX_INPUT},
	{"incorrect_pin", DECLINE_FIX_INPUT},
	{"incorrect_zip", DECLINE_FIX_INPUT},
	{"insufficient_funds", DECLINE_LOWER_AMOUNT},
	{"invalid_account", DECLINE_NEVER},
	{"invalid_amount", DECLINE_LOWER_AMOUNT},
	{"invalid_cvc", DECLINE_FIX_INPUT},
	{"invalid_expiry_month", DECLINE_FIX_INPUT},
	{"invalid_expiry_year", DECLINE_FIX_INPUT},
	{"invalid_number", DECLINE_FIX_INPUT},
	{"invalid_pin", DECLINE_FIX_INPUT},
	{"issuer_not_available", DECLINE_RETRY_LATER},
	{"lost_card", DECLINE_NEVER},
	{"merchant_blacklist", DECLINE_NEVER},
	{"new_account_information_available", DECLINE_FIX_INPUT},
	{"no_action_taken", DECLINE_RETRY_LATER},
	{"not_permitted", DECLINE_OTHER_METHOD},
	{"offline_pin_required", DECLINE_AUTHENTICATE},
	{"online_or_offline_pin_required", DECLINE_AUTHENTICATE},
	{"pickup_card", DECLINE_NEVER},
	{"pin_required", DECLINE_AUTHENTICATE},
	{"pin_try_exceeded", DECLINE_OTHER_METHOD},
	{"processing_error", DECLINE_RETRY_LATER},
	{"provider_unavailable", DECLINE_RETRY_LATER},
	{"reenter_transaction", DECLINE_RETRY_LATER},
	{"restricted_card", DECLINE_NEVER},
	{"revocation_of_all_authorizations", DECLINE_NEVER},
	{"revocation_of_authorization", DECLINE_NEVER},
	{"security_violation", DECLINE_OTHER_METHOD},
	{"service_not_allowed", DECLINE_OTHER_METHOD},
	{"stolen_card", DECLINE_NEVER},
	{"stop_payment_order", DECLINE_NEVER},
	{"suspected_fraud", DECLINE_NEVER},
	{"testmode_decline", DECLINE_OTHER_METHOD},
	{"timeout", DECLINE_RETRY_LATER},
	{"transaction_not_allowed", DECLINE_OTHER_METHOD},
	{"try_again_later", DECLINE_RETRY_LATER},
	{"withdrawal_count_limit_exceeded", DECLINE_LOWER_AMOUNT},
};

const char *const decline_class_names[DECLINE_CLASSES] = {
	[DECLINE_NONE] = NULL,
	[DECLINE_LOWER_AMOUNT] = "lower_amount",
	[DECLINE_FIX_INPUT] = "fix_input",
	[DECLINE_AUTHENTICATE] = "authenticate",
	[DECLINE_RETRY_LATER] = "retry_later",
	[DECLINE_OTHER_METHOD] = "other_method",
	[DECLINE_NEVER] = "never",
	[DECLINE_UNKNOWN] = "unknown",
};

/* classify_by_table looks the code up in the table. */
static DeclineClass
classify_by_table(const char *code)
{
	int			low = 0;
	int			high = lengthof(decline_codes);

	while (low < high)
	{
		int			middle = (low + high) / 2;
		int			order = strcmp(code, decline_codes[middle].code);

		if (order == 0)
			return decline_codes[middle].class;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return DECLINE_UNKNOWN;
}

DeclineClass
classify_decline(const char *code, const Jsonb *own)
{
	char	   *lower;
	JsonbValue *said;

	if (code == NULL)
		return DECLINE_UNKNOWN;
	lower = pstrdup(code);
	for (char *c = lower; *c; c++)
		*c = pg_ascii_tolower((unsigned char) *c);
	said = own ? getKeyJsonValueFromContainer(unconstify(JsonbContainer *, &own->root),
											  lower, strlen(lower), NULL) : NULL;
	if (said)
		return find_decline_class(pnstrdup(said->val.string.val, said->val.string.len));
	return classify_by_table(lower);
}

DeclineClass
find_decline_class(const char *name)
{
	if (name == NULL)
		return DECLINE_NONE;
	for (int i = 1; i < DECLINE_CLASSES; i++)
	{
		if (strcmp(decline_class_names[i], name) == 0)
			return i;
	}
	return DECLINE_UNKNOWN;
}

bool
is_decline_class_name(const char *name, int length)
{
	for (int i = 1; i < DECLINE_CLASSES; i++)
	{
		if ((int) strlen(decline_class_names[i]) == length &&
			memcmp(decline_class_names[i], name, length) == 0)
			return true;
	}
	return false;
}

/* decline_codes() table(code, class) */
Datum
decline_codes_rows(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (size_t i = 0; i < lengthof(decline_codes); i++)
	{
		bool		nulls[2] = {false, false};

		tuplestore_putvalues(result->setResult, result->setDesc, (Datum[]) {
			CStringGetTextDatum(decline_codes[i].code),
				CStringGetTextDatum(decline_class_names[decline_codes[i].class])
		}, nulls);
	}
	return (Datum) 0;
}
