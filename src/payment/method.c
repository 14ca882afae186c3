/*-------------------------------------------------------------------------
 *
 * method.c
 *	  save_payment_method(): a customer's payment methods, by their tokens.
 *
 * A method is a token of the provider, never a card; one such as an invoice has
 * none.  Whoever changes the methods of a customer holds the lock of the
 * customer's row, so that there is one method for each fingerprint and kind,
 * and one default.  The partial unique indexes say the same.
 *
 * A method is kept for any payment of the customer, or it is for one payment
 * only: method_once.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
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
#include "payment/checkout.h"
#include "payment/method.h"
#include "payment/method_token.h"

#define KIND_LENGTH_MAX 64
#define FINGERPRINT_LENGTH_MAX 255
#define TOKEN_LENGTH_MAX 4096

PG_FUNCTION_INFO_V1(save_payment_method);

/* What is to be saved; NULL where there is nothing. */
typedef struct NewMethod
{
	Id		   *customer;
	text	   *kind;
	text	   *token;
	Jsonb	   *display;
	text	   *fingerprint;
	NullableDatum expires_on;
	ArrayType  *currencies;
	Id		   *payment;		/* the only one that it is for */
} NewMethod;

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

/*
 * check_currencies refuses currencies that are none, or there twice.  NULL is no
 * restriction.
 */
static void
check_currencies(ArrayType *currencies)
{
	Datum	   *codes;
	bool	   *nulls;
	int			count;

	if (currencies == NULL)
		return;
	deconstruct_array(currencies, TEXTOID, -1, false, TYPALIGN_INT, &codes, &nulls, &count);
	if (count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("currencies must not be empty"),
				 errhint("Null stands for all currencies.")));
	for (int i = 0; i < count; i++)
	{
		char	   *code = nulls[i] ? NULL : TextDatumGetCString(codes[i]);

		require_currency(code);
		for (int j = 0; j < i; j++)
			if (strcmp(code, TextDatumGetCString(codes[j])) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("currency \"%s\" is there twice", code)));
	}
}

/*
 * find_saved finds the customer's method of the same kind and fingerprint that
 * is not removed: one that is kept, or else one for the same payment.
 */
static bool
find_saved(const Caller *caller, const NewMethod *new, Id *method)
{
	static Statement find = {
		.sql = "SELECT payment_method_id FROM customers.payment_method"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2 AND kind OPERATOR(pg_catalog.=) $3"
		" AND fingerprint OPERATOR(pg_catalog.=) $4 AND removed_at IS NULL"
		" AND COALESCE(payment_id OPERATOR(pg_catalog.=) $5, payment_id IS NULL)"
		" ORDER BY payment_id IS NULL DESC, payment_method_id DESC LIMIT 1",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.text",
		"pg_catalog.text", "customers.payment_id"},
	};

	if (new->fingerprint == NULL || statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(new->customer), bind_pointer(new->kind),
			bind_pointer(new->fingerprint), bind_pointer(new->payment)
	}) == 0)
		return false;
	*method = *DatumGetIdP(statement_get(0, 0));
	return true;
}

/*
 * check_count refuses a method above those that a customer may have.  What has
 * expired takes no place.
 */
static void
check_count(const Caller *caller, const Id *customer)
{
	static Statement count = {
		.sql = "SELECT pg_catalog.count(*) FROM customers.payment_method"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2 AND removed_at IS NULL"
		" AND COALESCE(expires_on OPERATOR(pg_catalog.>=) $3, true)",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.date"},
	};
	int			max = merchant_settings(&caller->merchant)->payment_methods_per_customer;

	statement_run(&count, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind(DateADTGetDatum(day_of(GetCurrentTimestamp())))
	});
	if (DatumGetInt64(statement_get(0, 0)) >= max)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("too many payment methods"),
				 errdetail("A customer has at most %d.", max),
				 errhint("remove_payment_method() makes room for another."),
				 errrule("payment_method", NULL, "payment_method_count")));
}

