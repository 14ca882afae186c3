/*-------------------------------------------------------------------------
 *
 * setting.h
 *	  The extension's settings, all below the reserved prefix "customers".
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_SETTING_H
#define CUSTOMERS_SETTING_H

/* customers.merchant: the merchant chosen by this session, or "". */
extern char *setting_merchant;

/* customers.checkout: the token presented by this session or transaction, or "". */
extern char *setting_checkout;

/* customers.notify: does a transaction with events notify listeners? */
extern bool setting_notify;

/* customers.direct_rows: may single rows be read and written without SQL? */
extern bool setting_direct_rows;

/*
 * customers.key_file: path of the file that holds the root keys, or "".
 * NULL when the module was not loaded at server start: the setting does not
 * exist then, and there are no keys.
 */
extern char *setting_key_file;

/*
 * customers.key_command: the shell command that writes what the file would
 * hold, or "".  NULL as above.
 */
extern char *setting_key_command;

extern void define_settings(void);

#endif							/* CUSTOMERS_SETTING_H */
