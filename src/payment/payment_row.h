/*-------------------------------------------------------------------------
 *
 * payment_row.h
 *	  The row of a payment as an event stores it: for payment.c only.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_PAYMENT_ROW_H
#define CUSTOMERS_PAYMENT_PAYMENT_ROW_H

#include "payment/payment.h"

/* Stores what events change, of a payment that is locked. */
extern void update_payment(const Payment *payment);

#endif							/* CUSTOMERS_PAYMENT_PAYMENT_ROW_H */
