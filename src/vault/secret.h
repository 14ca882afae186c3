/*-------------------------------------------------------------------------
 *
 * secret.h
 *	  Keys that live as long as one operation, in guarded memory.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_VAULT_SECRET_H
#define CUSTOMERS_VAULT_SECRET_H

#include "utils/palloc.h"

#include "vault/seal.h"

typedef struct Secret
{
	unsigned char *bytes;		/* SEAL_KEY_SIZE of them; NULL when released */
	MemoryContextCallback callback;
} Secret;

/*
 * A new secret in guarded, locked memory.  It is wiped when released, or else
 * when the current memory context goes, so also after an error.
 */
extern Secret *hold_secret(void);

/* Wipes the secret; once is enough, twice does no harm. */
extern void release_secret(Secret *secret);

/* Guarded memory for the life of the backend, or an error. */
extern void *allocate_guarded(size_t size);

/*
 * Locks guarded memory for this process, which may have inherited it: so it is
 * never swapped out.  Where the limit of locked memory is too low, this process,
 * or the one that it was forked from, says so in the server log, once, and the
 * memory is used as it is.
 */
extern void lock_guarded(void *memory, size_t size);

#endif							/* CUSTOMERS_VAULT_SECRET_H */
