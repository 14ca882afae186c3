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
 * writes a value of it.  To be called before the row of the customer is locked,
 * as it may wait while the key's search is being switched on.
 */
extern void hold_metadata_key(const Id *merchant, const char *key, int length);

#endif							/* CUSTOMERS_METADATA_KEY_H */
