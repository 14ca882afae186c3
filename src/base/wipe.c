/*-------------------------------------------------------------------------
 *
 * wipe.c
 *	  Wiping secrets from memory.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "utils/palloc.h"

#include "base/wipe.h"

void
wipe_memory(void *memory, size_t size)
{
	sodium_memzero(memory, size);
}

typedef struct WipedMemory
{
	MemoryContextCallback callback;
	void	   *memory;
	size_t		size;
} WipedMemory;

static void
wipe_now(void *argument)
{
	WipedMemory *wiped = argument;

	wipe_memory(wiped->memory, wiped->size);
}

void
wipe_at_reset(void *memory, size_t size)
{
	WipedMemory *wiped = palloc(sizeof(WipedMemory));

	wiped->memory = memory;
	wiped->size = size;
	wiped->callback.func = wipe_now;
	wiped->callback.arg = wiped;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &wiped->callback);
}
