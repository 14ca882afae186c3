/*-------------------------------------------------------------------------
 *
 * module.h
 *	  What the functions of the module share.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_TEST_VAULT_MODULE_H
#define CUSTOMERS_TEST_VAULT_MODULE_H

/* Gives this module's copy of the vault the server's settings and root keys. */
extern void open_vault(void);

#endif							/* CUSTOMERS_TEST_VAULT_MODULE_H */
