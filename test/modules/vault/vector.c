/*-------------------------------------------------------------------------
 *
 * vector.c
 *	  The vault's cipher and envelopes with everything given, for published
 *	  test vectors and for the example in doc/format.md.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/uuid.h"

#include "vault/seal.h"

PG_FUNCTION_INFO_V1(vault_seal_bytes);
PG_FUNCTION_INFO_V1(vault_open_bytes);
PG_FUNCTION_INFO_V1(vault_seal);

static const unsigned char *
bytes_of_size(bytea *value, size_t size)
{
	if (VARSIZE_ANY_EXHDR(value) != size)
		elog(ERROR, "expected %zu bytes", size);
	return (const unsigned char *) VARDATA_ANY(value);
}

/* read_input reads the arguments key, nonce and associated data, all bytea. */
static SealInput
read_input(FunctionCallInfo fcinfo)
{
	bytea	   *associated = PG_GETARG_BYTEA_PP(2);

	return (SealInput) {
		.key = bytes_of_size(PG_GETARG_BYTEA_PP(0), SEAL_KEY_SIZE),
		.nonce = bytes_of_size(PG_GETARG_BYTEA_PP(1), SEALED_NONCE_SIZE),
		.associated = (const unsigned char *) VARDATA_ANY(associated),
		.associated_length = VARSIZE_ANY_EXHDR(associated)
	};
}

/* vault_seal_bytes(key, nonce, associated, plaintext bytea) bytea */
Datum
vault_seal_bytes(PG_FUNCTION_ARGS)
{
	SealInput	input = read_input(fcinfo);
	bytea	   *plaintext = PG_GETARG_BYTEA_PP(3);
	size_t		length = VARSIZE_ANY_EXHDR(plaintext);
	bytea	   *sealed = palloc(VARHDRSZ + length + SEALED_TAG_SIZE);

	SET_VARSIZE(sealed, VARHDRSZ + length + SEALED_TAG_SIZE);
	seal_bytes(&input, VARDATA_ANY(plaintext), length, (unsigned char *) VARDATA(sealed));
	PG_RETURN_BYTEA_P(sealed);
}

/* vault_open_bytes(key, nonce, associated, sealed bytea) bytea; null: it does not open */
Datum
vault_open_bytes(PG_FUNCTION_ARGS)
{
	SealInput	input = read_input(fcinfo);
	bytea	   *sealed = PG_GETARG_BYTEA_PP(3);
	size_t		length = VARSIZE_ANY_EXHDR(sealed) - SEALED_TAG_SIZE;
	bytea	   *plaintext = palloc(VARHDRSZ + length);

	SET_VARSIZE(plaintext, VARHDRSZ + length);
	if (!open_bytes(&input, (const unsigned char *) VARDATA_ANY(sealed), length, VARDATA(plaintext)))
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(plaintext);
}

/*
 * vault_seal(key_id int8, key bytea, content int4, merchant, customer uuid,
 * name, nonce, plaintext bytea) bytea
 */
Datum
vault_seal(PG_FUNCTION_ARGS)
{
	bytea	   *name = PG_GETARG_BYTEA_PP(5);
	bytea	   *plaintext = PG_GETARG_BYTEA_PP(7);
	SealPlace	place = {
		.content = PG_GETARG_INT32(2),
		.merchant = *PG_GETARG_UUID_P(3),
		.customer = *PG_GETARG_UUID_P(4),
		.name = VARDATA_ANY(name),
		.name_length = VARSIZE_ANY_EXHDR(name)
	};

	PG_RETURN_POINTER(seal_with_nonce((SealKey) {
		.id = PG_GETARG_INT64(0),.bytes = bytes_of_size(PG_GETARG_BYTEA_PP(1), SEAL_KEY_SIZE)
	}, &place, bytes_of_size(PG_GETARG_BYTEA_PP(6), SEALED_NONCE_SIZE),
									  VARDATA_ANY(plaintext), VARSIZE_ANY_EXHDR(plaintext)));
}
