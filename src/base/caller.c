/*-------------------------------------------------------------------------
 *
 * caller.c
 *	  Who calls an operation, for which merchant, and acting as the store.
 *
 * While a checkout token is set, no operation runs but those of a customer,
 * which enter by enter_checkout(): whoever the role is, the token narrows it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/syscache.h"

#include "base/admission.h"
#include "base/caller.h"
#include "base/invalidation.h"
#include "base/setting.h"

void
enter_as_caller(Caller *caller)
{
	caller->role = GetUserId();
	caller->checkout = false;
	caller->context = CurrentMemoryContext;
	GetUserIdAndSecContext(&caller->saved_user, &caller->saved_security);
	SPI_connect();
}

/*
 * become switches to the owner of the store as referential integrity does for
 * its own queries: no SET ROLE from within, no row-level security of tables
 * that the owner has forced it on.
 */
static void
become(Caller *caller, Oid owner)
{
	enter_as_caller(caller);
	SetUserIdAndSecContext(owner, caller->saved_security |
						   SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
}

/* refuse_checkout_token refuses whoever has one set. */
static void
refuse_checkout_token(void)
{
	if (setting_checkout[0] != '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("not allowed with a checkout token"),
				 errdetail("While customers.checkout is set, only a customer's operations are allowed."),
				 errhint("RESET customers.checkout ends that.")));
}

void
enter_store(Caller *caller)
{
	refuse_checkout_token();
	become(caller, store_owner());
	caller->merchant = admit(caller->role);
}

void
enter_store_for_merchant(Caller *caller, const pg_uuid_t *merchant)
{
	become(caller, store_owner());
	caller->merchant = *merchant;
}

/* require_admin refuses everybody else, and a checkout token. */
static void
require_admin(void)
{
	refuse_checkout_token();
	if (!is_admin(GetUserId()))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be a superuser or a member of customers_admin")));
}

void
enter_store_as_admin(Caller *caller)
{
	require_admin();
	become(caller, store_owner());
}

void
enter_store_as_installer(Caller *caller)
{
	Oid			schema = get_namespace_oid("customers", false);
	HeapTuple	tuple;
	Oid			owner;

	require_admin();

	/* One installer at a time; the next sees what this one has made. */
	LockDatabaseObject(NamespaceRelationId, schema, 0, ShareUpdateExclusiveLock);
	tuple = SearchSysCache1(NAMESPACEOID, ObjectIdGetDatum(schema));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for namespace %u", schema);
	owner = ((Form_pg_namespace) GETSTRUCT(tuple))->nspowner;
	ReleaseSysCache(tuple);
	become(caller, owner);
}

void
leave_store(Caller *caller)
{
	SPI_finish();
	SetUserIdAndSecContext(caller->saved_user, caller->saved_security);
}

Datum
caller_name(const Caller *caller)
{
	return DirectFunctionCall1(namein,
							   CStringGetDatum(GetUserNameFromId(caller->role, false)));
}

Datum
keep_value(const Caller *caller, Datum value, bool byval, int length)
{
	MemoryContext inside = MemoryContextSwitchTo(caller->context);

	value = datumCopy(value, byval, length);
	MemoryContextSwitchTo(inside);
	return value;
}
