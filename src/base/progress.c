/*-------------------------------------------------------------------------
 *
 * progress.c
 *	  How far long work is, and telling so.
 *
 * There is a message for each tenth that is done; and where that takes long, one
 * after each 10 seconds.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/progress.h"

#define PARTS			10
#define SILENCE_MAX		10000	/* milliseconds */

Progress
begin_progress(const char *did, const char *things, int64 total)
{
	TimestampTz now = GetCurrentTimestamp();

	return (Progress)
	{
		.total = total,.did = did,.things = things,.started_at = now,.told_at = now
	};
}

/* seconds_left supposes that the rest goes as fast as what is done. */
static int64
seconds_left(const Progress *progress, TimestampTz now)
{
	double		seconds = (double) (now - progress->started_at) / USECS_PER_SEC;

	return (int64) (seconds * (progress->total - progress->done) / progress->done);
}

void
report_progress(Progress *progress)
{
	TimestampTz now = GetCurrentTimestamp();

	if (progress->done == progress->told)
		return;

	/* There may be more than were counted, or another session does some as well. */
	progress->total = Max(progress->total, progress->done);
	if (progress->done * PARTS / progress->total == progress->told * PARTS / progress->total &&
		!TimestampDifferenceExceeds(progress->told_at, now, SILENCE_MAX))
		return;

	ereport(NOTICE,
			(errmsg("%s %lld of %lld %s (%d %%), about %lld s left", progress->did,
					(long long) progress->done, (long long) progress->total, progress->things,
					(int) (progress->done * 100 / progress->total),
					(long long) seconds_left(progress, now))));
	progress->told = progress->done;
	progress->told_at = now;
}
