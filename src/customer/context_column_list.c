/*-------------------------------------------------------------------------
 *
 * context_column_list.c
 *	  The columns that a merchant's customers have in a view of its fields.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/comment.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "base/statement.h"
#include "customer/context_column_list.h"
#include "customer/context_type.h"

/* The columns of customer that the view begins with. */
static const char *const fixed_columns[] = {
	"customer_id", "reference", "payments_allowed", "payouts_allowed",
	"archived_at", "erased_at", "version", "created_at", "updated_at",
};

/* find_column returns the column of that name, or NULL. */
static ContextColumn *
find_column(List *columns, const char *name)
{
	ListCell   *cell;

	foreach(cell, columns)
	{
		ContextColumn *column = lfirst(cell);

		if (column->name && strcmp(column->name, name) == 0)
			return column;
	}
	return NULL;
}

/*
 * free_name: a name for a field whose key can't be the column's: the key, cut if
 * need be, with the first number from 2 that makes it the only one.
 */
static char *
free_name(List *columns, const char *key)
{
	for (int number = 2;; number++)
	{
		char	   *suffix = psprintf("_%d", number);
		char	   *name = psprintf("%.*s%s", (int) (NAMEDATALEN - 1 - strlen(suffix)), key, suffix);

		if (find_column(columns, name) == NULL)
			return name;
	}
}

/* list_fixed_columns begins the list of columns. */
static List *
list_fixed_columns(void)
{
	Oid			customer = get_relname_relid("customer", get_namespace_oid("customers", false));
	List	   *columns = NIL;

	for (size_t i = 0; i < lengthof(fixed_columns); i++)
	{
		AttrNumber	number = get_attnum(customer, fixed_columns[i]);
		ContextColumn *column = palloc(sizeof(ContextColumn));

		column->key = NULL;
		column->name = pstrdup(fixed_columns[i]);
		column->expression = psprintf("c.%s", fixed_columns[i]);
		column->type = get_atttype(customer, number);
		column->comment = GetComment(customer, RelationRelationId, number);
		columns = lappend(columns, column);
	}
	return columns;
}

/*
 * A retired field keeps its place, so that what depends on a view stands.
 */
List *
list_context_columns(const Caller *caller)
{
	static Statement find = {
		.sql = "SELECT key, schema, COALESCE(label, key) OPERATOR(pg_catalog.||)"
		" CASE WHEN retired_at IS NULL THEN '' ELSE ' (retired)' END"
		" FROM customers.context_field WHERE merchant_id OPERATOR(pg_catalog.=) $1"
		" ORDER BY position, key COLLATE pg_catalog.\"C\"",
		.types = {"customers.merchant_id"},
	};
	uint64		count = statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant)
	});
	List	   *columns;
	ListCell   *cell;

	MemoryContextSwitchTo(caller->context);
	columns = list_fixed_columns();
	for (uint64 row = 0; row < count; row++)
	{
		const ContextType *type = context_type_of(DatumGetJsonbP(statement_get(row, 1)));
		ContextColumn *column = palloc(sizeof(ContextColumn));

		column->key = statement_string(row, 0);
		column->name = strlen(column->key) < NAMEDATALEN && !find_column(columns, column->key)
			? column->key : NULL;
		column->expression = context_expression(type, "c.context", column->key);
		column->type = DatumGetObjectId(DirectFunctionCall1(regtypein, CStringGetDatum(type->sql_type)));
		column->comment = statement_string(row, 2);
		columns = lappend(columns, column);
	}

	/* Keys that can be names of columns come before all others. */
	foreach(cell, columns)
	{
		ContextColumn *column = lfirst(cell);

		if (column->name == NULL)
			column->name = free_name(columns, column->key);
	}
	return columns;
}
