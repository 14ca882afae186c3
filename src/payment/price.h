/*-------------------------------------------------------------------------
 *
 * price.h
 *	  The prices of a payment, and the limits within which each may change.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_PRICE_H
#define CUSTOMERS_PAYMENT_PRICE_H

#include "utils/array.h"

#include "payment/payment.h"

/* A price in one currency; limits are NULL where there are none. */
typedef struct Price
{
	Amount		price;
	Amount	   *min_amount;
	Amount	   *max_amount;
} Price;

/*
 * make_prices checks the three arguments of create_payment and joins them by
 * currency.  The limits may be NULL.
 */
extern Price *make_prices(ArrayType *prices, ArrayType *min_amounts, ArrayType *max_amounts,
						  int *count);

/*
 * check_presets refuses amounts to suggest that the customer couldn't take, or
 * that are twice the same; the currencies of several may be.
 */
extern void check_presets(ArrayType *presets, const char *amount_mode, const Price *prices,
						  int count);

/* Inserts the prices of a new payment, each with the presets in its currency. */
extern void insert_prices(const Payment *payment, const Price *prices, int count,
						  ArrayType *presets);

/* Finds the payment's price in a currency; false if it has none. */
extern bool find_price(const Payment *payment, const char *currency, Price *price);

#endif							/* CUSTOMERS_PAYMENT_PRICE_H */
