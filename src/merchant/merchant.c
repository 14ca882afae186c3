/*-------------------------------------------------------------------------
 *
 * merchant.c
 *	  Merchants, the roles that act for them, and the current merchant.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/caller.h"
#include "base/statement.h"
#include "merchant/merchant_setting.h"
#include "type/id.h"

#define NAME_LENGTH_MAX 255

PG_FUNCTION_INFO_V1(create_merchant);
PG_FUNCTION_INFO_V1(set_merchant_settings);
PG_FUNCTION_INFO_V1(bind_role);
PG_FUNCTION_INFO_V1(unbind_role);
PG_FUNCTION_INFO_V1(use_merchant);
PG_FUNCTION_INFO_V1(current_merchant);

/* check_settings refuses settings that a merchant can't have. */
static void
check_settings(Jsonb *settings)
{
	if (!JB_ROOT_IS_OBJECT(settings))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("settings must be a JSON object")));
	check_merchant_settings(settings);
}

/* create_merchant(name, settings) merchant_id */
Datum
create_merchant(PG_FUNCTION_ARGS)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.merchant (merchant_id, name, settings, created_at)"
		" VALUES ($1, $2, $3, $4)",
		.types = {"customers.merchant_id", "pg_catalog.text", "pg_catalog.jsonb",
		"pg_catalog.timestamptz"},
	};
	text	   *name;
	Jsonb	   *settings;
	Id		   *merchant = palloc(sizeof(Id));
	Caller		caller;

	require_all_arguments(fcinfo);
	name = PG_GETARG_TEXT_PP(0);
	settings = PG_GETARG_JSONB_P(1);

	check_text_length("name", name, NAME_LENGTH_MAX);
	check_settings(settings);

	enter_store_as_admin(&caller);
	generate_id(merchant);
	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(name), bind_pointer(settings),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
	leave_store(&caller);
	PG_RETURN_POINTER(merchant);
}

static void
report_no_such_merchant(const Id *merchant)
{
	ereport(ERROR,
			(errcode(ERRCODE_NO_DATA_FOUND),
			 errmsg("merchant \"%s\" does not exist", id_string(&merchant_id_type, merchant))));
}

/* set_merchant_settings(merchant, settings) void */
Datum
set_merchant_settings(PG_FUNCTION_ARGS)
{
	static Statement update = {
		.sql = "UPDATE customers.merchant SET settings = $2"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1",
		.types = {"customers.merchant_id", "pg_catalog.jsonb"},
	};
	Id		   *merchant = DatumGetIdP(PG_GETARG_DATUM(0));
	Jsonb	   *settings;
	Caller		caller;

	require_all_arguments(fcinfo);
	settings = PG_GETARG_JSONB_P(1);
	check_settings(settings);

	enter_store_as_admin(&caller);
	if (statement_run(&update, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(settings)
	}) == 0)
		report_no_such_merchant(merchant);
	leave_store(&caller);
	PG_RETURN_VOID();
}

/* require_merchant refuses an id that no merchant has. */
static void
require_merchant(const Id *merchant)
{
	static Statement find = {
		.sql = "SELECT FROM customers.merchant WHERE merchant_id OPERATOR(pg_catalog.=) $1",
		.types = {"customers.merchant_id"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant)
	}) == 0)
		report_no_such_merchant(merchant);
}

/* bind_role(role, merchant) void */
Datum
bind_role(PG_FUNCTION_ARGS)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.merchant_role (merchant_id, role, bound_at, bound_by)"
		" VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
		.types = {"customers.merchant_id", "pg_catalog.regrole", "pg_catalog.timestamptz",
		"pg_catalog.name"},
	};
	Oid			role = PG_GETARG_OID(0);
	Id		   *merchant = DatumGetIdP(PG_GETARG_DATUM(1));
	Caller		caller;

	require_all_arguments(fcinfo);
	/*
	 * An oid that no role has can be written as a regrole; were it bound, the
	 * role that gets it one day would act for the merchant.
	 */
	(void) GetUserNameFromId(role, false);

	enter_store_as_admin(&caller);
	require_merchant(merchant);
	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(merchant), bind(ObjectIdGetDatum(role)),
			bind(TimestampTzGetDatum(GetCurrentTimestamp())), bind(caller_name(&caller))
	});
	leave_store(&caller);
	PG_RETURN_VOID();
}

/* unbind_role(role, merchant) void */
Datum
unbind_role(PG_FUNCTION_ARGS)
{
	static Statement delete = {
		.sql = "DELETE FROM customers.merchant_role"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND role OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "pg_catalog.regrole"},
	};
	Oid			role = PG_GETARG_OID(0);
	Id		   *merchant = DatumGetIdP(PG_GETARG_DATUM(1));
	Caller		caller;

	require_all_arguments(fcinfo);
	enter_store_as_admin(&caller);
	require_merchant(merchant);
	statement_run(&delete, (NullableDatum[]) {
		bind_pointer(merchant), bind(ObjectIdGetDatum(role))
	});
	leave_store(&caller);
	PG_RETURN_VOID();
}

/*
 * use_merchant(merchant) void
 *
 * If the role may not act for the merchant, the error takes the setting back.
 */
Datum
use_merchant(PG_FUNCTION_ARGS)
{
	Id		   *merchant = DatumGetIdP(PG_GETARG_DATUM(0));
	Caller		caller;

	require_all_arguments(fcinfo);
	SetConfigOption("customers.merchant", id_string(&merchant_id_type, merchant),
					PGC_USERSET, PGC_S_SESSION);
	enter_store(&caller);
	leave_store(&caller);
	PG_RETURN_VOID();
}

/* current_merchant() merchant_id */
Datum
current_merchant(PG_FUNCTION_ARGS pg_attribute_unused())
{
	Id		   *merchant = palloc(sizeof(Id));
	Caller		caller;

	enter_store(&caller);
	leave_store(&caller);
	*merchant = caller.merchant;
	PG_RETURN_POINTER(merchant);
}
