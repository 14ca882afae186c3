/*-------------------------------------------------------------------------
 *
 * commit_row.c
 *	  One commit of a payment: its row, under the lock of the payment's.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/row.h"
#include "payment/commit_row.h"

NullableDatum
bind_sequence(int64 sequence)
{
	return sequence == PG_INT64_MIN ? bind_null() : bind(Int64GetDatum(sequence));
}

void
insert_commit(const Payment *payment, const PaymentCommit *commit)
{
	static RowStatement insert = {
		.table = "payment_commit",
		.columns = {"merchant_id", "commit_id", "payment_id", "payment_method_id", "value",
			"authorized", "received", "status", "save_method", "claimable_at", "attempt",
		"created_at"},
		.types = {"customers.merchant_id", "customers.commit_id", "customers.payment_id",
			"customers.payment_method_id", "customers.amount", "customers.amount",
			"customers.amount", "pg_catalog.text", "pg_catalog.bool",
		"pg_catalog.timestamptz", "pg_catalog.int4", "pg_catalog.timestamptz"},
	};

	row_insert(&insert, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant),
			bind_pointer(&commit->commit_id),
			bind_pointer(&payment->payment_id),
			bind_pointer(&commit->payment_method_id),
			bind_pointer(&commit->value),
			bind_pointer(&commit->authorized),
			bind_pointer(&commit->received),
			bind_string(commit_status_names[commit->status]),
			bind(BoolGetDatum(commit->save_method)),
			bind(TimestampTzGetDatum(payment->now)),
			bind(Int32GetDatum(0)),
			bind(TimestampTzGetDatum(payment->now))
	});
}

/* string_of reads a column of text; NULL for NULL. */
static char *
string_of(NullableDatum value)
{
	return value.isnull ? NULL : TextDatumGetCString(value.value);
}

void
load_commit(const Payment *payment, const Id *commit_id, PaymentCommit *commit)
{
	static RowStatement find = {
		.table = "payment_commit",
		.keys = 2,
		.columns = {"merchant_id", "commit_id", "payment_method_id", "value", "authorized",
			"received", "status", "save_method", "decline_code", "decline_class",
		"provider_reference", "provider_sequence", "resolved_at"},
		.types = {"customers.merchant_id", "customers.commit_id",
			"customers.payment_method_id", "customers.amount", "customers.amount",
			"customers.amount", "pg_catalog.text", "pg_catalog.bool", "pg_catalog.text",
			"pg_catalog.text", "pg_catalog.text", "pg_catalog.int8",
		"pg_catalog.timestamptz"},
	};
	NullableDatum row[11];
	char	   *status;

	if (!row_read(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(commit_id)
	}, row))
		elog(ERROR, "commit \"%s\" has gone", id_string(&commit_id_type, commit_id));
	status = string_of(row[4]);
	*commit = (PaymentCommit)
	{
		.commit_id = *commit_id,
			.payment_method_id = *DatumGetIdP(row[0].value),
			.value = *DatumGetAmountP(row[1].value),
			.authorized = *DatumGetAmountP(row[2].value),
			.received = *DatumGetAmountP(row[3].value),
			.status = find_commit_status(status, strlen(status)),
			.save_method = DatumGetBool(row[5].value),
			.decline_code = string_of(row[6]),
			.decline_class = string_of(row[7]),
			.provider_reference = string_of(row[8]),
			.provider_sequence = row[9].isnull ? PG_INT64_MIN : DatumGetInt64(row[9].value),
			.resolved_at = row[10].isnull ? DT_NOEND : DatumGetTimestampTz(row[10].value)
	};
}

void
load_open_commit(const Payment *payment, PaymentCommit *commit)
{
	/* The condition is that of the partial index. */
	static Statement find = {
		.sql = "SELECT commit_id FROM customers.payment_commit"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND payment_id OPERATOR(pg_catalog.=) $2"
		" AND status OPERATOR(pg_catalog.=) ANY (ARRAY['submitted', 'requires_action', 'unknown'])",
		.types = {"customers.merchant_id", "customers.payment_id"},
	};
	Id			commit_id;

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&payment->payment_id)
	}) == 0)
		elog(ERROR, "payment \"%s\" has no open commit", payment_id_string(payment));
	commit_id = *DatumGetIdP(statement_get(0, 0));
	load_commit(payment, &commit_id, commit);
}

PaymentCommit *
load_authorized_commits(const Payment *payment, int *count)
{
	static Statement find = {
		.sql = "SELECT commit_id FROM customers.payment_commit"
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
		commits[i].commit_id = *DatumGetIdP(statement_get(i, 0));
	for (int i = 0; i < *count; i++)
	{
		Id			commit_id = commits[i].commit_id;

		load_commit(payment, &commit_id, &commits[i]);
	}
	return commits;
}

/* take_report takes over what the provider said. */
static void
take_report(PaymentCommit *commit, const ProviderReport *report)
{
	if (report->decline_code)
		commit->decline_code = report->decline_code;
	if (report->decline_class != DECLINE_NONE)
		commit->decline_class = decline_class_names[report->decline_class];
	if (report->provider_reference)
		commit->provider_reference = report->provider_reference;
	if (report->provider_sequence != PG_INT64_MIN)
		commit->provider_sequence = report->provider_sequence;
}

void
store_commit(const Payment *payment, PaymentCommit *commit, const ProviderReport *report)
{
	static RowStatement update = {
		.table = "payment_commit",
		.keys = 2,
		.columns = {"merchant_id", "commit_id", "authorized", "received", "status",
			"decline_code", "decline_class", "provider_reference", "provider_sequence",
		"resolved_at"},
		.types = {"customers.merchant_id", "customers.commit_id", "customers.amount",
			"customers.amount", "pg_catalog.text", "pg_catalog.text", "pg_catalog.text",
		"pg_catalog.text", "pg_catalog.int8", "pg_catalog.timestamptz"},
	};

	if (report)
		take_report(commit, report);
	if (!commit_status_open(commit->status) && commit->resolved_at == DT_NOEND)
		commit->resolved_at = payment->now;
	row_update(&update, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant),
			bind_pointer(&commit->commit_id),
			bind_pointer(&commit->authorized),
			bind_pointer(&commit->received),
			bind_string(commit_status_names[commit->status]),
			bind_string(commit->decline_code),
			bind_string(commit->decline_class),
			bind_string(commit->provider_reference),
			bind_sequence(commit->provider_sequence),
			commit->resolved_at == DT_NOEND ? bind_null()
			: bind(TimestampTzGetDatum(commit->resolved_at))
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
