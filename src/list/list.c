/*-------------------------------------------------------------------------
 *
 * list.c
 *	  Creating and dropping lists, and trying out a rule.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/caller.h"
#include "base/error.h"
#include "base/statement.h"
#include "list/document.h"
#include "list/list.h"
#include "list/lookup.h"

#define NAME_LENGTH_MAX 255

PG_FUNCTION_INFO_V1(create_list);
PG_FUNCTION_INFO_V1(preview_list);
PG_FUNCTION_INFO_V1(drop_list);

/*
 * require_rule_maker refuses a role that may not read contexts: it could ask
 * for anybody's by rules.
 */
static void
require_rule_maker(const Caller *caller)
{
	if (!has_privs_of_role(caller->role, get_role_oid("customers_merchant", false)))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to create a dynamic list"),
				 errdetail("Its rule reads the context of customers, which takes role \"%s\".",
						   "customers_merchant")));
}

/*
 * require_usable_rule refuses a rule that has a fault, can't be run, or names lists
 * that do not exist; with hold they can't be dropped until the transaction ends.
 */
static void
require_usable_rule(const Caller *caller, JsonPath *rule, bool hold)
{
	RuleUse		use;

	find_rule_use(rule, &use);
	refuse_faulty_rule(&use);
	require_runnable_rule(rule, &use);
	require_named_lists(caller, &use, hold);
}

/* create_list(name, rule, effect) list_id */
Datum
create_list(PG_FUNCTION_ARGS)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.list (merchant_id, list_id, name, rule, effect, created_at)"
		" VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (merchant_id, name) DO NOTHING",
		.types = {"customers.merchant_id", "customers.list_id", "pg_catalog.text",
			"pg_catalog.jsonpath", "pg_catalog.text", "pg_catalog.timestamptz"},
	};
	JsonPath   *rule = PG_ARGISNULL(1) ? NULL : PG_GETARG_JSONPATH_P(1);
	Id		   *list = palloc(sizeof(Id));
	Caller		caller;

	require_arguments(fcinfo, (const char *const[]) {"name", NULL, "effect"});
	check_text_length("name", PG_GETARG_TEXT_PP(0), NAME_LENGTH_MAX);
	require_effect(text_to_cstring(PG_GETARG_TEXT_PP(2)));

	enter_store(&caller);
	if (rule)
	{
		require_rule_maker(&caller);
		require_usable_rule(&caller, rule, true);
	}
	generate_id(list);
	if (statement_run(&insert, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(list), bind(PG_GETARG_DATUM(0)),
			bind_pointer(rule), bind(PG_GETARG_DATUM(2)),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	}) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNIQUE_VIOLATION),
				 errmsg("a list with this name exists already"),
				 errrule("list", "name", "list_name")));
	leave_store(&caller);
	PG_RETURN_POINTER(list);
}

/* preview_list(rule) int8 */
Datum
preview_list(PG_FUNCTION_ARGS)
{
	static Statement count = {
		.sql = "SELECT pg_catalog.count(*) FROM ("
		MATCHES_OF("SELECT $2 AS rule", ALL_CUSTOMERS) ") AS m",
		.types = {"customers.merchant_id", "pg_catalog.jsonpath", "pg_catalog.timestamptz"},
		.stable = true,
		.whole = true,
	};
	JsonPath   *rule = PG_GETARG_JSONPATH_P(0);
	int			level;
	int64		result;
	Caller		caller;

	enter_store(&caller);
	require_usable_rule(&caller, rule, false);
	level = begin_rules();
	statement_run(&count, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(rule),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
	end_rules(level);
	result = DatumGetInt64(statement_get(0, 0));
	leave_store(&caller);
	PG_RETURN_INT64(result);
}

/*
 * refuse_needed_list refuses to drop a locked list that a rule refers to.  It
 * looks for rules that are committed now: whoever made one holds the list until
 * then, and waited for the lock if the list was to be dropped.
 */
static void
refuse_needed_list(const Caller *caller, const Id *list)
{
	static Statement find = {
		.sql = "SELECT l.name, d.name FROM customers.list l, customers.list d"
		" WHERE l.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND l.list_id OPERATOR(pg_catalog.=) $2"
		" AND d.merchant_id OPERATOR(pg_catalog.=) $1 AND d.rule IS NOT NULL"
		" AND l.name OPERATOR(pg_catalog.=) ANY (customers.rule_lists(d.rule))"
		" ORDER BY d.name LIMIT 1",
		.types = {"customers.merchant_id", "customers.list_id"},
		.latest = true,
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(list)
	}) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("list \"%s\" can't be dropped, as a rule refers to it",
						statement_string(0, 0)),
				 errdetail("It is the rule of list \"%s\".", statement_string(0, 1)),
				 errhint("Drop that list first.")));
}

/* drop_list(list) void */
Datum
drop_list(PG_FUNCTION_ARGS)
{
	static Statement delete_items = {
		.sql = "DELETE FROM customers.list_item"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND list_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.list_id"},
	};
	static Statement delete_list = {
		.sql = "DELETE FROM customers.list"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND list_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.list_id"},
	};
	Id		   *list = DatumGetIdP(PG_GETARG_DATUM(0));
	NullableDatum parameters[2];
	Caller		caller;

	require_all_arguments(fcinfo);
	enter_store(&caller);
	lock_list(&caller, list, USE_WHOLE);
	refuse_needed_list(&caller, list);
	parameters[0] = bind_pointer(&caller.merchant);
	parameters[1] = bind_pointer(list);
	statement_run(&delete_items, parameters);
	statement_run(&delete_list, parameters);
	leave_store(&caller);
	PG_RETURN_VOID();
}
