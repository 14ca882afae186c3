/*-------------------------------------------------------------------------
 *
 * invalidation.c
 *	  Where the store is, and when what was cached from it has gone stale.
 *
 * A change of rows sends no invalidation by itself.  So each watched table has
 * a trigger, invalidate_caches(), which sends a relcache invalidation of the table.
 * It is for each row and always enabled, as rows that a subscription applies fire
 * no other.  The invalidation reaches every backend when the transaction
 * commits, this one at the end of the command, and again when the transaction
 * is rolled back.  TRUNCATE and DDL send one anyway.
 *
 * A backend has 10 slots for relcache callbacks, shared by all extensions:
 * this file takes the only one that we use.  The callback may run wherever a
 * lock is taken, so it only counts and marks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "base/invalidation.h"

static const char *const watched_names[WATCHED_TABLES] = {
	[WATCHED_MERCHANT] = "merchant",
	[WATCHED_MERCHANT_ROLE] = "merchant_role",
	[WATCHED_CONTEXT_SCHEMA] = "context_schema",
	[WATCHED_MERCHANT_KEY] = "merchant_key",
	[WATCHED_METADATA_KEY] = "metadata_key",
	[WATCHED_LIST] = "list",
	[WATCHED_CHAIN_KEY] = "chain_key",
	[WATCHED_EVENT_EPOCH] = "event_epoch",
};

static Oid	watched_oids[WATCHED_TABLES];
static uint64 generations[WATCHED_TABLES];

static Oid	owner = InvalidOid;
static uint64 epoch = 0;
static bool located = false;	/* are watched_oids and owner right? */
static bool registered = false;

PG_FUNCTION_INFO_V1(invalidate_caches);

/* note_invalidation marks what a relcache invalidation makes stale. */
static void
note_invalidation(Datum unused pg_attribute_unused(), Oid relation)
{
	for (int i = 0; i < WATCHED_TABLES; i++)
	{
		if (relation == InvalidOid || relation == watched_oids[i])
		{
			generations[i]++;
			if (i == WATCHED_MERCHANT)
				located = false;
		}
	}
}

/*
 * locate_store looks up the tables of the store and their owner.
 *
 * A store of a released layout has every watched table, or none.
 */
static void
locate_store(void)
{
	Oid			schema = get_namespace_oid("customers", true);
	Oid			merchant_table = InvalidOid;
	HeapTuple	tuple = NULL;

	if (!registered)
	{
		CacheRegisterRelcacheCallback(note_invalidation, (Datum) 0);
		registered = true;
	}

	if (OidIsValid(schema))
		merchant_table = get_relname_relid("merchant", schema);
	if (OidIsValid(merchant_table))
		tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(merchant_table));
	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the customers store is not installed in this database"),
				 errhint("Run SELECT customers.install() as a member of customers_admin.")));

	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);

	if (watched_oids[WATCHED_MERCHANT] != merchant_table)
		epoch++;
	for (int i = 0; i < WATCHED_TABLES; i++)
	{
		watched_oids[i] = get_relname_relid(watched_names[i], schema);
		generations[i]++;
	}
	located = true;
}

Oid
store_owner(void)
{
	if (!located)
		locate_store();
	return owner;
}

Oid
watched_table(WatchedTable table)
{
	if (!located)
		locate_store();
	return watched_oids[table];
}

uint64
store_epoch(void)
{
	if (!located)
		locate_store();
	return epoch;
}

uint64
table_generation(WatchedTable table)
{
	if (!located)
		locate_store();
	return generations[table];
}

/* invalidate_caches() trigger: tells every backend that rows have changed. */
Datum
invalidate_caches(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager",
						"invalidate_caches")));

	CacheInvalidateRelcache(trigger->tg_relation);
	return PointerGetDatum(NULL);
}
