/*-------------------------------------------------------------------------
 *
 * id_generate.c
 *	  New ids: version 7 of RFC 9562.
 *
 * Bits, most significant first:
 *
 *		48	milliseconds since 1970
 *		 4	version: 7
 *		12	fraction of the millisecond, in 1/4096 (RFC 9562, 6.2, method 3)
 *		 2	variant: binary 10
 *		62	random
 *
 * Milliseconds and fraction together are a counter of ticks of 244 ns.  Within
 * a backend no two ids have the same tick: when the clock stands still or
 * steps back, the counter runs on by itself until the clock is ahead again.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <time.h>

#include "type/id.h"

#define TICK_BITS		12
#define NS_PER_MS		1000000

/*
 * clock_ticks returns the time since 1970 in units of 1/4096 ms.
 */
static uint64
clock_ticks(void)
{
	struct timespec now;
	uint64		milliseconds;
	uint64		fraction;

	clock_gettime(CLOCK_REALTIME, &now);
	milliseconds = (uint64) now.tv_sec * 1000 + now.tv_nsec / NS_PER_MS;
	fraction = ((uint64) (now.tv_nsec % NS_PER_MS) << TICK_BITS) / NS_PER_MS;
	return (milliseconds << TICK_BITS) | fraction;
}

/* make_id sets all bits of an id but the random ones, its last 8 bytes. */
static void
make_id(Id *id)
{
	static uint64 last_tick = 0;
	uint64		tick = clock_ticks();
	uint64		milliseconds;

	if (tick <= last_tick)
		tick = last_tick + 1;

	milliseconds = tick >> TICK_BITS;
	for (int i = 0; i < 6; i++)
		id->data[i] = (milliseconds >> (40 - 8 * i)) & 0xFF;
	id->data[6] = 0x70 | ((tick >> 8) & 0x0F);
	id->data[7] = tick & 0xFF;
	id->data[8] = 0x80 | (id->data[8] & 0x3F);

	last_tick = tick;
}

static void
draw_random(void *bytes, size_t size)
{
	if (!pg_strong_random(bytes, size))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate random values")));
}

/*
 * generate_id makes a new id, greater than each that this backend made before.
 *
 * All randomness is drawn anew for each id and none is kept, so a backend that
 * was forked with a copy of this state shares no future id with its parent.
 */
void
generate_id(Id *id)
{
	draw_random(&id->data[8], 8);
	make_id(id);
}

void
generate_ids(Id *ids, int count)
{
	/* Drawing twice as much as is used takes less time than drawing often. */
	draw_random(ids, count * sizeof(Id));
	for (int i = 0; i < count; i++)
		make_id(&ids[i]);
}
