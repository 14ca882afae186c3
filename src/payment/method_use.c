/*-------------------------------------------------------------------------
 *
 * method_use.c
 *	  Payment methods, for the operations that use one for a payment.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "base/row.h"
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

/* is_barred tells whether a decline bars the card: one that is removed and saved again, too. */
static bool
is_barred(const Payment *payment, const Id *method)
{
	static Statement find = {
		.sql = "SELECT FROM customers.payment_commit c, customers.payment_method b, customers.payment_method m"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.payment_id OPERATOR(pg_catalog.=) $2"
		" AND c.decline_class OPERATOR(pg_catalog.=) 'never'"
		" AND b.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND b.payment_method_id OPERATOR(pg_catalog.=) c.payment_method_id"
		" AND m.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND m.payment_method_id OPERATOR(pg_catalog.=) $3"
		" AND (b.payment_method_id OPERATOR(pg_catalog.=) m.payment_method_id"
		" OR (b.kind OPERATOR(pg_catalog.=) m.kind"
		" AND b.fingerprint OPERATOR(pg_catalog.=) m.fingerprint))",
		.types = {"customers.merchant_id", "customers.payment_id", "customers.payment_method_id"},
	};

	/* Most payments have no decline behind them when they are committed. */
	return payment->commits_used > 0 && statement_run(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->payment_id),
			bind_pointer(method)
	}) > 0;
}

/* has_currency tells whether an array of currencies has that one. */
static bool
has_currency(Datum currencies, const char *currency)
{
	Datum	   *codes;
	int			count;
	bool		found = false;

	deconstruct_array(DatumGetArrayTypeP(currencies), TEXTOID, -1, false, TYPALIGN_INT,
					  &codes, NULL, &count);
	for (int i = 0; i < count && !found; i++)
		found = strcmp(TextDatumGetCString(codes[i]), currency) == 0;
	return found;
}

void
require_usable_method(const Payment *payment, const Id *method)
{
	static RowStatement find = {
		.table = "payment_method",
		.keys = 2,
		.columns = {"merchant_id", "payment_method_id", "customer_id", "expires_on",
		"currencies", "payment_id", "removed_at"},
		.types = {"customers.merchant_id", "customers.payment_method_id",
			"customers.customer_id", "pg_catalog.date", "pg_catalog.text[]",
		"customers.payment_id", "pg_catalog.timestamptz"},
	};
	NullableDatum row[5];

	if (!row_read(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(method)
	}, row) || memcmp(DatumGetIdP(row[0].value), &payment->customer_id, sizeof(Id)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("payment method \"%s\" does not exist",
						id_string(&payment_method_id_type, method)),
				 errdetail("The customer of payment \"%s\" has no such method.",
						   payment_id_string(payment))));
	if (!row[4].isnull)
		refuse_method(method, "is removed");
	if (!row[1].isnull && DatumGetDateADT(row[1].value) < day_of(payment->now))
		refuse_method(method, "has expired");
	if (is_barred(payment, method))
		refuse_method(method, "is barred by a hard decline of this payment");
	if (!row[3].isnull && memcmp(DatumGetIdP(row[3].value), &payment->payment_id, sizeof(Id)) != 0)
		refuse_method(method, "is for another payment only");
	if (!row[2].isnull && !has_currency(row[2].value, payment->amount.currency))
		refuse_method(method, psprintf("is not for payments in %s", payment->amount.currency));
}

bool
find_usable_default(const Payment *payment, Id *method)
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
	require_usable_method(payment, method);
	return true;
}
