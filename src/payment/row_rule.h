/*-------------------------------------------------------------------------
 *
 * row_rule.h
 *	  What holds of each row of the tables payment and payment_commit.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_ROW_RULE_H
#define CUSTOMERS_PAYMENT_ROW_RULE_H

#include "base/row_change.h"
#include "payment/machine.h"

/*
 * Both raise an error (23514) with the name of the rule that the new row breaks;
 * the status is that of the new row.
 */
extern void check_payment_row(const RowChange *change, PaymentStatus status);
extern void check_commit_row(const RowChange *change, CommitStatus status);

#endif							/* CUSTOMERS_PAYMENT_ROW_RULE_H */
