/*-------------------------------------------------------------------------
 *
 * row_rule.c
 *	  What holds of each row of the tables payment and payment_commit.
 *
 * These are CHECK constraints in all but where they are written.  PostgreSQL
 * reads the text of each CHECK of a table anew in every statement that writes
 * to it, which was a third of what a commit cost.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "payment/decline.h"
#include "payment/row_rule.h"
#include "type/amount.h"

#define REFERENCE_LENGTH_MAX 255

/* require_rule refuses the row unless the rule holds, as a CHECK would. */
static void
require_rule(const RowChange *change, bool holds, const char *rule, const char *text)
{
	if (!holds)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("new row for relation \"%s\" violates rule \"%s\"",
						RelationGetRelationName(change->table), rule),
				 errdetail("%s", text),
				 errtableconstraint(change->table, rule)));
}

/* minor_units_of is the number in a column of type amount. */
static int64
minor_units_of(const RowChange *change, const char *name)
{
	return DatumGetAmountP(column_value(change, change->new, name))->minor_units;
}

/* is_in_currency tells whether a column has the currency of another; a NULL has any. */
static bool
is_in_currency(const RowChange *change, const char *name, const Amount *other)
{
	return column_is_null(change, change->new, name) ||
		same_currency(DatumGetAmountP(column_value(change, change->new, name)), other);
}

/* is_word tells whether a column of text has one of the words; a NULL is none. */
static bool
is_word(const RowChange *change, const char *name, const char *const *words)
{
	char	   *value = TextDatumGetCString(column_value(change, change->new, name));

	while (*words && strcmp(value, *words) != 0)
		words++;
	return *words != NULL;
}

/* check_decline_class: a class of declines, or NULL. */
static void
check_decline_class(const RowChange *change, const char *rule)
{
	char	   *name;

	if (column_is_null(change, change->new, "decline_class"))
		return;
	name = TextDatumGetCString(column_value(change, change->new, "decline_class"));
	require_rule(change, is_decline_class_name(name, (int) strlen(name)), rule,
				 "decline_class is one of the classes of declines, or null.");
}

/* check_reference: 1 to 255 characters, or NULL. */
static void
check_reference(const RowChange *change, const char *name, const char *rule)
{
	text	   *value;
	int			length;

	if (column_is_null(change, change->new, name))
		return;
	value = DatumGetTextPP(column_value(change, change->new, name));
	length = pg_mbstrlen_with_len(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	require_rule(change, length >= 1 && length <= REFERENCE_LENGTH_MAX, rule,
				 "A reference has 1 to 255 characters.");
}

/* check_constants: what an UPDATE never changes. */
static void
check_constants(const RowChange *change)
{
	static const char *const amount_modes[] = {"strict", "editable", "editable_if_insufficient", NULL};
	static const char *const captures[] = {"automatic", "manual", NULL};

	check_reference(change, "reference", "payment_reference_length");
	check_reference(change, "base_reference", "payment_base_reference_length");
	require_rule(change, is_word(change, "amount_mode", amount_modes), "payment_amount_mode",
				 "amount_mode is strict, editable or editable_if_insufficient.");
	require_rule(change, is_word(change, "capture", captures), "payment_capture",
				 "capture is automatic or manual.");
}

/*
 * has_its_money tells whether the money fits the status.  Processing says nothing
 * of money, as it may arrive while a commit is open.
 */
static bool
has_its_money(PaymentStatus status, int64 amount, int64 authorized, int64 received)
{
	if (status == PAYMENT_PROCESSING)
		return true;
	if ((authorized > 0) != (status == PAYMENT_AUTHORIZED))
		return false;
	switch (status)
	{
		case PAYMENT_AUTHORIZED:
			return true;
		case PAYMENT_PAID:
			return received == amount;
		case PAYMENT_OVER_PAID:
			return received > amount;
		case PAYMENT_PENDING:
		case PAYMENT_PARTIALLY_PAID:
			return received > 0 && received < amount;
		default:
			return received == 0;
	}
}

void
check_payment_row(const RowChange *change, PaymentStatus status)
{
	Amount	   *amount = DatumGetAmountP(column_value(change, change->new, "amount"));
	int64		authorized = minor_units_of(change, "authorized");
	int64		received = minor_units_of(change, "received");
	int64		returned = minor_units_of(change, "returned");
	int32		used = DatumGetInt32(column_value(change, change->new, "commits_used"));
	int32		limit = DatumGetInt32(column_value(change, change->new, "commits_limit"));

	require_rule(change, status != PAYMENT_ABSENT, "payment_status",
				 "status is one of the statuses of payments.");
	if (change->old == NULL)
		check_constants(change);
	check_decline_class(change, "payment_decline_class");
	require_rule(change, DatumGetInt32(column_value(change, change->new, "version")) > 0,
				 "payment_version", "version counts from 1.");
	require_rule(change, payment_status_final(status) == !column_is_null(change, change->new, "closed_at"),
				 "payment_closed", "closed_at is set exactly when the status is final.");
	require_rule(change, used >= 0 && used <= limit,
				 "payment_commits", "commits_used is from 0 to commits_limit.");
	require_rule(change, amount->minor_units > 0 && authorized >= 0 && received >= 0 &&
				 returned >= 0 && returned <= received,
				 "payment_counters",
				 "amount is above zero, no counter is below, and no more is returned than received.");
	require_rule(change, is_in_currency(change, "authorized", amount) &&
				 is_in_currency(change, "received", amount) &&
				 is_in_currency(change, "returned", amount) &&
				 is_in_currency(change, "declined", amount),
				 "payment_currency", "All amounts of a payment are in one currency.");
	require_rule(change, has_its_money(status, amount->minor_units, authorized, received),
				 "payment_status_money", "What is authorized and received has to fit the status.");
}

void
check_commit_row(const RowChange *change, CommitStatus status)
{
	Amount	   *value = DatumGetAmountP(column_value(change, change->new, "value"));
	int64		authorized = minor_units_of(change, "authorized");
	int64		received = minor_units_of(change, "received");

	require_rule(change, status != COMMIT_ABSENT, "payment_commit_status",
				 "status is one of the statuses of commits.");
	check_decline_class(change, "payment_commit_decline_class");
	require_rule(change, DatumGetInt32(column_value(change, change->new, "attempt")) >= 0,
				 "payment_commit_attempt", "attempt counts from 0.");
	require_rule(change, value->minor_units > 0 && authorized >= 0 && received >= 0,
				 "payment_commit_counters", "value is above zero, and no counter is below.");
	require_rule(change, is_in_currency(change, "authorized", value) &&
				 is_in_currency(change, "received", value),
				 "payment_commit_currency", "All amounts of a commit are in one currency.");
	require_rule(change, (authorized > 0) == (status == COMMIT_AUTHORIZED) &&
				 (status == COMMIT_AUTHORIZED || (received > 0) == (status == COMMIT_SUCCEEDED)),
				 "payment_commit_status_money",
				 "What is authorized and received has to fit the status.");
}
