/*-------------------------------------------------------------------------
 *
 * error.h
 *	  What the errors of several rooms share.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_ERROR_H
#define CUSTOMERS_ERROR_H

/*
 * Part of ereport(): fills the fields by which clients know the rule of the
 * store that was violated, as the constraints of tables do.  A column of NULL
 * names none.
 */
extern int	errrule(const char *table, const char *column, const char *rule);

#endif							/* CUSTOMERS_ERROR_H */
