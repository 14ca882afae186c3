/*-------------------------------------------------------------------------
 *
 * setting.c
 *	  The extension's settings, all below the reserved prefix "customers".
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/guc.h"

#include "base/setting.h"

char	   *setting_merchant = NULL;
char	   *setting_checkout = "";	/* as before the setting is defined */
bool		setting_notify = true;
bool		setting_direct_rows = true;
char	   *setting_key_file = NULL;
char	   *setting_key_command = NULL;

/* show_checkout shows of a token only that there is one. */
static const char *
show_checkout(void)
{
	return setting_checkout[0] == '\0' ? "" : "********";
}

/*
 * define_settings defines every setting and reserves the prefix.
 *
 * The merchant's value is not checked here: whether the role may act for it is
 * a question to the store, which is asked (and answered from a cache) by each
 * operation.  Where the root keys come from can only be set where the server
 * reads it, that is before it starts; a server that has not preloaded the
 * module has no keys.
 */
void
define_settings(void)
{
	DefineCustomStringVariable("customers.merchant",
							   "Sets the merchant that this session acts for.",
							   "Empty: the only merchant that the role is bound to.",
							   &setting_merchant,
							   "",
							   PGC_USERSET,
							   0,
							   NULL, NULL, NULL);

	/* No check of it here: the error of a failed check could show the value. */
	DefineCustomStringVariable("customers.checkout",
							   "Sets the token of open_checkout() that narrows this session to one payment.",
							   "Empty: none.",
							   &setting_checkout,
							   "",
							   PGC_USERSET,
							   GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE,
							   NULL, NULL, show_checkout);

	DefineCustomBoolVariable("customers.notify",
							 "Notifies listeners of channel customers_payment of events of payments.",
							 "While such a transaction commits, no other that notifies can.",
							 &setting_notify,
							 true,
							 PGC_USERSET,
							 0,
							 NULL, NULL, NULL);

	DefineCustomBoolVariable("customers.direct_rows",
							 "Reads and writes single rows without SQL where that does the same.",
							 "It is faster; off shows every statement to the tools that watch SQL.",
							 &setting_direct_rows,
							 true,
							 PGC_USERSET,
							 0,
							 NULL, NULL, NULL);

	if (process_shared_preload_libraries_in_progress)
	{
		DefineCustomStringVariable("customers.key_file",
								   "Sets the file that holds the root keys, one in hex per line.",
								   "The last key is current; the others still open what they sealed.",
								   &setting_key_file,
								   "",
								   PGC_POSTMASTER,
								   GUC_SUPERUSER_ONLY | GUC_DISALLOW_IN_AUTO_FILE,
								   NULL, NULL, NULL);
		DefineCustomStringVariable("customers.key_command",
								   "Sets the shell command that writes the root keys, one in hex per line.",
								   "It is run at server start and takes the place of customers.key_file.",
								   &setting_key_command,
								   "",
								   PGC_POSTMASTER,
								   GUC_SUPERUSER_ONLY | GUC_DISALLOW_IN_AUTO_FILE,
								   NULL, NULL, NULL);
	}

	MarkGUCPrefixReserved("customers");
}
