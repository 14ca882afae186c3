/*-------------------------------------------------------------------------
 *
 * program.c
 *	  Builds the flat program, and reports faults of its source.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/compile.h"

/*
 * fault reports that the source is wrong at a place.  It returns false, for
 * the caller to return, if the error is a soft one.
 */
bool
fault(Compiler *compiler, const Place *place, const char *format,...)
{
	StringInfoData text;
	MemoryContext own;

	initStringInfo(&text);
	for (;;)
	{
		va_list		arguments;
		int			needed;

		va_start(arguments, format);
		needed = appendStringInfoVA(&text, format, arguments);
		va_end(arguments);
		if (needed == 0)
			break;
		enlargeStringInfo(&text, needed);
	}
	/* A soft error is kept in the current context, which ends too early. */
	own = MemoryContextSwitchTo(compiler->caller);
	errsave(compiler->escontext,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid JSON Schema"),
			 errdetail("At \"%s\": %s.", pointer_of(place), text.data)));
	MemoryContextSwitchTo(own);
	return false;
}

/*
 * reserve appends zeroed bytes to the program and returns their offset.  All
 * pointers into the program are invalid afterwards.
 */
Position
reserve(Compiler *compiler, Size size)
{
	Position	offset = compiler->used;

	size = INTALIGN(size);
	if (size > MAX_SCHEMA_SIZE - compiler->used)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("JSON Schema is too large"),
				 errdetail("A compiled schema has at most %d bytes.", MAX_SCHEMA_SIZE)));

	if (compiler->used + size > compiler->allocated)
	{
		Size		wanted = Max(compiler->used + size, compiler->allocated * 2);

		compiler->program = repalloc(compiler->program, wanted);
		compiler->allocated = wanted;
	}
	memset(compiler->program + offset, 0, size);
	compiler->used += size;
	return offset;
}

/* store appends a copy of data to the program. */
Position
store(Compiler *compiler, const void *data, Size size)
{
	Position	offset = reserve(compiler, size);

	memcpy(compiler->program + offset, data, size);
	return offset;
}

/* source_offset: where something in the source lies in the program's copy. */
Position
source_offset(Compiler *compiler, const void *pointer)
{
	Size		distance = (const char *) pointer - (const char *) compiler->source;

	Assert(distance <= VARSIZE(compiler->source));
	return SCHEMA_SOURCE + distance;
}

StoredName
store_name(Compiler *compiler, const char *name, int length)
{
	StoredName	result;

	result.bytes = source_offset(compiler, name);
	result.length = length;
	return result;
}
