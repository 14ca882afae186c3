/*-------------------------------------------------------------------------
 *
 * install.c
 *	  install(): creates the store, or brings it to the current layout.
 *
 * The layout is a row of steps, each a SQL function in sql/install/3?_*.sql.
 * The store's table store_step says which of them it has.  That table comes
 * back with a restored dump, so install() goes on from there.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "base/caller.h"
#include "base/statement.h"

/* In order; a released step stays as it is, new ones are appended. */
static const char *const steps[] = {
	"store_merchant",
	"store_customer",
	"store_metadata",
	"store_list",
	"store_payment",
	"store_history",
	"store_checkout",
};

PG_FUNCTION_INFO_V1(install);
PG_FUNCTION_INFO_V1(guard_append_only);

/* install() void: see the file's head. */
Datum
install(PG_FUNCTION_ARGS pg_attribute_unused())
{
	Caller		caller;

	enter_store_as_installer(&caller);
	if (!OidIsValid(get_relname_relid("store_step", get_namespace_oid("customers", false))))
	{
		statement_run_once("CREATE TABLE customers.store_step ("
						   "step pg_catalog.text PRIMARY KEY,"
						   " installed_at pg_catalog.timestamptz NOT NULL"
						   " DEFAULT pg_catalog.clock_timestamp())");
		statement_run_once("COMMENT ON TABLE customers.store_step IS"
						   " 'the steps that brought the store to its layout'");
		statement_run_once("COMMENT ON COLUMN customers.store_step.step IS"
						   " 'the step, and the function that took it'");
		statement_run_once("COMMENT ON COLUMN customers.store_step.installed_at IS"
						   " 'when install() took it'");
	}
	for (size_t i = 0; i < lengthof(steps); i++)
	{
		if (statement_run_once(psprintf("INSERT INTO customers.store_step (step)"
										" VALUES ('%s') ON CONFLICT DO NOTHING", steps[i])) == 1)
			statement_run_once(psprintf("SELECT customers.%s()", steps[i]));
	}
	leave_store(&caller);
	PG_RETURN_VOID();
}

/* guard_append_only() trigger: refuses every change of a row, or its end. */
Datum
guard_append_only(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager",
						"guard_append_only")));
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 TRIGGER_FIRED_BY_UPDATE(trigger->tg_event)
			 ? errmsg("rows of table \"%s\" never change",
					  RelationGetRelationName(trigger->tg_relation))
			 : errmsg("rows of table \"%s\" are never deleted",
					  RelationGetRelationName(trigger->tg_relation)),
			 errtable(trigger->tg_relation)));
}
