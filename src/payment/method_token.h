/*-------------------------------------------------------------------------
 *
 * method_token.h
 *	  The tokens of payment methods, sealed by the keys of their customers.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_METHOD_TOKEN_H
#define CUSTOMERS_PAYMENT_METHOD_TOKEN_H

#include "base/caller.h"
#include "vault/customer_key.h"

/* Seals the token of a method of the customer, who is locked. */
extern Sealed *seal_method_token(const Caller *caller, const Id *customer, const Id *method,
								 const text *token);

/* Opens it again, with the customer's open key; to be wiped by wipe_token(). */
extern text *open_method_token(const CustomerKey *key, const Id *method, const Sealed *sealed);

extern void wipe_token(text *token);

#endif							/* CUSTOMERS_PAYMENT_METHOD_TOKEN_H */
