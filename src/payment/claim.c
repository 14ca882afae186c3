/*-------------------------------------------------------------------------
 *
 * claim.c
 *	  claim_commits(): hands open commits to the workers that ask the provider.
 *
 * A claim is a lease: until it runs out no other worker gets the commit, and
 * then anyone may, so that a worker can die at any moment.  A commit that is
 * still open when its lease runs out is handed out again, whatever its status:
 * nobody else would ask the provider about one that is unknown, or whose
 * customer was to do something and whose report never came.  Only the commit's
 * end ends that.
 *
 * Claiming takes the rows of the payments and then of their commits, as every
 * operation does, and passes over those that are locked instead of waiting.  So it
 * is no part of a deadlock, and neither is a worker who also reports in the
 * transaction of the claim: whoever else reports waits with nothing in hand.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/statement.h"
#include "payment/method_token.h"

#define CLAIM_COUNT_MAX 1000
#define LEASE_MAX USECS_PER_DAY

/* The columns of the result, and the places of some of them. */
#define CLAIM_COLUMNS 15
#define CLAIM_CUSTOMER 2
#define CLAIM_METHOD 7
#define CLAIM_TOKEN 9

/*
 * What the rows may take in memory, in kB: more than CLAIM_COUNT_MAX of them
 * with the longest tokens, so that no token goes to a file.
 */
#define CLAIM_MEMORY (64 * 1024)

PG_FUNCTION_INFO_V1(claim_commits);

/* lease_end is when a lease from now on runs out. */
static TimestampTz
lease_end(TimestampTz now, Datum lease)
{
	TimestampTz end = DatumGetTimestampTz(DirectFunctionCall2(timestamptz_pl_interval,
															  TimestampTzGetDatum(now), lease));

	if (end <= now || end - now > LEASE_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lease must be more than nothing and at most a day")));
	return end;
}

/* begin_result begins the result, which stays in memory. */
static ReturnSetInfo *
begin_result(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext outside;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	outside = MemoryContextSwitchTo(result->econtext->ecxt_per_query_memory);
	tuplestore_end(result->setResult);
	result->setResult = tuplestore_begin_heap((result->allowedModes & SFRM_Materialize_Random) != 0,
											  false, CLAIM_MEMORY);
	MemoryContextSwitchTo(outside);
	return result;
}

/* take_commits locks the commits that can be claimed, the oldest first. */
static Id *
take_commits(const Caller *caller, TimestampTz now, int max_count, uint64 *count)
{
	/*
	 * Rows are locked in the order that OF names the tables in.  The condition on
	 * the status is that of the partial index.
	 */
	static Statement take = {
		.sql = "SELECT c.commit_id FROM customers.payment_commit c JOIN customers.payment p"
		" ON p.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND p.payment_id OPERATOR(pg_catalog.=) c.payment_id"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.status OPERATOR(pg_catalog.=) ANY (ARRAY['submitted', 'requires_action', 'unknown'])"
		" AND c.claimable_at OPERATOR(pg_catalog.<=) $2"
		" ORDER BY c.claimable_at LIMIT $3 FOR NO KEY UPDATE OF p, c SKIP LOCKED",
		.types = {"customers.merchant_id", "pg_catalog.timestamptz", "pg_catalog.int8"},
	};
	Id		   *commits;

	*count = statement_run(&take, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind(TimestampTzGetDatum(now)),
			bind(Int64GetDatum(max_count))
	});
	commits = palloc(sizeof(Id) * (*count + 1));
	for (uint64 i = 0; i < *count; i++)
		commits[i] = *DatumGetIdP(statement_get(i, 0));
	return commits;
}

/* copy_sealed copies a value of the last row; NULL for null. */
static Sealed *
copy_sealed(int column)
{
	bool		isnull;
	Datum		value = statement_value(0, column, &isnull);

	return isnull ? NULL : (Sealed *) PG_DETOAST_DATUM_COPY(value);
}

/*
 * claim gives the worker one commit that is locked: a row of the result.  The
 * statement returns the result's columns, the token null, and two more.
 */
