/*-------------------------------------------------------------------------
 *
 * argument.c
 *	  Checks of arguments that the operations share.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

#include "base/argument.h"
#include "base/compat.h"

/* refuse_null raises the error for an argument that is NULL. */
pg_noreturn static void refuse_null(const char *name);

static void
refuse_null(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("%s must not be null", name)));
}

/* argument_name looks up what the catalogue calls an argument. */
static const char *
argument_name(Oid function, int number)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Oid		   *types;
	char	  **names = NULL;
	char	   *modes;

	if (HeapTupleIsValid(tuple))
	{
		get_func_arg_info(tuple, &types, &names, &modes);
		ReleaseSysCache(tuple);
	}
	return names ? names[number] : psprintf("argument %d", number + 1);
}

void
require_all_arguments(FunctionCallInfo fcinfo)
{
	for (int i = 0; i < PG_NARGS(); i++)
		if (PG_ARGISNULL(i))
			refuse_null(argument_name(fcinfo->flinfo->fn_oid, i));
}

void
require_arguments(FunctionCallInfo fcinfo, const char *const *names)
{
	for (int i = 0; i < PG_NARGS(); i++)
		if (names[i] && PG_ARGISNULL(i))
			refuse_null(names[i]);
}

char *
string_argument(FunctionCallInfo fcinfo, int number)
{
	return PG_ARGISNULL(number) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(number));
}

void
check_text_length(const char *name, const text *value, int max)
{
	int			length;

	if (value == NULL)
		return;
	length = pg_mbstrlen_with_len(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	if (length < 1 || length > max)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("%s must have 1 to %d characters", name, max),
				 errdetail("It has %d.", length)));
}

void
check_max_count(int64 max_count)
{
	if (max_count < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_count must be greater than zero")));
}
