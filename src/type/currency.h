/*-------------------------------------------------------------------------
 *
 * currency.h
 *	  The currencies of ISO 4217 and their minor units.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_TYPE_CURRENCY_H
#define CUSTOMERS_TYPE_CURRENCY_H

#include "postgres.h"

#define CURRENCY_CODE_LENGTH	3

/* No currency has more digits than this. */
#define MAX_CURRENCY_DIGITS		4

/* Digits of precious metals, test codes and the like: never in an amount. */
#define NO_MINOR_UNIT			(-1)

typedef struct Currency
{
	char		code[CURRENCY_CODE_LENGTH + 1];
	int			digits;			/* decimal digits of the minor unit */
} Currency;

extern const Currency *find_currency(const char *code, size_t length);

#endif							/* CUSTOMERS_TYPE_CURRENCY_H */