static void
claim(const Caller *caller, const Id *commit, TimestampTz until, ReturnSetInfo *result)
{
	static Statement update = {
		.sql = "UPDATE customers.payment_commit c SET claimable_at = $3,"
		" attempt = c.attempt OPERATOR(pg_catalog.+) 1"
		" FROM customers.payment p JOIN customers.payment_method m"
		" ON m.merchant_id OPERATOR(pg_catalog.=) $1"
		" LEFT JOIN customers.customer_key k ON k.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND k.customer_id OPERATOR(pg_catalog.=) m.customer_id"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.commit_id OPERATOR(pg_catalog.=) $2"
		" AND p.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND p.payment_id OPERATOR(pg_catalog.=) c.payment_id"
		" AND m.payment_method_id OPERATOR(pg_catalog.=) c.payment_method_id"
		" RETURNING c.commit_id, c.payment_id, p.customer_id, p.reference, c.status, c.value,"
		" p.capture, c.payment_method_id, m.kind, NULL::pg_catalog.text, c.save_method,"
		" c.attempt, c.claimable_at, c.provider_reference, c.created_at, m.token, k.wrapped",
		.types = {"customers.merchant_id", "customers.commit_id", "pg_catalog.timestamptz"},
	};
	Datum		values[CLAIM_COLUMNS];
	bool		nulls[CLAIM_COLUMNS];
	HeapTuple	row;
	Sealed	   *sealed;
	Sealed	   *wrapped;
	CustomerKey key;
	text	   *token = NULL;

	/* No key holds the method's row, and triggers of others can hold the commit's. */
	if (statement_run(&update, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(commit), bind(TimestampTzGetDatum(until))
	}) == 0)
		elog(ERROR, "the commit can't be updated, or its payment method has gone");
	/* Opening a key may run statements, so everything is a copy. */
	sealed = copy_sealed(CLAIM_COLUMNS);
	wrapped = copy_sealed(CLAIM_COLUMNS + 1);
	row = SPI_copytuple(SPI_tuptable->vals[0]);
	heap_deform_tuple(row, result->setDesc, values, nulls);

	if (sealed && wrapped)
	{
		key = open_customer_key(&caller->merchant, DatumGetIdP(values[CLAIM_CUSTOMER]), wrapped);
		token = open_method_token(&key, DatumGetIdP(values[CLAIM_METHOD]), sealed);
		close_customer_key(&key);
	}
	nulls[CLAIM_TOKEN] = token == NULL;
	values[CLAIM_TOKEN] = PointerGetDatum(token);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	if (token)
		wipe_token(token);
	heap_freetuple(row);
}

/* name_commit adds to errors which commit is at fault, so that it can be resolved by hand. */
static void
name_commit(void *commit)
{
	errcontext("claim of commit \"%s\"", id_string(&commit_id_type, commit));
}

/*
 * claim_commits(max_count, lease) table(commit_id, payment_id, customer_id,
 *		reference, status, value, capture, payment_method_id, kind, token,
 *		save_method, attempt, lease_until, provider_reference, created_at)
 */
Datum
claim_commits(PG_FUNCTION_ARGS)
{
	ErrorContextCallback naming = {.callback = name_commit};
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz until;
	int			max_count;
	ReturnSetInfo *result;
	Id		   *commits;
	uint64		count;
	Caller		caller;

	require_all_arguments(fcinfo);
	max_count = PG_GETARG_INT32(0);
	if (max_count < 1 || max_count > CLAIM_COUNT_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_count must be from 1 to %d", CLAIM_COUNT_MAX)));
	until = lease_end(now, PG_GETARG_DATUM(1));
	result = begin_result(fcinfo);

	enter_store(&caller);
	commits = take_commits(&caller, now, max_count, &count);
	naming.previous = error_context_stack;
	error_context_stack = &naming;
	for (uint64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		naming.arg = &commits[i];
		claim(&caller, &commits[i], until, result);
	}
	error_context_stack = naming.previous;
	/* Money is taken for these: no crash may lose them, whatever synchronous_commit says. */
	if (count > 0)
		ForceSyncCommit();
	leave_store(&caller);
	return (Datum) 0;
}
