/*-------------------------------------------------------------------------
 *
 * method.h
 *	  Payment methods, for the operations that use one for a payment.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_METHOD_H
#define CUSTOMERS_PAYMENT_METHOD_H

#include "base/compat.h"
#include "utils/date.h"

#include "payment/payment.h"

/*
 * Refuses a method that can't be used for the payment: P0002 unless it is one
 * of the payment's customer, 55000 if it is removed, expired or barred.
 */
extern void require_usable_method(const Payment *payment, const Id *method);

/* The default method of the payment's customer; false if there is none. */
extern bool find_default_method(const Payment *payment, Id *method);

/* Raises the error that the method can't be used; fault begins with a verb. */
pg_noreturn extern void refuse_method(const Id *method, const char *fault);

/*
 * Locks the customer's row, for a change of its methods, and refuses an
 * archived customer if asked to.
 */
extern void lock_methods(const Caller *caller, const Id *customer, bool must_be_active);

/*
 * The day by which methods expire: in UTC, so that it depends on no setting.
 * A method is usable through its last day.
 */
extern DateADT day_of(TimestampTz time);

#endif							/* CUSTOMERS_PAYMENT_METHOD_H */
