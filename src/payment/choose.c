/*-------------------------------------------------------------------------
 *
 * choose.c
 *	  What a customer chooses before committing: currency, method, amount.
 *
 * A choice that is made already changes nothing and is no event.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "base/argument.h"
#include "payment/checkout.h"
#include "payment/method.h"
#include "payment/payment.h"
#include "payment/price.h"

PG_FUNCTION_INFO_V1(choose_currency);
PG_FUNCTION_INFO_V1(choose_payment_method);
PG_FUNCTION_INFO_V1(change_amount);

/* take_currency makes the price in that currency the payment's amount. */
static void
take_currency(Payment *payment, const char *currency)
{
	Price		price;

	require_event(payment, EVENT_CHOOSE_CURRENCY);
	if (payment->authorized.minor_units > 0 || payment->received.minor_units > 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the currency of payment \"%s\" can't be changed any more",
						payment_id_string(payment)),
				 errdetail("Money is authorized or received in %s.",
						   payment->amount.currency)));
	if (!find_price(payment, currency, &price))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("payment \"%s\" has no price in this currency",
						payment_id_string(payment)),
				 errhint("payment_prices() shows its prices.")));
	if (same_currency(&price.price, &payment->amount))
		return;

	payment->amount = price.price;
	fill_amount(&payment->authorized, 0, price.price.currency);
	fill_amount(&payment->received, 0, price.price.currency);
	fill_amount(&payment->returned, 0, price.price.currency);
	payment->decline_class = DECLINE_NONE;
	apply_event(payment, EVENT_CHOOSE_CURRENCY, &(EventSubject) {
		.value = &payment->amount
	});
}

/* choose_currency(payment, currency) void */
Datum
choose_currency(PG_FUNCTION_ARGS)
{
	char	   *currency = string_argument(fcinfo, 1);
	Payment		payment;
	Caller		caller;

	require_all_arguments(fcinfo);
	enter_checkout(&caller);
	lock_payment(&caller, DatumGetIdP(PG_GETARG_DATUM(0)), &payment);
	take_currency(&payment, currency);
	leave_store(&caller);
	PG_RETURN_VOID();
}

/* choose_payment_method(payment, method) void */
Datum
choose_payment_method(PG_FUNCTION_ARGS)
{
	Id		   *method = DatumGetIdP(PG_GETARG_DATUM(1));
	Payment		payment;
	Caller		caller;

	require_all_arguments(fcinfo);
	enter_checkout(&caller);
	lock_payment(&caller, DatumGetIdP(PG_GETARG_DATUM(0)), &payment);
	require_event(&payment, EVENT_CHOOSE_PAYMENT_METHOD);
	require_usable_method(&payment, method);
	if (!payment.method_chosen || memcmp(&payment.payment_method_id, method, sizeof(Id)) != 0)
	{
		payment.method_chosen = true;
		payment.payment_method_id = *method;
		apply_event(&payment, EVENT_CHOOSE_PAYMENT_METHOD, &(EventSubject) {0});
	}
	leave_store(&caller);
	PG_RETURN_VOID();
}

/* require_changeable refuses a payment whose mode keeps the amount as it is. */
static void
require_changeable(const Payment *payment)
{
	switch (payment->amount_mode)
	{
		case AMOUNT_EDITABLE:
			break;
		case AMOUNT_STRICT:
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("the amount of payment \"%s\" can't be changed",
							payment_id_string(payment)),
					 errdetail("Its amount mode is \"strict\"."),
					 errhint("The amount may be paid in parts: commit_payment() takes a value.")));
			break;
		case AMOUNT_EDITABLE_IF_INSUFFICIENT:
			if (payment->decline_class != DECLINE_LOWER_AMOUNT)
				ereport(ERROR,
						(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						 errmsg("the amount of payment \"%s\" can't be changed now",
								payment_id_string(payment)),
						 errdetail("Its amount mode is \"editable_if_insufficient\", and the last commit was not declined for its amount.")));
			break;
	}
}

/*
 * require_amount refuses a new amount out of its bounds.  What was declined is
 * compared with what would be left to pay, as money may be held already.
 */
static void
require_amount(const Payment *payment, const Amount *value)
{
	Payment		changed = *payment;
	Amount		balance;
	Price		price;

	if (value->minor_units - payment->received.minor_units < payment->authorized.minor_units)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the amount can't be less than what is received and authorized"),
				 errdetail("Received are %s, authorized %s.",
						   amount_string(&payment->received),
						   amount_string(&payment->authorized))));

	changed.amount = *value;
	balance = payment_balance(&changed);
	if (payment->amount_mode == AMOUNT_EDITABLE_IF_INSUFFICIENT &&
		balance.minor_units >= payment->declined.minor_units)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the amount must be lower than what was declined"),
				 errdetail("Declined were %s, and %s would be left to pay.",
						   amount_string(&payment->declined), amount_string(&balance))));

	if (!find_price(payment, value->currency, &price))
		elog(ERROR, "payment has no price in its own currency");
	if (price.min_amount && value->minor_units < price.min_amount->minor_units)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("the amount is less than %s", amount_string(price.min_amount)),
				 errdetail("It may be from %s to %s.", amount_string(price.min_amount),
						   price.max_amount ? amount_string(price.max_amount) : "any amount")));
	if (price.max_amount && value->minor_units > price.max_amount->minor_units)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("the amount is greater than %s", amount_string(price.max_amount)),
				 price.min_amount
				 ? errdetail("It may be from %s to %s.", amount_string(price.min_amount),
							 amount_string(price.max_amount)) : 0));
}

/* change_amount(payment, value) text */
Datum
change_amount(PG_FUNCTION_ARGS)
{
	Amount	   *value = DatumGetAmountP(PG_GETARG_DATUM(1));
	Payment		payment;
	Caller		caller;
	Datum		result;

	require_all_arguments(fcinfo);
	enter_checkout(&caller);
	lock_payment(&caller, DatumGetIdP(PG_GETARG_DATUM(0)), &payment);
	require_event(&payment, EVENT_CHANGE_AMOUNT);
	require_changeable(&payment);
	require_value(&payment, value);
	require_amount(&payment, value);
	if (value->minor_units != payment.amount.minor_units)
	{
		payment.amount = *value;
		apply_event(&payment, EVENT_CHANGE_AMOUNT, &(EventSubject) {
			.value = value
		});
	}
	result = status_result(&payment);
	leave_store(&caller);
	PG_RETURN_DATUM(result);
}
