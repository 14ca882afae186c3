/*-------------------------------------------------------------------------
 *
 * rotation_progress.c
 *	  How far the rotation of a merchant's key is, and telling so.
 *
 * There is a message for each tenth that is done; and where that takes long, one
 * after each 10 seconds.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "merchant/rotation_progress.h"

#define PARTS			10
#define SILENCE_MAX		10000	/* milliseconds */

RotationProgress
begin_progress(int64 total)
{
	TimestampTz now = GetCurrentTimestamp();

	return (RotationProgress) {.total = total,.started_at = now,.told_at = now};
}

/* seconds_left supposes that the rest goes as fast as what is done. */
static int64
seconds_left(const RotationProgress *progress, TimestampTz now)
{
	double		seconds = (double) (now - progress->started_at) / USECS_PER_SEC;

	return (int64) (seconds * (progress->total - progress->done) / progress->done);
}

void
report_progress(RotationProgress *progress)
{
	TimestampTz now = GetCurrentTimestamp();

	if (progress->done == progress->told)
		return;

	/* Another session may have rewrapped some as well, since they were counted. */
	progress->total = Max(progress->total, progress->done);
	if (progress->done * PARTS / progress->total == progress->told * PARTS / progress->total &&
		!TimestampDifferenceExceeds(progress->told_at, now, SILENCE_MAX))
		return;

	ereport(NOTICE,
			(errmsg("rewrapped the keys of %lld of %lld customers (%d %%), about %lld s left",
					(long long) progress->done, (long long) progress->total,
					(int) (progress->done * 100 / progress->total),
					(long long) seconds_left(progress, now))));
	progress->told = progress->done;
	progress->told_at = now;
}
