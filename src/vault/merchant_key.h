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
#include "vault/secret.h"

/*
 * The id of the key in force, which seals the keys of new customers.  The
 * merchant's first one is made when it is first needed.  No rotation destroys
 * the key before this transaction ends.
 */
extern uint64 current_merchant_key(const Id *merchant);

/*
 * The key that seals the keys of customers, derived from the merchant's key of
 * that id.  Its bytes are good until the next statement.  There may be no such
 * key any more; then find_ returns false, and the other raises the error.
 */
extern SealKey customer_sealing_key(const Id *merchant, uint64 key_id);
extern bool find_customer_sealing_key(const Id *merchant, uint64 key_id, SealKey *key);

/*
 * The key of the digests that metadata is searched by, SEAL_KEY_SIZE bytes
 * derived in the same way and good as long; NULL if there is no key of that id.
 */
extern const unsigned char *find_search_digest_key(const Id *merchant, uint64 key_id);

#define REQUEST_DIGEST_SIZE 16

/*
 * Digests parts of a request, C strings, under another key derived from the
 * merchant's key of that id: without it nobody can try values out.  False if
 * there is no such key any more.
 */
extern bool digest_request(const Id *merchant, uint64 key_id, const char *const *parts, int count,
						   unsigned char *digest);

/* Opens the merchant's key of that id; false if there is none. */
extern bool open_merchant_key(const Id *merchant, uint64 key_id, Secret *key);

/* Is there a key of that id, and the root key that seals it? */
extern bool can_open_merchant_key(const Id *merchant, uint64 key_id);

/* The one error for a key that something is sealed by and that is not there. */
pg_noreturn extern void report_no_such_merchant_key(const Id *merchant, uint64 key_id);

/*
 * For rotations.  The id of the key in force, 0 if the merchant has none, and
 * without a promise about what comes next.
 */
extern uint64 find_merchant_key(const Id *merchant);

/* Makes the key that is in force from then on, unless another has just; its id. */
extern uint64 make_next_merchant_key(const Id *merchant);

/*
 * Waits for all transactions that may use a key which was in force before this
 * transaction began.  To be called before this one uses any.
 */
extern void await_users_of_older_keys(void);

/* Seals the key by the current root key; false if it is gone. */
extern bool rewrap_merchant_key(const Id *merchant, uint64 key_id);

/* Destroys the key, unless it seals another key or a value is digested by it. */
extern bool destroy_merchant_key(const Id *merchant, uint64 key_id);

#endif							/* CUSTOMERS_VAULT_MERCHANT_KEY_H */
