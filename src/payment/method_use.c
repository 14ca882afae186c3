/*-------------------------------------------------------------------------
 *
 * method_use.c
 *	  Payment methods, for the operations that use one for a payment.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/statement.h"
#include "payment/method.h"

DateADT
day_of(TimestampTz time)
{
	return (DateADT) (time / USECS_PER_DAY);
}

void
require_currency(const char *code)
{
	if (code == NULL || find_currency(code, strlen(code)) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 code ? errmsg("unknown currency \"%s\"", code)
				 : errmsg("a currency must not be null")));
}

void
refuse_method(const Id *method, const char *fault)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("payment method \"%s\" %s",
					id_string(&payment_method_id_type, method), fault),
			 errhint("Use another one; payment_methods() lists the customer's.")));
}

void
require_usable_method(const Payment *payment, const Id *method)
{
	static Statement find = {
		.sql = "SELECT m.removed_at IS NOT NULL,"
		" COALESCE(m.expires_on OPERATOR(pg_catalog.<) $5, false),"
		" EXISTS (SELECT FROM customers.payment_commit c"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.payment_id OPERATOR(pg_catalog.=) $4"
		" AND c.payment_method_id OPERATOR(pg_catalog.=) $3"
		" AND c.decline_class OPERATOR(pg_catalog.=) 'never'),"
		" COALESCE(m.payment_id OPERATOR(pg_catalog.<>) $4, false),"
		" NOT COALESCE($6 OPERATOR(pg_catalog.=) ANY (m.currencies), true)"
		" FROM customers.payment_method m"
		" WHERE m.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND m.payment_method_id OPERATOR(pg_catalog.=) $3"
		" AND m.customer_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.customer_id",
			"customers.payment_method_id", "customers.payment_id", "pg_catalog.date",
		"pg_catalog.text"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->customer_id),
			bind_pointer(method), bind_pointer(&payment->payment_id),
			bind(DateADTGetDatum(day_of(payment->now))), bind_string(payment->amount.currency)
	}) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("payment method \"%s\" does not exist",
						id_string(&payment_method_id_type, method)),
				 errdetail("The customer of payment \"%s\" has no such method.",
						   payment_id_string(payment))));
	if (DatumGetBool(statement_get(0, 0)))
		refuse_method(method, "is removed");
	if (DatumGetBool(statement_get(0, 1)))
		refuse_method(method, "has expired");
	if (DatumGetBool(statement_get(0, 2)))
		refuse_method(method, "is barred by a hard decline of this payment");
	if (DatumGetBool(statement_get(0, 3)))
		refuse_method(method, "is for another payment only");
	if (DatumGetBool(statement_get(0, 4)))
		refuse_method(method, psprintf("is not for payments in %s", payment->amount.currency));
}

bool
find_default_method(const Payment *payment, Id *method)
{
	static Statement find = {
		.sql = "SELECT payment_method_id FROM customers.payment_method"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND customer_id OPERATOR(pg_catalog.=) $2 AND is_default",
		.types = {"customers.merchant_id", "customers.customer_id"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->customer_id)
	}) == 0)
		return false;
	*method = *DatumGetIdP(statement_get(0, 0));
	return true;
}
