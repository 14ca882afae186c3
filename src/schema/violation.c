/*-------------------------------------------------------------------------
 *
 * violation.c
 *	  Records violations, words them, and puts them in the order of the
 *	  document.
 *
 * A message tells what the schema demands.  Of the instance it may name
 * properties and counts, never a value.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/fmgrprotos.h"

#include "schema/validate.h"

/* A violation on its way into the order of the document. */
typedef struct Finding
{
	SchemaViolation violation;
	int			sequence;		/* in the order of their discovery */
	int			depth;
	int		   *ordinals;		/* the way from the root to the value */
} Finding;

/* All violations of a check may take as many bytes. */
#define RECORDED_MAX	(128 * 1024 * 1024)

/* record counts bytes that are about to be kept. */
static void
record(Validation *validation, Size bytes)
{
	validation->recorded += bytes;
	if (validation->recorded > RECORDED_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a document violates a JSON Schema too often to list it"),
				 errdetail("All violations together may take %d MB.", RECORDED_MAX / (1024 * 1024))));
}

/* keep_text takes a text out of a buffer that has room for much more. */
static char *
keep_text(Validation *validation, char *buffer)
{
	char	   *text;

	record(validation, strlen(buffer) + 1);
	text = pstrdup(buffer);
	pfree(buffer);
	return text;
}

static void
add_finding(Validation *validation, const Place *at, char *keyword_location,
			const char *keyword, char *message)
{
	Finding    *finding = palloc(sizeof(Finding));
	const Place *place;
	int			i;

	record(validation, sizeof(Finding));
	finding->violation.instance_location = keep_text(validation, pointer_of(at));
	finding->violation.keyword_location = keep_text(validation, keyword_location);
	finding->violation.keyword = pstrdup(keyword);
	finding->violation.message = keep_text(validation, message);
	finding->sequence = list_length(validation->violations);
	finding->depth = 0;
	for (place = at; place->parent != NULL; place = place->parent)
		finding->depth++;
	finding->ordinals = palloc((finding->depth + 1) * sizeof(int));
	for (place = at, i = finding->depth; place->parent != NULL; place = place->parent)
		finding->ordinals[--i] = place->ordinal;
	validation->violations = lappend(validation->violations, finding);
}

/*
 * report records that a keyword of the schema at within rejects the value at
 * a place, if violations are collected.  It always returns false.
 */
bool
report(Validation *validation, const Place *at, const Place *within,
	   const char *keyword, const char *format,...)
{
	StringInfoData message;
	StringInfoData location;

	if (!validation->collecting)
		return false;

	initStringInfo(&message);
	for (;;)
	{
		va_list		arguments;
		int			needed;

		va_start(arguments, format);
		needed = appendStringInfoVA(&message, format, arguments);
		va_end(arguments);
		if (needed == 0)
			break;
		enlargeStringInfo(&message, needed);
	}
	initStringInfo(&location);
	append_pointer(&location, within);
	append_pointer_token(&location, keyword, strlen(keyword));
	add_finding(validation, at, location.data, keyword, message.data);
	return false;
}

/* report_never records that the schema false rejects a value. */
bool
report_never(Validation *validation, const Place *at, const Place *within)
{
	char	   *message;

	if (!validation->collecting)
		return false;
	if (at->parent == NULL)
		message = pstrdup("the schema allows no value");
	else if (at->name != NULL)
		message = psprintf("property \"%.*s\" is not allowed", at->length, at->name);
	else
		message = pstrdup("item is not allowed");
	add_finding(validation, at, pointer_of(within),
				within->keyword == NULL ? "" : within->keyword, message);
	return false;
}

/* report_type records that a value's type is none of the set. */
bool
report_type(Validation *validation, uint8 types, const Place *at, const Place *within)
{
	StringInfoData names;
	uint8		type;

	if (!validation->collecting)
		return false;
	initStringInfo(&names);
	for (type = JSON_NULL; type <= JSON_INTEGER; type <<= 1)
	{
		if (types & type)
			appendStringInfo(&names, "%s%s", names.len > 0 ? " or " : "", type_name(type));
	}
	return report(validation, at, within, "type", "must be of type %s", names.data);
}

/* report_bound records that a number is on the wrong side of a bound. */
bool
report_bound(Validation *validation, Position bound, const Place *at, const Place *within,
			 const char *keyword, const char *demand)
{
	Datum		number = PointerGetDatum(RULES(validation, bound, char));

	if (!validation->collecting)
		return false;
	return report(validation, at, within, keyword, "%s %s", demand,
				  DatumGetCString(DirectFunctionCall1(numeric_out, number)));
}

/* order_findings: a value comes before what is inside it. */
static int
order_findings(const ListCell *a, const ListCell *b)
{
	const Finding *left = lfirst(a);
	const Finding *right = lfirst(b);
	int			i;

	for (i = 0; i < left->depth && i < right->depth; i++)
	{
		if (left->ordinals[i] != right->ordinals[i])
			return left->ordinals[i] < right->ordinals[i] ? -1 : 1;
	}
	if (left->depth != right->depth)
		return left->depth < right->depth ? -1 : 1;
	return left->sequence < right->sequence ? -1 : 1;
}

/* finish_violations returns what was collected, in the order of the document. */
List *
finish_violations(Validation *validation)
{
	list_sort(validation->violations, order_findings);
	return validation->violations;
}
