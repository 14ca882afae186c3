/*-------------------------------------------------------------------------
 *
 * customer_change.c
 *	  The operations that change a customer.
 *
 * Each change is a new version, and leaves the one before in the history.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/statement.h"
#include "customer/context.h"
#include "customer/customer.h"
#include "customer/customer_history.h"
#include "customer/customer_vouch.h"
#include "customer/merge_patch.h"
#include "customer/unique_value.h"

PG_FUNCTION_INFO_V1(update_customer);
PG_FUNCTION_INFO_V1(archive_customer);
PG_FUNCTION_INFO_V1(unarchive_customer);
PG_FUNCTION_INFO_V1(allow_payments);
PG_FUNCTION_INFO_V1(allow_payouts);

/* What a change writes beside what it changes. */
typedef struct Change
{
	int32		version;
	TimestampTz at;
} Change;

/*
 * begin_change records the state that the change is going to replace and vouches
 * for the row that the next statement writes.
 */
static Change
begin_change(const Caller *caller, const ContextSchema *schema, const Id *customer,
			 const LockedCustomer *locked, Jsonb *context)
{
	VouchedCustomer *row = palloc(sizeof(VouchedCustomer));
	Change		change = {next_version(locked->version), time_of_change(locked->updated_at)};

	record_replaced_customer(caller, customer, change.at);
	*row = (VouchedCustomer) {caller->merchant, *customer, change.version, context};
	vouch_for_customers(schema, row, 1);
	return change;
}

/*
 * update_customer(customer, patch, expected_version) int
 *
 * Returns the new version; a patch that changes nothing keeps the old one.
 */
Datum
update_customer(PG_FUNCTION_ARGS)
{
	static Statement update = {
		.sql = "UPDATE customers.customer SET context = $3, version = $4,"
		" schema_version = COALESCE($5, schema_version), updated_at = $6"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2"
		" RETURNING context",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.jsonb",
		"pg_catalog.int4", "pg_catalog.int4", "pg_catalog.timestamptz"},
	};
	Id		   *customer;
	Jsonb	   *patch;
	Jsonb	   *old;
	Jsonb	   *new;
	int32		version;
	bool		conforms;
	LockedCustomer locked;
	const ContextSchema *schema;
	Change		change;
	Caller		caller;

	require_arguments(fcinfo, (const char *const[]) {"customer", "patch", NULL});
	customer = DatumGetIdP(PG_GETARG_DATUM(0));
	patch = PG_GETARG_JSONB_P(1);
	if (!JB_ROOT_IS_OBJECT(patch))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a patch must be a JSON object")));

	enter_store(&caller);
	schema = context_schema_in_force(&caller.merchant);
	locked = lock_customer(&caller, customer);
	version = locked.version;
	old = (Jsonb *) PG_DETOAST_DATUM_COPY(locked.context);

	if (!PG_ARGISNULL(2) && PG_GETARG_INT32(2) != version)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("customer \"%s\" has changed", id_string(&customer_id_type, customer)),
				 errdetail("Its version is %d, not the expected %d.", version, PG_GETARG_INT32(2)),
				 errhint("Read the customer again and repeat the change.")));

	new = merge_patch(old, patch);
	if (compareJsonbContainers(&old->root, &new->root) != 0)
	{
		conforms = accept_context_change(schema, old, new);
		change = begin_change(&caller, schema, customer, &locked, new);
		version = change.version;
		if (statement_run(&update, (NullableDatum[]) {
			bind_pointer(&caller.merchant), bind_pointer(customer), bind_pointer(new),
				bind(Int32GetDatum(version)),
				conforms ? bind(Int32GetDatum(schema->version)) : bind_null(),
				bind(TimestampTzGetDatum(change.at))
		}) > 0)
		{
			new = written_context();
			claim_unique_values(&caller, context_schema_in_force(&caller.merchant), customer, old, new);
		}
	}
	leave_store(&caller);
	PG_RETURN_INT32(version);
}

typedef enum Flag
{
	FLAG_ARCHIVED,
	FLAG_PAYMENTS_ALLOWED,
	FLAG_PAYOUTS_ALLOWED
} Flag;

/* has_flag tells whether a flag of the customer is set. */
static bool
has_flag(const LockedCustomer *locked, Flag flag)
{
	switch (flag)
	{
		case FLAG_ARCHIVED:
			return locked->archived;
		case FLAG_PAYMENTS_ALLOWED:
			return locked->payments_allowed;
		case FLAG_PAYOUTS_ALLOWED:
			return locked->payouts_allowed;
	}
	pg_unreachable();
}

/* set_flag sets or clears a flag, which is no change if it is so already. */
static void
set_flag(const Id *customer, Flag flag, bool value)
{
#define UPDATE(assignment) { \
		.sql = "UPDATE customers.customer SET " assignment ", version = $4, updated_at = $5" \
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2", \
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.bool", \
		"pg_catalog.int4", "pg_catalog.timestamptz"}, \
	}
	static Statement updates[] = {
		[FLAG_ARCHIVED] = UPDATE("archived_at = CASE WHEN $3 THEN $5 END"),
		[FLAG_PAYMENTS_ALLOWED] = UPDATE("payments_allowed = $3"),
		[FLAG_PAYOUTS_ALLOWED] = UPDATE("payouts_allowed = $3"),
	};
#undef UPDATE
	const ContextSchema *schema;
	LockedCustomer locked;
	Change		change;
	Caller		caller;

	enter_store(&caller);
	schema = context_schema_in_force(&caller.merchant);
	locked = lock_customer(&caller, customer);
	if (has_flag(&locked, flag) != value)
	{
		change = begin_change(&caller, schema, customer, &locked,
							  (Jsonb *) PG_DETOAST_DATUM_COPY(locked.context));
		statement_run(&updates[flag], (NullableDatum[]) {
			bind_pointer(&caller.merchant), bind_pointer(customer), bind(BoolGetDatum(value)),
				bind(Int32GetDatum(change.version)), bind(TimestampTzGetDatum(change.at))
		});
	}
	leave_store(&caller);
}

/* archive_customer(customer) void */
Datum
archive_customer(PG_FUNCTION_ARGS)
{
	require_all_arguments(fcinfo);
	set_flag(DatumGetIdP(PG_GETARG_DATUM(0)), FLAG_ARCHIVED, true);
	PG_RETURN_VOID();
}

/* unarchive_customer(customer) void */
Datum
unarchive_customer(PG_FUNCTION_ARGS)
{
	require_all_arguments(fcinfo);
	set_flag(DatumGetIdP(PG_GETARG_DATUM(0)), FLAG_ARCHIVED, false);
	PG_RETURN_VOID();
}

/* allow_payments(customer, allowed) void */
Datum
allow_payments(PG_FUNCTION_ARGS)
{
	require_all_arguments(fcinfo);
	set_flag(DatumGetIdP(PG_GETARG_DATUM(0)), FLAG_PAYMENTS_ALLOWED, PG_GETARG_BOOL(1));
	PG_RETURN_VOID();
}

/* allow_payouts(customer, allowed) void */
Datum
allow_payouts(PG_FUNCTION_ARGS)
{
	require_all_arguments(fcinfo);
	set_flag(DatumGetIdP(PG_GETARG_DATUM(0)), FLAG_PAYOUTS_ALLOWED, PG_GETARG_BOOL(1));
	PG_RETURN_VOID();
}
