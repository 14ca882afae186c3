/*-------------------------------------------------------------------------
 *
 * root_key_file.h
 *	  Reading the file that holds the root keys.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_VAULT_ROOT_KEY_FILE_H
#define CUSTOMERS_VAULT_ROOT_KEY_FILE_H

/* No file holds more root keys than this. */
#define ROOT_KEYS_MAX		100

/*
 * Why the file can't be used.  It is shown to people who may not know the
 * file's name or content, so it has neither.
 */
typedef struct KeyFileFault
{
	char		detail[160];
	const char *hint;
} KeyFileFault;

/*
 * Reads the keys, of SEAL_KEY_SIZE bytes each, in the order of the file, into
 * keys, which has room for ROOT_KEYS_MAX.  Returns how many there are (at
 * least one), or 0 and sets *fault.  Raises no error.
 */
extern int	read_key_file(const char *path, unsigned char *keys, KeyFileFault *fault);

#endif							/* CUSTOMERS_VAULT_ROOT_KEY_FILE_H */
