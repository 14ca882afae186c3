/*-------------------------------------------------------------------------
 *
 * method_once.c
 *	  Payment methods that are for one payment only.
 *
 * A customer who pays with a new method need not keep it.  Saved for one payment,
 * it is used for that payment alone, which may take several commits: a second
 * try after a decline, the parts of an amount.  It is kept once the provider
 * authorizes or takes money of a commit at which the customer agreed to that.
 * Otherwise it is removed when the payment ends, and its token with it.
 *
 * That is done under the lock of the payment and not of the customer.  So who
 * changes several of these rows locks them in the order of payment and method:
 * an erasure and a sweep would wait for each other otherwise.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/timestamp.h"

#include "base/row.h"
#include "payment/method.h"

/*
 * lock_customer_of locks the payment's customer, as every change of methods does,
 * if the method is one to keep.  An outcome is never refused: so a customer who
 * was erased meanwhile is no error, but has no method left to keep.
 */
static bool
lock_customer_of(const Payment *payment, const Id *method)
{
	static Statement lock = {
		.sql = "SELECT FROM customers.customer c"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.customer_id OPERATOR(pg_catalog.=) $2 AND c.erased_at IS NULL"
		" AND EXISTS (SELECT FROM customers.payment_method m"
		" WHERE m.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND m.payment_method_id OPERATOR(pg_catalog.=) $3"
		" AND m.payment_id IS NOT NULL AND m.removed_at IS NULL)"
		" FOR NO KEY UPDATE OF c",
		.types = {"customers.merchant_id", "customers.customer_id",
		"customers.payment_method_id"},
	};

	return statement_run(&lock, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->customer_id),
			bind_pointer(method)
	}) > 0;
}

void
keep_method(const Payment *payment, const Id *method)
{
	/* One that was saved otherwise in the meantime stays the only one. */
	static Statement keep = {
		.sql = "UPDATE customers.payment_method SET payment_id = NULL, updated_at = $4,"
		" is_default = NOT EXISTS (SELECT FROM customers.payment_method d"
		" WHERE d.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND d.customer_id OPERATOR(pg_catalog.=) $2 AND d.is_default)"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_method_id OPERATOR(pg_catalog.=) $3"
		" AND payment_id IS NOT NULL AND removed_at IS NULL"
		" AND NOT EXISTS (SELECT FROM customers.payment_method s"
		" WHERE s.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND s.customer_id OPERATOR(pg_catalog.=) $2 AND s.removed_at IS NULL"
		" AND s.payment_id IS NULL AND s.kind OPERATOR(pg_catalog.=) payment_method.kind"
		" AND s.fingerprint OPERATOR(pg_catalog.=) payment_method.fingerprint)",
		.types = {"customers.merchant_id", "customers.customer_id",
		"customers.payment_method_id", "pg_catalog.timestamptz"},
	};

	if (!lock_customer_of(payment, method))
		return;
	refuse_unseen_methods(payment->caller, &payment->customer_id);
	statement_run(&keep, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->customer_id),
			bind_pointer(method), bind(TimestampTzGetDatum(payment->now))
	});
	replace_expired_default(payment->caller, &payment->customer_id, payment->now);
}

/* remove_method removes a method that is locked, and destroys what it can be used by. */
static void
remove_method(const Payment *payment, const Id *method, TimestampTz removed_at)
{
	static RowStatement update = {
		.table = "payment_method",
		.keys = 2,
		.columns = {"merchant_id", "payment_method_id", "token", "fingerprint", "removed_at",
		"updated_at"},
		.types = {"customers.merchant_id", "customers.payment_method_id", "customers.sealed",
			"pg_catalog.text", "pg_catalog.timestamptz", "pg_catalog.timestamptz"},
	};

	row_update(&update, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(method), bind_null(), bind_null(),
			bind(TimestampTzGetDatum(removed_at)), bind(TimestampTzGetDatum(payment->now))
	});
}

void
remove_methods_of_payment(const Payment *payment)
{
	static Statement find = {
		.sql = "SELECT payment_method_id, COALESCE(removed_at, $3) FROM customers.payment_method"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2"
		" AND (removed_at IS NULL OR token IS NOT NULL)"
		" ORDER BY payment_method_id FOR NO KEY UPDATE",
		.types = {"customers.merchant_id", "customers.payment_id", "pg_catalog.timestamptz"},
	};
	int			count = (int) statement_run(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->payment_id),
			bind(TimestampTzGetDatum(payment->now))
	});
	Id		   *methods = palloc(sizeof(Id) * (count + 1));
	TimestampTz *removed_at = palloc(sizeof(TimestampTz) * (count + 1));

	for (int i = 0; i < count; i++)
	{
		methods[i] = *DatumGetIdP(statement_get(i, 0));
		removed_at[i] = DatumGetTimestampTz(statement_get(i, 1));
	}
	for (int i = 0; i < count; i++)
		remove_method(payment, &methods[i], removed_at[i]);
	refuse_unseen_methods(payment->caller, &payment->customer_id);
}

void
refuse_unseen_methods(const Caller *caller, const Id *customer)
{
#define SEEN \
		.sql = "SELECT pg_catalog.count(*), pg_catalog.max(updated_at)" \
		" FROM customers.payment_method WHERE merchant_id OPERATOR(pg_catalog.=) $1" \
		" AND customer_id OPERATOR(pg_catalog.=) $2", \
		.types = {"customers.merchant_id", "customers.customer_id"}
	static Statement seen = {SEEN};
	static Statement there = {SEEN,.latest = true};
#undef SEEN
	NullableDatum parameters[] = {bind_pointer(&caller->merchant), bind_pointer(customer)};
	int64		count;
	Datum		changed;
	bool		isnull;

	if (!IsolationUsesXactSnapshot())
		return;
	statement_run(&seen, parameters);
	count = DatumGetInt64(statement_get(0, 0));
	changed = statement_value(0, 1, &isnull);
	statement_run(&there, parameters);
	if (DatumGetInt64(statement_get(0, 0)) != count ||
		(count > 0 && statement_get(0, 1) != changed))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access due to concurrent change of the payment methods of customer \"%s\"",
						id_string(&customer_id_type, customer)),
				 errhint("The transaction might succeed if retried.")));
}
