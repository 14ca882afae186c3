/*-------------------------------------------------------------------------
 *
 * place.c
 *	  JSON pointers (RFC 6901) from places.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "schema/place.h"

/* append_pointer_token appends / and the token, with ~ and / escaped. */
void
append_pointer_token(StringInfo pointer, const char *token, int length)
{
	int			i;

	appendStringInfoChar(pointer, '/');
	for (i = 0; i < length; i++)
	{
		if (token[i] == '~')
			appendStringInfoString(pointer, "~0");
		else if (token[i] == '/')
			appendStringInfoString(pointer, "~1");
		else
			appendStringInfoChar(pointer, token[i]);
	}
}

/* append_pointer appends the JSON pointer of a place; nothing for the root. */
void
append_pointer(StringInfo pointer, const Place *place)
{
	check_stack_depth();

	if (place == NULL || place->parent == NULL)
		return;
	append_pointer(pointer, place->parent);
	if (place->keyword != NULL)
		append_pointer_token(pointer, place->keyword, strlen(place->keyword));
	if (place->name != NULL)
		append_pointer_token(pointer, place->name, place->length);
	if (place->index >= 0)
		appendStringInfo(pointer, "/%d", place->index);
}

/* pointer_of returns the JSON pointer of a place in the current context. */
char *
pointer_of(const Place *place)
{
	StringInfoData pointer;

	initStringInfo(&pointer);
	append_pointer(&pointer, place);
	return pointer.data;
}
