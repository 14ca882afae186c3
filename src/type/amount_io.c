/*-------------------------------------------------------------------------
 *
 * amount_io.c
 *	  Input, output and conversion functions of type amount.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "base/compat.h"
#include "type/amount.h"

/*
 * report_fault fills an error report with what is wrong.  currency is the code
 * that was read, text the whole.
 */
static int
report_fault(AmountFault fault, const char *currency, const char *text)
{
	switch (fault)
	{
		case AMOUNT_VALID:
			break;
		case AMOUNT_BAD_SYNTAX:
			errcode(ERRCODE_INVALID_TEXT_REPRESENTATION);
			errmsg("invalid input syntax for type %s: \"%s\"", "amount", text);
			return errdetail("An amount is a number, one space and the three capital letters of a currency, as in \"%s\".",
							 "49.90 EUR");
		case AMOUNT_UNKNOWN_CURRENCY:
			errcode(ERRCODE_INVALID_PARAMETER_VALUE);
			errmsg("unknown currency: \"%s\"", currency);
			return errdetail("An amount needs the code of an active currency of ISO 4217, in capital letters.");
		case AMOUNT_NO_MINOR_UNIT:
			errcode(ERRCODE_INVALID_PARAMETER_VALUE);
			errmsg("currency \"%s\" cannot be used in an amount", currency);
			return errdetail("ISO 4217 defines no minor unit for %s.", currency);
		case AMOUNT_WRONG_DIGITS:
			errcode(ERRCODE_INVALID_PARAMETER_VALUE);
			errmsg("wrong number of decimal digits: \"%s\"", text);
			return errdetail("An amount in %s has exactly %d decimal digits.", currency,
							 find_currency(currency, CURRENCY_CODE_LENGTH)->digits);
		case AMOUNT_OUT_OF_RANGE:
			errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE);
			return errmsg("value \"%s\" is out of range for type %s", text, "amount");
	}
	return 0;
}

/*
 * amount_digits returns the digits of an amount's currency.
 */
static int
amount_digits(const Amount *amount)
{
	const Currency *currency = find_currency(amount->currency,
											 CURRENCY_CODE_LENGTH);

	if (currency == NULL || currency->digits == NO_MINOR_UNIT)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored amount has an unknown currency")));
	return currency->digits;
}

PG_FUNCTION_INFO_V1(amount_in);
Datum
amount_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	Amount	   *amount = palloc(sizeof(Amount));
	AmountFault fault = text_to_amount(text, strlen(text), amount);

	if (fault != AMOUNT_VALID)
		ereturn(fcinfo->context, (Datum) 0,
				(report_fault(fault, amount->currency, text)));
	return AmountPGetDatum(amount);
}

PG_FUNCTION_INFO_V1(amount_out);
Datum
amount_out(PG_FUNCTION_ARGS)
{
	Amount	   *amount = DatumGetAmountP(PG_GETARG_DATUM(0));
	char	   *text = palloc(AMOUNT_TEXT_SIZE);

	amount_to_text(amount, amount_digits(amount), text);
	PG_RETURN_CSTRING(text);
}

/*
 * On the wire an amount is its minor units as 8 bytes, most significant first,
 * and the 3 letters of its currency.
 */
PG_FUNCTION_INFO_V1(amount_recv);
Datum
amount_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int64		minor_units = pq_getmsgint64(message);
	const char *code = pq_getmsgbytes(message, CURRENCY_CODE_LENGTH);
	const Currency *currency = find_currency(code, CURRENCY_CODE_LENGTH);

	if (currency == NULL || currency->digits == NO_MINOR_UNIT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid currency in external \"amount\" value")));
	return AmountPGetDatum(make_amount(minor_units, currency->code));
}

PG_FUNCTION_INFO_V1(amount_send);
Datum
amount_send(PG_FUNCTION_ARGS)
{
	Amount	   *amount = DatumGetAmountP(PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendint64(&message, amount->minor_units);
	pq_sendbytes(&message, amount->currency, CURRENCY_CODE_LENGTH);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

PG_FUNCTION_INFO_V1(amount_from_minor_units);
Datum
amount_from_minor_units(PG_FUNCTION_ARGS)
{
	char	   *code = text_to_cstring(PG_GETARG_TEXT_PP(1));
	const Currency *currency = find_currency(code, strlen(code));
	AmountFault fault = AMOUNT_VALID;

	if (currency == NULL)
		fault = AMOUNT_UNKNOWN_CURRENCY;
	else if (currency->digits == NO_MINOR_UNIT)
		fault = AMOUNT_NO_MINOR_UNIT;
	if (fault != AMOUNT_VALID)
		ereport(ERROR, (report_fault(fault, code, code)));
	return AmountPGetDatum(make_amount(PG_GETARG_INT64(0), code));
}

PG_FUNCTION_INFO_V1(amount_minor_units);
Datum
amount_minor_units(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(DatumGetAmountP(PG_GETARG_DATUM(0))->minor_units);
}

PG_FUNCTION_INFO_V1(amount_currency);
Datum
amount_currency(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(DatumGetAmountP(PG_GETARG_DATUM(0))->currency));
}

PG_FUNCTION_INFO_V1(amount_to_numeric);
Datum
amount_to_numeric(PG_FUNCTION_ARGS)
{
	Amount	   *amount = DatumGetAmountP(PG_GETARG_DATUM(0));

	PG_RETURN_NUMERIC(int64_div_fast_to_numeric(amount->minor_units,
												amount_digits(amount)));
}
