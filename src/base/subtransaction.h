/*-------------------------------------------------------------------------
 *
 * subtransaction.h
 *	  Work that may fail without ending the transaction.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_SUBTRANSACTION_H
#define CUSTOMERS_SUBTRANSACTION_H

/*
 * Runs work(argument) in a subtransaction.  If it fails that is rolled back, and
 * the error is the result; else NULL.  Who goes on is as he was before, in his
 * memory context.  What work leaves in a variable that it changes is not undone.
 */
extern ErrorData *run_in_subtransaction(void (*work) (void *argument), void *argument);

#endif							/* CUSTOMERS_SUBTRANSACTION_H */
