/*-------------------------------------------------------------------------
 *
 * commit_row.h
 *	  One commit of a payment: its row, under the lock of the payment's.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_COMMIT_ROW_H
#define CUSTOMERS_PAYMENT_COMMIT_ROW_H

#include "base/statement.h"
#include "payment/payment.h"

typedef struct PaymentCommit
{
	Id			commit_id;
	CommitStatus status;
	Amount		value;			/* what the customer decided to pay */
	Amount		authorized;		/* what is held of it */
	Amount		received;		/* what was received of it */
	Id			payment_method_id;
	bool		save_method;	/* does the customer agree to keep it? */
	int64		provider_sequence;	/* of the last report; PG_INT64_MIN: none */
	char	   *decline_code;	/* NULL: none, as the two below */
	const char *decline_class;
	char	   *provider_reference;
	TimestampTz resolved_at;	/* DT_NOEND: it is open */
} PaymentCommit;

/* What the provider said with an outcome; NULL: nothing. */
typedef struct ProviderReport
{
	char	   *decline_code;
	DeclineClass decline_class;
	char	   *provider_reference;
	int64		provider_sequence;	/* PG_INT64_MIN: not numbered */
} ProviderReport;

/* The number of a report as a parameter: null where there is none. */
extern NullableDatum bind_sequence(int64 sequence);

extern void insert_commit(const Payment *payment, const PaymentCommit *commit);

/* The commit with that id, which is the payment's. */
extern void load_commit(const Payment *payment, const Id *commit_id, PaymentCommit *commit);

/* The payment's open commit, which a payment in processing has. */
extern void load_open_commit(const Payment *payment, PaymentCommit *commit);

/* The payment's authorized commits in the order of their creation. */
extern PaymentCommit *load_authorized_commits(const Payment *payment, int *count);

/* Stores status and counters, and takes over the report if there is one. */
extern void store_commit(const Payment *payment, PaymentCommit *commit,
						 const ProviderReport *report);

/*
 * Releases all that is still authorized.  Commits of which nothing was received
 * get the status; the others have succeeded.  Sets payment->authorized.
 */
extern void release_authorizations(Payment *payment, CommitStatus status);

#endif							/* CUSTOMERS_PAYMENT_COMMIT_ROW_H */
