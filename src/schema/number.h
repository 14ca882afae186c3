/*-------------------------------------------------------------------------
 *
 * number.h
 *	  Exact arithmetic on the numbers of jsonb, in place.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_SCHEMA_NUMBER_H
#define CUSTOMERS_SCHEMA_NUMBER_H

#include "postgres.h"

#include "utils/numeric.h"

/*
 * A numeric, looked at: sum of digits[i] * 10000 ^ (weight - i).  The first
 * and the last digit are not 0, so zero has none, and equal numbers look
 * the same whatever their scale was.
 */
typedef struct Number
{
	const int16 *digits;
	int			n_digits;
	int			weight;
	bool		negative;
} Number;

extern void read_number(Numeric numeric, Number *number);
extern int	compare_numbers(const Number *a, const Number *b);
extern bool is_integral(const Number *number);
extern bool is_integer(Numeric numeric);
extern bool number_to_count(const Number *number, uint32 *count);
extern bool number_to_int64(const Number *number, int64 *result);
extern bool is_multiple(Numeric value, Numeric divisor);

#endif							/* CUSTOMERS_SCHEMA_NUMBER_H */
