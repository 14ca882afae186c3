/*-------------------------------------------------------------------------
 *
 * import_unique.c
 *	  The unique values of the customers of an import, taken by one statement for
 *	  each field.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"

#include "base/statement.h"
#include "customer/import.h"
#include "customer/unique_value.h"

/* claim_each takes the values of one customer after another, or says whose is taken. */
static void
claim_each(const Caller *caller, const ContextSchema *schema, ImportedCustomer **imported, int count)
{
	for (int i = 0; i < count; i++)
		if (imported[i]->created)
			claim_unique_values(caller, schema, &imported[i]->customer, NULL, imported[i]->context);
}

/* claim_field takes all values of a field; false: one of them is there already. */
static bool
claim_field(const Caller *caller, const UniqueField *field, ImportedCustomer **imported, int count)
{
	static Statement statement = {
		.sql = "INSERT INTO customers.unique_value (merchant_id, key, digest, customer_id)"
		" SELECT $1, $2, pg_catalog.unnest($3), pg_catalog.unnest($4)"
		" ON CONFLICT (merchant_id, key, digest) DO NOTHING",
		.types = {"customers.merchant_id", "pg_catalog.text", "pg_catalog.bytea[]",
		"customers.customer_id[]"},
	};
	Datum	   *digests = palloc(count * sizeof(Datum));
	Datum	   *customers = palloc(count * sizeof(Datum));
	int			taken = 0;

	for (int i = 0; i < count; i++)
	{
		bytea	   *digest = imported[i]->created ? unique_digest_in(imported[i]->context, field) : NULL;

		if (digest == NULL)
			continue;
		digests[taken] = PointerGetDatum(digest);
		customers[taken++] = IdPGetDatum(&imported[i]->customer);
	}
	return taken == 0 || statement_run(&statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_string(field->key),
			bind_pointer(construct_array(digests, taken, BYTEAOID, -1, false, TYPALIGN_INT)),
			bind_pointer(construct_array(customers, taken, own_type("customer_id"), sizeof(Id),
										 false, TYPALIGN_CHAR))
	}) == (uint64) taken;
}

void
claim_new_values(const Caller *caller, ImportedCustomer **imported, int count)
{
	const ContextSchema *schema = context_schema_in_force(&caller->merchant);
	ListCell   *cell;

	foreach(cell, schema->unique)
		if (!claim_field(caller, lfirst(cell), imported, count))
		{
			claim_each(caller, schema, imported, count);
			return;
		}
}
