/*-------------------------------------------------------------------------
 *
 * unique_switch.c
 *	  Fields that become unique, or are so no longer, and what is in the way.
 *
 * While that happens nobody writes customers: whoever comes later waits for the
 * lock of the table, and finds the new schema behind it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "base/error.h"
#include "base/statement.h"
#include "customer/unique_value.h"

/* How much an error lists before it only counts. */
#define LISTED_GROUPS_MAX 20
#define LISTED_CUSTOMERS_MAX 10

/*
 * SQL for the digests of a field's values, with their customers.  OFFSET 0 has
 * each computed once, whatever is asked of it.
 */
#define DIGESTS \
	"(SELECT c.customer_id, customers.unique_value_digest(" \
	"c.context OPERATOR(pg_catalog.->) $2, $3) AS digest FROM customers.customer c" \
	" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND c.context OPERATOR(pg_catalog.?) $2 OFFSET 0) AS d WHERE d.digest IS NOT NULL"

/* SQL for the groups of customers who have the same value. */
#define DUPLICATES \
	"SELECT pg_catalog.array_agg(d.customer_id ORDER BY d.customer_id) AS customers" \
	" FROM " DIGESTS " GROUP BY d.digest HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 1"

#define DIGEST_TYPES {"customers.merchant_id", "pg_catalog.text", "pg_catalog.jsonb"}

PG_FUNCTION_INFO_V1(duplicate_customers);

static const char field_sql[] =
"SELECT schema, is_unique AND retired_at IS NULL FROM customers.context_field"
" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND key OPERATOR(pg_catalog.=) $2";

UniqueKind
stored_unique_kind(const Caller *caller, const text *key)
{
	static Statement find = {
		.sql = field_sql,
		.types = {"customers.merchant_id", "pg_catalog.text"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(key)
	}) == 0 || !DatumGetBool(statement_get(0, 1)))
		return UNIQUE_NONE;
	return unique_kind(&DatumGetJsonbP(statement_get(0, 0))->root);
}

/* append_customers adds the ids of a group, or as many as are listed. */
static void
append_customers(StringInfo text, ArrayType *customers)
{
	int			count = ArrayGetNItems(ARR_NDIM(customers), ARR_DIMS(customers));
	const Id   *ids = (const Id *) ARR_DATA_PTR(customers);

	for (int i = 0; i < Min(count, LISTED_CUSTOMERS_MAX); i++)
		appendStringInfo(text, "%s%s", i > 0 ? ", " : "", id_string(&customer_id_type, &ids[i]));
	if (count > LISTED_CUSTOMERS_MAX)
		appendStringInfo(text, " and %d more", count - LISTED_CUSTOMERS_MAX);
}

/* refuse_duplicates fails if several customers have the same value. */
static void
refuse_duplicates(const Caller *caller, const text *key, Jsonb *schema)
{
	static Statement find = {
		.sql = "SELECT pg_catalog.count(*) OVER (), d.customers FROM (" DUPLICATES ") AS d"
		" ORDER BY d.customers LIMIT " CppAsString2(LISTED_GROUPS_MAX),
		.types = DIGEST_TYPES,
	};
	char	   *name = text_to_cstring(key);
	uint64		listed = statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(key), bind_pointer(schema)
	});
	StringInfoData detail;
	int64		count;

	if (listed == 0)
		return;
	count = DatumGetInt64(statement_get(0, 0));
	initStringInfo(&detail);
	for (uint64 row = 0; row < listed; row++)
	{
		if (row > 0)
			appendStringInfoChar(&detail, '\n');
		append_customers(&detail, DatumGetArrayTypeP(statement_get(row, 1)));
	}
	if (count > LISTED_GROUPS_MAX)
		appendStringInfo(&detail, "\n... and " INT64_FORMAT " more", count - LISTED_GROUPS_MAX);
	ereport(ERROR,
			(errcode(ERRCODE_UNIQUE_VIOLATION),
			 errmsg_plural("context field \"%s\" can't be unique: %lld value is that of several customers",
						   "context field \"%s\" can't be unique: %lld values are those of several customers",
						   count, name, (long long) count),
			 errdetail("Customers with the same value:\n%s", detail.data),
			 errhint("customers.duplicate_customers('%s') lists them all.", name),
			 errrule("customer", "context", psprintf("customer_context_%s", name))));
}

void
switch_uniqueness(const Caller *caller, const text *key, Jsonb *schema,
				  UniqueKind was, UniqueKind is)
{
	static Statement forget = {
		.sql = "DELETE FROM customers.unique_value"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND key OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "pg_catalog.text"},
	};
	static Statement claim_all = {
		.sql = "INSERT INTO customers.unique_value (merchant_id, key, digest, customer_id)"
		" SELECT $1, $2, d.digest, d.customer_id FROM " DIGESTS " ORDER BY d.digest",
		.types = DIGEST_TYPES,
	};
	NullableDatum parameters[] = {
		bind_pointer(&caller->merchant), bind_pointer(key), bind_pointer(schema)
	};

	if (was == is)
		return;
	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("uniqueness of a context field can't change in a transaction of isolation level \"%s\"",
						XactIsoLevel == XACT_SERIALIZABLE ? "serializable" : "repeatable read"),
				 errdetail("Its snapshot may be older than the values of some customers."),
				 errhint("Use isolation level \"read committed\".")));

	statement_run_once("LOCK TABLE customers.customer IN SHARE ROW EXCLUSIVE MODE");
	statement_run(&forget, parameters);
	if (is == UNIQUE_NONE)
		return;
	refuse_duplicates(caller, key, schema);
	statement_run(&claim_all, parameters);
}

/* duplicate_customers(key) table(customers): for unique fields there are none */
Datum
duplicate_customers(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT d.customers FROM (" DUPLICATES ") AS d ORDER BY d.customers",
		.types = DIGEST_TYPES,
		.stable = true,
	};
	static Statement find_field = {
		.sql = field_sql,
		.types = {"customers.merchant_id", "pg_catalog.text"},
		.stable = true,
	};
	text	   *key = PG_GETARG_TEXT_PP(0);
	Jsonb	   *schema;
	Caller		caller;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	if (statement_run(&find_field, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(key)
	}) == 0)
		report_no_such_field(key);
	schema = DatumGetJsonbPCopy(statement_get(0, 0));
	require_unique_kind(schema);
	statement_return_rows(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(key), bind_pointer(schema)
	}, (ReturnSetInfo *) fcinfo->resultinfo);
	leave_store(&caller);
	return (Datum) 0;
}
