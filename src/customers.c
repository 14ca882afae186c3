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
#include "base/setting.h"

CUSTOMERS_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	define_settings();
}
