/*-------------------------------------------------------------------------
 *
 * import.h
 *	  Many customers at once: what the files of the import share.
 *
 * A document is {"reference": ..., "context": {...}, "metadata": {...}}; the
 * context and the metadata may be absent.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_IMPORT_H
#define CUSTOMERS_IMPORT_H

#include "base/caller.h"
#include "customer/context.h"
#include "customer/metadata_entry.h"

/* How many documents are taken at once; larger batches are no faster. */
#define IMPORT_BATCH	500

/* A document taken apart, and what has become of it. */
typedef struct ImportedCustomer
{
	text	   *reference;
	Jsonb	   *context;
	MetadataEntries metadata;
	Id			customer;		/* if there is no fault */
	bool		created;		/* else the merchant had him already */
	char	   *fault;			/* what is wrong with the document; NULL: nothing */
} ImportedCustomer;

/*
 * import_batch imports documents (jsonb, or NULL), inside enter_store() ...
 * leave_store().  It takes as many of them as it should at once, at least one,
 * and returns how many: what has become of each is in imported.  *expect_new goes
 * from batch to batch, true at first: whether the customers are likely to be new.
 */
extern int	import_batch(const Caller *caller, const NullableDatum *documents, int count,
						 ImportedCustomer *imported, bool *expect_new);

/* Takes a document apart and checks it; the size of the document in bytes. */
extern Size read_document(const ContextSchema *schema, NullableDatum document,
						  ImportedCustomer *imported);

/*
 * Inserts customers, of whom the merchant has none; or those that he doesn't
 * have, and finds the others.  An error leaves the rows that were inserted: they
 * are for subtransactions.
 */
extern void insert_new_customers(const Caller *caller, const ContextSchema *schema,
								 ImportedCustomer **imported, int count);
extern void insert_or_find_customers(const Caller *caller, const ContextSchema *schema,
									 ImportedCustomer **imported, int count);

/* Takes the unique values of the customers who were created: see claim_unique_values(). */
extern void claim_new_values(const Caller *caller, ImportedCustomer **imported, int count);

/* Stores the metadata of the customers who were created, within the same subtransaction. */
extern void store_new_metadata(const Caller *caller, ImportedCustomer **imported, int count);

/*
 * attempt runs work(argument) in a subtransaction.  If it fails through the fault
 * of a document, the result is what is wrong; any other error goes on.
 */
extern char *attempt(void (*work) (void *argument), void *argument);

#endif							/* CUSTOMERS_IMPORT_H */
