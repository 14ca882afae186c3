/*-------------------------------------------------------------------------
 *
 * merchant_guard.c
 *	  The guard on table merchant: no settings but those that exist.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

#include "base/row_change.h"
#include "merchant/merchant_setting.h"

PG_FUNCTION_INFO_V1(guard_merchant);

/* guard_merchant() trigger: BEFORE INSERT OR UPDATE, for each row */
Datum
guard_merchant(PG_FUNCTION_ARGS)
{
	RowChange	change = take_row_change(fcinfo, "guard_merchant");
	Jsonb	   *settings = DatumGetJsonbP(column_value(&change, change.new, "settings"));

	/* A constraint of the table refuses what is no object. */
	if (JB_ROOT_IS_OBJECT(settings))
		check_merchant_settings(settings);
	return PointerGetDatum(change.new);
}
