/*-------------------------------------------------------------------------
 *
 * import.c
 *	  import_customers(): many customers at once, the good ones kept.
 *
 * A reference that the merchant has already is the customer who has it, left as
 * it is, so that an import can be repeated.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/argument.h"
#include "customer/import.h"

PG_FUNCTION_INFO_V1(import_customers);

/* next_documents takes up to IMPORT_BATCH elements; how many there were. */
static int
next_documents(ArrayIterator iterator, NullableDatum *documents)
{
	int			count = 0;

	while (count < IMPORT_BATCH &&
		   array_iterate(iterator, &documents[count].value, &documents[count].isnull))
		count++;
	return count;
}

/* add_row adds what has become of a document to the result. */
static void
add_row(ReturnSetInfo *result, int32 ordinal, const ImportedCustomer *imported)
{
	bool		bad = imported->fault != NULL;

	tuplestore_putvalues(result->setResult, result->setDesc, (Datum[]) {
		Int32GetDatum(ordinal), IdPGetDatum(&imported->customer),
			bad ? CStringGetTextDatum(imported->fault) : (Datum) 0
	}, (bool[]) {
		false, bad, !bad
	});
}

/* import_customers(documents) setof (ordinal, customer, error) */
Datum
import_customers(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ArrayIterator iterator;
	NullableDatum *documents;
	MemoryContext memory;
	MemoryContext outside;
	int32		ordinal = 0;
	int			count;
	bool		expect_new = true;
	Caller		caller;

	require_all_arguments(fcinfo);
	iterator = array_create_iterator(PG_GETARG_ARRAYTYPE_P(0), 0, NULL);
	documents = palloc(IMPORT_BATCH * sizeof(NullableDatum));

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	memory = AllocSetContextCreate(CurrentMemoryContext, "customers import",
								   ALLOCSET_DEFAULT_SIZES);
	outside = MemoryContextSwitchTo(memory);
	while ((count = next_documents(iterator, documents)) > 0)
		for (int taken = 0; taken < count;)
		{
			ImportedCustomer *imported = palloc((count - taken) * sizeof(ImportedCustomer));
			int			batch = import_batch(&caller, documents + taken, count - taken, imported,
												 &expect_new);

			for (int i = 0; i < batch; i++)
				add_row(result, ++ordinal, &imported[i]);
			taken += batch;
			MemoryContextReset(memory);
		}
	MemoryContextSwitchTo(outside);
	leave_store(&caller);
	return (Datum) 0;
}
