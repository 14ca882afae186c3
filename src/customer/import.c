/*-------------------------------------------------------------------------
 *
 * import.c
 *	  import_customers(): many customers at once, the good ones kept.
 *
 * A document is {"reference": …, "context": {…}, "metadata": {…}}; the context
 * and the metadata may be absent.  A reference that the merchant has already is
 * the customer who has it, left as it is, so that an import can be repeated.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "base/argument.h"
#include "base/statement.h"
#include "base/wipe.h"
#include "customer/context.h"
#include "customer/customer.h"

PG_FUNCTION_INFO_V1(import_customers);

/* A document taken apart; absent members are NULL. */
typedef struct ImportedCustomer
{
	text	   *reference;
	Jsonb	   *context;
	Jsonb	   *metadata;
} ImportedCustomer;

/* member_name_is compares a key of jsonb, which has no NUL at its end. */
static bool
member_name_is(const JsonbValue *key, const char *name)
{
	return key->val.string.len == (int) strlen(name) &&
		memcmp(key->val.string.val, name, key->val.string.len) == 0;
}

/* take_apart reads a document; the result is what is wrong with it, or NULL. */
static char *
take_apart(Jsonb *document, ImportedCustomer *customer)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	key;
	JsonbValue	value;

	memset(customer, 0, sizeof(*customer));
	if (!JB_ROOT_IS_OBJECT(document))
		return "a document must be a JSON object";

	iterator = JsonbIteratorInit(&document->root);
	while ((token = JsonbIteratorNext(&iterator, &key, true)) != WJB_DONE)
	{
		if (token != WJB_KEY)
			continue;
		JsonbIteratorNext(&iterator, &value, true);
		if (value.type == jbvNull)
			continue;
		if (member_name_is(&key, "reference"))
		{
			if (value.type != jbvString)
				return "reference: must be a string";
			customer->reference = cstring_to_text_with_len(value.val.string.val,
														   value.val.string.len);
		}
		else if (member_name_is(&key, "context"))
			customer->context = JsonbValueToJsonb(&value);
		else if (member_name_is(&key, "metadata"))
		{
			customer->metadata = JsonbValueToJsonb(&value);
			wipe_at_reset(customer->metadata, VARSIZE(customer->metadata));
		}
		else
			return psprintf("%s: unknown member; a document has reference, context and metadata",
							pnstrdup(key.val.string.val, key.val.string.len));
	}
	if (customer->reference == NULL)
		return "reference: missing";
	if (customer->context == NULL)
		customer->context = empty_context();
	return NULL;
}

/* is_fault_of_document: else the whole import fails. */
static bool
is_fault_of_document(int sqlstate)
{
	return ERRCODE_TO_CATEGORY(sqlstate) == ERRCODE_DATA_EXCEPTION ||
		ERRCODE_TO_CATEGORY(sqlstate) == ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION;
}

/* create inserts the customer, or finds the one that has the reference. */
static void
create(const Caller *caller, const ContextSchema *schema,
	   ImportedCustomer *imported, Id *customer)
{
	check_reference(imported->reference);
	insert_or_find_customer(caller, customer, imported->reference, imported->context,
							imported->metadata, schema);
}

/*
 * create_or_report does the same in a subtransaction; the result is what is
 * wrong with the document, or NULL.
 */
static char *
create_or_report(const Caller *caller, const ContextSchema *schema,
				 ImportedCustomer *imported, Id *customer)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	char	   *volatile fault = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		create(caller, schema, imported, customer);
		ReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		if (!is_fault_of_document(error->sqlerrcode))
			ReThrowError(error);
		fault = error->detail ? psprintf("%s; %s", error->message, error->detail)
			: error->message;
	}
	PG_END_TRY();
	return fault;
}

/*
 * import_one creates the customer of a document; the result is what is wrong
 * with the document, or NULL.
 */
static char *
import_one(const Caller *caller, Jsonb *document, Id *customer)
{
	const ContextSchema *schema = context_schema_in_force(&caller->merchant);
	ImportedCustomer imported;
	List	   *violations;
	char	   *fault = take_apart(document, &imported);

	if (fault)
		return fault;
	violations = context_violations(schema, imported.context, STAGE_CREATE);
	if (violations)
		return describe_violations(violations);
	return create_or_report(caller, schema, &imported, customer);
}

/* import_customers(documents) setof (ordinal, customer, error) */
Datum
import_customers(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ArrayType  *documents;
	ArrayIterator iterator;
	MemoryContext per_document;
	MemoryContext outside;
	Datum		element;
	bool		isnull;
	Caller		caller;

	require_all_arguments(fcinfo);
	documents = PG_GETARG_ARRAYTYPE_P(0);

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	enter_store(&caller);
	per_document = AllocSetContextCreate(CurrentMemoryContext, "customers import",
										 ALLOCSET_DEFAULT_SIZES);
	outside = CurrentMemoryContext;
	iterator = array_create_iterator(documents, 0, NULL);
	for (int32 ordinal = 1; array_iterate(iterator, &element, &isnull); ordinal++)
	{
		Id			customer;
		char	   *fault;

		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(per_document);
		fault = isnull ? "the document is null"
			: import_one(&caller, DatumGetJsonbP(element), &customer);
		tuplestore_putvalues(result->setResult, result->setDesc,
							 (Datum[]) {
			Int32GetDatum(ordinal), IdPGetDatum(&customer),
				fault ? CStringGetTextDatum(fault) : (Datum) 0
		},
							 (bool[]) {
			false, fault != NULL, fault == NULL
		});
		MemoryContextSwitchTo(outside);
		MemoryContextReset(per_document);
	}
	leave_store(&caller);
	return (Datum) 0;
}
