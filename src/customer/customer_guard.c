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

#include "base/row_change.h"
#include "customer/context.h"

PG_FUNCTION_INFO_V1(guard_customer);

/* guard_customer() trigger: BEFORE INSERT OR UPDATE, for each row */
Datum
guard_customer(PG_FUNCTION_ARGS)
{
	static const char *const constant[] = {"merchant_id", "customer_id", "reference"};
	RowChange	change = take_row_change(fcinfo, "guard_customer");
	Datum		merchant;
	Jsonb	   *context;
	const ContextSchema *schema;
	Caller		caller;

	if (change.old)
	{
		refuse_changes(&change, constant, lengthof(constant));
		if (!column_changed(&change, "context"))
			return PointerGetDatum(change.new);
	}

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
