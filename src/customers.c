/*-------------------------------------------------------------------------
 *
 * customers.c
 *	  Module magic and initialisation, nothing else.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

#include "base/compat.h"

CUSTOMERS_MODULE_MAGIC;
