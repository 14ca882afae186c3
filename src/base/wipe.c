/*-------------------------------------------------------------------------
 *
 * wipe.c
 *	  Wiping secrets from memory.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "base/wipe.h"

void
wipe_memory(void *memory, size_t size)
{
	sodium_memzero(memory, size);
}
