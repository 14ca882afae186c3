/*-------------------------------------------------------------------------
 *
 * chain_key.h
 *	  The keys of the chains of events: one per merchant, which never changes.
 *
 * They are used inside enter_store() ... leave_store() only.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_VAULT_CHAIN_KEY_H
#define CUSTOMERS_VAULT_CHAIN_KEY_H

#include "type/id.h"

#define CHAIN_DIGEST_SIZE 32

/* Instead of a key's id: the digest has no key. */
#define NO_CHAIN_KEY 0

/*
 * The id of the key that the merchant's next events are chained by.  It is made
 * when it is first needed.  NO_CHAIN_KEY where the server can't open it.
 */
extern int32 current_chain_key(const Id *merchant);

/* Could the server open a merchant's key, had he one? */
extern bool chain_keys_expected(void);

/*
 * Digests the message under the merchant's key of that id, or under none; false
 * if there is no such key.
 */
extern bool chain_digest(const Id *merchant, int32 key_id, const void *message, size_t length,
						 unsigned char *digest);

/* Has the merchant's key of that id seal what an older one does. */
extern void rewrap_chain_keys(const Id *merchant, uint64 sealing_id);

#endif							/* CUSTOMERS_VAULT_CHAIN_KEY_H */
