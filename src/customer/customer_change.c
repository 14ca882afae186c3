/*-------------------------------------------------------------------------
 *
 * customer_change.c
 *	  The operations that change a customer.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/statement.h"
#include "customer/context.h"
#include "customer/customer.h"
#include "customer/customer_vouch.h"
#include "customer/merge_patch.h"
#include "customer/unique_value.h"

PG_FUNCTION_INFO_V1(update_customer);
PG_FUNCTION_INFO_V1(archive_customer);
PG_FUNCTION_INFO_V1(unarchive_customer);
PG_FUNCTION_INFO_V1(allow_payments);
PG_FUNCTION_INFO_V1(allow_payouts);

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
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2",
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
	VouchedCustomer row;
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
		version++;
		row = (VouchedCustomer) {caller.merchant, *customer, version, new};
		vouch_for_customers(schema, &row, 1);
		statement_run(&update, (NullableDatum[]) {
			bind_pointer(&caller.merchant), bind_pointer(customer), bind_pointer(new),
				bind(Int32GetDatum(version)),
				conforms ? bind(Int32GetDatum(schema->version)) : bind_null(),
				bind(TimestampTzGetDatum(GetCurrentTimestamp()))
		});
		claim_unique_values(&caller, context_schema_in_force(&caller.merchant), customer, old, new);
	}
	leave_store(&caller);
	PG_RETURN_INT32(version);
}

/*
 * change_customer runs an update of one column, $3, which changes no row if
 * the column has that value already.
 */
static void
change_customer(Statement *update, const Id *customer, NullableDatum value)
{
	Caller		caller;

	enter_store(&caller);
	lock_customer(&caller, customer);
	statement_run(update, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(customer), value,
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
	leave_store(&caller);
}

/* set_archived archives or unarchives; an archived customer stays so as of then. */
static void
set_archived(const Id *customer, bool archived)
{
	static Statement update = {
		.sql = "UPDATE customers.customer SET archived_at = CASE WHEN $3 THEN $4 END,"
		" updated_at = $4, version = version OPERATOR(pg_catalog.+) 1"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2"
		" AND (archived_at IS NOT NULL) OPERATOR(pg_catalog.<>) $3",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.bool",
		"pg_catalog.timestamptz"},
	};

	change_customer(&update, customer, bind(BoolGetDatum(archived)));
}

/* archive_customer(customer) void */
Datum
archive_customer(PG_FUNCTION_ARGS)
{
	require_all_arguments(fcinfo);
	set_archived(DatumGetIdP(PG_GETARG_DATUM(0)), true);
	PG_RETURN_VOID();
}

/* unarchive_customer(customer) void */
Datum
unarchive_customer(PG_FUNCTION_ARGS)
{
	require_all_arguments(fcinfo);
	set_archived(DatumGetIdP(PG_GETARG_DATUM(0)), false);
	PG_RETURN_VOID();
}

/* allow_payments(customer, allowed) void */
Datum
allow_payments(PG_FUNCTION_ARGS)
{
	static Statement update = {
		.sql = "UPDATE customers.customer SET payments_allowed = $3,"
		" updated_at = $4, version = version OPERATOR(pg_catalog.+) 1"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2"
		" AND payments_allowed OPERATOR(pg_catalog.<>) $3",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.bool",
		"pg_catalog.timestamptz"},
	};

	require_all_arguments(fcinfo);
	change_customer(&update, DatumGetIdP(PG_GETARG_DATUM(0)), bind(PG_GETARG_DATUM(1)));
	PG_RETURN_VOID();
}

/* allow_payouts(customer, allowed) void */
Datum
allow_payouts(PG_FUNCTION_ARGS)
{
	static Statement update = {
		.sql = "UPDATE customers.customer SET payouts_allowed = $3,"
		" updated_at = $4, version = version OPERATOR(pg_catalog.+) 1"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2"
		" AND payouts_allowed OPERATOR(pg_catalog.<>) $3",
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.bool",
		"pg_catalog.timestamptz"},
	};

	require_all_arguments(fcinfo);
	change_customer(&update, DatumGetIdP(PG_GETARG_DATUM(0)), bind(PG_GETARG_DATUM(1)));
	PG_RETURN_VOID();
}
