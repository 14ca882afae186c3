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

/*
 * import_some imports documents, as many as make a batch, and adds to the result
 * what has become of them, after the ordinal of the last one before; how many.
 * What it allocates goes when it leaves the store.
 */
static int
import_some(ReturnSetInfo *result, const NullableDatum *documents, int count, int32 ordinal,
			bool *expect_new)
{
	Caller		caller;
	ImportedCustomer *imported;
	int			taken;

	enter_store(&caller);
	imported = palloc(count * sizeof(ImportedCustomer));
	taken = import_batch(&caller, documents, count, imported, expect_new);
	for (int i = 0; i < taken; i++)
	{
		bool		bad = imported[i].fault != NULL;

		tuplestore_putvalues(result->setResult, result->setDesc, (Datum[]) {
			Int32GetDatum(ordinal + i + 1), IdPGetDatum(&imported[i].customer),
				bad ? CStringGetTextDatum(imported[i].fault) : (Datum) 0
		}, (bool[]) {
			false, bad, !bad
		});
	}
	leave_store(&caller);
	return taken;
}

/* import_customers(documents) setof (ordinal, customer, error) */
Datum
import_customers(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ArrayIterator iterator;
	NullableDatum *documents;
	bool		expect_new = true;
	int32		ordinal = 0;
	int			count;

	require_all_arguments(fcinfo);
	iterator = array_create_iterator(PG_GETARG_ARRAYTYPE_P(0), 0, NULL);
	documents = palloc(IMPORT_BATCH * sizeof(NullableDatum));

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	while ((count = next_documents(iterator, documents)) > 0)
		for (int done = 0; done < count;)
		{
			int			taken = import_some(result, documents + done, count - done, ordinal,
											&expect_new);

			done += taken;
			ordinal += taken;
		}
	return (Datum) 0;
}
