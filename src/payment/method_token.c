/*-------------------------------------------------------------------------
 *
 * method_token.c
 *	  The tokens of payment methods, sealed by the keys of their customers.
 *
 * Whoever has a token and an account at the provider can take money with it.  So
 * it is sealed before the executor sees it, as metadata is, and opened for the
 * processor alone.  What is sealed is UTF-8, so that a dump opens in a database
 * of another encoding.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "base/wipe.h"
#include "payment/method_token.h"

Sealed *
seal_method_token(const Caller *caller, const Id *customer, const Id *method, const text *token)
{
	const char *plain = VARDATA_ANY(token);
	int			length = VARSIZE_ANY_EXHDR(token);
	char	   *utf8 = pg_server_to_any(plain, length, PG_UTF8);
	CustomerKey key = obtain_customer_key(&caller->merchant, customer);
	Sealed	   *sealed;

	if (utf8 != plain)
		length = strlen(utf8);
	sealed = seal_token(&key, method, utf8, length);
	close_customer_key(&key);
	if (utf8 != plain)
		wipe_memory(utf8, length);
	return sealed;
}

text *
open_method_token(const CustomerKey *key, const Id *method, const Sealed *sealed)
{
	size_t		length = sealed_length(sealed);
	char	   *utf8 = palloc(length + 1);
	char	   *plain;
	text	   *token;

	wipe_at_reset(utf8, length);
	open_token(key, method, sealed, utf8);
	utf8[length] = '\0';
	plain = pg_any_to_server(utf8, length, PG_UTF8);
	token = cstring_to_text(plain);
	if (plain != utf8)
		wipe_memory(plain, strlen(plain));
	wipe_memory(utf8, length);
	return token;
}

void
wipe_token(text *token)
{
	wipe_memory(VARDATA(token), VARSIZE(token) - VARHDRSZ);
}
