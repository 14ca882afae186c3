/*-------------------------------------------------------------------------
 *
 * position.h
 *	  Where events stand in the order of events_since().
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_PAYMENT_POSITION_H
#define CUSTOMERS_PAYMENT_POSITION_H

/* The position of what the current transaction writes. */
extern int64 current_position(void);

/*
 * Before it, the snapshot of the calling query shows all that there will ever be.
 */
extern int64 settled_position(void);

/* Was the position not given by this store, as far as can be told? */
extern bool position_unknown(int64 position);

#endif							/* CUSTOMERS_PAYMENT_POSITION_H */
