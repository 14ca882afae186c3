/*-------------------------------------------------------------------------
 *
 * root_key_source.h
 *	  Where the root keys come from: a file, or what a command writes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_VAULT_ROOT_KEY_SOURCE_H
#define CUSTOMERS_VAULT_ROOT_KEY_SOURCE_H

/* No source has more root keys than this. */
#define ROOT_KEYS_MAX		100

/*
 * Why the source can't be used.  It is shown to people who may not know the
 * file's name, the command or any content, so it has none of them.
 */
typedef struct KeySourceFault
{
	char		detail[160];
	const char *hint;
} KeySourceFault;

/*
 * Both read the keys, of SEAL_KEY_SIZE bytes each, in the order of the source,
 * into keys, which has room for ROOT_KEYS_MAX.  They return how many there are
 * (at least one), or 0 and set *fault.  They raise no error.
 */
extern int	read_key_file(const char *path, unsigned char *keys, KeySourceFault *fault);
extern int	run_key_command(const char *command, unsigned char *keys, KeySourceFault *fault);

#endif							/* CUSTOMERS_VAULT_ROOT_KEY_SOURCE_H */
