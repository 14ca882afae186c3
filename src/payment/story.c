/*-------------------------------------------------------------------------
 *
 * story.c
 *	  What the events of a payment say, one after the other.
 *
 * Events may be missing, or altered.  The story takes up whatever they say, and
 * goes on from there, so that one fault doesn't make faults of all that follow.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "payment/story.h"

/* is_transition says whether the machine has it. */
static bool
is_transition(const Event *event)
{
	PaymentStatus from = event->from_status == NULL ? PAYMENT_ABSENT
		: find_payment_status(event->from_status, strlen(event->from_status));
	PaymentStatus to = find_payment_status(event->to_status, strlen(event->to_status));

	for (int i = 0; i < payment_transition_count; i++)
	{
		const Transition *row = &payment_transitions[i];

		if (row->from == from && row->to == to &&
			strcmp(payment_event_names[row->event], event->event) == 0)
			return true;
	}
	return false;
}

/* begins_here says whether the event begins where the story is. */
static bool
begins_here(const Story *story, const Event *event)
{
	if (story->status == NULL || event->from_status == NULL)
		return story->status == event->from_status;
	return strcmp(story->status, event->from_status) == 0;
}

bool
event_follows(const Story *story, const Event *event)
{
	return begins_here(story, event) && is_transition(event);
}

/* is_event says whether it is that event. */
static bool
is_event(const Event *event, PaymentEvent which)
{
	return strcmp(event->event, payment_event_names[which]) == 0;
}

void
tell_event(Story *story, const Event *event)
{
	PaymentStatus to = find_payment_status(event->to_status, strlen(event->to_status));
	int64		value = event->value ? event->value->minor_units : 0;

	if (event->value && (is_event(event, EVENT_CREATE) || is_event(event, EVENT_CHOOSE_CURRENCY) ||
						 is_event(event, EVENT_CHANGE_AMOUNT)))
		story->amount = *event->value;

	/* Sums of what was altered may wrap around; they are compared and no more. */
	if (is_event(event, EVENT_SUCCEED) || is_event(event, EVENT_CAPTURE))
		story->received = (int64) ((uint64) story->received + (uint64) value);
	if (is_event(event, EVENT_RETURN))
		story->returned = (int64) ((uint64) story->returned + (uint64) value);
	if (is_event(event, EVENT_COMMIT))
		story->commits_used++;
	if (!payment_status_final(to))
		story->closed_at = DT_NOEND;
	else if (story->closed_at == DT_NOEND)
		story->closed_at = event->at;
	story->last = event->sequence;
	story->status = event->to_status;
	story->updated_at = event->at;
	story->hash = event->hash;
	story->key_id = event->key_id;
}
