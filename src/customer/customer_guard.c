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

#include "base/row_change.h"
#include "customer/context.h"
#include "customer/customer_vouch.h"

PG_FUNCTION_INFO_V1(guard_customer);

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

/* is_vouched tells whether an operation writes the row and has checked it. */
static bool
is_vouched(const RowChange *change)
{
	VouchedCustomer row = {
		.merchant = *DatumGetIdP(column_value(change, change->new, "merchant_id")),
		.customer = *DatumGetIdP(column_value(change, change->new, "customer_id")),
		.version = DatumGetInt32(column_value(change, change->new, "version")),
		.context = DatumGetJsonbP(column_value(change, change->new, "context")),
	};

	return take_vouched_customer(&row);
}

/* guard_customer() trigger: BEFORE INSERT OR UPDATE, for each row */
Datum
guard_customer(PG_FUNCTION_ARGS)
{
	static const char *const constant[] = {"merchant_id", "customer_id"};
	static const char *const erased[] = {"erased_at", "erased_by"};
	static const char *const reference[] = {"reference"};
	RowChange	change = take_row_change(fcinfo, "guard_customer");
	Datum		merchant;
	Jsonb	   *context;
	const ContextSchema *schema;
	Caller		caller;

	if (change.old)
	{
		refuse_changes(&change, constant, lengthof(constant));
		if (!column_is_null(&change, change.old, "erased_at"))
			refuse_changes(&change, erased, lengthof(erased));
	}
	if (!column_is_null(&change, change.new, "erased_at"))
	{
		guard_erased(&change);
		return PointerGetDatum(change.new);
	}
	if (change.old)
	{
		refuse_changes(&change, reference, lengthof(reference));
		if (!column_changed(&change, "context"))
			return PointerGetDatum(change.new);
	}
	if (is_vouched(&change))
		return PointerGetDatum(change.new);

	merchant = column_value(&change, change.new, "merchant_id");
	context = DatumGetJsonbP(column_value(&change, change.new, "context"));
	enter_store_for_merchant(&caller, DatumGetIdP(merchant));
	schema = context_schema_in_force(&caller.merchant);
	if (change.old)
	{
		Datum		before = column_value(&change, change.old, "context");

		refuse_violations(context_change_violations(schema, DatumGetJsonbP(before), context));
	}
	else
		refuse_violations(context_violations(schema, context, STAGE_CREATE));
	leave_store(&caller);
	return PointerGetDatum(change.new);
}
