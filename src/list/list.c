/*-------------------------------------------------------------------------
 *
 * list.c
 *	  Creating and dropping lists, and what lists forbid their members.
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
#include "list/list.h"
#include "list/lookup.h"
#include "list/rule.h"

#define NAME_LENGTH_MAX 255

PG_FUNCTION_INFO_V1(create_list);
PG_FUNCTION_INFO_V1(drop_list);

/* What an effect forbids. */
typedef struct Effect
{
	const char *name;
	const char *forbids;		/* NULL: nothing */
} Effect;

static const Effect effects[] = {
	{"none", NULL},
	{"block_payments", "payments"},
	{"block_payouts", "payouts"},
};

/* find_effect returns the effect of that name, or refuses the name. */
static const Effect *
find_effect(const char *name)
{
	for (size_t i = 0; i < lengthof(effects); i++)
		if (strcmp(effects[i].name, name) == 0)
			return &effects[i];
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid effect of a list: \"%s\"", name),
			 errhint("The effects are none, block_payments and block_payouts.")));
}

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
	find_effect(text_to_cstring(PG_GETARG_TEXT_PP(2)));

	enter_store(&caller);
	if (rule)
	{
		require_rule_maker(&caller);
		refuse_unusable_rule(rule);
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
	parameters[0] = bind_pointer(&caller.merchant);
	parameters[1] = bind_pointer(list);
	statement_run(&delete_items, parameters);
	statement_run(&delete_list, parameters);
	leave_store(&caller);
	PG_RETURN_VOID();
}

/*
 * The fixed lists come by the index on the customer, the dynamic ones by the
 * index on the effect; the rules run only if no fixed list matched.
 */
void
refuse_blocked_customer(const Caller *caller, const Id *customer, const char *effect)
{
	static Statement find = {
		.sql = "SELECT l.name FROM customers.list_item i, customers.list l"
		" WHERE i.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND i.customer_id OPERATOR(pg_catalog.=) $2"
		" AND " ITEM_IN_FORCE
		" AND l.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND l.list_id OPERATOR(pg_catalog.=) i.list_id"
		" AND l.effect OPERATOR(pg_catalog.=) $4"
		" UNION ALL"
		" SELECT l.name FROM customers.list l, customers.customer c"
		" WHERE l.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND l.effect OPERATOR(pg_catalog.=) $4"
		" AND l.effect OPERATOR(pg_catalog.<>) 'none'"
		" AND l.rule IS NOT NULL"
		" AND c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.customer_id OPERATOR(pg_catalog.=) $2"
		" AND " RULE_MATCHES
		" LIMIT 1",
		.types = {"customers.merchant_id", "customers.customer_id",
			"pg_catalog.timestamptz", "pg_catalog.text"},
	};
	int			level = begin_rules();
	uint64		found;

	found = statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind(TimestampTzGetDatum(GetCurrentTimestamp())), bind_string(effect)
	});
	end_rules(level);
	if (found)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("customer \"%s\" is on a list that blocks %s",
						id_string(&customer_id_type, customer),
						find_effect(effect)->forbids),
				 errdetail("The list is \"%s\".", statement_string(0, 0))));
}
