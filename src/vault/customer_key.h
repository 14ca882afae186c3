/*-------------------------------------------------------------------------
 *
 * customer_key.h
 *	  The keys of the customers: each sealed by a merchant's key, each
 *	  sealing the values of one customer.
 *
 * They are used inside enter_store() ... leave_store() only.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_VAULT_CUSTOMER_KEY_H
#define CUSTOMERS_VAULT_CUSTOMER_KEY_H

#include "utils/array.h"
#include "vault/seal.h"
#include "vault/secret.h"

typedef struct CustomerKey
{
	Id			merchant;
	Id			customer;
	Secret	   *secret;
} CustomerKey;

/*
 * Opens the key that column customer_key.wrapped holds, or held in an older
 * snapshot: a rotation may have sealed it anew since.  It may run statements, so
 * wrapped must be a copy of what the last one returned.
 */
extern CustomerKey open_customer_key(const Id *merchant, const Id *customer,
									 const Sealed *wrapped);

/* Opens the key of the customer; false if there is none. */
extern bool find_customer_key(const Id *merchant, const Id *customer, CustomerKey *key);

/*
 * The key of the customer, who exists; it is made when it is first needed.
 * An open key must be closed; after an error it happens by itself.
 */
extern CustomerKey obtain_customer_key(const Id *merchant, const Id *customer);

/*
 * The same for customers whom this transaction has inserted, many at once: makes
 * a key, open, and what is to be stored of it, sealed by the merchant's key of
 * that id; and stores those of all of them, in the same order.
 */
extern CustomerKey make_customer_key(const Id *merchant, const Id *customer, uint64 sealing_id,
									 Sealed **wrapped);
extern void store_new_customer_keys(const Id *merchant, ArrayType *customers, ArrayType *wrapped);

extern void close_customer_key(CustomerKey *key);

/*
 * Stores the open key, sealed by the merchant's key of that id.  The customer must
 * be locked since before it was opened.
 */
extern void rewrap_customer_key(const CustomerKey *key, uint64 sealing_id);

/* Seals and opens a value of one metadata key; both are UTF-8. */
extern Sealed *seal_value(const CustomerKey *key, const char *name, size_t name_length,
						  const char *value, size_t length);
extern void open_value(const CustomerKey *key, const char *name, size_t name_length,
					   const Sealed *sealed, char *value);

/* The same with the token of a payment method. */
extern Sealed *seal_token(const CustomerKey *key, const Id *method,
						  const char *token, size_t length);
extern void open_token(const CustomerKey *key, const Id *method,
					   const Sealed *sealed, char *token);

#endif							/* CUSTOMERS_VAULT_CUSTOMER_KEY_H */
