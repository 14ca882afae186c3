/*-------------------------------------------------------------------------
 *
 * import_insert.c
 *	  The customers of an import, inserted by one statement.
 *
 * ON CONFLICT looks each reference up before it inserts the row, and writes the
 * row in two steps: a third more work.  So it is left for batches that need it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/timestamp.h"

#include "base/statement.h"
#include "customer/customer_vouch.h"
#include "customer/import.h"

/* references makes a text[] of them. */
static ArrayType *
references(ImportedCustomer **imported, int count)
{
	Datum	   *values = palloc(count * sizeof(Datum));

	for (int i = 0; i < count; i++)
		values[i] = PointerGetDatum(imported[i]->reference);
	return construct_array(values, count, TEXTOID, -1, false, TYPALIGN_INT);
}

#define INSERT_CUSTOMERS \
	"INSERT INTO customers.customer (merchant_id, customer_id, reference, context," \
	" schema_version, created_at, updated_at)" \
	" SELECT $1, pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), $5, $6, $6"

#define INSERT_TYPES \
	{"customers.merchant_id", "customers.customer_id[]", "pg_catalog.text[]", \
	"pg_catalog.jsonb[]", "pg_catalog.int4", "pg_catalog.timestamptz"}

/* insert runs a statement of INSERT_CUSTOMERS; how many it inserted. */
static uint64
insert(Statement *statement, const Caller *caller, const ContextSchema *schema,
	   ImportedCustomer **imported, int count)
{
	VouchedCustomer *rows = palloc(count * sizeof(VouchedCustomer));
	Id		   *new_ids = palloc(count * sizeof(Id));
	Datum	   *ids = palloc(count * sizeof(Datum));
	Datum	   *contexts = palloc(count * sizeof(Datum));

	generate_ids(new_ids, count);
	for (int i = 0; i < count; i++)
	{
		imported[i]->customer = new_ids[i];
		imported[i]->created = true;
		ids[i] = IdPGetDatum(&imported[i]->customer);
		contexts[i] = JsonbPGetDatum(imported[i]->context);
		rows[i] = (VouchedCustomer)
		{
			caller->merchant, imported[i]->customer, 1, imported[i]->context
		};
	}
	vouch_for_customers(schema, rows, count);
	return statement_run(statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant),
			bind_pointer(construct_array(ids, count, own_type("customer_id"), sizeof(Id), false,
										 TYPALIGN_CHAR)),
			bind_pointer(references(imported, count)),
			bind_pointer(construct_array(contexts, count, JSONBOID, -1, false, TYPALIGN_INT)),
			bind(Int32GetDatum(schema->version)),
			bind(TimestampTzGetDatum(GetCurrentTimestamp()))
	});
}

/*
 * find_customers finds who has the references; those that nobody has go into
 * missing, and the result is how many they are.  The subquery has each looked up
 * in the index, however few rows the table seems to have.
 */
static int
find_customers(const Caller *caller, ImportedCustomer **imported, int count,
			   ImportedCustomer **missing)
{
	static Statement find = {
		.sql = "SELECT e.place, (SELECT c.customer_id FROM customers.customer c"
		" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND c.reference OPERATOR(pg_catalog.=) e.reference)"
		" FROM pg_catalog.unnest($2) WITH ORDINALITY AS e (reference, place)",
		.types = {"customers.merchant_id", "pg_catalog.text[]"},
	};
	int			missing_count = 0;
	uint64		rows = statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(references(imported, count))
	});

	for (uint64 row = 0; row < rows; row++)
	{
		ImportedCustomer *customer = imported[DatumGetInt64(statement_get(row, 0)) - 1];
		bool		isnull;
		Datum		found = statement_value(row, 1, &isnull);

		if (isnull)
		{
			missing[missing_count++] = customer;
			continue;
		}
		customer->created = memcmp(&customer->customer, DatumGetIdP(found), sizeof(Id)) == 0;
		customer->customer = *DatumGetIdP(found);
	}
	return missing_count;
}

void
insert_new_customers(const Caller *caller, const ContextSchema *schema,
					 ImportedCustomer **imported, int count)
{
	static Statement statement = {
		.sql = INSERT_CUSTOMERS,
		.types = INSERT_TYPES,
	};

	insert(&statement, caller, schema, imported, count);
}

/*
 * Most are likely to be found, so they are looked for first.  Of several with the
 * same reference the first is inserted, and the others find it.
 */
void
insert_or_find_customers(const Caller *caller, const ContextSchema *schema,
						 ImportedCustomer **imported, int count)
{
	static Statement statement = {
		.sql = INSERT_CUSTOMERS
		" ON CONFLICT (merchant_id, reference) WHERE reference IS NOT NULL DO NOTHING",
		.types = INSERT_TYPES,
	};
	ImportedCustomer **missing = palloc(count * sizeof(ImportedCustomer *));
	ImportedCustomer **gone = palloc(count * sizeof(ImportedCustomer *));
	int			missing_count;

	/* What an attempt that failed has set would make found ones look created. */
	for (int i = 0; i < count; i++)
		imported[i]->customer = (Id) {{0}};
	missing_count = find_customers(caller, imported, count, missing);
	if (missing_count > 0 &&
		insert(&statement, caller, schema, missing, missing_count) < (uint64) missing_count &&
		find_customers(caller, missing, missing_count, gone) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access due to concurrent creation of the customer")));
}
