/*-------------------------------------------------------------------------
 *
 * statement.c
 *	  The SQL statements of the operations: prepared once, run through SPI.
 *
 * This is the only file that runs SQL.  Plans are kept for the life of the
 * backend; PostgreSQL replans them by itself when a table changes.  What it
 * can't notice is a new extension in the place of a dropped one: the types of
 * the parameters have other OIDs then.  store_epoch() tells, and the statement
 * is prepared anew.  Plans are generic: a statement reaches its rows by a key
 * that begins with the merchant, whatever the values; but for one that reads
 * whole tables, which is planned for each run.
 *
 * A plan that was made while a table had few rows may use any index that begins
 * with the merchant, and read all of its rows when there are many.  PostgreSQL
 * plans anew when autovacuum has counted them, which takes a minute and the end
 * of the transaction that writes them.  So the first operations of a backend
 * have all plans, those of foreign keys too, made anew a few times.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/tstoreReceiver.h"
#include "nodes/parsenodes.h"
#include "tcop/dest.h"
#include "utils/builtins.h"
#include "utils/plancache.h"
#include "utils/regproc.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "base/compat.h"
#include "base/invalidation.h"
#include "base/statement.h"

NullableDatum
bind_string(const char *string)
{
	return string ? bind(CStringGetTextDatum(string)) : bind_null();
}

NullableDatum
bind_bytes(const void *bytes, size_t length)
{
	bytea	   *value = palloc(VARHDRSZ + length);

	SET_VARSIZE(value, VARHDRSZ + length);
	memcpy(VARDATA(value), bytes, length);
	return bind(PointerGetDatum(value));
}

Oid
own_type(const char *name)
{
	return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(name),
						   ObjectIdGetDatum(get_namespace_oid("customers", false)));
}

#define FIRST_REPLAN	256		/* statements after which plans are stale */
#define LAST_REPLAN		(FIRST_REPLAN << 10)	/* autovacuum has been there */

/* replan_while_tables_grow counts the statements and drops all plans at times. */
static void
replan_while_tables_grow(void)
{
	static uint32 count = 0;
	static uint32 next = FIRST_REPLAN;

	if (next > LAST_REPLAN || ++count < next)
		return;
	ResetPlanCache();
	next *= 4;
}

void
forget_plans(void)
{
	ResetPlanCache();
}

int
find_types(const char *const *names, Oid *types)
{
	int			count = 0;

	for (; names[count]; count++)
		types[count] = DatumGetObjectId(DirectFunctionCall1(regtypein,
															CStringGetDatum(names[count])));
	return count;
}

/* unpack makes of parameters what SPI takes. */
static void
unpack(const NullableDatum *parameters, int count, Datum *values, char *nulls)
{
	for (int i = 0; i < count; i++)
	{
		values[i] = parameters[i].value;
		nulls[i] = parameters[i].isnull ? 'n' : ' ';
	}
}

/* prepare makes the statement's plan current; returns its parameter count. */
static int
prepare(Statement *statement)
{
	uint64		epoch = store_epoch();
	int			count;

	if (statement->plan && statement->epoch == epoch)
		return SPI_getargcount(statement->plan);

	if (statement->plan)
	{
		SPIPlanPtr	stale = statement->plan;

		statement->plan = NULL;
		SPI_freeplan(stale);
	}

	{
		Oid			types[STATEMENT_MAX_PARAMETERS];
		SPIPlanPtr	plan;

		count = find_types(statement->types, types);
		plan = SPI_prepare_cursor(statement->sql, count, types,
								  statement->whole ? CURSOR_OPT_CUSTOM_PLAN : CURSOR_OPT_GENERIC_PLAN);
		if (plan == NULL)
			elog(ERROR, "SPI_prepare_cursor failed: %s", SPI_result_code_string(SPI_result));
		if (SPI_keepplan(plan) != 0)
			elog(ERROR, "SPI_keepplan failed");
		statement->plan = plan;
		statement->epoch = epoch;
	}
	return count;
}

/* execute runs the statement, into receiver if one is given. */
static uint64
execute(Statement *statement, const NullableDatum *parameters, DestReceiver *receiver)
{
	int			count;
	Datum		values[STATEMENT_MAX_PARAMETERS];
	char		nulls[STATEMENT_MAX_PARAMETERS];
	int			result;

	replan_while_tables_grow();
	count = prepare(statement);
	unpack(parameters, count, values, nulls);

	SPI_freetuptable(SPI_tuptable);
	if (receiver)
	{
		SPIExecuteOptions options = {0};
		ParamListInfo bound = makeParamList(count);

		for (int i = 0; i < count; i++)
			bound->params[i] = (ParamExternData)
			{
				.value = values[i],.isnull = parameters[i].isnull,
					.pflags = PARAM_FLAG_CONST,
					.ptype = SPI_getargtypeid(statement->plan, i)
			};
		options.params = bound;
		options.read_only = statement->stable;
		options.dest = receiver;
		result = SPI_execute_plan_extended(statement->plan, &options);
	}
	else if (statement->latest)
		result = SPI_execute_snapshot(statement->plan, values, nulls,
									  IsInParallelMode() ? GetActiveSnapshot() : GetLatestSnapshot(),
									  InvalidSnapshot, true, false, 0);
	else
		result = SPI_execute_plan(statement->plan, values, nulls, statement->stable, 0);
	if (result < 0)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
	return SPI_processed;
}

uint64
statement_run(Statement *statement, const NullableDatum *parameters)
{
	return execute(statement, parameters, NULL);
}

bool
caching_allowed(void)
{
	return !IsInParallelMode() || IsParallelWorker();
}

uint64
statement_run_once(const char *sql)
{
	int			result = SPI_execute(sql, false, 0);

	if (result < 0)
		elog(ERROR, "SPI_execute failed: %s", SPI_result_code_string(result));
	return SPI_processed;
}

uint64
statement_run_for_caller(const Statement *statement, const NullableDatum *parameters)
{
	Oid			types[STATEMENT_MAX_PARAMETERS];
	Datum		values[STATEMENT_MAX_PARAMETERS];
	char		nulls[STATEMENT_MAX_PARAMETERS];
	int			count = find_types(statement->types, types);
	int			result;

	unpack(parameters, count, values, nulls);
	SPI_freetuptable(SPI_tuptable);
	result = SPI_execute_with_args(statement->sql, count, types, values, nulls, false, 0);
	if (result < 0)
		elog(ERROR, "SPI_execute_with_args failed: %s", SPI_result_code_string(result));
	return SPI_processed;
}

Datum
statement_value(uint64 row, int column, bool *isnull)
{
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column + 1, isnull);
}

Datum
statement_get(uint64 row, int column)
{
	bool		isnull;
	Datum		value = statement_value(row, column, &isnull);

	if (isnull)
		elog(ERROR, "unexpected NULL in column %d", column);
	return value;
}

char *
statement_string(uint64 row, int column)
{
	bool		isnull;
	Datum		value = statement_value(row, column, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

void
statement_return_rows(Statement *statement, const NullableDatum *parameters,
					  ReturnSetInfo *result)
{
	DestReceiver *receiver = CreateDestReceiver(DestTuplestore);

	SetTuplestoreDestReceiverParams(receiver, result->setResult,
									result->econtext->ecxt_per_query_memory,
									true, result->setDesc,
									"the rows do not have the declared columns");
	execute(statement, parameters, receiver);
	receiver->rDestroy(receiver);
}
