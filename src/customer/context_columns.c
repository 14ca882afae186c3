/*-------------------------------------------------------------------------
 *
 * context_columns.c
 *	  A view of the merchant's customers that has a column per context field.
 *
 * The view is the caller's own, made with his rights in a schema of his.  It
 * reads with the rights of whoever queries it, so row-level security holds.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/comment.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/varlena.h"

#include "base/argument.h"
#include "base/caller.h"
#include "base/statement.h"
#include "customer/context.h"
#include "customer/context_column_list.h"
#include "type/id.h"

PG_FUNCTION_INFO_V1(context_columns);

/* require_create refuses a schema in which the caller may create nothing. */
static void
require_create(Oid schema)
{
	if (!DatumGetBool(DirectFunctionCall2(has_schema_privilege_id, ObjectIdGetDatum(schema),
										  CStringGetTextDatum("CREATE"))))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for schema %s", get_namespace_name(schema)),
				 errhint("Name a schema in which you may create a view: customers.context_columns('schema.name').")));
}

/* require_own_view refuses to replace what this function did not make for the merchant. */
static void
require_own_view(Oid relation, const char *name, const char *comment)
{
	char	   *found;

	if (get_rel_relkind(relation) != RELKIND_VIEW)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a view", name),
				 errhint("Give the view another name: customers.context_columns('other_name').")));
	found = GetComment(relation, RelationRelationId, 0);
	if (found == NULL || strcmp(found, comment) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_TABLE),
				 errmsg("view \"%s\" is not one that context_columns() made for this merchant", name),
				 errdetail("Such a view is known by its comment."),
				 errhint("Give the view another name, or drop the one that is there.")));
}

/* only_adds says whether the columns are those that the view has, and more. */
static bool
only_adds(Oid view, List *columns)
{
	char	   *name;

	for (int i = 0; (name = get_attname(view, i + 1, true)) != NULL; i++)
	{
		ContextColumn *column = i < list_length(columns) ? list_nth(columns, i) : NULL;

		if (column == NULL || strcmp(column->name, name) != 0 ||
			column->type != get_atttype(view, i + 1))
			return false;
	}
	return true;
}

/* The statements that give a view anew its owner and its grants. */
static Statement find_privileges = {
	.sql = "SELECT pg_catalog.format('ALTER VIEW %s OWNER TO %I', $2, pg_catalog.pg_get_userbyid(relowner))"
	" FROM pg_catalog.pg_class WHERE oid OPERATOR(pg_catalog.=) $1"
	" UNION ALL"
	" SELECT pg_catalog.format('GRANT %s ON %s TO %s%s', a.privilege_type, $2,"
	" CASE WHEN a.grantee OPERATOR(pg_catalog.=) 0 THEN 'PUBLIC'"
	" ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,"
	" CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' END)"
	" FROM pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a"
	" WHERE c.oid OPERATOR(pg_catalog.=) $1 AND a.grantee OPERATOR(pg_catalog.<>) c.relowner",
	.types = {"pg_catalog.oid", "pg_catalog.text"},
};

/* The statements that take from a new view what default privileges have granted. */
static Statement find_defaults = {
	.sql = "SELECT DISTINCT pg_catalog.format('REVOKE ALL ON %s FROM %s', $2,"
	" CASE WHEN a.grantee OPERATOR(pg_catalog.=) 0 THEN 'PUBLIC'"
	" ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END)"
	" FROM pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a"
	" WHERE c.oid OPERATOR(pg_catalog.=) $1 AND a.grantee OPERATOR(pg_catalog.<>) c.relowner",
	.types = {"pg_catalog.oid", "pg_catalog.text"},
};

/* list_statements lists the statements about the view that a query finds. */
static List *
list_statements(Statement *find, Oid view, const char *name)
{
	uint64		count = statement_run(find, (NullableDatum[]) {
		bind(ObjectIdGetDatum(view)), bind_string(name)
	});
	List	   *statements = NIL;

	for (uint64 row = 0; row < count; row++)
		statements = lappend(statements, statement_string(row, 0));
	return statements;
}

/* run_statements runs statements one by one. */
static void
run_statements(List *statements)
{
	ListCell   *cell;

	foreach(cell, statements)
		statement_run_once(lfirst(cell));
}

/* create_view creates the view, or adds columns to the one that is there. */
static void
create_view(const char *name, List *columns, const Id *merchant)
{
	StringInfoData sql;
	ListCell   *cell;

	initStringInfo(&sql);
	appendStringInfo(&sql, "CREATE OR REPLACE VIEW %s WITH (security_invoker = true) AS SELECT ", name);
	foreach(cell, columns)
	{
		ContextColumn *column = lfirst(cell);

		appendStringInfo(&sql, "%s%s AS %s", cell == list_head(columns) ? "" : ", ",
						 column->expression, quote_identifier(column->name));
	}
	appendStringInfo(&sql, " FROM customers.customer AS c"
					 " WHERE c.merchant_id OPERATOR(pg_catalog.=) %s::customers.merchant_id",
					 quote_literal_cstr(id_string(&merchant_id_type, merchant)));
	statement_run_once(sql.data);
}

/* comment_on_view comments on the view and its columns. */
static void
comment_on_view(const char *name, List *columns, const char *comment)
{
	ListCell   *cell;

	statement_run_once(psprintf("COMMENT ON VIEW %s IS %s", name, quote_literal_cstr(comment)));
	foreach(cell, columns)
	{
		ContextColumn *column = lfirst(cell);

		statement_run_once(psprintf("COMMENT ON COLUMN %s.%s IS %s", name,
									quote_identifier(column->name),
									column->comment ? quote_literal_cstr(column->comment) : "NULL"));
	}
}

/*
 * context_columns(name) regclass
 *
 * PostgreSQL adds columns to a view, and nothing else.  So where a column went
 * or changed, the view is dropped, unless something depends on it.
 */
Datum
context_columns(PG_FUNCTION_ARGS)
{
	Caller		caller;
	RangeVar   *view;
	Oid			schema;
	Oid			existing;
	char	   *name;
	char	   *comment;
	List	   *columns;
	List	   *privileges = NIL;

	require_all_arguments(fcinfo);
	view = makeRangeVarFromNameList(textToQualifiedNameList(PG_GETARG_TEXT_PP(0)));

	/* Of several who make the view at once, each sees what the one before has made. */
	enter_store(&caller);
	lock_fields(&caller);
	AcceptInvalidationMessages();
	columns = list_context_columns(&caller);
	leave_store(&caller);

	enter_as_caller(&caller);
	schema = RangeVarGetCreationNamespace(view);
	require_create(schema);
	name = quote_qualified_identifier(get_namespace_name(schema), view->relname);
	comment = psprintf("the customers of merchant %s, each context field a column: by customers.context_columns()",
					   id_string(&merchant_id_type, &caller.merchant));
	existing = get_relname_relid(view->relname, schema);
	if (OidIsValid(existing))
	{
		require_own_view(existing, name, comment);
		if (!only_adds(existing, columns))
		{
			privileges = list_statements(&find_privileges, existing, name);
			statement_run_once(psprintf("DROP VIEW %s", name));
		}
	}
	create_view(name, columns, &caller.merchant);
	comment_on_view(name, columns, comment);
	existing = get_relname_relid(view->relname, schema);
	if (privileges != NIL)
		run_statements(list_statements(&find_defaults, existing, name));
	run_statements(privileges);
	leave_store(&caller);
	PG_RETURN_OID(existing);
}
