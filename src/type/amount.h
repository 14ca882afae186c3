/*-------------------------------------------------------------------------
 *
 * amount.h
 *	  Type amount: a number of minor units of one currency.
 *
 * On disk an amount takes 16 bytes, aligned as double and passed by reference:
 *
 *		minor_units	8 bytes, a signed integer in the machine's byte order
 *		currency	the 3 upper-case letters of its ISO 4217 code and a NUL
 *		zero		4 bytes of padding
 *
 * The padding is always zero, so equal amounts have equal bytes; every amount
 * is made by fill_amount, which sees to it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_TYPE_AMOUNT_H
#define CUSTOMERS_TYPE_AMOUNT_H

#include "postgres.h"

#include "type/currency.h"

typedef struct Amount
{
	int64		minor_units;
	char		currency[CURRENCY_CODE_LENGTH + 1];
	uint32		zero;
} Amount;

StaticAssertDecl(sizeof(Amount) == 16, "an amount takes 16 bytes on disk");

/*
 * Room for the text of an amount: a sign, 19 digits (zeros that fill up to
 * the point never make it longer), the point, a space, the code and a NUL.
 */
#define AMOUNT_TEXT_SIZE	(1 + 19 + 1 + 1 + CURRENCY_CODE_LENGTH + 1)

/* What can be wrong with the text of an amount; the first that applies. */
typedef enum AmountFault
{
	AMOUNT_VALID,
	AMOUNT_BAD_SYNTAX,
	AMOUNT_UNKNOWN_CURRENCY,
	AMOUNT_NO_MINOR_UNIT,
	AMOUNT_WRONG_DIGITS,
	AMOUNT_OUT_OF_RANGE
} AmountFault;

/* amount.c: kernels that report nothing */
extern void fill_amount(Amount *amount, int64 minor_units, const char *currency);
extern AmountFault text_to_amount(const char *text, size_t length, Amount *amount);
extern void amount_to_text(const Amount *amount, int digits, char *text);
extern int	compare_amounts(const Amount *left, const Amount *right);
extern bool same_currency(const Amount *left, const Amount *right);

/* amount_arithmetic.c: checked, in new memory */
extern Amount *make_amount(int64 minor_units, const char *currency);
extern Amount *add_amounts(const Amount *left, const Amount *right);
extern Amount *subtract_amounts(const Amount *left, const Amount *right);
extern Amount *multiply_amount(const Amount *amount, int64 factor);
extern Amount *negate_amount(const Amount *amount);

static inline Amount *
DatumGetAmountP(Datum datum)
{
	return (Amount *) DatumGetPointer(datum);
}

static inline Datum
AmountPGetDatum(const Amount *amount)
{
	return PointerGetDatum(amount);
}

#endif							/* CUSTOMERS_TYPE_AMOUNT_H */
