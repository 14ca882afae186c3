/*-------------------------------------------------------------------------
 *
 * customer_guard.c
 *	  The guard on table customer: what the operations hold, every other
 *	  INSERT and UPDATE has to hold too.
 *
 * It runs with the rights of whoever writes the row, who need not be able to
 * read the schema: so it enters the store for the row's merchant.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/jsonb.h"
#include "utils/rel.h"

#include "base/row_change.h"
#include "customer/context.h"
#include "customer/customer_history.h"
#include "customer/customer_vouch.h"
#include "customer/unique_value.h"

PG_FUNCTION_INFO_V1(guard_customer);
PG_FUNCTION_INFO_V1(guard_unique_values);

/* guard_erased refuses an erased customer about whom something is known. */
static void
guard_erased(const RowChange *change)
{
	Jsonb	   *context = DatumGetJsonbP(column_value(change, change->new, "context"));

	if (JB_ROOT_COUNT(context) > 0 || !column_is_null(change, change->new, "reference"))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("an erased customer has no context and no reference"),
				 errhint("erase_customer() erases a customer, and nothing takes it back.")));
}

/* new_row is what an operation may have vouched for. */
static VouchedCustomer
new_row(const RowChange *change)
{
	return (VouchedCustomer)
	{
		.merchant = *DatumGetIdP(column_value(change, change->new, "merchant_id")),
			.customer = *DatumGetIdP(column_value(change, change->new, "customer_id")),
			.version = DatumGetInt32(column_value(change, change->new, "version")),
			.context = DatumGetJsonbP(column_value(change, change->new, "context")),
	};
}

/* is_vouched tells whether an operation writes the row and has checked it. */
static bool
is_vouched(const RowChange *change)
{
	VouchedCustomer row = new_row(change);

	return take_vouched_customer(&row);
}

/*
 * guard_context checks the context as the operations do; the result is the row
 * with the version of the schema that it conforms to.
 */
static HeapTuple
guard_context(const RowChange *change)
{
	Datum		merchant = column_value(change, change->new, "merchant_id");
	Jsonb	   *context = DatumGetJsonbP(column_value(change, change->new, "context"));
	Datum		version;
	const ContextSchema *schema;
	Caller		caller;

	enter_store_for_merchant(&caller, DatumGetIdP(merchant));
	schema = context_schema_in_force(&caller.merchant);
	version = Int32GetDatum(schema->version);
	if (change->old)
	{
		Datum		before = column_value(change, change->old, "context");

		if (!accept_context_change(schema, DatumGetJsonbP(before), context))
			version = column_value(change, change->old, "schema_version");
	}
	else
		refuse_violations(context_violations(schema, context, STAGE_CREATE));
	leave_store(&caller);
	return with_column_value(change, "schema_version", version);
}

/*
 * refuse_first_id refuses the id of zero bytes only, which no operation makes:
 * lists are read from behind it.
 */
static void
refuse_first_id(const RowChange *change)
{
	static const Id first = {{0}};

	if (memcmp(DatumGetIdP(column_value(change, change->new, "customer_id")), &first, sizeof(Id)) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("a customer can't have the id of zero bytes only"),
				 errtablecol(change->table, column_number(change->table, "customer_id"))));
}

/* guard_customer() trigger: BEFORE INSERT OR UPDATE, for each row */
Datum
guard_customer(PG_FUNCTION_ARGS)
{
	static const char *const constant[] = {"merchant_id", "customer_id"};
	static const char *const erased[] = {"erased_at", "erased_by"};
	static const char *const reference[] = {"reference"};
	static const char *const checked[] = {"schema_version"};
	RowChange	change = take_row_change(fcinfo, "guard_customer");

	if (change.old)
	{
		refuse_changes(&change, constant, lengthof(constant));
		if (!column_is_null(&change, change.old, "erased_at"))
			refuse_changes(&change, erased, lengthof(erased));
	}
	if (!column_is_null(&change, change.new, "erased_at"))
	{
		guard_erased(&change);
		return PointerGetDatum(change.old ? guard_history(&change) : change.new);
	}
	if (change.old)
		refuse_changes(&change, reference, lengthof(reference));
	if (is_vouched(&change))
		return PointerGetDatum(change.new);
	if (change.old)
	{
		change.new = guard_history(&change);
		if (!column_changed(&change, "context"))
		{
			refuse_changes(&change, checked, lengthof(checked));
			return PointerGetDatum(change.new);
		}
	}
	else
		refuse_first_id(&change);
	return PointerGetDatum(guard_context(&change));
}

/*
 * was_vouched is is_vouched of a row that has been written: behind the guard, too,
 * a trigger may have made it another.
 */
static bool
was_vouched(const RowChange *change)
{
	VouchedCustomer row = new_row(change);

	return take_written_customer(&row);
}

/* context_of is that of a row, NULL for NULL. */
static Jsonb *
context_of(const RowChange *change, HeapTuple row)
{
	return row ? DatumGetJsonbP(column_value(change, row, "context")) : NULL;
}

/*
 * guard_unique_values() trigger: AFTER INSERT OR UPDATE OR DELETE, for each row
 *
 * Not before, when nobody knows yet whether the row will be written.
 */
Datum
guard_unique_values(PG_FUNCTION_ARGS)
{
	RowChange	change = take_written_row(fcinfo, "guard_unique_values");
	HeapTuple	row = change.new ? change.new : change.old;
	Caller		caller;

	if (change.old && change.new && !column_changed(&change, "context"))
		return PointerGetDatum(NULL);
	if (change.new && was_vouched(&change))
		return PointerGetDatum(NULL);

	enter_store_for_merchant(&caller, DatumGetIdP(column_value(&change, row, "merchant_id")));
	claim_unique_values(&caller, context_schema_in_force(&caller.merchant),
						DatumGetIdP(column_value(&change, row, "customer_id")),
						context_of(&change, change.old), context_of(&change, change.new));
	leave_store(&caller);
	return PointerGetDatum(NULL);
}
