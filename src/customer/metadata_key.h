/*-------------------------------------------------------------------------
 *
 * metadata_key.h
 *	  What a merchant has defined of metadata keys: which are searchable.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_METADATA_KEY_H
#define CUSTOMERS_METADATA_KEY_H

#include "base/caller.h"
#include "type/id.h"

/*
 * Is the key one to search by?  Whoever goes on to write a value of it has to
 * have called hold_metadata_key().
 */
extern bool is_searchable(const Id *merchant, const char *key, int length);

/*
 * Keeps the key as searchable as it is until the transaction ends, for one who
 * writes or removes a value of it, or values of any key.  To be called before the
 * row of the customer is locked, as it may wait while a key's search is being
 * switched on.
 */
extern void hold_metadata_key(const Id *merchant, const char *key, int length);
extern void hold_metadata_keys(const Id *merchant);

/*
 * Keeps all keys of the merchant as searchable as they are until the transaction
 * ends, for one who only makes digests anew.  Nobody who writes values waits for it.
 */
extern void hold_off_switching(const Id *merchant);

#endif							/* CUSTOMERS_METADATA_KEY_H */
