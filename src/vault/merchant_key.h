/*-------------------------------------------------------------------------
 *
 * merchant_key.h
 *	  The keys of the merchants: sealed by a root key, one in force each.
 *
 * They are used inside enter_store() ... leave_store() only.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_VAULT_MERCHANT_KEY_H
#define CUSTOMERS_VAULT_MERCHANT_KEY_H

#include "vault/seal.h"

/*
 * The id of the key in force, which seals the keys of new customers.  The
 * merchant's first one is made when it is first needed.
 */
extern uint64 current_merchant_key(const Id *merchant);

/*
 * The key that seals the keys of customers, derived from the merchant's key of
 * that id.  Its bytes are good until the next statement.
 */
extern SealKey customer_sealing_key(const Id *merchant, uint64 key_id);

#define REQUEST_DIGEST_SIZE 16

/*
 * Digests parts of a request, C strings, under another key derived from the
 * merchant's key of that id: without it nobody can try values out.
 */
extern void digest_request(const Id *merchant, uint64 key_id, const char *const *parts, int count,
						   unsigned char *digest);

#endif							/* CUSTOMERS_VAULT_MERCHANT_KEY_H */
