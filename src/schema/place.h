/*-------------------------------------------------------------------------
 *
 * place.h
 *	  Where we are in a document: a chain of frames on the C stack.
 *
 * Walking down costs a few stores and no allocation; the JSON pointer is
 * only spelled out for a message.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_SCHEMA_PLACE_H
#define CUSTOMERS_SCHEMA_PLACE_H

#include "postgres.h"

#include "lib/stringinfo.h"

/*
 * One step down from parent.  It adds up to three tokens to the pointer, in
 * the order of the fields, each if it is there.
 */
typedef struct Place
{
	const struct Place *parent; /* NULL: this is the root, without tokens */
	const char *keyword;		/* with NUL, or NULL */
	const char *name;			/* without NUL, or NULL */
	int			length;			/* bytes of name */
	int			index;			/* of an array's item, or -1 */
	int			ordinal;		/* among the parent's members or items; only
								 * kept for places in an instance */
} Place;

#define ROOT_PLACE {NULL, NULL, NULL, 0, -1, 0}

extern void append_pointer_token(StringInfo pointer, const char *token, int length);
extern void append_pointer(StringInfo pointer, const Place *place);
extern char *pointer_of(const Place *place);

#endif							/* CUSTOMERS_SCHEMA_PLACE_H */
