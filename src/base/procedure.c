/*-------------------------------------------------------------------------
 *
 * procedure.c
 *	  Procedures that work in batches, each in a transaction of its own.
 *
 * A batch is read committed, whatever the default: it locks rows and then reads
 * what they are, and must not fail because they have changed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "executor/spi.h"
#include "nodes/parsenodes.h"

#include "base/procedure.h"

/* may_commit says whether CALL allows it: not in a transaction block. */
static bool
may_commit(FunctionCallInfo fcinfo)
{
	return fcinfo->context && IsA(fcinfo->context, CallContext) &&
		!castNode(CallContext, fcinfo->context)->atomic;
}

void
begin_batches(FunctionCallInfo fcinfo)
{
	SPI_connect_ext(may_commit(fcinfo) ? SPI_OPT_NONATOMIC : 0);

	/* Of nothing, but it is refused now rather than when work has been done. */
	commit_batch();
}

void
commit_batch(void)
{
	SPI_commit();

	/* The new transaction has no snapshot yet. */
	XactIsoLevel = XACT_READ_COMMITTED;
}

void
end_batches(void)
{
	SPI_finish();
}
