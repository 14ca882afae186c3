/*-------------------------------------------------------------------------
 *
 * lookup.c
 *	  The lists and customers that an operation on lists was given.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/qunique.h"
#include "miscadmin.h"

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

	if (statement_run(&find_missing, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customers)
	}) > 0)
		report_no_such_customer(DatumGetIdP(statement_get(0, 0)));
}

void
hold_customers(const Caller *caller, ArrayType *customers)
{
	/*
	 * A row lock in the inner query makes it a lookup by the primary key for
	 * each customer, in the order of the array.
	 */
	static Statement find_fault = {
		.sql = "SELECT u.customer_id, c.customer_id IS NULL"
		" FROM pg_catalog.unnest($2) AS u(customer_id)"
		" LEFT JOIN LATERAL (SELECT c.customer_id, c.erased_at FROM customers.customer c"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.customer_id OPERATOR(pg_catalog.=) u.customer_id FOR KEY SHARE) AS c ON true"
		" WHERE c.customer_id IS NULL OR c.erased_at IS NOT NULL LIMIT 1",
		.types = {"customers.merchant_id", "customers.customer_id[]"},
	};

	if (statement_run(&find_fault, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customers)
	}) == 0)
		return;
	if (DatumGetBool(statement_get(0, 1)))
		report_no_such_customer(DatumGetIdP(statement_get(0, 0)));
	refuse_erased_customer(DatumGetIdP(statement_get(0, 0)));
}

/* compare_ids orders ids as the btree operator class does. */
static int
compare_ids(const void *a, const void *b)
{
	CHECK_FOR_INTERRUPTS();
	return memcmp(a, b, sizeof(Id));
}

ArrayType *
sort_customers(ArrayType *customers)
{
	int			count = ArrayGetNItems(ARR_NDIM(customers), ARR_DIMS(customers));
	ArrayType  *sorted;
	Id		   *ids;

	refuse_nulls(customers, "customers");
	if (count == 0)
		return construct_empty_array(ARR_ELEMTYPE(customers));
	sorted = palloc(ARR_OVERHEAD_NONULLS(1) + sizeof(Id) * count);
	sorted->ndim = 1;
	sorted->dataoffset = 0;
	sorted->elemtype = ARR_ELEMTYPE(customers);
	ARR_LBOUND(sorted)[0] = 1;
	ids = (Id *) ARR_DATA_PTR(sorted);
	memcpy(ids, ARR_DATA_PTR(customers), sizeof(Id) * count);
	qsort(ids, count, sizeof(Id), compare_ids);
	ARR_DIMS(sorted)[0] = (int) qunique(ids, count, sizeof(Id), compare_ids);
	SET_VARSIZE(sorted, ARR_OVERHEAD_NONULLS(1) + sizeof(Id) * ARR_DIMS(sorted)[0]);
	return sorted;
}

void
require_named_lists(const Caller *caller, const RuleUse *rule, bool hold)
{
	static Statement statements[] = {
		{
			.sql = "SELECT rule IS NOT NULL FROM customers.list"
			" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND name OPERATOR(pg_catalog.=) $2",
			.types = {"customers.merchant_id", "pg_catalog.text"},
			.stable = true,
		},
		{
			.sql = "SELECT rule IS NOT NULL FROM customers.list"
			" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND name OPERATOR(pg_catalog.=) $2"
			" FOR KEY SHARE",
			.types = {"customers.merchant_id", "pg_catalog.text"},
		},
	};
	ListCell   *cell;

	foreach(cell, rule->lists)
	{
		const char *name = lfirst(cell);

		if (statement_run(&statements[hold], (NullableDatum[]) {
			bind_pointer(&caller->merchant), bind_string(name)
		}) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_NO_DATA_FOUND),
					 errmsg("list \"%s\" does not exist", name),
					 errdetail("The rule of a list refers to it.")));
		if (DatumGetBool(statement_get(0, 0)))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("list \"%s\" is dynamic", name),
					 errdetail("Rules can refer to fixed lists only.")));
	}
}
