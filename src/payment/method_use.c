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

/*
 * What makes the method m unusable for a payment, and the method; $4 is the
 * payment, $5 the day and $6 the currency.  A hard decline bars the card, not
 * the row: one that is removed and saved again stays barred.
 */
#define METHOD_USE \
	"SELECT m.payment_method_id, m.removed_at IS NOT NULL," \
	" COALESCE(m.expires_on OPERATOR(pg_catalog.<) $5, false)," \
	" EXISTS (SELECT FROM customers.payment_commit c" \
	" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND c.payment_id OPERATOR(pg_catalog.=) $4" \
	" AND c.decline_class OPERATOR(pg_catalog.=) 'never'" \
	" AND (c.payment_method_id OPERATOR(pg_catalog.=) m.payment_method_id" \
	" OR (SELECT b.kind OPERATOR(pg_catalog.=) m.kind" \
	" AND b.fingerprint OPERATOR(pg_catalog.=) m.fingerprint" \
	" FROM customers.payment_method b WHERE b.merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND b.payment_method_id OPERATOR(pg_catalog.=) c.payment_method_id)))," \
	" COALESCE(m.payment_id OPERATOR(pg_catalog.<>) $4, false)," \
	" NOT COALESCE($6 OPERATOR(pg_catalog.=) ANY (m.currencies), true)" \
	" FROM customers.payment_method m" \
	" WHERE m.merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND m.customer_id OPERATOR(pg_catalog.=) $2"

#define METHOD_USE_TYPES \
	{"customers.merchant_id", "customers.customer_id", "customers.payment_method_id", \
	"customers.payment_id", "pg_catalog.date", "pg_catalog.text"}

/*
 * read_method_use reads a method of the payment's customer, or the default one for
 * NULL, and refuses one that can't be used; false: there is none.
 */
static bool
read_method_use(const Payment *payment, const Id *method, Id *found)
{
	static Statement find = {
		.sql = METHOD_USE " AND m.payment_method_id OPERATOR(pg_catalog.=) $3",
		.types = METHOD_USE_TYPES,
	};
	static Statement find_default = {
		.sql = METHOD_USE " AND m.is_default",
		.types = METHOD_USE_TYPES,
	};

	if (statement_run(method ? &find : &find_default, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->customer_id),
			bind_pointer(method), bind_pointer(&payment->payment_id),
			bind(DateADTGetDatum(day_of(payment->now))), bind_string(payment->amount.currency)
	}) == 0)
		return false;
	*found = *DatumGetIdP(statement_get(0, 0));
	if (DatumGetBool(statement_get(0, 1)))
		refuse_method(found, "is removed");
	if (DatumGetBool(statement_get(0, 2)))
		refuse_method(found, "has expired");
	if (DatumGetBool(statement_get(0, 3)))
		refuse_method(found, "is barred by a hard decline of this payment");
	if (DatumGetBool(statement_get(0, 4)))
		refuse_method(found, "is for another payment only");
	if (DatumGetBool(statement_get(0, 5)))
		refuse_method(found, psprintf("is not for payments in %s", payment->amount.currency));
	return true;
}

void
require_usable_method(const Payment *payment, const Id *method)
{
	Id			found;

	if (!read_method_use(payment, method, &found))
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("payment method \"%s\" does not exist",
						id_string(&payment_method_id_type, method)),
				 errdetail("The customer of payment \"%s\" has no such method.",
						   payment_id_string(payment))));
}

bool
find_usable_default(const Payment *payment, Id *method)
{
	return read_method_use(payment, NULL, method);
}