/* save stores the method, whose customer is locked, and returns its id. */
static void
save(const Caller *caller, const NewMethod *new, Id *method)
{
	static Statement update = {
		.sql = "UPDATE customers.payment_method SET token = $3, display = $4, expires_on = $5,"
		" currencies = $6, updated_at = $7 WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_method_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.payment_method_id", "customers.sealed",
		"pg_catalog.jsonb", "pg_catalog.date", "pg_catalog.text[]", "pg_catalog.timestamptz"},
	};
	static Statement insert = {
		.sql = "INSERT INTO customers.payment_method (merchant_id, payment_method_id, token,"
		" display, expires_on, currencies, created_at, updated_at, customer_id, kind,"
		" fingerprint, payment_id, is_default)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11,"
		" $11 IS NULL AND NOT EXISTS (SELECT FROM customers.payment_method d"
		" WHERE d.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND d.customer_id OPERATOR(pg_catalog.=) $8 AND d.is_default))",
		.types = {"customers.merchant_id", "customers.payment_method_id", "customers.sealed",
			"pg_catalog.jsonb", "pg_catalog.date", "pg_catalog.text[]", "pg_catalog.timestamptz",
			"customers.customer_id", "pg_catalog.text", "pg_catalog.text",
		"customers.payment_id"},
	};
	bool		found = find_saved(caller, new, method);
	Sealed	   *token;

	if (!found)
	{
		check_count(caller, new->customer);
		generate_id(method);
	}
	token = new->token ? seal_method_token(caller, new->customer, method, new->token) : NULL;
	statement_run(found ? &update : &insert, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(method), bind_pointer(token),
			bind_pointer(new->display), new->expires_on, bind_pointer(new->currencies),
			bind(TimestampTzGetDatum(GetCurrentTimestamp())), bind_pointer(new->customer),
			bind_pointer(new->kind), bind_pointer(new->fingerprint), bind_pointer(new->payment)
	});
	replace_expired_default(caller, new->customer, GetCurrentTimestamp());
}

/* lock_payment_for takes the payment that the method is to be for, and no other. */
static void
lock_payment_for(const Caller *caller, const NewMethod *new)
{
	Payment		payment;

	lock_payment(caller, new->payment, &payment);
	if (memcmp(&payment.customer_id, new->customer, sizeof(Id)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("customer \"%s\" has no payment \"%s\"",
						id_string(&customer_id_type, new->customer),
						payment_id_string(&payment))));
	require_event(&payment, EVENT_COMMIT);
}

/*
 * save_payment_method(customer, kind, token, display, fingerprint, expires_on,
 *		currencies, for_payment) payment_method_id
 *
 * The payment is locked before the customer, as in every operation.
 */
Datum
save_payment_method(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"customer", "kind", NULL, "display", NULL, NULL, NULL, NULL};
	Id		   *method = palloc(sizeof(Id));
	NewMethod	new = {
		.token = PG_ARGISNULL(2) ? NULL : PG_GETARG_TEXT_PP(2),
		.fingerprint = PG_ARGISNULL(4) ? NULL : PG_GETARG_TEXT_PP(4),
		.expires_on = PG_ARGISNULL(5) ? bind_null() : bind(PG_GETARG_DATUM(5)),
		.currencies = PG_ARGISNULL(6) ? NULL : PG_GETARG_ARRAYTYPE_P(6),
		.payment = PG_ARGISNULL(7) ? NULL : DatumGetIdP(PG_GETARG_DATUM(7)),
	};
	Caller		caller;

	require_arguments(fcinfo, names);
	new.customer = DatumGetIdP(PG_GETARG_DATUM(0));
	new.kind = PG_GETARG_TEXT_PP(1);
	new.display = PG_GETARG_JSONB_P(3);
	check_text_length("kind", new.kind, KIND_LENGTH_MAX);
	check_text_length("token", new.token, TOKEN_LENGTH_MAX);
	check_text_length("fingerprint", new.fingerprint, FINGERPRINT_LENGTH_MAX);
	check_fingerprint(new.fingerprint);
	check_currencies(new.currencies);
	if (!JB_ROOT_IS_OBJECT(new.display))
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("display must be a JSON object")));

	enter_checkout(&caller);
	check_display(&caller, new.display);
	if (new.payment)
		lock_payment_for(&caller, &new);
	lock_methods(&caller, new.customer, true);
	save(&caller, &new, method);
	leave_store(&caller);
	PG_RETURN_POINTER(method);
}
