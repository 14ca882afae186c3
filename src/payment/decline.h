/*-------------------------------------------------------------------------
 *
 * decline.h
 *	  What a customer can do next after a decline.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_DECLINE_H
#define CUSTOMERS_PAYMENT_DECLINE_H

#include "utils/jsonb.h"

typedef enum DeclineClass
{
	DECLINE_NONE,				/* not declined */
	DECLINE_LOWER_AMOUNT,		/* pay less, or in parts */
	DECLINE_FIX_INPUT,			/* correct what was entered */
	DECLINE_AUTHENTICATE,		/* prove who they are */
	DECLINE_RETRY_LATER,		/* the same again, later */
	DECLINE_OTHER_METHOD,		/* this method won't do */
	DECLINE_NEVER,				/* a hard decline: bars the method */
	DECLINE_UNKNOWN				/* the provider didn't say, or we don't know */
} DeclineClass;

#define DECLINE_CLASSES	(DECLINE_UNKNOWN + 1)

extern const char *const decline_class_names[DECLINE_CLASSES];

/*
 * The class of a provider's code, in any case; NULL and others: unknown.  What
 * a merchant has said of it, in setting decline_classes, goes first; NULL: nothing.
 */
extern DeclineClass classify_decline(const char *code, const Jsonb *own);

/* The class that has this name, which may be NULL: none. */
extern DeclineClass find_decline_class(const char *name);

/* Is it the name of a class?  It is not terminated. */
extern bool is_decline_class_name(const char *name, int length);

#endif							/* CUSTOMERS_PAYMENT_DECLINE_H */
