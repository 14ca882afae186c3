/*-------------------------------------------------------------------------
 *
 * metadata_digest.h
 *	  The digests of metadata: column digest, by which values are searched.
 *
 * All of it is for inside enter_store() ... leave_store().
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_METADATA_DIGEST_H
#define CUSTOMERS_METADATA_DIGEST_H

#include "type/id.h"
#include "vault/customer_key.h"

/*
 * Makes the digests that values of a key lack, for all customers, or deletes
 * those that there are.  Nobody else writes or removes values of the key meanwhile.
 */
extern void make_digests(const Id *merchant, text *key);
extern void delete_digests(const Id *merchant, text *key);

/*
 * Makes the digests of one customer anew under the merchant's key in force, as
 * far as they are made under another.  The customer is locked, and switching is
 * held off.
 */
extern void renew_digests(const CustomerKey *key);

#endif							/* CUSTOMERS_METADATA_DIGEST_H */
