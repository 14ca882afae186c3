/*-------------------------------------------------------------------------
 *
 * checkout_token.h
 *	  The tokens of checkouts, as text and as what the store keeps of them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_VAULT_CHECKOUT_TOKEN_H
#define CUSTOMERS_VAULT_CHECKOUT_TOKEN_H

#include "type/id.h"

#define CHECKOUT_HASH_SIZE 32

/* All that is known of a token but its secret. */
typedef struct CheckoutToken
{
	Id			merchant;		/* which the token names */
	pg_uuid_t	token_id;		/* finds it; tells nothing of the secret */
	unsigned char hash[CHECKOUT_HASH_SIZE];
} CheckoutToken;

/* Makes a new token of the merchant; returns its text. */
extern char *make_checkout_token(const Id *merchant, CheckoutToken *token);

/* Reads the text of a token; false if it is none. */
extern bool read_checkout_token(const char *text, CheckoutToken *token);

/* Is this the token's hash?  Takes the same time whatever it is. */
extern bool checkout_hash_matches(const CheckoutToken *token, const bytea *hash);

#endif							/* CUSTOMERS_VAULT_CHECKOUT_TOKEN_H */
