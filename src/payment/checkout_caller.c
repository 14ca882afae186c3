/*-------------------------------------------------------------------------
 *
 * checkout_caller.c
 *	  A customer's operations: who may call them, and for what.
 *
 * A token is looked up for each operation and never cached, so it is dead from the
 * moment on at which what ends it is committed.  Whatever is wrong with it, the
 * error is the same.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/timestamp.h"

#include "base/admission.h"
#include "base/setting.h"
#include "base/statement.h"
#include "customer/customer.h"
#include "payment/checkout.h"
#include "vault/checkout_token.h"

/* What is stored of a token and its payment. */
typedef struct Checkout
{
	TimestampTz expires_at;		/* the token's end */
	Id			payment_id;
	Id			customer_id;
	bool		ended;			/* is the payment's status final, or overdue? */
} Checkout;

void
refuse_token(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
			 errmsg("checkout token is not valid"),
			 errhint("A token ends after its time, when it is closed, and with its payment; open_checkout() makes another.")));
}

pg_noreturn static void report_no_token(void);

static void
report_no_token(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("no checkout token is set"),
			 errhint("Set one of open_checkout(): SELECT set_config('customers.checkout', $1, true).")));
}

/* has_group says whether the role has the privileges of a group role. */
static bool
has_group(Oid role, const char *group)
{
	Oid			oid = get_role_oid(group, true);

	return OidIsValid(oid) && has_privs_of_role(role, oid);
}

/*
 * find_checkout looks the token up; false if there is none.  One of another
 * merchant than the role is bound to is none to it; a role that is bound to
 * nobody takes all.  One of an erased customer is none to anybody.
 */
static bool
find_checkout(const Caller *caller, const CheckoutToken *token, Checkout *checkout)
{
	static Statement find = {
		.sql = "SELECT c.token_hash, c.expires_at, p.payment_id, p.customer_id, p.status, p.expires_at,"
		" $3 IS NULL OR NOT EXISTS (SELECT FROM customers.merchant_role r"
		" WHERE r.role OPERATOR(pg_catalog.=) $3) OR EXISTS (SELECT FROM customers.merchant_role r"
		" WHERE r.merchant_id OPERATOR(pg_catalog.=) $1 AND r.role OPERATOR(pg_catalog.=) $3)"
		" FROM customers.checkout c JOIN customers.payment p"
		" ON p.merchant_id OPERATOR(pg_catalog.=) c.merchant_id"
		" AND p.payment_id OPERATOR(pg_catalog.=) c.payment_id"
		" JOIN customers.customer u ON u.merchant_id OPERATOR(pg_catalog.=) p.merchant_id"
		" AND u.customer_id OPERATOR(pg_catalog.=) p.customer_id AND u.erased_at IS NULL"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.token_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "pg_catalog.uuid", "pg_catalog.regrole"},
		.latest = true,
	};
	Payment		payment = {.expires_at = DT_NOEND,.now = GetCurrentTimestamp()};
	Datum		payment_end;
	char	   *status;
	bool		endless;

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&token->merchant), bind_pointer(&token->token_id),
			is_admin(caller->role) ? bind_null() : bind(ObjectIdGetDatum(caller->role))
	}) == 0)
		return false;
	checkout->expires_at = DatumGetTimestampTz(statement_get(0, 1));
	checkout->payment_id = *DatumGetIdP(statement_get(0, 2));
	checkout->customer_id = *DatumGetIdP(statement_get(0, 3));
	status = statement_string(0, 4);
	payment.status = find_payment_status(status, strlen(status));
	payment_end = statement_value(0, 5, &endless);
	if (!endless)
		payment.expires_at = DatumGetTimestampTz(payment_end);
	checkout->ended = payment_status_final(payment.status) || payment_overdue(&payment);
	return checkout_hash_matches(token, DatumGetByteaPP(statement_get(0, 0))) &&
		checkout->expires_at > payment.now && DatumGetBool(statement_get(0, 6));
}

/* enter_by_token enters the store as the token that is set allows. */
static void
enter_by_token(Caller *caller, Checkout *checkout)
{
	CheckoutToken token;

	if (!read_checkout_token(setting_checkout, &token))
		refuse_token();
	enter_store_for_merchant(caller, &token.merchant);
	if (!find_checkout(caller, &token, checkout))
		refuse_token();
	caller->checkout = true;
	caller->token_id = token.token_id;
	caller->payment = checkout->payment_id;
	caller->customer = checkout->customer_id;
}

bool
enter_checkout_or_repeat(Caller *caller)
{
	Checkout	checkout;

	if (setting_checkout[0] != '\0')
	{
		enter_by_token(caller, &checkout);
		return checkout.ended;
	}
	if (has_group(GetUserId(), "customers_checkout") &&
		!has_group(GetUserId(), "customers_merchant"))
		report_no_token();
	enter_store(caller);
	return false;
}

void
enter_checkout(Caller *caller)
{
	if (enter_checkout_or_repeat(caller))
		refuse_token();
}

TimestampTz
enter_own_checkout(Caller *caller)
{
	Checkout	checkout;

	if (setting_checkout[0] == '\0')
		report_no_token();
	enter_by_token(caller, &checkout);
	return checkout.expires_at;
}

void
require_own_payment(const Caller *caller, const Id *payment_id)
{
	if (caller->checkout && memcmp(payment_id, &caller->payment, sizeof(Id)) != 0)
		report_no_such_payment(payment_id);
}

void
require_own_customer(const Caller *caller, const Id *customer)
{
	if (caller->checkout && memcmp(customer, &caller->customer, sizeof(Id)) != 0)
		report_no_such_customer(customer);
}

void
confirm_checkout(const Payment *payment)
{
	static Statement find = {
		.sql = "SELECT FROM customers.checkout WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND token_id OPERATOR(pg_catalog.=) $2 AND expires_at OPERATOR(pg_catalog.>) $3",
		.types = {"customers.merchant_id", "pg_catalog.uuid", "pg_catalog.timestamptz"},
		.latest = true,
	};
	const Caller *caller = payment->caller;

	if (!caller->checkout)
		return;
	if (payment_status_final(payment->status) || payment_overdue(payment) ||
		statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(&caller->token_id),
			bind(TimestampTzGetDatum(payment->now))
	}) == 0)
		refuse_token();
}

void
hold_checkout(const Caller *caller)
{
	Payment		payment;

	if (caller->checkout)
		lock_payment(caller, &caller->payment, &payment);
}
