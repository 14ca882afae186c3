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
 * as many names, from the first argument on, as must not be NULL.
 */
extern void require_arguments(FunctionCallInfo fcinfo, const char *const *names, int count);

/* Refuses a text that has not 1 to max characters; NULL passes. */
extern void check_text_length(const char *name, const text *value, int max);

#endif							/* CUSTOMERS_ARGUMENT_H */
