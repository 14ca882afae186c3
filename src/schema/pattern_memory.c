/*-------------------------------------------------------------------------
 *
 * pattern_memory.c
 *	  The memory that PCRE2 allocates, inside memory contexts.
 *
 * PCRE2's allocations must not raise an error in its midst: they return NULL,
 * and PCRE2 reports that.  Only JIT's machine code lies elsewhere.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "schema/pattern_cache.h"

static void *
allocate(PCRE2_SIZE size, void *context)
{
	return size > MaxAllocSize ? NULL :
		MemoryContextAllocExtended(context, size, MCXT_ALLOC_NO_OOM);
}

static void
release(void *pointer, void *context pg_attribute_unused())
{
	if (pointer != NULL)
		pfree(pointer);
}

/* out_of_pattern_memory raises what PCRE2 could only report. */
void
out_of_pattern_memory(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OUT_OF_MEMORY),
			 errmsg("out of memory"),
			 errdetail("Failed in a regular expression.")));
}

/* make_general_context lets PCRE2 allocate from a memory context. */
pcre2_general_context *
make_general_context(MemoryContext context)
{
	pcre2_general_context *general = pcre2_general_context_create(allocate, release, context);

	if (general == NULL)
		out_of_pattern_memory();
	return general;
}

/* pattern_memory returns the context of what is kept for the backend. */
MemoryContext
pattern_memory(void)
{
	static MemoryContext memory = NULL;

	if (memory == NULL)
		memory = AllocSetContextCreate(TopMemoryContext, "JSON Schema patterns",
									   ALLOCSET_SMALL_SIZES);
	return memory;
}
