/*-------------------------------------------------------------------------
 *
 * wipe.h
 *	  Wiping secrets from memory.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_WIPE_H
#define CUSTOMERS_WIPE_H

/* Overwrites size bytes in a way that the compiler may not remove. */
extern void wipe_memory(void *memory, size_t size);

/*
 * Has memory wiped when the current memory context, in which it was allocated
 * and is not freed by itself, goes: so also after an error.
 */
extern void wipe_at_reset(void *memory, size_t size);

#endif							/* CUSTOMERS_WIPE_H */
