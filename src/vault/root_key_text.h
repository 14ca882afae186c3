/*-------------------------------------------------------------------------
 *
 * root_key_text.h
 *	  The text that root keys come in, for the sources of them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_VAULT_ROOT_KEY_TEXT_H
#define CUSTOMERS_VAULT_ROOT_KEY_TEXT_H

#include "vault/root_key_source.h"
#include "vault/seal.h"

/* How long the longest text is, in bytes: lines of hexadecimal digits. */
#define KEY_LINE_LENGTH		(SEAL_KEY_SIZE * 2)
#define KEY_TEXT_MAX		(ROOT_KEYS_MAX * (KEY_LINE_LENGTH + 1))

/* A text being read, in guarded memory. */
typedef struct KeyText
{
	char	   *content;		/* with room for one byte more than KEY_TEXT_MAX,
								 * by which a longer text is noticed */
	size_t		length;
} KeyText;

/* Makes room for a text; false if there is none. */
extern bool open_key_text(KeyText *text);

/*
 * Reads once, what there is; true if there may be more, else what is set in
 * *error is 0 at the end of the text and when it is too long, or an errno.
 */
extern bool read_key_text(KeyText *text, int file, int *error);

/*
 * Decodes the text as read_key_file() and run_key_command() return it.  For
 * the fault: what the text is, and what to do about it.
 */
extern int	decode_key_text(const KeyText *text, unsigned char *keys, const char *name,
							const char *hint, KeySourceFault *fault);

/* Wipes the text and frees its memory; once opened or zeroed. */
extern void close_key_text(KeyText *text);

/* Says why the source can't be used, and returns that it has no keys. */
extern int	refuse_key_source(KeySourceFault *fault, const char *hint,
							  const char *format,...) pg_attribute_printf(3, 4);

#endif							/* CUSTOMERS_VAULT_ROOT_KEY_TEXT_H */
