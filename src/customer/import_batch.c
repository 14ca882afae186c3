/*-------------------------------------------------------------------------
 *
 * import_batch.c
 *	  A batch of an import: the bad documents are reported, the good ones kept.
 *
 * The documents are checked before anything is written, and those that pass are
 * written together: first as new ones, which takes the least time if it succeeds.
 * What is known only then, such as a user's own CHECK, fails the batch: it is
 * halved until the bad ones are alone.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "customer/import.h"

/* Bytes of documents after which a batch is full; the last may be larger. */
#define BATCH_SIZE	(4 * 1024 * 1024)

/* Customers whose documents are good so far. */
typedef struct Batch
{
	const Caller *caller;
	const ContextSchema *schema;
	ImportedCustomer **imported;
	int			count;
} Batch;

/* write_new is work for attempt(). */
static void
write_new(void *argument)
{
	const Batch *batch = argument;

	insert_new_customers(batch->caller, batch->schema, batch->imported, batch->count);
	claim_new_values(batch->caller, batch->imported, batch->count);
	store_new_metadata(batch->caller, batch->imported, batch->count);
}

/* write_any is work for attempt(). */
static void
write_any(void *argument)
{
	const Batch *batch = argument;

	insert_or_find_customers(batch->caller, batch->schema, batch->imported, batch->count);
	claim_new_values(batch->caller, batch->imported, batch->count);
	store_new_metadata(batch->caller, batch->imported, batch->count);
}

/* write_good_ones writes the batch, but for the bad ones. */
static void
write_good_ones(Batch batch)
{
	Batch		first = batch;
	Batch		second = batch;
	char	   *fault;

	CHECK_FOR_INTERRUPTS();
	fault = attempt(write_any, &batch);
	if (fault == NULL)
		return;
	if (batch.count == 1)
	{
		batch.imported[0]->fault = fault;
		return;
	}
	first.count = batch.count / 2;
	second.imported += first.count;
	second.count -= first.count;
	write_good_ones(first);
	write_good_ones(second);
}

/* all_new tells whether the batch created all of its customers. */
static bool
all_new(const Batch *batch)
{
	for (int i = 0; i < batch->count; i++)
		if (batch->imported[i]->fault || !batch->imported[i]->created)
			return false;
	return true;
}

/* Documents that are read, one after another. */
typedef struct Reading
{
	const ContextSchema *schema;
	const NullableDatum *documents;
	int			count;
	ImportedCustomer *imported;
	Size		size;
	int			taken;
} Reading;

/* read_documents is work for attempt(). */
static void
read_documents(void *argument)
{
	Reading    *reading = argument;

	for (; reading->taken < reading->count && reading->size < BATCH_SIZE; reading->taken++)
	{
		CHECK_FOR_INTERRUPTS();
		reading->size += read_document(reading->schema, reading->documents[reading->taken],
									   &reading->imported[reading->taken]);
	}
}

/*
 * read_batch reads documents until the batch is full; how many.  One that can't be
 * checked, as it is too large, is the last: the memory that this took is free
 * after the batch.
 */
static int
read_batch(const ContextSchema *schema, const NullableDatum *documents, int count,
		   ImportedCustomer *imported)
{
	Reading		reading = {
		.schema = schema,
		.documents = documents,
		.count = count,
		.imported = imported,
	};
	char	   *fault = attempt(read_documents, &reading);

	if (fault)
		imported[reading.taken++] = (ImportedCustomer) {.fault = fault};
	return reading.taken;
}

int
import_batch(const Caller *caller, const NullableDatum *documents, int count,
			 ImportedCustomer *imported, bool *expect_new)
{
	/* A copy, as the guard may look up the one in force meanwhile. */
	ContextSchema schema = *context_schema_in_force(&caller->merchant);
	Batch		good = {
		.caller = caller,
		.schema = &schema,
		.imported = palloc(count * sizeof(ImportedCustomer *)),
	};
	int			taken = read_batch(&schema, documents, count, imported);

	for (int i = 0; i < taken; i++)
		if (imported[i].fault == NULL)
			good.imported[good.count++] = &imported[i];
	if (good.count > 0 && (!*expect_new || attempt(write_new, &good) != NULL))
		write_good_ones(good);
	*expect_new = all_new(&good);
	return taken;
}
