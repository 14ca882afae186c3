/*-------------------------------------------------------------------------
 *
 * lookup.c
 *	  The lists and customers that an operation on lists was given.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/statement.h"
#include "customer/customer.h"
#include "list/lookup.h"

/* report_no_such_list raises the one error for a list that is not there. */
static void
report_no_such_list(const Id *list)
{
	ereport(ERROR,
			(errcode(ERRCODE_NO_DATA_FOUND),
			 errmsg("list \"%s\" does not exist", id_string(&list_id_type, list))));
}

bool
lock_list(const Caller *caller, const Id *list, ListUse use)
{
	static Statement statements[] = {
		[USE_ITEMS] = {
			.sql = "SELECT rule IS NOT NULL FROM customers.list"
			" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND list_id OPERATOR(pg_catalog.=) $2"
			" FOR KEY SHARE",
			.types = {"customers.merchant_id", "customers.list_id"},
		},
		[USE_WHOLE] = {
			.sql = "SELECT rule IS NOT NULL FROM customers.list"
			" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND list_id OPERATOR(pg_catalog.=) $2"
			" FOR UPDATE",
			.types = {"customers.merchant_id", "customers.list_id"},
		},
	};

	if (statement_run(&statements[use], (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(list)
	}) == 0)
		report_no_such_list(list);
	return DatumGetBool(statement_get(0, 0));
}

void
lock_fixed_list(const Caller *caller, const Id *list)
{
	if (lock_list(caller, list, USE_ITEMS))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("list \"%s\" is dynamic", id_string(&list_id_type, list)),
				 errdetail("Its rule decides who its members are.")));
}

void
require_list(const Caller *caller, const Id *list)
{
	static Statement find = {
		.sql = "SELECT FROM customers.list"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND list_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.list_id"},
		.stable = true,
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(list)
	}) == 0)
		report_no_such_list(list);
}

void
require_customer(const Caller *caller, const Id *customer)
{
	static Statement find = {
		.sql = "SELECT FROM customers.customer"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.customer_id"},
		.stable = true,
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer)
	}) == 0)
		report_no_such_customer(customer);
}

/* refuse_nulls refuses an array with nulls; what: what it should hold. */
static void
refuse_nulls(ArrayType *array, const char *what)
{
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("an array of %s must not contain nulls", what)));
}

void
require_lists(const Caller *caller, ArrayType *lists)
{
	static Statement find_missing = {
		.sql = "SELECT u.list_id"
		" FROM pg_catalog.unnest($2) WITH ORDINALITY AS u(list_id, place)"
		" WHERE NOT EXISTS (SELECT FROM customers.list l"
		" WHERE l.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND l.list_id OPERATOR(pg_catalog.=) u.list_id)"
		" ORDER BY u.place LIMIT 1",
		.types = {"customers.merchant_id", "customers.list_id[]"},
		.stable = true,
	};

	refuse_nulls(lists, "lists");
	if (statement_run(&find_missing, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(lists)
	}) > 0)
		report_no_such_list(DatumGetIdP(statement_get(0, 0)));
}

void
require_customers(const Caller *caller, ArrayType *customers)
{
	static Statement find_missing = {
		.sql = "SELECT u.customer_id"
		" FROM pg_catalog.unnest($2) WITH ORDINALITY AS u(customer_id, place)"
		" WHERE NOT EXISTS (SELECT FROM customers.customer c"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.customer_id OPERATOR(pg_catalog.=) u.customer_id)"
		" ORDER BY u.place LIMIT 1",
		.types = {"customers.merchant_id", "customers.customer_id[]"},
	};

	refuse_nulls(customers, "customers");
	if (statement_run(&find_missing, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customers)
	}) > 0)
		report_no_such_customer(DatumGetIdP(statement_get(0, 0)));
}

/*
 * hold locks those of the customers that exist; returns how many they are.  The
 * statement's other column is one of them that was erased, if there is any.
 */
static int64
hold(const Caller *caller, ArrayType *customers)
{
	/* Materialized, since no condition must choose what is locked. */
	static Statement statement = {
		.sql = "WITH held AS MATERIALIZED ("
		"SELECT c.customer_id, c.erased_at FROM customers.customer c"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.customer_id OPERATOR(pg_catalog.=) ANY ($2)"
		" ORDER BY c.customer_id FOR KEY SHARE)"
		" SELECT (SELECT pg_catalog.count(*) FROM held),"
		" (SELECT held.customer_id FROM held WHERE held.erased_at IS NOT NULL LIMIT 1)",
		.types = {"customers.merchant_id", "customers.customer_id[]"},
	};

	statement_run(&statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customers)
	});
	return DatumGetInt64(statement_get(0, 0));
}

void
hold_customers(const Caller *caller, ArrayType *customers)
{
	Datum		erased;
	bool		isnull;

	refuse_nulls(customers, "customers");

	/*
	 * They are fewer if one is missing, or given twice.  If none is missing by
	 * then, one may have come since, and is held as well.
	 */
	if (hold(caller, customers) < ArrayGetNItems(ARR_NDIM(customers), ARR_DIMS(customers)))
	{
		require_customers(caller, customers);
		hold(caller, customers);
	}
	erased = statement_value(0, 1, &isnull);
	if (!isnull)
		refuse_erased_customer(DatumGetIdP(erased));
}
