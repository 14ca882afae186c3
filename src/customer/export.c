/*-------------------------------------------------------------------------
 *
 * export.c
 *	  export_customer(): all that is held about a customer, in one document.
 *
 * Everything is read in the snapshot of the calling query, so the document
 * fits together.  The values of metadata are put in here and not by SQL, where
 * a statement's log could show them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "base/statement.h"
#include "base/wipe.h"
#include "customer/customer.h"
#include "customer/export_section.h"
#include "customer/metadata.h"
#include "list/rule.h"

/*
 * How many rows a document may have.  With less than 1 kB for each it stays below
 * the 256 MB of jsonb, and making it below 2 GB of memory.
 */
#define EXPORT_ROWS_MAX 200000

PG_FUNCTION_INFO_V1(export_customer);

/*
 * refuse_too_much counts the rows that there can be many of: a payment and
 * each of its commits have an event at least.
 */
static void
refuse_too_much(const Caller *caller, const Id *customer)
{
#define COUNT(from) \
	"(SELECT pg_catalog.count(*) FROM customers." from \
	" AND a.customer_id OPERATOR(pg_catalog.=) $2)"
	static Statement count = {
		.sql = "SELECT " COUNT("payment_method a WHERE a.merchant_id OPERATOR(pg_catalog.=) $1")
		" OPERATOR(pg_catalog.+) "
		COUNT("payment a, customers.payment_event e"
			  " WHERE a.merchant_id OPERATOR(pg_catalog.=) $1"
			  " AND e.merchant_id OPERATOR(pg_catalog.=) $1"
			  " AND e.payment_id OPERATOR(pg_catalog.=) a.payment_id")
		" OPERATOR(pg_catalog.+) "
		COUNT("list_item a WHERE a.merchant_id OPERATOR(pg_catalog.=) $1")
		" OPERATOR(pg_catalog.+) "
		COUNT("metadata_access a WHERE a.merchant_id OPERATOR(pg_catalog.=) $1")
		" OPERATOR(pg_catalog.+) "
		COUNT("customer_history a WHERE a.merchant_id OPERATOR(pg_catalog.=) $1"),
		.types = {"customers.merchant_id", "customers.customer_id"},
		.stable = true,
	};
#undef COUNT
	int64		rows;

	statement_run(&count, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer)
	});
	rows = DatumGetInt64(statement_get(0, 0));
	if (rows > EXPORT_ROWS_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too much is held about customer \"%s\" for one document",
						id_string(&customer_id_type, customer)),
				 errdetail("Its versions, payment methods, events of payments, list items and records of reads are %lld; a document has at most %d.",
						   (long long) rows, EXPORT_ROWS_MAX),
				 errhint("Read them from the tables.")));
}

/* push_key begins a member of the document. */
static void
push_key(JsonbParseState **state, const char *name)
{
	JsonbValue	key = {.type = jbvString};

	key.val.string.val = unconstify(char *, name);
	key.val.string.len = strlen(name);
	pushJsonbValue(state, WJB_KEY, &key);
}

/* push_document makes a member of a document, which has to stay until the end. */
static void
push_document(JsonbParseState **state, const char *name, Jsonb *document)
{
	JsonbValue	value = {.type = jbvBinary};

	value.val.binary.data = &document->root;
	value.val.binary.len = VARSIZE(document) - VARHDRSZ;
	push_key(state, name);
	pushJsonbValue(state, WJB_VALUE, &value);
}

/* push_time makes a member of a time, in UTC. */
static void
push_time(JsonbParseState **state, const char *name, TimestampTz time)
{
	static const int utc = 0;
	char	   *text = palloc(MAXDATELEN + 1);
	JsonbValue	value = {.type = jbvString};

	JsonEncodeDateTime(text, TimestampTzGetDatum(time), TIMESTAMPTZOID, &utc);
	value.val.string.val = text;
	value.val.string.len = strlen(text);
	push_key(state, name);
	pushJsonbValue(state, WJB_VALUE, &value);
}

/* push_section makes a member of what a section's statement gives. */
static void
push_section(JsonbParseState **state, ExportSection *section, const Caller *caller,
			 const Id *customer, TimestampTz now)
{
	if (statement_run(&section->statement, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind(TimestampTzGetDatum(now))
	}) == 0)
		report_no_such_customer(customer);
	push_document(state, section->name,
				  (Jsonb *) PG_DETOAST_DATUM_COPY(statement_get(0, 0)));
}

/* export_customer(customer) jsonb */
Datum
export_customer(PG_FUNCTION_ARGS)
{
	Id		   *customer = DatumGetIdP(PG_GETARG_DATUM(0));
	JsonbParseState *state = NULL;
	TimestampTz now = GetCurrentTimestamp();
	JsonbValue *document;
	Jsonb	   *metadata;
	Jsonb	   *result;
	MemoryContext inside;
	int			level;
	Caller		caller;

	enter_store(&caller);
	refuse_too_much(&caller, customer);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_time(&state, "exported_at", now);
	level = begin_rules();		/* times in UTC, too */
	for (int i = 0; i < export_section_count; i++)
		push_section(&state, &export_sections[i], &caller, customer, now);
	end_rules(level);
	metadata = read_metadata(&caller, customer, true);
	push_document(&state, "metadata", metadata);
	document = pushJsonbValue(&state, WJB_END_OBJECT, NULL);

	inside = MemoryContextSwitchTo(caller.context);
	result = JsonbValueToJsonb(document);
	MemoryContextSwitchTo(inside);
	wipe_memory(metadata, VARSIZE(metadata));
	leave_store(&caller);
	PG_RETURN_JSONB_P(result);
}
