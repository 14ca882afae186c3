/*-------------------------------------------------------------------------
 *
 * root_key_text.c
 *	  The text that root keys come in, whatever its source.
 *
 * Each line is one key: 64 hexadecimal digits.  The text is used whole or not
 * at all, since a line left out could make an old key the current one.  The
 * keys never pass through memory that a core dump has or that is not wiped;
 * that is why the text is read with read(2) rather than with stdio.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>
#include <unistd.h>

#include "vault/root_key_text.h"

#define KEY_TEXT_SIZE (KEY_TEXT_MAX + 1)

int
refuse_key_source(KeySourceFault *fault, const char *hint, const char *format,...)
{
	va_list		arguments;

	va_start(arguments, format);
	vsnprintf(fault->detail, sizeof(fault->detail), format, arguments);
	va_end(arguments);
	fault->hint = hint;
	return 0;
}

bool
open_key_text(KeyText *text)
{
	text->content = sodium_malloc(KEY_TEXT_SIZE);
	text->length = 0;
	return text->content != NULL;
}

void
close_key_text(KeyText *text)
{
	sodium_free(text->content); /* wipes it */
	text->content = NULL;
}

bool
read_key_text(KeyText *text, int file, int *error)
{
	ssize_t		got = read(file, text->content + text->length, KEY_TEXT_SIZE - text->length);

	*error = 0;
	if (got < 0)
	{
		if (errno == EINTR)
			return true;
		*error = errno;
		return false;
	}
	text->length += got;
	return got > 0 && text->length < KEY_TEXT_SIZE;
}

int
decode_key_text(const KeyText *text, unsigned char *keys, const char *name,
				const char *hint, KeySourceFault *fault)
{
	const char *line = text->content;
	const char *end = text->content + text->length;
	int			count = 0;

	if (text->length == 0)
		return refuse_key_source(fault, hint, "The %s is empty.", name);
	if (text->length > KEY_TEXT_MAX)
		return refuse_key_source(fault, hint, "The %s has more than %d bytes, the length of %d keys.",
								 name, KEY_TEXT_MAX, ROOT_KEYS_MAX);

	/* The last line may lack its line feed. */
	for (; line < end; count++)
	{
		const char *stop = memchr(line, '\n', end - line);
		size_t		length = (stop ? stop : end) - line;
		size_t		decoded;
		const char *rest;

		if (length != KEY_LINE_LENGTH)
			return refuse_key_source(fault, hint, "Line %d of the %s has %zu characters, not %d.",
									 count + 1, name, length, KEY_LINE_LENGTH);
		if (sodium_hex2bin(keys + count * SEAL_KEY_SIZE, SEAL_KEY_SIZE,
						   line, length, NULL, &decoded, &rest) != 0 ||
			decoded != SEAL_KEY_SIZE || rest != line + length)
			return refuse_key_source(fault, hint,
									 "Line %d of the %s has a character that is not a hexadecimal digit.",
									 count + 1, name);
		line += length + 1;
	}
	return count;
}
