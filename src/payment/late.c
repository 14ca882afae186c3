/*-------------------------------------------------------------------------
 *
 * late.c
 *	  Which reports of the provider count, and late_outcomes(): those that
 *	  came too late.
 *
 * The status of a commit only goes forward; a report that would take it back, or
 * that comes after the end, changes no status and no counter.  Where the provider
 * numbers its reports, none counts after one with the same or a higher number.
 *
 * A report that does not count is no event of the payment: it moves nothing, and
 * a payment that was settled stays so.  But money may have been taken, so the last
 * one that contradicts the end is kept with its commit until people have seen to it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/timestamp.h"

#include "base/statement.h"
#include "payment/late.h"

PG_FUNCTION_INFO_V1(late_outcomes);

/*
 * repeats_capture tells whether a success says no more than what the merchant
 * has captured of an authorization.  It would release the rest otherwise.
 */
static bool
repeats_capture(const PaymentCommit *commit, CommitStatus outcome, const Amount *value)
{
	return commit->status == COMMIT_AUTHORIZED && outcome == COMMIT_SUCCEEDED &&
		value != NULL && value->minor_units <= commit->received.minor_units;
}

/*
 * is_overtaken tells whether the provider has made the report no later than one
 * that is here already, as its own numbers say.
 */
static bool
is_overtaken(const PaymentCommit *commit, const ProviderReport *report)
{
	return report->provider_sequence != PG_INT64_MIN &&
		report->provider_sequence <= commit->provider_sequence;
}

bool
report_counts(const PaymentCommit *commit, CommitStatus outcome, const Amount *value,
			  const ProviderReport *report)
{
	return commit_status_change_legal(commit->status, outcome) &&
		!is_overtaken(commit, report) && !repeats_capture(commit, outcome, value);
}

/*
 * is_charged_again tells whether the provider has taken or held the money of the
 * commit under another identifier, too.  What the merchant captures may have one
 * of its own.
 */
static bool
is_charged_again(const Payment *payment, const PaymentCommit *commit, CommitStatus outcome,
				 const ProviderReport *report)
{
	const char *reference = commit->provider_reference;

	return reference && report->provider_reference &&
		strcmp(reference, report->provider_reference) != 0 &&
		(outcome == COMMIT_AUTHORIZED || !payment->manual_capture);
}

/*
 * comes_too_late tells of a report that changes nothing whether it says more
 * than that reports overtook each other: another end, another value, or another
 * charge.
 */
static bool
comes_too_late(const Payment *payment, const PaymentCommit *commit, CommitStatus outcome,
			   const Amount *value, const ProviderReport *report)
{
	CommitStatus status = commit->status;

	if (repeats_capture(commit, outcome, value))
		return false;
	if (outcome == COMMIT_AUTHORIZED && status == COMMIT_AUTHORIZED)
		return is_charged_again(payment, commit, outcome, report) ||
			(value != NULL && value->minor_units - commit->received.minor_units
			 != commit->authorized.minor_units);
	if (outcome == COMMIT_AUTHORIZED)
		return status > COMMIT_SUCCEEDED && status != COMMIT_VOIDED;
	if (outcome == COMMIT_SUCCEEDED && status == COMMIT_SUCCEEDED)
		return is_charged_again(payment, commit, outcome, report) ||
			(value != NULL && value->minor_units != commit->received.minor_units);
	return outcome > COMMIT_AUTHORIZED && outcome != status;
}

/* note_late keeps a report that changes nothing; a success is never overwritten. */
static void
note_late(const Payment *payment, const PaymentCommit *commit, CommitStatus outcome,
		  const Amount *value, const ProviderReport *report)
{
	static Statement update = {
		.sql = "UPDATE customers.payment_commit SET late_outcome = $3, late_value = $4,"
		" late_at = $5, late_reference = $6"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND commit_id OPERATOR(pg_catalog.=) $2"
		" AND COALESCE(late_outcome OPERATOR(pg_catalog.<>) 'succeeded', true)",
		.types = {"customers.merchant_id", "customers.commit_id", "pg_catalog.text",
		"customers.amount", "pg_catalog.timestamptz", "pg_catalog.text"},
	};

	statement_run(&update, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&commit->commit_id),
			bind_string(commit_status_names[outcome]), bind_pointer(value),
			bind(TimestampTzGetDatum(payment->now)), bind_string(report->provider_reference)
	});
}

/*
 * note_report keeps the number of a report that changes nothing else, and the
 * provider's identifier if there is none yet.
 */
static void
note_report(const Payment *payment, const PaymentCommit *commit, int64 sequence,
			const char *reference)
{
	static Statement update = {
		.sql = "UPDATE customers.payment_commit SET"
		" provider_sequence = COALESCE($3, provider_sequence),"
		" provider_reference = COALESCE(provider_reference, $4)"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" AND commit_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.commit_id", "pg_catalog.int8",
		"pg_catalog.text"},
	};

	statement_run(&update, (NullableDatum[]) {
		bind_pointer(&payment->caller->merchant), bind_pointer(&commit->commit_id),
			bind_sequence(sequence), bind_string(reference)
	});
}

void
pass_over(const Payment *payment, const PaymentCommit *commit, CommitStatus outcome,
		  const Amount *value, const ProviderReport *report)
{
	const char *commit_string = id_string(&commit_id_type, &commit->commit_id);
	bool		late = comes_too_late(payment, commit, outcome, value, report);
	bool		newer = report->provider_sequence > commit->provider_sequence;
	bool		names = !late && commit->provider_reference == NULL && report->provider_reference != NULL;

	if (newer || names)
		note_report(payment, commit, newer ? report->provider_sequence : PG_INT64_MIN,
					names ? report->provider_reference : NULL);
	if (late)
	{
		note_late(payment, commit, outcome, value, report);
		ereport(WARNING,
				(errmsg("outcome \"%s\" came too late", commit_status_names[outcome]),
				 errdetail("The status of commit \"%s\" remains \"%s\".", commit_string,
						   commit_status_names[commit->status]),
				 errhint("See late_outcomes(), and ask the provider what became of the money.")));
	}
	else
		ereport(NOTICE,
				(errmsg("outcome \"%s\" is no news", commit_status_names[outcome]),
				 errdetail("The status of commit \"%s\" remains \"%s\".", commit_string,
						   commit_status_names[commit->status])));
}

/*
 * late_outcomes(since) table(late_at, payment_id, commit_id, late_outcome,
 *		late_value, late_reference, status, received, provider_reference)
 */
Datum
late_outcomes(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT late_at, payment_id, commit_id, late_outcome, late_value,"
		" late_reference, status, received, provider_reference FROM customers.payment_commit"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND late_at IS NOT NULL"
		" AND late_at OPERATOR(pg_catalog.>=) COALESCE($2, '-infinity'::pg_catalog.timestamptz)"
		" ORDER BY late_at, commit_id",
		.types = {"customers.merchant_id", "pg_catalog.timestamptz"},
		.stable = true,
	};
	Caller		caller;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	statement_return_rows(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant),
			PG_ARGISNULL(0) ? bind_null() : bind(PG_GETARG_DATUM(0))
	}, (ReturnSetInfo *) fcinfo->resultinfo);
	leave_store(&caller);
	return (Datum) 0;
}
