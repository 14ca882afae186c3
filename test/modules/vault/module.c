/*-------------------------------------------------------------------------
 *
 * module.c
 *	  The module's magic, and the vault's settings where the module has its own.
 *
 * The module has a copy of the vault with variables of its own.  Nobody has
 * set those, so what uses keys calls open_vault() first.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "base/setting.h"
#include "module.h"
#include "vault/root_key.h"

PG_MODULE_MAGIC;

void
open_vault(void)
{
	static bool opened = false;

	setting_merchant = MemoryContextStrdup(TopMemoryContext,
										   GetConfigOption("customers.merchant", false, false));
	if (opened)
		return;
	setting_key_file = MemoryContextStrdup(TopMemoryContext,
										   GetConfigOption("customers.key_file", false, false));
	load_root_keys();
	opened = true;
}
