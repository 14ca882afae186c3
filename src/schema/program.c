/*-------------------------------------------------------------------------
 *
 * program.c
 *	  Builds the flat program, and reports faults of its source.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/compile.h"

/* fault notes that the source is wrong at a place, and returns false. */
bool
fault(Compiler *compiler, const Place *place, const char *format,...)
{
	MemoryContext own = MemoryContextSwitchTo(compiler->caller);
	StringInfoData text;

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
	compiler->fault->sqlstate = ERRCODE_INVALID_PARAMETER_VALUE;
	compiler->fault->detail = psprintf("At \"%s\": %s.", pointer_of(place), text.data);
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

/* add_document appends a document to the program. */
Position
add_document(Compiler *compiler, Jsonb *source)
{
	Document   *document = palloc(sizeof(Document));

	document->source = source;
	document->offset = store(compiler, source, VARSIZE(source));
	compiler->documents = lappend(compiler->documents, document);
	return document->offset;
}

/* source_offset: where something in a document lies in the program's copy. */
Position
source_offset(Compiler *compiler, const void *pointer)
{
	ListCell   *cell;

	foreach(cell, compiler->documents)
	{
		Document   *document = lfirst(cell);
		const char *start = (const char *) document->source;

		if ((const char *) pointer >= start &&
			(const char *) pointer <= start + VARSIZE(document->source))
			return document->offset + ((const char *) pointer - start);
	}
	elog(ERROR, "a part of a schema is in none of its documents");
}

StoredName
store_name(Compiler *compiler, const char *name, int length)
{
	StoredName	result;

	result.bytes = source_offset(compiler, name);
	result.length = length;
	return result;
}
