/*-------------------------------------------------------------------------
 *
 * root_key.h
 *	  The root keys: outside the database, read once at server start.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_VAULT_ROOT_KEY_H
#define CUSTOMERS_VAULT_ROOT_KEY_H

#include "vault/seal.h"

/*
 * Reads the root keys from where the settings say.  Called at server start; if it
 * fails it says so in the server log, and whatever needs a key fails later
 * with the same reason.
 */
extern void load_root_keys(void);

/* The root key that seals from now on. */
extern SealKey current_root_key(void);

/* The root key of that id; an error when the server does not have it. */
extern SealKey find_root_key(uint64 id);

/* Does the server have the root key of that id? */
extern bool has_root_key(uint64 id);

/* The ids of the root keys that the server has, of which the last is current. */
extern const uint64 *root_key_ids(int *count);

#endif							/* CUSTOMERS_VAULT_ROOT_KEY_H */
