/*-------------------------------------------------------------------------
 *
 * sealed.c
 *	  Type sealed: input and output of envelopes.
 *
 * The text form is \x and the envelope in hexadecimal, as bytea has it, so a
 * dump holds nothing but ciphertext.  Input checks the form of an envelope:
 * its version and that it is long enough.  Only the key tells more.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "base/compat.h"
#include "vault/seal.h"

PG_FUNCTION_INFO_V1(sealed_in);
PG_FUNCTION_INFO_V1(sealed_out);
PG_FUNCTION_INFO_V1(sealed_recv);
PG_FUNCTION_INFO_V1(sealed_send);

/* form_fault says what is wrong with the form of an envelope; NULL: nothing. */
static const char *
form_fault(const unsigned char *envelope, size_t length)
{
	if (length < SEALED_OVERHEAD)
		return "The envelope is too short.";
	if (envelope[0] != SEALED_VERSION)
		return "The envelope has an unknown version.";
	return NULL;
}

/* hex_value is the value of a hexadecimal digit, or -1. */
static int
hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

/* sealed_in(cstring) sealed; the text is in no message, lest it be a secret. */
Datum
sealed_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	size_t		digits = strlen(text);
	Sealed	   *sealed;
	unsigned char *envelope;
	const char *fault = NULL;

	if (digits < 2 || text[0] != '\\' || text[1] != 'x' || digits % 2 != 0)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "sealed"),
				 errdetail("It must be \\x and an even number of hexadecimal digits.")));

	text += 2;
	digits -= 2;
	sealed = palloc(VARHDRSZ + digits / 2);
	SET_VARSIZE(sealed, VARHDRSZ + digits / 2);
	envelope = (unsigned char *) VARDATA(sealed);
	for (size_t i = 0; i < digits / 2; i++)
	{
		int			high = hex_value(text[2 * i]);
		int			low = hex_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			ereturn(fcinfo->context, (Datum) 0,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid input syntax for type %s", "sealed"),
					 errdetail("It must be \\x and an even number of hexadecimal digits.")));
		envelope[i] = (unsigned char) (high << 4 | low);
	}

	fault = form_fault(envelope, digits / 2);
	if (fault)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "sealed"),
				 errdetail("%s", fault)));
	PG_RETURN_POINTER(sealed);
}

/* sealed_out(sealed) cstring */
Datum
sealed_out(PG_FUNCTION_ARGS)
{
	Sealed	   *sealed = DatumGetSealedP(PG_GETARG_DATUM(0));
	size_t		length = VARSIZE_ANY_EXHDR(sealed);
	char	   *text = palloc(2 + 2 * length + 1);

	text[0] = '\\';
	text[1] = 'x';
	hex_encode(VARDATA_ANY(sealed), length, text + 2);
	text[2 + 2 * length] = '\0';
	PG_RETURN_CSTRING(text);
}

/* sealed_recv(internal) sealed */
Datum
sealed_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			length = message->len - message->cursor;
	Sealed	   *sealed = palloc(VARHDRSZ + length);
	const char *fault;

	SET_VARSIZE(sealed, VARHDRSZ + length);
	pq_copymsgbytes(message, VARDATA(sealed), length);
	fault = form_fault((unsigned char *) VARDATA(sealed), length);
	if (fault)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary value for type %s", "sealed"),
				 errdetail("%s", fault)));
	PG_RETURN_POINTER(sealed);
}

/* sealed_send(sealed) bytea: the envelope itself */
Datum
sealed_send(PG_FUNCTION_ARGS)
{
	Sealed	   *sealed = DatumGetSealedP(PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbytes(&message, VARDATA_ANY(sealed), VARSIZE_ANY_EXHDR(sealed));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
