/*-------------------------------------------------------------------------
 *
 * context_index.c
 *	  Indexes of context fields.
 *
 * An index is of a key and a type, for the customers of all merchants who have
 * such values.  It is found again by its name, which follows from the two, and
 * known by its expression; so one that somebody creates by hand is as good.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/primnodes.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "base/argument.h"
#include "base/caller.h"
#include "base/statement.h"
#include "customer/context.h"
#include "customer/context_type.h"

/* Of the digest of a key that is too long, in hexadecimal digits. */
#define DIGEST_LENGTH 8

PG_FUNCTION_INFO_V1(index_context_field);
PG_FUNCTION_INFO_V1(unindex_context_field);

/*
 * index_name: customer_, the function's name and the key.  Of a name that would
 * be too long the end gives way to a digest of the key.
 */
static char *
index_name(const ContextType *type, const char *key)
{
	char	   *name = psprintf("customer_%s_%s", type->function, key);
	bytea	   *digest;

	if (strlen(name) < NAMEDATALEN)
		return name;
	digest = DatumGetByteaPP(DirectFunctionCall1(sha256_bytea, PointerGetDatum(cstring_to_text(key))));
	name[NAMEDATALEN - 1 - DIGEST_LENGTH - 1] = '_';
	for (int i = 0; i < DIGEST_LENGTH / 2; i++)
		sprintf(name + NAMEDATALEN - 1 - DIGEST_LENGTH + 2 * i, "%02x",
				(unsigned char) VARDATA_ANY(digest)[i]);
	return name;
}

/* find_relation: the relation of that name in the store, or InvalidOid. */
static Oid
find_relation(const char *name)
{
	return get_relname_relid(name, get_namespace_oid("customers", false));
}

/*
 * is_index_of says whether what has the name is an index by merchant of that
 * value.  Keys can be chosen so that two make the same name.
 */
static bool
is_index_of(HeapTuple tuple, const ContextType *type, const char *key)
{
	Form_pg_index index = (Form_pg_index) GETSTRUCT(tuple);
	Datum		expressions;
	bool		isnull;
	FuncExpr   *call;
	Const	   *argument;

	expressions = SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indexprs, &isnull);
	if (isnull || index->indrelid != find_relation("customer") || index->indnkeyatts < 2 ||
		index->indkey.values[0] != get_attnum(index->indrelid, "merchant_id") ||
		index->indkey.values[1] != 0)
		return false;
	call = linitial(castNode(List, stringToNode(TextDatumGetCString(expressions))));
	if (!IsA(call, FuncExpr) || strcmp(get_func_name(call->funcid), type->function) != 0)
		return false;
	argument = llast(call->args);
	return IsA(argument, Const) && argument->consttype == TEXTOID && !argument->constisnull &&
		strcmp(TextDatumGetCString(argument->constvalue), key) == 0;
}

/*
 * require_index refuses what is no index of the value, and one that CREATE INDEX
 * CONCURRENTLY has left behind unfinished.
 */
static void
require_index(Oid index, const char *name, const ContextType *type, const char *key)
{
	HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));

	if (!HeapTupleIsValid(tuple) || !is_index_of(tuple, type, key))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_TABLE),
				 errmsg("relation \"%s\" is not an index of context field \"%s\"", name, key),
				 errdetail("It has the name that such an index gets."),
				 errhint("Rename it and try again.")));
	if (!((Form_pg_index) GETSTRUCT(tuple))->indisvalid)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("index \"%s\" is not valid", name),
				 errdetail("CREATE INDEX CONCURRENTLY is under way, or did not finish."),
				 errhint("If it did not finish, drop it with customers.unindex_context_field() and try again.")));
	ReleaseSysCache(tuple);
}

/* type_of_field looks up the type of a field that the merchant has. */
static const ContextType *
type_of_field(const Caller *caller, text *key)
{
	static Statement find = {
		.sql = "SELECT schema FROM customers.context_field"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND key OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "pg_catalog.text"},
	};

	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(key)
	}) == 0)
		report_no_such_field(key);
	return context_type_of(DatumGetJsonbP(statement_get(0, 0)));
}

/*
 * create_index: of several who want the index at once, the first creates it.
 *
 * PostgreSQL estimates nothing by the statistics of an index that has a WHERE.
 * So no estimate tells a merchant which values others have.
 */
static void
create_index(const ContextType *type, const char *key, const char *name)
{
	char	   *value = context_expression(type, "context", key);

	LockRelationOid(find_relation("customer"), ShareRowExclusiveLock);
	if (OidIsValid(find_relation(name)))
		return;
	statement_run_once(psprintf("CREATE INDEX %s ON customers.customer (merchant_id, (%s)) WHERE %s IS NOT NULL",
								quote_identifier(name), value, value));
}

/* index_context_field(key) regclass */
Datum
index_context_field(PG_FUNCTION_ARGS)
{
	Caller		caller;
	char	   *key;
	char	   *name;
	const ContextType *type;
	Oid			index;

	require_all_arguments(fcinfo);
	key = string_argument(fcinfo, 0);

	enter_store(&caller);
	type = type_of_field(&caller, PG_GETARG_TEXT_PP(0));
	if (type->function == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("context field \"%s\" can't be indexed", key),
				 errdetail("Its schema does not say that its values are strings, integers, numbers or booleans."),
				 errhint("Define the field with a \"type\".")));
	name = index_name(type, key);
	if (!OidIsValid(find_relation(name)))
		create_index(type, key, name);
	index = find_relation(name);
	require_index(index, name, type, key);
	leave_store(&caller);
	PG_RETURN_OID(index);
}

/* drop_index drops the index of a value, if there is one that is of it. */
static bool
drop_index(const ContextType *type, const char *key)
{
	char	   *name = index_name(type, key);
	HeapTuple	tuple;
	bool		found;

	if (!OidIsValid(find_relation(name)))
		return false;

	/* Another may drop it until the table is locked. */
	LockRelationOid(find_relation("customer"), AccessExclusiveLock);
	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(find_relation(name)));
	if (!HeapTupleIsValid(tuple))
		return false;
	found = is_index_of(tuple, type, key);
	ReleaseSysCache(tuple);
	if (found)
		statement_run_once(psprintf("DROP INDEX customers.%s", quote_identifier(name)));
	return found;
}

/*
 * unindex_context_field(key) bool
 *
 * Of whatever type the field was when it was indexed.
 */
Datum
unindex_context_field(PG_FUNCTION_ARGS)
{
	Caller		caller;
	char	   *key;
	bool		dropped = false;

	require_all_arguments(fcinfo);
	key = string_argument(fcinfo, 0);

	enter_store_as_admin(&caller);
	for (int i = 0; i < CONTEXT_TYPE_COUNT; i++)
		if (context_types[i].function && drop_index(&context_types[i], key))
			dropped = true;
	leave_store(&caller);
	PG_RETURN_BOOL(dropped);
}
