/*-------------------------------------------------------------------------
 *
 * message.c
 *	  Arguments and results of the payment operations, and texts of messages.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "payment/payment.h"

void
report_no_such_payment(const Id *payment_id)
{
	ereport(ERROR,
			(errcode(ERRCODE_NO_DATA_FOUND),
			 errmsg("payment \"%s\" does not exist",
					id_string(&payment_id_type, payment_id))));
}

char *
payment_id_string(const Payment *payment)
{
	return id_string(&payment_id_type, &payment->payment_id);
}

char *
amount_string(const Amount *amount)
{
	const Currency *currency = find_currency(amount->currency, CURRENCY_CODE_LENGTH);
	char	   *text = palloc(AMOUNT_TEXT_SIZE);

	amount_to_text(amount, currency->digits, text);
	return text;
}

Datum
status_result(const Payment *payment)
{
	MemoryContext inside = MemoryContextSwitchTo(payment->caller->context);
	Datum		result = CStringGetTextDatum(payment_status_names[payment->status]);

	MemoryContextSwitchTo(inside);
	return result;
}

void
require_value(const Payment *payment, const Amount *value)
{
	if (!same_currency(value, &payment->amount))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("payment \"%s\" is in %s, not in %s", payment_id_string(payment),
						payment->amount.currency, value->currency),
				 event_possible(payment->status, EVENT_CHOOSE_CURRENCY)
				 ? errhint("choose_currency() changes the currency to one of the prices.") : 0));
	if (value->minor_units <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value must be greater than zero")));
}
