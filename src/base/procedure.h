/*-------------------------------------------------------------------------
 *
 * procedure.h
 *	  Procedures that work in batches, each in a transaction of its own.
 *
 * A procedure goes
 *
 *		begin_batches(fcinfo);
 *		while (...)
 *		{
 *			enter_store(&caller);
 *			...
 *			leave_store(&caller);
 *			commit_batch();
 *		}
 *		end_batches();
 *
 * What is allocated in between, but inside enter_store() ... leave_store(), lives
 * until end_batches().
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PROCEDURE_H
#define CUSTOMERS_PROCEDURE_H

#include "fmgr.h"

/*
 * Begins the first batch.  In a transaction block, a function or anywhere else
 * where a procedure may not commit it raises PostgreSQL's error.
 */
extern void begin_batches(FunctionCallInfo fcinfo);

/* Commits the batch and begins the next one; outside enter_store(). */
extern void commit_batch(void);

extern void end_batches(void);

#endif							/* CUSTOMERS_PROCEDURE_H */
