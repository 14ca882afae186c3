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
 * Refuses NULL for every argument.  Operations that change something are not
 * strict: allow_payments(find_customer('nobody'), false) has to be an error.
 */
extern void require_all_arguments(FunctionCallInfo fcinfo);

/*
 * Refuses NULL for the arguments of a function some of which may be NULL; names has
 * the name of each argument, or NULL for one that may be NULL.
 */
extern void require_arguments(FunctionCallInfo fcinfo, const char *const *names);

/* An argument of type text as a C string; NULL for NULL. */
extern char *string_argument(FunctionCallInfo fcinfo, int number);

/* Refuses a text that has not 1 to max characters; NULL passes. */
extern void check_text_length(const char *name, const text *value, int max);

/* Refuses a max_count that is not greater than zero. */
extern void check_max_count(int64 max_count);

#endif							/* CUSTOMERS_ARGUMENT_H */
