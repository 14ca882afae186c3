/*-------------------------------------------------------------------------
 *
 * invalidation.h
 *	  Where the store is, and when what was cached from it has gone stale.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_INVALIDATION_H
#define CUSTOMERS_INVALIDATION_H

/* The tables from which a backend caches rows. */
typedef enum WatchedTable
{
	WATCHED_MERCHANT,
	WATCHED_MERCHANT_ROLE,
	WATCHED_CONTEXT_SCHEMA,
	WATCHED_MERCHANT_KEY,
	WATCHED_METADATA_KEY,
	WATCHED_LIST,
	WATCHED_CHAIN_KEY,
	WATCHED_EVENT_EPOCH,
	WATCHED_TABLES				/* how many there are */
} WatchedTable;

/* The owner of the store; raises the one error when there is no store. */
extern Oid	store_owner(void);

/* The OID of a table, which the store has. */
extern Oid	watched_table(WatchedTable table);

/*
 * Changes when the store or the extension was made anew, so that OIDs which
 * were looked up before may be wrong.
 */
extern uint64 store_epoch(void);

/*
 * Changes whenever a row of the table may have changed.  Read it before
 * reading the rows: a change while they are read then shows in the next look.
 */
extern uint64 table_generation(WatchedTable table);

#endif							/* CUSTOMERS_INVALIDATION_H */
