/*-------------------------------------------------------------------------
 *
 * argument.h
 *	  Checks of arguments that the operations share.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_ARGUMENT_H
#define CUSTOMERS_ARGUMENT_H

#include "fmgr.h"

/*
 * Refuses NULL for the arguments of a function that is not strict; names has
 * the name of each argument, or NULL for one that may be NULL.
 */
extern void require_arguments(FunctionCallInfo fcinfo, const char *const *names);

/* An argument of type text as a C string; NULL for NULL. */
extern char *string_argument(FunctionCallInfo fcinfo, int number);

/* Refuses a text that has not 1 to max characters; NULL passes. */
extern void check_text_length(const char *name, const text *value, int max);

#endif							/* CUSTOMERS_ARGUMENT_H */
