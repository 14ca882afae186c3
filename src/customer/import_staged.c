/*-------------------------------------------------------------------------
 *
 * import_staged.c
 *	  import_staged(): the documents of a staging table, imported in batches.
 *
 * The staging table is the caller's.  It is read and written with the caller's
 * rights, outside enter_store(): its policies and triggers, and whatever else
 * the caller has made of it, never run as the store's owner.
 *
 * A batch is a transaction: the customers and the errors of its documents are
 * committed together.  An import that was stopped is called again, and finds
 * the customers that it has created.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_type.h"
#include "common/int.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "base/argument.h"
#include "base/procedure.h"
#include "base/progress.h"
#include "base/statement.h"
#include "customer/import.h"

PG_FUNCTION_INFO_V1(import_staged);

/* A staging table, and how far its import is. */
typedef struct Staging
{
	Statement	count;
	Statement	read;			/* the next documents: $1 and after */
	Statement	report;			/* writes errors: $1 ordinals, $2 errors */
	int64		next;			/* the ordinal to go on from */
	bool		expect_new;		/* see import_batch() */
	int64		created;
	int64		existing;
	int64		refused;
	Progress	progress;
	MemoryContext memory;		/* of a batch */
} Staging;

/* require_column finds a column of the staging table; its number. */
static AttrNumber
require_column(Relation table, const char *name, const Oid *types, const char *type_names)
{
	AttrNumber	number = get_attnum(RelationGetRelid(table), name);

	if (number != InvalidAttrNumber)
		for (Oid type = get_atttype(RelationGetRelid(table), number); OidIsValid(*types); types++)
			if (type == *types)
				return number;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("table \"%s\" has no column \"%s\" of type %s",
					RelationGetRelationName(table), name, type_names),
			 errhint("A staging table is made by CREATE TABLE ... (ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, document jsonb, error text).")));
}

/* require_primary_key: with another, rows would be read in vain, twice or not at all. */
static void
require_primary_key(Relation table, AttrNumber number)
{
	Bitmapset  *key = RelationGetIndexAttrBitmap(table, INDEX_ATTR_BITMAP_PRIMARY_KEY);
	int			member;

	if (!bms_get_singleton_member(key, &member) ||
		member != number - FirstLowInvalidHeapAttributeNumber)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the primary key of table \"%s\" is not column \"ordinal\"",
						RelationGetRelationName(table)),
				 errhint("A staging table is read in the order of its primary key: ALTER TABLE ... ADD PRIMARY KEY (ordinal).")));
}

/* open_staging checks that the table can be imported. */
static Staging
open_staging(Oid relation)
{
	static const Oid integers[] = {INT8OID, INT4OID, INT2OID, InvalidOid};
	Relation	table = table_open(relation, AccessShareLock);
	char	   *name = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(table)),
												  RelationGetRelationName(table));
	Staging		staging = {
		.count = {.sql = psprintf("SELECT pg_catalog.count(*) FROM %s", name)},
		.read = {
			/* Casts, as the columns may be others when a batch has been committed. */
			.sql = psprintf("SELECT ordinal::pg_catalog.int8, document::pg_catalog.jsonb,"
							" error::pg_catalog.text FROM %s"
							" WHERE ordinal OPERATOR(pg_catalog.>=) $1 ORDER BY ordinal LIMIT %d",
							name, IMPORT_BATCH),
			.types = {"pg_catalog.int8"},
		},
		.report = {
			.sql = psprintf("UPDATE %s AS s SET error = e.error"
							" FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2))"
							" AS e (ordinal, error)"
							" WHERE s.ordinal OPERATOR(pg_catalog.=) e.ordinal", name),
			.types = {"pg_catalog.int8[]", "pg_catalog.text[]"},
		},
		.next = PG_INT64_MIN,
		.expect_new = true,
		.memory = AllocSetContextCreate(CurrentMemoryContext, "customers import",
										ALLOCSET_DEFAULT_SIZES),
	};

	require_primary_key(table, require_column(table, "ordinal", integers, "bigint or integer"));
	require_column(table, "document", (const Oid[]) {JSONBOID, InvalidOid}, "jsonb");
	require_column(table, "error", (const Oid[]) {TEXTOID, InvalidOid}, "text");
	table_close(table, AccessShareLock);
	return staging;
}

