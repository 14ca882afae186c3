/*-------------------------------------------------------------------------
 *
 * late.h
 *	  Which reports of the provider count, and what is kept of the others.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_LATE_H
#define CUSTOMERS_PAYMENT_LATE_H

#include "payment/commit_row.h"

/* Does the report change the commit?  It doesn't if late, overtaken or a repeat. */
extern bool report_counts(const PaymentCommit *commit, CommitStatus outcome,
						  const Amount *value, const ProviderReport *report);

/*
 * Keeps what is to be kept of a report that does not count, and tells the
 * caller: by a warning if somebody has to look at it.
 */
extern void pass_over(const Payment *payment, const PaymentCommit *commit,
					  CommitStatus outcome, const Amount *value,
					  const ProviderReport *report);

#endif							/* CUSTOMERS_PAYMENT_LATE_H */
