/*-------------------------------------------------------------------------
 *
 * expire.c
 *	  expire_payments() and expire_all_payments(): record that payments have run
 *	  out of time.
 *
 * Each operation looks at the clock by itself, so a payment is not payable any
 * more from its expiry on, even before this has recorded it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/procedure.h"
#include "base/statement.h"
#include "payment/commit_row.h"

/* How many payments are worked on before the memory is given back. */
#define BATCH_SIZE 1000

PG_FUNCTION_INFO_V1(expire_payments);
PG_FUNCTION_INFO_V1(expire_all_payments);

/*
 * lock_overdue locks and returns overdue payments that nobody is working on, in
 * the order in which their methods are to be locked: see method_once.c.
 */
static Id *
lock_overdue(const Caller *caller, int max_count, int *count)
{
	static Statement find = {
		.sql = "SELECT o.payment_id FROM (SELECT payment_id FROM customers.payment"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND closed_at IS NULL"
		" AND expires_at OPERATOR(pg_catalog.<=) $2"
		" AND status OPERATOR(pg_catalog.<>) 'processing'"
		" ORDER BY expires_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED) AS o"
		" ORDER BY o.payment_id",
		.types = {"customers.merchant_id", "pg_catalog.timestamptz", "pg_catalog.int4"},
	};
	Id		   *payments;

	*count = (int) statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind(TimestampTzGetDatum(GetCurrentTimestamp())),
			bind(Int32GetDatum(max_count))
	});
	payments = palloc(sizeof(Id) * (*count + 1));
	for (int i = 0; i < *count; i++)
		payments[i] = *DatumGetIdP(statement_get(i, 0));
	return payments;
}

/* expire_batch lets at most max_count payments expire; returns how many did. */
static int
expire_batch(const Caller *caller, int max_count)
{
	int			count;
	Id		   *overdue = lock_overdue(caller, max_count, &count);

	for (int i = 0; i < count; i++)
	{
		Payment		payment;

		CHECK_FOR_INTERRUPTS();
		lock_payment(caller, &overdue[i], &payment);
		release_authorizations(&payment, COMMIT_EXPIRED);
		apply_event(&payment, EVENT_EXPIRE, &(EventSubject) {0});
	}
	return count;
}

/* expire_payments(max_count) int: how many have expired */
Datum
expire_payments(PG_FUNCTION_ARGS)
{
	int			max_count = PG_GETARG_INT32(0);
	int			expired = 0;
	int			count;
	Caller		caller;

	require_all_arguments(fcinfo);
	check_max_count(max_count);

	do
	{
		enter_store(&caller);
		count = expire_batch(&caller, Min(max_count - expired, BATCH_SIZE));
		leave_store(&caller);
		expired += count;
	} while (count == BATCH_SIZE && expired < max_count);
	PG_RETURN_INT32(expired);
}

/* next_merchant finds the merchant that comes after *merchant, which it becomes. */
static bool
next_merchant(Id *merchant)
{
	static Statement find = {
		.sql = "SELECT merchant_id FROM customers.merchant"
		" WHERE merchant_id OPERATOR(pg_catalog.>) $1 ORDER BY merchant_id LIMIT 1",
		.types = {"customers.merchant_id"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant)
	}) == 0)
		return false;
	*merchant = *DatumGetIdP(statement_get(0, 0));
	return true;
}

/*
 * expire_all_payments()
 *
 * Each merchant's overdue payments are found by an index, so that thousands of
 * merchants with none take no time.  Only what is done is committed.
 */
Datum
expire_all_payments(PG_FUNCTION_ARGS)
{
	int64		expired = 0;
	Id			merchant = {0};
	int			count = 0;
	bool		more = true;
	Caller		caller;

	begin_batches(fcinfo);
	while (more)
	{
		CHECK_FOR_INTERRUPTS();
		enter_store_as_admin(&caller);

		/* One that had a full batch may have more. */
		more = count == BATCH_SIZE || next_merchant(&merchant);
		if (more)
		{
			caller.merchant = merchant;
			count = expire_batch(&caller, BATCH_SIZE);
			expired += count;
		}
		leave_store(&caller);
		if (more && count > 0)
			commit_batch();
	}
	end_batches();
	if (expired > 0)
		ereport(NOTICE,
				(errmsg("%lld payments have expired", (long long) expired)));
	PG_RETURN_VOID();
}
