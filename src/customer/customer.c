/*-------------------------------------------------------------------------
 *
 * customer.c
 *	  Rows of table customer, for the operations that work on them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/statement.h"
#include "customer/customer.h"

void
check_reference(const text *reference)
{
	check_text_length("reference", reference, REFERENCE_LENGTH_MAX);
}

void
report_no_such_customer(const Id *customer)
{
	ereport(ERROR,
			(errcode(ERRCODE_NO_DATA_FOUND),
			 errmsg("customer \"%s\" does not exist",
					id_string(&customer_id_type, customer))));
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

/* lock runs a statement that locks the customer: its columns begin with LOCKED_COLUMNS. */
#define LOCKED_COLUMNS \
	"c.version, c.archived_at IS NOT NULL, c.context, c.erased_at IS NOT NULL," \
	" c.payments_allowed, c.payouts_allowed, c.updated_at"

static LockedCustomer
lock(Statement *statement, const Caller *caller, const Id *customer)
{
	if (statement_run(statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer)
	}) == 0)
		report_no_such_customer(customer);
	if (DatumGetBool(statement_get(0, 3)))
		refuse_erased_customer(customer);
	return (LockedCustomer)
	{
		.version = DatumGetInt32(statement_get(0, 0)),
			.archived = DatumGetBool(statement_get(0, 1)),
			.context = statement_get(0, 2),
			.payments_allowed = DatumGetBool(statement_get(0, 4)),
			.payouts_allowed = DatumGetBool(statement_get(0, 5)),
			.updated_at = DatumGetTimestampTz(statement_get(0, 6))
	};
}

LockedCustomer
lock_customer(const Caller *caller, const Id *customer)
{
	static Statement statement = {
		.sql = "SELECT " LOCKED_COLUMNS " FROM customers.customer c"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.customer_id OPERATOR(pg_catalog.=) $2 FOR NO KEY UPDATE",
		.types = {"customers.merchant_id", "customers.customer_id"},
	};

	return lock(&statement, caller, customer);
}

Sealed *
lock_customer_and_read_key(const Caller *caller, const Id *customer)
{
	static Statement statement = {
		.sql = "SELECT " LOCKED_COLUMNS ", k.wrapped FROM customers.customer c"
		" LEFT JOIN customers.customer_key k"
		" ON k.merchant_id OPERATOR(pg_catalog.=) $1 AND k.customer_id OPERATOR(pg_catalog.=) $2"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.customer_id OPERATOR(pg_catalog.=) $2 FOR NO KEY UPDATE OF c",
		.types = {"customers.merchant_id", "customers.customer_id"},
	};
	Datum		wrapped;
	bool		isnull;

	lock(&statement, caller, customer);
	wrapped = statement_value(0, 7, &isnull);
	return isnull ? NULL : (Sealed *) PG_DETOAST_DATUM_COPY(wrapped);
}

void
refuse_erased_customer(const Id *customer)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("customer \"%s\" was erased", id_string(&customer_id_type, customer)),
			 errdetail("Nothing can be added to an erased customer, nor can it be changed.")));
}

void
refuse_archived_customer(const Id *customer)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("customer \"%s\" is archived", id_string(&customer_id_type, customer)),
			 errhint("unarchive_customer() makes the customer active again.")));
}

Jsonb *
written_context(void)
{
	return (Jsonb *) PG_DETOAST_DATUM_COPY(statement_get(0, 0));
}
