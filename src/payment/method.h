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
 * of the payment's customer, 55000 if it is removed, expired, barred, or
 * for another payment or other currencies.
 */
extern void require_usable_method(const Payment *payment, const Id *method);

/* The default method of the payment's customer, checked in the same way; false if there is none. */
extern bool find_usable_default(const Payment *payment, Id *method);

/* Raises the error that the method can't be used; fault begins with a verb. */
pg_noreturn extern void refuse_method(const Id *method, const char *fault);

/*
 * Locks the customer's row, for a change of its methods, and refuses an
 * archived customer if asked to.
 */
extern void lock_methods(const Caller *caller, const Id *customer, bool must_be_active);

/*
 * Has the newest usable method take the place of a default that has expired.
 * The customer is locked.
 */
extern void replace_expired_default(const Caller *caller, const Id *customer, TimestampTz now);

/*
 * Refuses to go on where the methods of the customer have changed since
 * the snapshot that this transaction keeps: the transaction has to be retried.
 */
extern void refuse_unseen_methods(const Caller *caller, const Id *customer);

/*
 * Keeps the method of a commit that came to money, if the customer agreed to it
 * and it is for this payment only.
 */
extern void keep_method(const Payment *payment, const Id *method);

/* Removes the methods that are for this payment only, as it has ended. */
extern void remove_methods_of_payment(const Payment *payment);

/* Refuses what is no currency; NULL is none. */
extern void require_currency(const char *code);

/*
 * The day by which methods expire: in UTC, so that it depends on no setting.
 * A method is usable through its last day.
 */
extern DateADT day_of(TimestampTz time);

#endif							/* CUSTOMERS_PAYMENT_METHOD_H */
