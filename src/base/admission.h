/*-------------------------------------------------------------------------
 *
 * admission.h
 *	  For which merchant a role acts.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_ADMISSION_H
#define CUSTOMERS_ADMISSION_H

#include "utils/uuid.h"

/* Is the role a superuser or a member of customers_admin? */
extern bool is_admin(Oid role);

/*
 * The current merchant, for which the role may act, or an error.  It is called as
 * the store's owner, with SPI connected.
 */
extern pg_uuid_t admit(Oid role);

#endif							/* CUSTOMERS_ADMISSION_H */
