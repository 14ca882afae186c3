/*-------------------------------------------------------------------------
 *
 * context_value.c
 *	  The value of a context field as a value of SQL.
 *
 * These are the columns of context_columns() and the expressions of the indexes
 * of index_context_field().  A value that doesn't fit the type is NULL: the
 * field may have had another rule when it was stored.
 *
 * They are declared LEAKPROOF, since below row-level security nothing else may
 * be compared with an index.  So nothing here may raise an error, or tell by
 * anything but its result what the context is; and they are IMMUTABLE, so no
 * setting counts.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "schema/format.h"
#include "schema/number.h"

PG_FUNCTION_INFO_V1(context_text);
PG_FUNCTION_INFO_V1(context_integer);
PG_FUNCTION_INFO_V1(context_number);
PG_FUNCTION_INFO_V1(context_boolean);
PG_FUNCTION_INFO_V1(context_date);
PG_FUNCTION_INFO_V1(context_timestamp);

/* find_value looks up the value of the field if it has the type. */
static bool
find_value(FunctionCallInfo fcinfo, enum jbvType type, JsonbValue *value)
{
	JsonbContainer *context = &PG_GETARG_JSONB_P(0)->root;
	text	   *key = PG_GETARG_TEXT_PP(1);

	return JsonContainerIsObject(context) &&
		getKeyJsonValueFromContainer(context, VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key), value) &&
		value->type == type;
}

/* find_string is the same for strings, terminated by NUL. */
static char *
find_string(FunctionCallInfo fcinfo, int *length)
{
	JsonbValue	value;

	if (!find_value(fcinfo, jbvString, &value))
		return NULL;
	*length = value.val.string.len;
	return pnstrdup(value.val.string.val, *length);
}

/* context_text(context, key) text: a string */
Datum
context_text(PG_FUNCTION_ARGS)
{
	JsonbValue	value;

	if (!find_value(fcinfo, jbvString, &value))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(value.val.string.val, value.val.string.len));
}

/* context_integer(context, key) int8: a number that is integral and not too large */
Datum
context_integer(PG_FUNCTION_ARGS)
{
	JsonbValue	value;
	Number		number;
	int64		result;

	if (!find_value(fcinfo, jbvNumeric, &value))
		PG_RETURN_NULL();
	read_number(value.val.numeric, &number);
	if (!number_to_int64(&number, &result))
		PG_RETURN_NULL();
	PG_RETURN_INT64(result);
}

/*
 * context_number(context, key) float8: the nearest to a number
 *
 * Not numeric, whose comparisons are not leakproof.
 */
Datum
context_number(PG_FUNCTION_ARGS)
{
	JsonbValue	value;
	float8		result;

	if (!find_value(fcinfo, jbvNumeric, &value))
		PG_RETURN_NULL();
	result = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
												NumericGetDatum(value.val.numeric)));
	if (isinf(result))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(result);
}

/* context_boolean(context, key) bool */
Datum
context_boolean(PG_FUNCTION_ARGS)
{
	JsonbValue	value;

	if (!find_value(fcinfo, jbvBool, &value))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(value.val.boolean);
}

/* context_date(context, key) date: a string of format "date" */
Datum
context_date(PG_FUNCTION_ARGS)
{
	int			length;
	char	   *text = find_string(fcinfo, &length);

	if (text == NULL || !is_date(text, length))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(date2j(atoi(text), atoi(text + 5), atoi(text + 8)) - POSTGRES_EPOCH_JDATE);
}

/* context_timestamp(context, key) timestamptz: a string of format "date-time" */
Datum
context_timestamp(PG_FUNCTION_ARGS)
{
	int			length;
	char	   *text = find_string(fcinfo, &length);
	char	   *offset;
	struct pg_tm tm = {0};
	fsec_t		microseconds = 0;
	int			west = 0;		/* seconds, as PostgreSQL counts time zones */
	Timestamp	result;

	if (text == NULL || !is_date_time(text, length))
		PG_RETURN_NULL();
	tm.tm_year = atoi(text);
	tm.tm_mon = atoi(text + 5);
	tm.tm_mday = atoi(text + 8);
	tm.tm_hour = atoi(text + 11);
	tm.tm_min = atoi(text + 14);
	tm.tm_sec = atoi(text + 17);
	offset = text + 19;
	if (*offset == '.')
		microseconds = (fsec_t) rint(strtod(offset, &offset) * USECS_PER_SEC);
	if (*offset == '+' || *offset == '-')
		west = (atoi(offset + 1) * MINS_PER_HOUR + atoi(offset + 4)) *
			(*offset == '+' ? -SECS_PER_MINUTE : SECS_PER_MINUTE);
	if (tm2timestamp(&tm, microseconds, &west, &result) != 0)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(result);
}
