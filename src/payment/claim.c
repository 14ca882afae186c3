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

#include "access/xact.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/row.h"
#include "payment/method_token.h"

#define CLAIM_COUNT_MAX 1000
#define LEASE_MAX USECS_PER_DAY

/* The columns of the result. */
#define CLAIM_COLUMNS 15

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

/* lease gives the commit to the worker until then. */
static void
lease(const Caller *caller, const Id *commit, TimestampTz until, int32 attempt)
{
	static RowStatement update = {
		.table = "payment_commit",
		.keys = 2,
		.columns = {"merchant_id", "commit_id", "claimable_at", "attempt"},
		.types = {"customers.merchant_id", "customers.commit_id", "pg_catalog.timestamptz",
		"pg_catalog.int4"},
	};

	/* A trigger of others can keep the row as it is. */
	if (!row_update(&update, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(commit),
			bind(TimestampTzGetDatum(until)), bind(Int32GetDatum(attempt))
	}))
		elog(ERROR, "the commit can't be updated");
}

/* find_key finds the sealed key of a customer; NULL: there is none, or no more. */
static Sealed *
find_key(const Caller *caller, const Id *customer)
{
	static RowStatement find = {
		.table = "customer_key",
		.keys = 2,
		.columns = {"merchant_id", "customer_id", "wrapped"},
		.types = {"customers.merchant_id", "customers.customer_id", "customers.sealed"},
	};
	NullableDatum row[1];

	return row_read(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer)
	}, row) ? (Sealed *) PG_DETOAST_DATUM(row[0].value) : NULL;
}

/* open_token_of opens the token of a method; NULL: it has none, or it was destroyed. */
static text *
open_token_of(const Caller *caller, const Id *customer, const Id *method, NullableDatum token)
{
	Sealed	   *wrapped = token.isnull ? NULL : find_key(caller, customer);
	CustomerKey key;
	text	   *opened;

	if (wrapped == NULL)
		return NULL;
	key = open_customer_key(&caller->merchant, customer, wrapped);
	opened = open_method_token(&key, method, (Sealed *) PG_DETOAST_DATUM(token.value));
	close_customer_key(&key);
	return opened;
}

/* read_row reads a row with an id for its key, which a row that is there names. */
static void
read_row(RowStatement *statement, const Caller *caller, Datum id, NullableDatum *values)
{
	/* No foreign key holds the method's. */
	if (!row_read(statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind(id)
	}, values))
		elog(ERROR, "a row of table \"%s\" has gone", statement->table);
}

/* claim gives the worker one commit that is locked: a row of the result. */
static void
claim(const Caller *caller, const Id *commit, TimestampTz until, ReturnSetInfo *result)
{
	static RowStatement find_commit = {
		.table = "payment_commit",
		.keys = 2,
		.columns = {"merchant_id", "commit_id", "payment_id", "payment_method_id", "value",
		"status", "save_method", "provider_reference", "attempt", "created_at"},
		.types = {"customers.merchant_id", "customers.commit_id", "customers.payment_id",
			"customers.payment_method_id", "customers.amount", "pg_catalog.text",
			"pg_catalog.bool", "pg_catalog.text", "pg_catalog.int4",
		"pg_catalog.timestamptz"},
	};
	static RowStatement find_payment = {
		.table = "payment",
		.keys = 2,
		.columns = {"merchant_id", "payment_id", "customer_id", "reference", "capture"},
		.types = {"customers.merchant_id", "customers.payment_id", "customers.customer_id",
		"pg_catalog.text", "pg_catalog.text"},
	};
	static RowStatement find_method = {
		.table = "payment_method",
		.keys = 2,
		.columns = {"merchant_id", "payment_method_id", "customer_id", "kind", "token"},
		.types = {"customers.merchant_id", "customers.payment_method_id",
		"customers.customer_id", "pg_catalog.text", "customers.sealed"},
	};
	NullableDatum of_commit[8];
	NullableDatum of_payment[3];
	NullableDatum of_method[3];
	NullableDatum row[CLAIM_COLUMNS];
	Datum		values[CLAIM_COLUMNS];
	bool		nulls[CLAIM_COLUMNS];
	int32		attempt;
	text	   *token;

	read_row(&find_commit, caller, PointerGetDatum(commit), of_commit);
	read_row(&find_payment, caller, of_commit[0].value, of_payment);
	read_row(&find_method, caller, of_commit[1].value, of_method);
	attempt = DatumGetInt32(of_commit[6].value) + 1;
	lease(caller, commit, until, attempt);
	token = open_token_of(caller, DatumGetIdP(of_method[0].value), DatumGetIdP(of_commit[1].value),
					   of_method[2]);

	memcpy(row, (NullableDatum[]) {
		bind_pointer(commit), of_commit[0], of_payment[0], of_payment[1], of_commit[3],
			of_commit[2], of_payment[2], of_commit[1], of_method[1], bind_pointer(token),
			of_commit[4], bind(Int32GetDatum(attempt)), bind(TimestampTzGetDatum(until)),
			of_commit[5], of_commit[7]
	}, sizeof(row));
	for (int i = 0; i < CLAIM_COLUMNS; i++)
	{
		values[i] = row[i].value;
		nulls[i] = row[i].isnull;
	}
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	if (token)
		wipe_token(token);
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
