/*-------------------------------------------------------------------------
 *
 * search_digest.h
 *	  The digests that the values of metadata are searched by.
 *
 * They are used inside enter_store() ... leave_store() only.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_VAULT_SEARCH_DIGEST_H
#define CUSTOMERS_VAULT_SEARCH_DIGEST_H

#include "type/id.h"

/* A metadata key and a value of it, both UTF-8. */
typedef struct SearchedValue
{
	const char *name;
	size_t		name_length;
	const char *value;
	size_t		value_length;
} SearchedValue;

/*
 * The digest as column metadata.digest has it: the id of the merchant's key
 * that it is made under, and 16 bytes that are equal for equal values of the
 * same metadata key.  find_search_digest returns NULL if the merchant's key is
 * gone; for search_digest that is an error.
 */
extern bytea *find_search_digest(const Id *merchant, uint64 key_id, const SearchedValue *searched);
extern bytea *search_digest(const Id *merchant, uint64 key_id, const SearchedValue *searched);

/* The id of the merchant's key that a digest is made under. */
extern uint64 search_digest_key_id(const bytea *digest);

#endif							/* CUSTOMERS_VAULT_SEARCH_DIGEST_H */
