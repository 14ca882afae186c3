/*-------------------------------------------------------------------------
 *
 * bench.c
 *	  What sealing and opening costs, in loops without anything around them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "fmgr.h"
#include "miscadmin.h"
#include "portability/instr_time.h"
#include "utils/builtins.h"

#include "base/caller.h"
#include "base/statement.h"
#include "module.h"
#include "vault/customer_key.h"

PG_FUNCTION_INFO_V1(vault_bench);

#define VALUE_SIZE 100

/* As long as that of metadata under a key of 8 characters. */
#define ASSOCIATED_SIZE (16 + 9 + 16 + 16 + 8)

static char value[VALUE_SIZE];

/* bare seals and opens with libsodium alone, without any memory management. */
static void
bare(int count)
{
	unsigned char key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES] = {1};
	unsigned char nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];
	unsigned char associated[ASSOCIATED_SIZE] = {2};
	unsigned char sealed[VALUE_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES];

	for (int i = 0; i < count; i++)
	{
		randombytes_buf(nonce, sizeof(nonce));
		crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, NULL, (unsigned char *) value, VALUE_SIZE,
												   associated, sizeof(associated), NULL, nonce, key);
		if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *) value, NULL, NULL,
													   sealed, sizeof(sealed),
													   associated, sizeof(associated), nonce, key) != 0)
			elog(ERROR, "a value does not open");
	}
}

/* seal_and_open does so as the operations do. */
static void
seal_and_open(const CustomerKey *key)
{
	Sealed	   *sealed = seal_value(key, "crm_note", 8, value, VALUE_SIZE);

	open_value(key, "crm_note", 8, sealed, value);
	pfree(sealed);
}

/* read_wrapped reads the wrapped key of a customer. */
static Sealed *
read_wrapped(const Id *merchant, const Id *customer)
{
	static Statement find = {
		.sql = "SELECT wrapped FROM customers.customer_key"
		" WHERE merchant_id OPERATOR(pg_catalog.=) $1 AND customer_id OPERATOR(pg_catalog.=) $2",
		.types = {"customers.merchant_id", "customers.customer_id"},
	};

	statement_run(&find, (NullableDatum[]) {
		bind_pointer(merchant), bind_pointer(customer)
	});
	return (Sealed *) PG_DETOAST_DATUM_COPY(statement_get(0, 0));
}

/* vault_bench(what text, customer, count int4) float8: microseconds for each */
Datum
vault_bench(PG_FUNCTION_ARGS)
{
	char	   *what = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Id		   *customer = DatumGetIdP(PG_GETARG_DATUM(1));
	int			count = PG_GETARG_INT32(2);
	instr_time	start;
	instr_time	end;
	Caller		caller;
	CustomerKey key;

	open_vault();
	enter_store(&caller);
	key = obtain_customer_key(&caller.merchant, customer);
	INSTR_TIME_SET_CURRENT(start);
	if (strcmp(what, "libsodium alone") == 0)
		bare(count);
	else if (strcmp(what, "key at hand") == 0)
	{
		for (int i = 0; i < count; i++)
			seal_and_open(&key);
	}
	else if (strcmp(what, "with the key unwrapped") == 0)
	{
		const Sealed *wrapped = read_wrapped(&caller.merchant, customer);

		for (int i = 0; i < count; i++)
		{
			CustomerKey opened = open_customer_key(&caller.merchant, customer, wrapped);

			seal_and_open(&opened);
			close_customer_key(&opened);
			CHECK_FOR_INTERRUPTS();
		}
	}
	else if (strcmp(what, "with the key's lookup") == 0)
	{
		for (int i = 0; i < count; i++)
		{
			CustomerKey found = obtain_customer_key(&caller.merchant, customer);

			seal_and_open(&found);
			close_customer_key(&found);
			CHECK_FOR_INTERRUPTS();
		}
	}
	else
		elog(ERROR, "there is no benchmark \"%s\"", what);
	INSTR_TIME_SET_CURRENT(end);
	close_customer_key(&key);
	leave_store(&caller);
	INSTR_TIME_SUBTRACT(end, start);
	PG_RETURN_FLOAT8(INSTR_TIME_GET_DOUBLE(end) * 1e6 / count);
}
