/*-------------------------------------------------------------------------
 *
 * exact_memory.h
 *	  Included before everything else: makes AddressSanitizer see palloc.
 *
 * It watches malloc, of which a memory context takes blocks for many chunks,
 * so what reads or writes beyond a chunk mostly stays unseen.  A context
 * whose blocks are hardly larger than their header gives each chunk a block
 * of its own, which is freed with the chunk; so contexts are made this way.
 *
 * A server with assertions refuses such sizes, and writes behind its chunks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_EXACT_MEMORY_H
#define CUSTOMERS_EXACT_MEMORY_H

#include "postgres.h"

#include "utils/memutils.h"

#ifndef USE_ASSERT_CHECKING
#define EXACT_MEMORY
#define EXACT_BLOCK_SIZE 104
#undef ALLOCSET_DEFAULT_SIZES
#undef ALLOCSET_SMALL_SIZES
#define ALLOCSET_DEFAULT_SIZES 0, EXACT_BLOCK_SIZE, EXACT_BLOCK_SIZE
#define ALLOCSET_SMALL_SIZES ALLOCSET_DEFAULT_SIZES
#endif

#endif							/* CUSTOMERS_EXACT_MEMORY_H */
