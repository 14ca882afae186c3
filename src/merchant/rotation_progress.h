/*-------------------------------------------------------------------------
 *
 * rotation_progress.h
 *	  How far the rotation of a merchant's key is, and telling so.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_ROTATION_PROGRESS_H
#define CUSTOMERS_ROTATION_PROGRESS_H

#include "datatype/timestamp.h"

typedef struct RotationProgress
{
	int64		total;			/* customers to be rewrapped */
	int64		done;
	TimestampTz started_at;

	/* private to rotation_progress.c */
	int64		told;			/* what was done at the last message */
	TimestampTz told_at;
} RotationProgress;

extern RotationProgress begin_progress(int64 total);

/* Tells the client how far it is, unless little has been done since last time. */
extern void report_progress(RotationProgress *progress);

#endif							/* CUSTOMERS_ROTATION_PROGRESS_H */
