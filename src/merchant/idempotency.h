/*-------------------------------------------------------------------------
 *
 * idempotency.h
 *	  The same call with the same key gives the first call's result.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_IDEMPOTENCY_H
#define CUSTOMERS_IDEMPOTENCY_H

#include "base/caller.h"
#include "type/id.h"

/* A parameter of the call, as text; NULL for NULL. */
typedef struct CallParameter
{
	const char *name;
	const char *value;
} CallParameter;

/*
 * idempotency_claim claims the key for this call, whose result will be
 * *result, and returns false.  If an earlier call had the key, it sets *result
 * to what that call returned and returns true: then there is nothing left to
 * do.  A key of NULL claims nothing.
 *
 * An earlier call with other parameters is an error that names them.  While
 * another transaction is at the same call, this one waits for its end.
 */
extern bool idempotency_claim(const Caller *caller, const char *operation, text *key,
							  const CallParameter *parameters, int count, Id *result);

/* The same with a parameter, of this name, whose value nobody may find out. */
extern bool idempotency_claim_secret(const Caller *caller, const char *operation, text *key,
									 const CallParameter *parameters, int count,
									 const char *secret, Id *result);

/*
 * For an operation that returns a status, which is known when it is done: keeps it
 * with the key that this call has claimed, and finds what the earlier call with the
 * key has kept.  A key of NULL keeps nothing.
 */
extern void idempotency_keep_status(const Caller *caller, const char *operation, text *key,
									const char *status);
extern char *idempotency_status(const Caller *caller, const char *operation, text *key);

#endif							/* CUSTOMERS_IDEMPOTENCY_H */
