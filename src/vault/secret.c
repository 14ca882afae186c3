/*-------------------------------------------------------------------------
 *
 * secret.c
 *	  Keys that live as long as one operation, in guarded memory.
 *
 * Guarded memory is surrounded by inaccessible pages, locked so that it is
 * never swapped out, and left out of core dumps.  Making it takes several
 * system calls, so a backend makes one block and hands out its slots.  A
 * slot is taken once per operation; operations nest only where a trigger on
 * the store's tables calls another one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "base/wipe.h"
#include "vault/secret.h"

#define SLOTS 64

static unsigned char (*slots)[SEAL_KEY_SIZE] = NULL;
static bool taken[SLOTS];

void *
allocate_guarded(size_t size)
{
	void	   *memory;

	/* A server without root keys may not have come to initialize it. */
	if (sodium_init() < 0)
		elog(ERROR, "could not initialize libsodium");
	memory = sodium_malloc(size);
	if (memory == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory"),
				 errdetail("Failed to allocate %zu bytes of guarded memory.", size)));
	lock_guarded(memory, size);
	return memory;
}

void
lock_guarded(void *memory, size_t size)
{
	static bool told = false;

	if (sodium_mlock(memory, size) == 0 || told)
		return;
	told = true;
	ereport(LOG,
			(errmsg("could not lock the keys of customers in memory: %m"),
			 errdetail("They may be written to swap space."),
			 errhint("Raise the server's limit of locked memory (ulimit -l).")));
}

void
release_secret(Secret *secret)
{
	if (secret->bytes == NULL)
		return;
	wipe_memory(secret->bytes, SEAL_KEY_SIZE);
	taken[(secret->bytes - slots[0]) / SEAL_KEY_SIZE] = false;
	secret->bytes = NULL;
}

static void
release_at_reset(void *secret)
{
	release_secret(secret);
}

Secret *
hold_secret(void)
{
	Secret	   *secret = palloc(sizeof(Secret));
	int			slot = 0;

	if (slots == NULL)
		slots = allocate_guarded(SLOTS * SEAL_KEY_SIZE);
	while (slot < SLOTS && taken[slot])
		slot++;
	if (slot == SLOTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many operations on metadata are nested"),
				 errdetail("At most %d can be.", SLOTS)));

	taken[slot] = true;
	secret->bytes = slots[slot];
	secret->callback.func = release_at_reset;
	secret->callback.arg = secret;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &secret->callback);
	return secret;
}
