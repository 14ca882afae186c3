/*-------------------------------------------------------------------------
 *
 * customer_vouch.c
 *	  What an operation has done for the rows of table customer that it writes.
 *
 * An operation is complete by itself, as it has to be where the table has no
 * triggers, and the guard is for everybody else who writes rows.  What an
 * operation writes is told by its content, so that nothing else passes the
 * guard, such as a row that a user's own trigger writes in the meantime.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/invalidation.h"
#include "customer/customer_vouch.h"
#include "utils/memutils.h"

/* The rows that are vouched for and not yet taken; gone with their memory. */
typedef struct Vouched
{
	MemoryContextCallback callback;
	const VouchedCustomer *rows;
	int			count;
	int			next;
	int			written;		/* those before are written, or never will be */
	uint64		generation;		/* of the schema */
} Vouched;

static Vouched *vouched = NULL;

/* forget_vouched drops the pointer to memory that is about to go. */
static void
forget_vouched(void *argument)
{
	if (vouched == argument)
		vouched = NULL;
}

void
vouch_for_customers(const ContextSchema *schema, const VouchedCustomer *rows, int count)
{
	Vouched    *made = palloc0(sizeof(Vouched));

	made->rows = rows;
	made->count = count;
	made->generation = schema->generation;
	made->callback.func = forget_vouched;
	made->callback.arg = made;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &made->callback);
	vouched = made;
}

/* same_row compares all that the guard would look at. */
static bool
same_row(const VouchedCustomer *a, const VouchedCustomer *b)
{
	return memcmp(&a->merchant, &b->merchant, sizeof(Id)) == 0 &&
		memcmp(&a->customer, &b->customer, sizeof(Id)) == 0 &&
		a->version == b->version &&
		VARSIZE(a->context) == VARSIZE(b->context) &&
		memcmp(a->context, b->context, VARSIZE(a->context)) == 0;
}

bool
take_vouched_customer(const VouchedCustomer *row)
{
	if (vouched == NULL || vouched->next == vouched->count ||
		vouched->generation != table_generation(WATCHED_CONTEXT_SCHEMA) ||
		!same_row(&vouched->rows[vouched->next], row))
		return false;
	vouched->next++;
	return true;
}

bool
take_written_customer(const VouchedCustomer *row)
{
	if (vouched == NULL)
		return false;
	for (int i = vouched->written; i < vouched->next; i++)
	{
		if (!same_row(&vouched->rows[i], row))
			continue;
		vouched->written = i + 1;
		return true;
	}
	return false;
}
