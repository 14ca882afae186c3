/*-------------------------------------------------------------------------
 *
 * customers.c
 *	  Module magic and initialisation, nothing else.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"

#include "base/compat.h"
#include "base/setting.h"
#include "vault/root_key.h"

CUSTOMERS_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	define_settings();
	if (process_shared_preload_libraries_in_progress)
		load_root_keys();
}
