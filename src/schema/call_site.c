/*-------------------------------------------------------------------------
 *
 * call_site.c
 *	  A schema that is compiled once for a place in a query, not per call.
 *
 * Mostly it is a constant there, so each call site keeps the one that it saw
 * last, together with its source.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "schema/call_site.h"

/* compile_kept compiles a schema into a new child of the current context. */
static CallSite
compile_kept(const char *source, Size length, SourceReader read, FormatPolicy formats)
{
	CallSite	made;
	MemoryContext outer;
	Jsonb	   *schema;

	made.context = AllocSetContextCreate(CurrentMemoryContext, "JSON Schema of a call site",
										 ALLOCSET_SMALL_SIZES);
	made.source = MemoryContextAlloc(made.context, length);
	memcpy(made.source, source, length);
	made.length = length;
	schema = read(made.source, length);
	outer = MemoryContextSwitchTo(made.context);
	made.schema = try_compile_schema(schema, formats, &made.fault);
	MemoryContextSwitchTo(outer);
	return made;
}

/* What was kept goes only when there is something in its place. */
const CallSite *
schema_of_call(FunctionCallInfo fcinfo, const char *source, Size length,
			   SourceReader read, FormatPolicy formats)
{
	CallSite   *site = fcinfo->flinfo->fn_extra;
	CallSite	made;

	if (site == NULL)
		site = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(CallSite));
	if (site->source != NULL && site->length == length && memcmp(site->source, source, length) == 0)
		return site;

	made = compile_kept(source, length, read, formats);
	MemoryContextSetParent(made.context, fcinfo->flinfo->fn_mcxt);
	if (site->context != NULL)
		MemoryContextDelete(site->context);
	*site = made;
	return site;
}
