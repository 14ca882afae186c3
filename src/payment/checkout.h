/*-------------------------------------------------------------------------
 *
 * checkout.h
 *	  A customer's operations: who may call them, and for what.
 *
 * Without a checkout token they are the merchant's, as all others are.  With one
 * they work on the token's payment and its customer, whoever calls.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_CHECKOUT_H
#define CUSTOMERS_PAYMENT_CHECKOUT_H

#include "payment/payment.h"

/*
 * Enters the store for an operation of a customer, as enter_store() does for all
 * others.  A role that is customers_checkout only needs a token.
 */
extern void enter_checkout(Caller *caller);

/*
 * The same for an operation that is repeated by its idempotency key, also once the
 * token's payment has ended: if it has, what is no repetition has to be refused.
 */
extern bool enter_checkout_or_repeat(Caller *caller);

/* The one error for a token that is not valid, whatever is wrong with it. */
pg_noreturn extern void refuse_token(void);

/*
 * The same for reading the token's payment, also once it has ended: only the
 * token's own end, which it returns, and close_checkout() are the end of that.
 */
extern TimestampTz enter_own_checkout(Caller *caller);

/* P0002 for a payment, or customer, that is not the token's, if there is one. */
extern void require_own_payment(const Caller *caller, const Id *payment_id);
extern void require_own_customer(const Caller *caller, const Id *customer);

/*
 * Refuses a token that has died while the lock of the payment was waited for.
 * Holding the lock, it lives: what ends it takes the lock as well.  But for an
 * erasure: that takes the lock of the customer.
 */
extern void confirm_checkout(const Payment *payment);

/* For operations on methods: has the token, if there is one, live as long. */
extern void hold_checkout(const Caller *caller);

/* What next_steps() returns, for a payment that was read. */
extern Datum describe_next_steps(const Payment *payment);

#endif							/* CUSTOMERS_PAYMENT_CHECKOUT_H */
