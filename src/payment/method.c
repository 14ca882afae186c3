/*-------------------------------------------------------------------------
 *
 * method.c
 *	  save_payment_method(): a customer's payment methods, by their tokens.
 *
 * A method is a token of the provider, never a card.  Whoever changes the
 * methods of a customer holds the lock of the customer's row, so that there is
 * one method for each fingerprint and kind, and one default.  The partial
 * unique indexes say the same.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/compat.h"
#include "base/error.h"
#include "base/statement.h"
#include "customer/card_number.h"
#include "customer/customer.h"
#include "merchant/merchant_setting.h"
#include "payment/method.h"

#define KIND_LENGTH_MAX 64
#define FINGERPRINT_LENGTH_MAX 255
#define TOKEN_LENGTH_MAX 4096

PG_FUNCTION_INFO_V1(save_payment_method);

/* refuse_card_number raises the error for where one is. */
pg_noreturn static void refuse_card_number(const char *where, const char *rule);

static void
refuse_card_number(const char *where, const char *rule)
{
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("%s contains a card number", where),
			 errdetail(DETAIL_CARD_NUMBER),
			 errhint("At most the last four digits of a card may be kept."),
			 errrule("payment_method", rule, psprintf("payment_method_%s", rule))));
}

/* check_display refuses a card number in what is shown of a method. */
static void
check_display(const Caller *caller, Jsonb *display)
{
	ListCell   *cell;

	foreach(cell, members_with_card_numbers(display))
	{
		const CardNumberMember *member = lfirst(cell);

		if (!card_number_exempt(merchant_settings(&caller->merchant),
								member->name, strlen(member->name)))
			refuse_card_number(member->place == CARD_IN_NAME ? "the name of a member of display"
							   : psprintf("member \"%s\" of display", member->name), "display");
	}
}

/*
 * check_fingerprint refuses the number of the card as its fingerprint, which is
 * what makes it the same card.  Tokens are not looked at: there are providers
 * whose tokens are made to look like card numbers.
 */
static void
check_fingerprint(const text *fingerprint)
{
	if (fingerprint && contains_card_number(VARDATA_ANY(fingerprint), VARSIZE_ANY_EXHDR(fingerprint)))
		refuse_card_number("fingerprint", "fingerprint");
}

/* find_saved finds the customer's active method of the same kind and fingerprint. */
static bool
find_saved(const Caller *caller, const Id *customer, text *kind, text *fingerprint, Id *method)
{
	static Statement find = {
		.sql = "SELECT payment_method_id FROM customers.payment_method"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2 AND kind OPERATOR(pg_catalog.=) $3"
		" AND fingerprint OPERATOR(pg_catalog.=) $4 AND removed_at IS NULL",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.text",
		"pg_catalog.text"},
	};

	if (fingerprint == NULL || statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer), bind_pointer(kind),
			bind_pointer(fingerprint)
	}) == 0)
		return false;
	*method = *DatumGetIdP(statement_get(0, 0));
	return true;
}

/*
 * save_payment_method(customer, kind, token, display, fingerprint, expires_on)
 *		payment_method_id
 */
Datum
save_payment_method(PG_FUNCTION_ARGS)
{
	static Statement update = {
		.sql = "UPDATE customers.payment_method SET token = $3, display = $4, expires_on = $5,"
		" updated_at = $6 WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_method_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.payment_method_id", "pg_catalog.text",
		"pg_catalog.jsonb", "pg_catalog.date", "pg_catalog.timestamptz"},
	};
	static Statement insert = {
		.sql = "INSERT INTO customers.payment_method (merchant_id, payment_method_id, token,"
		" display, expires_on, created_at, updated_at, customer_id, kind, fingerprint, is_default)"
		" VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9,"
		" NOT EXISTS (SELECT FROM customers.payment_method d"
		" WHERE d.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND d.customer_id OPERATOR(pg_catalog.=) $7 AND d.is_default))",
		.types = {"customers.merchant_id", "customers.payment_method_id", "pg_catalog.text",
			"pg_catalog.jsonb", "pg_catalog.date", "pg_catalog.timestamptz",
		"customers.customer_id", "pg_catalog.text", "pg_catalog.text"},
	};
	static const char *const names[] = {"customer", "kind", "token", "display", NULL, NULL};
	Id		   *method = palloc(sizeof(Id));
	Id		   *customer;
	text	   *kind;
	text	   *token;
	Jsonb	   *display;
	text	   *fingerprint = PG_ARGISNULL(4) ? NULL : PG_GETARG_TEXT_PP(4);
	Caller		caller;
	NullableDatum parameters[9];

	require_arguments(fcinfo, names);
	customer = DatumGetIdP(PG_GETARG_DATUM(0));
	kind = PG_GETARG_TEXT_PP(1);
	token = PG_GETARG_TEXT_PP(2);
	display = PG_GETARG_JSONB_P(3);
	check_text_length("kind", kind, KIND_LENGTH_MAX);
	check_text_length("token", token, TOKEN_LENGTH_MAX);
	check_text_length("fingerprint", fingerprint, FINGERPRINT_LENGTH_MAX);
	check_fingerprint(fingerprint);
	if (!JB_ROOT_IS_OBJECT(display))
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("display must be a JSON object")));

	enter_store(&caller);
	check_display(&caller, display);
	lock_methods(&caller, customer, true);
	parameters[0] = bind_pointer(&caller.merchant);
	parameters[1] = bind_pointer(method);
	parameters[2] = bind_pointer(token);
	parameters[3] = bind_pointer(display);
	parameters[4] = PG_ARGISNULL(5) ? bind_null() : bind(PG_GETARG_DATUM(5));
	parameters[5] = bind(TimestampTzGetDatum(GetCurrentTimestamp()));
	parameters[6] = bind_pointer(customer);
	parameters[7] = bind_pointer(kind);
	parameters[8] = bind_pointer(fingerprint);
	if (find_saved(&caller, customer, kind, fingerprint, method))
		statement_run(&update, parameters);
	else
	{
		generate_id(method);
		statement_run(&insert, parameters);
	}
	leave_store(&caller);
	PG_RETURN_POINTER(method);
}
