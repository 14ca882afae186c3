/*-------------------------------------------------------------------------
 *
 * story.h
 *	  What the events of a payment say, one after the other.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_STORY_H
#define CUSTOMERS_PAYMENT_STORY_H

#include "payment/event.h"

/* What the events say, up to one of them. */
typedef struct Story
{
	int			last;			/* the sequence of the last event; 0: none */
	const char *status;			/* NULL: there is no payment yet */
	Amount		amount;
	int64		received;
	int64		returned;
	int			commits_used;
	TimestampTz updated_at;
	TimestampTz closed_at;		/* DT_NOEND: it is open */
	const unsigned char *hash;	/* of the last event; NULL: it is missing */
	int32		key_id;			/* of the last event */
} Story;

/* Does the event begin where the story is, and does the machine have it? */
extern bool event_follows(const Story *story, const Event *event);

/* Goes on with the story, whether the event follows or not. */
extern void tell_event(Story *story, const Event *event);

#endif							/* CUSTOMERS_PAYMENT_STORY_H */
