/*-------------------------------------------------------------------------
 *
 * metadata_access.c
 *	  The record of who has read metadata.
 *
 * Each read leaves a row in metadata_access.  Where none can be written, on a
 * standby and in a read-only transaction, it leaves a message in the server
 * log.  And since a transaction that is rolled back takes its rows with it,
 * its reads are kept in memory and go to the log then; so they do when it is
 * prepared, as nothing tells how that ends.  Those that are too many to keep
 * go to the log at once.  Nobody reads without a trace.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/statement.h"
#include "customer/metadata_access.h"

/* How many reads of one transaction are kept, and how long each may be. */
#define KEPT_MAX 1000
#define KEPT_LENGTH_MAX 4096

/* What is said of each: that it was read, and how the transaction ended. */
static const char end_rolled_back[] = " in a transaction that was rolled back";
static const char end_prepared[] = " in a transaction that was prepared";

/* A read of the current transaction, as the server log would tell it. */
typedef struct KeptRead
{
	SubTransactionId subtransaction;
	bool		search;
	char	   *detail;
} KeptRead;

static KeptRead *kept = NULL;	/* in the transaction's memory context */
static int	kept_count = 0;

/* write_log never reaches the client, nor does it show the statement. */
static void
write_log(bool search, const char *end, const char *detail)
{
	ereport(LOG_SERVER_ONLY,
			(errmsg("%s%s", search ? "metadata of customers was searched"
					: "metadata of a customer was read", end),
			 errdetail("%s", detail),
			 errhidestmt(true),
			 errhidecontext(true)));
}

/* append_customers names them: "Customer" of a read, "Found" by a search. */
static void
append_customers(StringInfo detail, const Id *customer, ArrayType *found)
{
	Datum	   *ids;
	int			count;

	if (customer)
	{
		appendStringInfo(detail, "Customer \"%s\"", id_string(&customer_id_type, customer));
		return;
	}
	deconstruct_array(found, ARR_ELEMTYPE(found), sizeof(Id), false, TYPALIGN_CHAR,
					  &ids, NULL, &count);
	appendStringInfoString(detail, count > 0 ? "Found" : "Found none");
	for (int i = 0; i < count; i++)
		appendStringInfo(detail, "%s \"%s\"", i > 0 ? "," : "",
						 id_string(&customer_id_type, DatumGetIdP(ids[i])));
}

/* describe is the read of a customer, or the search, in words. */
static char *
describe(const Caller *caller, const Id *customer, ArrayType *found, ArrayType *keys)
{
	StringInfoData detail;
	Datum	   *names;
	int			count;

	initStringInfo(&detail);
	append_customers(&detail, customer, found);
	appendStringInfo(&detail, ", merchant \"%s\", role \"%s\", session role \"%s\", keys:",
					 id_string(&merchant_id_type, &caller->merchant),
					 GetUserNameFromId(caller->role, false),
					 GetUserNameFromId(GetSessionUserId(), false));
	deconstruct_array(keys, TEXTOID, -1, false, TYPALIGN_INT, &names, NULL, &count);
	for (int i = 0; i < count; i++)
		appendStringInfo(&detail, "%s \"%s\"", i > 0 ? "," : "", TextDatumGetCString(names[i]));
	appendStringInfoString(&detail, count > 0 ? "." : " none.");
	return detail.data;
}

static void
forget_all(void)
{
	kept = NULL;
	kept_count = 0;
}

/* log_all logs the kept reads of the transaction. */
static void
log_all(const char *end)
{
	for (int i = 0; i < kept_count; i++)
		write_log(kept[i].search, end, kept[i].detail);
}

/*
 * log_rolled_back logs the kept reads of a subtransaction and forgets them.
 * Its children have committed into it, or been seen to before.
 */
static void
log_rolled_back(SubTransactionId subtransaction)
{
	int			rest = 0;

	for (int i = 0; i < kept_count; i++)
	{
		if (kept[i].subtransaction == subtransaction)
			write_log(kept[i].search, end_rolled_back, kept[i].detail);
		else
			kept[rest++] = kept[i];
	}
	kept_count = rest;
}

static void
at_transaction_end(XactEvent event, void *unused pg_attribute_unused())
{
	if (event == XACT_EVENT_ABORT)
		log_all(end_rolled_back);
	else if (event == XACT_EVENT_PREPARE)
		log_all(end_prepared);
	if (event == XACT_EVENT_ABORT || event == XACT_EVENT_COMMIT || event == XACT_EVENT_PREPARE)
		forget_all();
}

static void
at_subtransaction_end(SubXactEvent event, SubTransactionId subtransaction,
					  SubTransactionId parent, void *unused pg_attribute_unused())
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		log_rolled_back(subtransaction);
	else if (event == SUBXACT_EVENT_COMMIT_SUB)
	{
		for (int i = 0; i < kept_count; i++)
		{
			if (kept[i].subtransaction == subtransaction)
				kept[i].subtransaction = parent;
		}
	}
}

/* keep remembers the read until the transaction ends, or logs it. */
static void
keep(bool search, const char *detail)
{
	static bool registered = false;

	if (!registered)
	{
		RegisterXactCallback(at_transaction_end, NULL);
		RegisterSubXactCallback(at_subtransaction_end, NULL);
		registered = true;
	}
	if (kept_count == KEPT_MAX || strlen(detail) > KEPT_LENGTH_MAX)
	{
		write_log(search, "", detail);
		return;
	}

	if (kept == NULL)
		kept = MemoryContextAlloc(TopTransactionContext, KEPT_MAX * sizeof(KeptRead));
	kept[kept_count].subtransaction = GetCurrentSubTransactionId();
	kept[kept_count].search = search;
	kept[kept_count].detail = MemoryContextStrdup(TopTransactionContext, detail);
	kept_count++;
}

/* record records a read of a customer, or a search, which has found instead. */
static void
record(const Caller *caller, const Id *customer, ArrayType *found, ArrayType *keys)
{
	static Statement insert = {
		.sql = "INSERT INTO customers.metadata_access"
		" (merchant_id, access_id, customer_id, at, role, session_role, keys, found)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		.types = {"customers.merchant_id", "pg_catalog.uuid", "customers.customer_id",
			"pg_catalog.timestamptz", "pg_catalog.name", "pg_catalog.name",
		"pg_catalog.text[]", "customers.customer_id[]"},
	};
	char	   *detail = describe(caller, customer, found, keys);
	Id			access;

	if (XactReadOnly || RecoveryInProgress())
	{
		write_log(customer == NULL, "", detail);
		return;
	}

	generate_id(&access);
	statement_run(&insert, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(&access), bind_pointer(customer),
			bind(TimestampTzGetDatum(GetCurrentTimestamp())),
			bind(caller_name(caller)),
			bind(DirectFunctionCall1(namein,
									 CStringGetDatum(GetUserNameFromId(GetSessionUserId(), false)))),
			bind_pointer(keys), bind_pointer(found)
	});
	keep(customer == NULL, detail);
}

void
record_metadata_access(const Caller *caller, const Id *customer, ArrayType *keys)
{
	record(caller, customer, NULL, keys);
}

void
record_metadata_search(const Caller *caller, text *key, ArrayType *found)
{
	Datum		keys[] = {PointerGetDatum(key)};

	record(caller, NULL, found, construct_array(keys, 1, TEXTOID, -1, false, TYPALIGN_INT));
}
