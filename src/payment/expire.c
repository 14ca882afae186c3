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
#include "base/subtransaction.h"
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

/* What is done for one merchant in one transaction. */
typedef struct Batch
{
	Id			merchant;
	int			count;			/* how many payments have expired */
} Batch;

/* expire_some is work for run_in_subtransaction(). */
static void
expire_some(void *argument)
{
	Batch	   *batch = argument;
	Caller		caller;

	enter_store_as_admin(&caller);
	caller.merchant = batch->merchant;
	batch->count = expire_batch(&caller, BATCH_SIZE);
	leave_store(&caller);
}

/*
 * try_batch fills the batch.  What is wrong with one merchant's rows, such as a key
 * that doesn't open, must not keep the payments of others alive.
 */
static void
try_batch(Batch *batch)
{
	ErrorData  *error;

	batch->count = 0;
	error = run_in_subtransaction(expire_some, batch);
	if (error == NULL)
		return;
	if (ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_OPERATOR_INTERVENTION)
		ReThrowError(error);
	ereport(WARNING,
			(errcode(error->sqlerrcode),
			 errmsg("payments of merchant \"%s\" could not expire",
					id_string(&merchant_id_type, &batch->merchant)),
			 errdetail("%s", error->message)));
	FreeErrorData(error);
}

/* move_on moves the batch to the next merchant; false after the last one. */
static bool
move_on(Batch *batch)
{
	static Statement find = {
		.sql = "SELECT merchant_id FROM customers.merchant"
		" WHERE merchant_id OPERATOR(pg_catalog.>) $1 ORDER BY merchant_id LIMIT 1",
		.types = {"customers.merchant_id"},
	};
	Caller		caller;
	bool		found;

	enter_store_as_admin(&caller);
	found = statement_run(&find, (NullableDatum[]) {
		bind_pointer(&batch->merchant)
	}) > 0;
	if (found)
		batch->merchant = *DatumGetIdP(statement_get(0, 0));
	leave_store(&caller);
	return found;
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
	Batch		batch = {0};

	begin_batches(fcinfo);

	/* Who had a full batch may have more. */
	while (batch.count == BATCH_SIZE || move_on(&batch))
	{
		CHECK_FOR_INTERRUPTS();
		try_batch(&batch);
		expired += batch.count;
		if (batch.count > 0)
			commit_batch();
	}
	end_batches();
	if (expired > 0)
		ereport(NOTICE,
				(errmsg("%lld payments have expired", (long long) expired)));
	PG_RETURN_VOID();
}
