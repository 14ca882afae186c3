/*-------------------------------------------------------------------------
 *
 * row.c
 *	  One row of a table of the store, by its primary key: read, inserted, updated.
 *
 * Here is the SQL of it; row_direct.c has the other way.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "base/invalidation.h"
#include "base/row.h"
#include "base/row_direct.h"

/* prepare makes the statement's types current; returns how many columns there are. */
static int
prepare(RowStatement *statement)
{
	uint64		epoch = store_epoch();
	int			count = 0;

	if (statement->epoch != epoch)
		find_types(statement->types, statement->type_oids);
	statement->epoch = epoch;
	while (statement->columns[count])
		count++;
	return count;
}

/* append_key appends the condition that a row has the key. */
static void
append_key(StringInfo sql, const RowStatement *statement)
{
	for (int i = 0; i < statement->keys; i++)
		appendStringInfo(sql, "%s %s OPERATOR(pg_catalog.=) $%d", i > 0 ? " AND" : " WHERE",
						 statement->columns[i], i + 1);
}

/* The texts of the three kinds of statements. */
static void
write_read(StringInfo sql, const RowStatement *statement)
{
	appendStringInfoString(sql, "SELECT ");
	for (int i = statement->keys; statement->columns[i]; i++)
		appendStringInfo(sql, "%s%s::%s", i > statement->keys ? ", " : "",
						 statement->columns[i], statement->types[i]);
	appendStringInfo(sql, " FROM customers.%s", statement->table);
	append_key(sql, statement);
	if (statement->lock != LCS_NONE)
		appendStringInfo(sql, " FOR %s",
						 statement->lock == LCS_FORKEYSHARE ? "KEY SHARE" : "NO KEY UPDATE");
}

static void
write_insert(StringInfo sql, const RowStatement *statement)
{
	appendStringInfo(sql, "INSERT INTO customers.%s (", statement->table);
	for (int i = 0; statement->columns[i]; i++)
		appendStringInfo(sql, "%s%s", i > 0 ? ", " : "", statement->columns[i]);
	appendStringInfoString(sql, ") VALUES (");
	for (int i = 0; statement->columns[i]; i++)
		appendStringInfo(sql, "%s$%d", i > 0 ? ", " : "", i + 1);
	appendStringInfoChar(sql, ')');
}

static void
write_update(StringInfo sql, const RowStatement *statement)
{
	appendStringInfo(sql, "UPDATE customers.%s SET ", statement->table);
	for (int i = statement->keys; statement->columns[i]; i++)
		appendStringInfo(sql, "%s%s = $%d", i > statement->keys ? ", " : "",
						 statement->columns[i], i + 1);
	append_key(sql, statement);
}

/* run_sql runs the statement as SQL, which write writes when it runs first. */
static uint64
run_sql(RowStatement *statement, int parameters, const NullableDatum *values,
		void (*write) (StringInfo sql, const RowStatement *statement))
{
	if (statement->sql.sql == NULL)
	{
		MemoryContext outside = MemoryContextSwitchTo(TopMemoryContext);
		StringInfoData sql;

		initStringInfo(&sql);
		write(&sql, statement);
		memcpy(statement->sql.types, statement->types, parameters * sizeof(char *));
		statement->sql.stable = statement->stable;
		statement->sql.sql = sql.data;
		MemoryContextSwitchTo(outside);
	}
	return statement_run(&statement->sql, values);
}

bool
row_read(RowStatement *statement, const NullableDatum *key, NullableDatum *values)
{
	int			count = prepare(statement);
	DirectResult result = direct_read(statement, count, key, values);

	if (result != NOT_DIRECT)
		return result == DIRECT_DONE;
	if (run_sql(statement, statement->keys, key, write_read) == 0)
		return false;
	for (int i = 0; i < count - statement->keys; i++)
	{
		Form_pg_attribute column = TupleDescAttr(SPI_tuptable->tupdesc, i);

		values[i].value = statement_value(0, i, &values[i].isnull);
		if (!values[i].isnull)
			values[i].value = datumCopy(values[i].value, column->attbyval, column->attlen);
	}
	return true;
}

void
row_insert(RowStatement *statement, const NullableDatum *values)
{
	int			count = prepare(statement);

	if (direct_insert(statement, count, values) == NOT_DIRECT)
		run_sql(statement, count, values, write_insert);
}

bool
row_update(RowStatement *statement, const NullableDatum *values)
{
	int			count = prepare(statement);
	DirectResult result = direct_update(statement, count, values);

	if (result != NOT_DIRECT)
		return result == DIRECT_DONE;
	return run_sql(statement, count, values, write_update) > 0;
}
