/*-------------------------------------------------------------------------
 *
 * progress.h
 *	  How far long work is, and telling so.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PROGRESS_H
#define CUSTOMERS_PROGRESS_H

#include "datatype/timestamp.h"

typedef struct Progress
{
	int64		total;			/* how many there are to do */
	int64		done;
	const char *did;			/* with each of them: "rewrapped the keys of" */
	const char *things;			/* what they are: "customers" */
	TimestampTz started_at;

	/* private to progress.c */
	int64		told;			/* what was done at the last message */
	TimestampTz told_at;
} Progress;

extern Progress begin_progress(const char *did, const char *things, int64 total);

/* Tells the client how far it is, unless little has been done since last time. */
extern void report_progress(Progress *progress);

#endif							/* CUSTOMERS_PROGRESS_H */