/* report_errors writes the errors that are others than those in the staging table. */
static void
report_errors(Staging *staging, const ImportedCustomer *imported, int count)
{
	Datum	   *ordinals = palloc(count * sizeof(Datum));
	Datum	   *errors = palloc0(count * sizeof(Datum));
	bool	   *none = palloc(count * sizeof(bool));
	int			changed = 0;
	int			lower_bound = 1;

	for (int i = 0; i < count; i++)
	{
		const char *fault = imported[i].fault;
		char	   *before = statement_string(i, 2);

		if (fault == before || (fault && before && strcmp(fault, before) == 0))
			continue;
		ordinals[changed] = statement_get(i, 0);
		none[changed] = fault == NULL;
		if (fault)
			errors[changed] = CStringGetTextDatum(fault);
		changed++;
	}
	if (changed > 0)
		statement_run_for_caller(&staging->report, (NullableDatum[]) {
			bind_pointer(construct_array(ordinals, changed, INT8OID, sizeof(int64), FLOAT8PASSBYVAL,
										 TYPALIGN_DOUBLE)),
				bind_pointer(construct_md_array(errors, none, 1, &changed, &lower_bound,
												TEXTOID, -1, false, TYPALIGN_INT))
		});
}

/* count_results adds up what has become of the documents. */
static void
count_results(Staging *staging, const ImportedCustomer *imported, int count)
{
	for (int i = 0; i < count; i++)
		if (imported[i].fault)
			staging->refused++;
		else if (imported[i].created)
			staging->created++;
		else
			staging->existing++;
	staging->progress.done += count;
}

/* import_documents imports the first of the documents; how many. */
static int
import_documents(Staging *staging, const NullableDatum *documents, int count,
				 ImportedCustomer *imported)
{
	Caller		caller;
	int			taken;

	enter_store(&caller);
	taken = import_batch(&caller, documents, count, imported, &staging->expect_new);
	for (int i = 0; i < taken; i++)
		if (imported[i].fault)
			imported[i].fault = MemoryContextStrdup(caller.context, imported[i].fault);
	leave_store(&caller);
	return taken;
}

/* import_rows imports what was read last; false if no more is to be read. */
static bool
import_rows(Staging *staging, int count)
{
	NullableDatum *documents = palloc(count * sizeof(NullableDatum));
	ImportedCustomer *imported = palloc(count * sizeof(ImportedCustomer));
	int			taken;
	int64		last;

	for (int i = 0; i < count; i++)
		documents[i].value = statement_value(i, 1, &documents[i].isnull);
	taken = import_documents(staging, documents, count, imported);
	last = DatumGetInt64(statement_get(taken - 1, 0));
	count_results(staging, imported, taken);
	report_errors(staging, imported, taken);
	return !pg_add_s64_overflow(last, 1, &staging->next);
}

/* import_next imports the next batch; false if there is none. */
static bool
import_next(Staging *staging)
{
	MemoryContext outside = MemoryContextSwitchTo(staging->memory);
	bool		more = false;
	int			count;

	/* Between statements too: documents may have to be fetched. */
	PushActiveSnapshot(GetTransactionSnapshot());
	count = statement_run_for_caller(&staging->read, (NullableDatum[]) {
		bind(Int64GetDatum(staging->next))
	});
	MemoryContextSwitchTo(staging->memory); /* SPI has left it */
	if (count > 0)
		more = import_rows(staging, count);
	PopActiveSnapshot();
	MemoryContextSwitchTo(outside);
	MemoryContextReset(staging->memory);
	commit_batch();
	report_progress(&staging->progress);
	return more;
}

/* import_staged(staging, created, existing, refused) */
Datum
import_staged(PG_FUNCTION_ARGS)
{
	Staging		staging;
	TupleDesc	descriptor;

	require_arguments(fcinfo, (const char *const[]) {"staging", NULL, NULL, NULL});
	if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	descriptor = BlessTupleDesc(descriptor);

	begin_batches(fcinfo);
	staging = open_staging(PG_GETARG_OID(0));
	statement_run_for_caller(&staging.count, NULL);
	staging.progress = begin_progress("went through", "documents",
									  DatumGetInt64(statement_get(0, 0)));
	while (import_next(&staging))
		;
	end_batches();

	return HeapTupleGetDatum(heap_form_tuple(descriptor, (Datum[]) {
		Int64GetDatum(staging.created), Int64GetDatum(staging.existing),
			Int64GetDatum(staging.refused)
	}, (bool[]) {
		false, false, false
	}));
}
