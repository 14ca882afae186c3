/*-------------------------------------------------------------------------
 *
 * commit_row.c
 *	  One commit of a payment: its row, under the lock of the payment's.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/statement.h"
#include "payment/commit_row.h"

#define COMMIT_COLUMNS "commit_id, status, value, authorized, received," \
	" payment_method_id, save_method, provider_sequence"

/* fill_commit takes over a row of the last statement. */
static void
fill_commit(uint64 row, PaymentCommit *commit)
{
	char	   *status = statement_string(row, 1);
	Datum		sequence;
	bool		isnull;

	commit->commit_id = *DatumGetIdP(statement_get(row, 0));
	commit->status = find_commit_status(status, strlen(status));
	commit->value = *DatumGetAmountP(statement_get(row, 2));
	commit->authorized = *DatumGetAmountP(statement_get(row, 3));
	commit->received = *DatumGetAmountP(statement_get(row, 4));
	commit->payment_method_id = *DatumGetIdP(statement_get(row, 5));
	commit->save_method = DatumGetBool(statement_get(row, 6));
	sequence = statement_value(row, 7, &isnull);
	commit->provider_sequence = isnull ? PG_INT64_MIN : DatumGetInt64(sequence);
}

NullableDatum
bind_sequence(int64 sequence)
{
	return sequence == PG_INT64_MIN ? bind_null() : bind(Int64GetDatum(sequence));
}

void
insert_commit(const Payment *payment, const PaymentCommit *commit)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.payment_commit"
		" (merchant_id, commit_id, payment_id, payment_method_id, value, authorized,"
		" received, status, save_method, claimable_at, created_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $9)",
		.types = {"customers.merchant_id", "customers.commit_id", "customers.payment_id",
			"customers.payment_method_id", "customers.amount", "customers.amount",
		"pg_catalog.text", "pg_catalog.bool", "pg_catalog.timestamptz"},
	};

	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&commit->commit_id),
			bind_pointer(&payment->payment_id), bind_pointer(&commit->payment_method_id),
			bind_pointer(&commit->value), bind_pointer(&commit->received),
			bind_string(commit_status_names[commit->status]),
			bind(BoolGetDatum(commit->save_method)), bind(TimestampTzGetDatum(payment->now))
	});
}

void
load_commit(const Payment *payment, const Id *commit_id, PaymentCommit *commit)
{
	static Statement find = {
		.sql = "SELECT " COMMIT_COLUMNS " FROM customers.payment_commit"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND commit_id OPERATOR(pg_catalog.=) $2"
		" AND payment_id OPERATOR(pg_catalog.=) $3",
		.types = {"customers.merchant_id", "customers.commit_id", "customers.payment_id"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(commit_id),
			bind_pointer(&payment->payment_id)
	}) == 0)
		elog(ERROR, "commit \"%s\" has gone", id_string(&commit_id_type, commit_id));
	fill_commit(0, commit);
}

void
load_open_commit(const Payment *payment, PaymentCommit *commit)
{
	/* The condition is that of the partial index. */
	static Statement find = {
		.sql = "SELECT " COMMIT_COLUMNS " FROM customers.payment_commit"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2"
		" AND status OPERATOR(pg_catalog.=) ANY (ARRAY['submitted', 'requires_action', 'unknown'])",
		.types = {"customers.merchant_id", "customers.payment_id"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->payment_id)
	}) == 0)
		elog(ERROR, "payment \"%s\" has no open commit", payment_id_string(payment));
	fill_commit(0, commit);
}

PaymentCommit *
load_authorized_commits(const Payment *payment, int *count)
{
	static Statement find = {
		.sql = "SELECT " COMMIT_COLUMNS " FROM customers.payment_commit"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2"
		" AND status OPERATOR(pg_catalog.=) 'authorized'"
		" ORDER BY created_at, commit_id",
		.types = {"customers.merchant_id", "customers.payment_id"},
	};
	PaymentCommit *commits;

	*count = (int) statement_run(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->payment_id)
	});
	commits = palloc(sizeof(PaymentCommit) * (*count + 1));
	for (int i = 0; i < *count; i++)
		fill_commit(i, &commits[i]);
	return commits;
}

void
store_commit(const Payment *payment, const PaymentCommit *commit,
			 const ProviderReport *report)
{
	static const ProviderReport nothing = {.provider_sequence = PG_INT64_MIN};
	static Statement update = {
		.sql = "UPDATE customers.payment_commit SET status = $3, authorized = $4, received = $5,"
		" decline_code = COALESCE($6, decline_code),"
		" decline_class = COALESCE($7, decline_class),"
		" provider_reference = COALESCE($8, provider_reference),"
		" resolved_at = CASE WHEN $9 THEN resolved_at ELSE COALESCE(resolved_at, $10) END,"
		" provider_sequence = COALESCE($11, provider_sequence)"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND commit_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.commit_id", "pg_catalog.text",
			"customers.amount", "customers.amount", "pg_catalog.text", "pg_catalog.text",
			"pg_catalog.text", "pg_catalog.bool", "pg_catalog.timestamptz",
		"pg_catalog.int8"},
	};

	if (report == NULL)
		report = &nothing;
	statement_run(&update, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&commit->commit_id),
			bind_string(commit_status_names[commit->status]),
			bind_pointer(&commit->authorized), bind_pointer(&commit->received),
			bind_string(report->decline_code),
			bind_string(decline_class_names[report->decline_class]),
			bind_string(report->provider_reference),
			bind(BoolGetDatum(commit_status_open(commit->status))),
			bind(TimestampTzGetDatum(payment->now)),
			bind_sequence(report->provider_sequence)
	});
}

void
release_authorizations(Payment *payment, CommitStatus status)
{
	static Statement update = {
		.sql = "UPDATE customers.payment_commit SET authorized = $3, status ="
		" CASE WHEN customers.minor_units(received) OPERATOR(pg_catalog.>) 0"
		" THEN 'succeeded' ELSE $4 END"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2"
		" AND status OPERATOR(pg_catalog.=) 'authorized'",
		.types = {"customers.merchant_id", "customers.payment_id", "customers.amount",
		"pg_catalog.text"},
	};

	if (payment->authorized.minor_units == 0)
		return;
	payment->authorized.minor_units = 0;
	statement_run(&update, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->payment_id),
			bind_pointer(&payment->authorized), bind_string(commit_status_names[status])
	});
}
