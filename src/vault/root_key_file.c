/*-------------------------------------------------------------------------
 *
 * root_key_file.c
 *	  Reading the file that holds the root keys.
 *
 * Each line is one key: 64 hexadecimal digits.  The file is used whole or not
 * at all, since a line left out could make an old key the current one.  The
 * keys never pass through memory that a core dump has or that is not wiped;
 * that is why the file is read with read(2) rather than with stdio.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vault/root_key_file.h"
#include "vault/seal.h"

#define LINE_LENGTH		(SEAL_KEY_SIZE * 2)

/* With room for one byte more, by which a larger file is noticed. */
#define CONTENT_MAX		(ROOT_KEYS_MAX * (LINE_LENGTH + 1))
#define CONTENT_SIZE	(CONTENT_MAX + 1)

static const char hint_path[] =
"Make customers.key_file the path of a readable key file and restart the server.";
static const char hint_permissions[] =
"The file must be owned by the server's user and have permissions u=rw (0600) or less, or be owned by root and have permissions u=rw,g=r (0640) or less. Correct that and restart the server.";
static const char hint_content[] =
"Each line must be one key of 64 hexadecimal digits, as make key FILE=path writes it. Correct the file and restart the server.";

/* refuse says why the file can't be used, and returns that it has no keys. */
static int	refuse(KeyFileFault *fault, const char *hint, const char *format,...) pg_attribute_printf(3, 4);

static int
refuse(KeyFileFault *fault, const char *hint, const char *format,...)
{
	va_list		arguments;

	va_start(arguments, format);
	vsnprintf(fault->detail, sizeof(fault->detail), format, arguments);
	va_end(arguments);
	fault->hint = hint;
	return 0;
}

/*
 * check_permissions asks of the key file what the server asks of the key file
 * of TLS: nobody but the server's user and root can read it, save a group
 * that root has chosen.
 */
static bool
check_permissions(const struct stat *status, KeyFileFault *fault)
{
	if (!S_ISREG(status->st_mode))
		return refuse(fault, hint_path, "The key file is not a regular file.");
	if (status->st_uid != geteuid() && status->st_uid != 0)
		return refuse(fault, hint_permissions,
					  "The key file is owned by neither the server's user nor root.");
	if (status->st_uid == geteuid() && (status->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return refuse(fault, hint_permissions,
					  "The key file has group or world access: its permissions are %04o.",
					  (unsigned int) (status->st_mode & 07777));
	if ((status->st_mode & (S_IWGRP | S_IXGRP | S_IRWXO)) != 0)
		return refuse(fault, hint_permissions,
					  "The key file has world access or lets its group write: its permissions are %04o.",
					  (unsigned int) (status->st_mode & 07777));
	return true;
}

/* read_content reads at most CONTENT_SIZE bytes; -1 if it can't. */
static ssize_t
read_content(int file, char *content)
{
	ssize_t		length = 0;

	while (length < CONTENT_SIZE)
	{
		ssize_t		got = read(file, content + length, CONTENT_SIZE - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		length += got;
	}
	return length;
}

/* parse_content decodes the lines; the last may lack its line feed. */
static int
parse_content(const char *content, size_t length, unsigned char *keys, KeyFileFault *fault)
{
	const char *end = content + length;
	int			count = 0;

	while (content < end)
	{
		const char *stop = memchr(content, '\n', end - content);
		size_t		line = (stop ? stop : end) - content;
		size_t		decoded;
		const char *rest;

		if (count == ROOT_KEYS_MAX)
			return refuse(fault, hint_content, "The key file has more than %d lines.", ROOT_KEYS_MAX);
		if (line != LINE_LENGTH)
			return refuse(fault, hint_content, "Line %d of the key file has %zu characters, not %d.",
						  count + 1, line, LINE_LENGTH);
		if (sodium_hex2bin(keys + count * SEAL_KEY_SIZE, SEAL_KEY_SIZE,
						   content, line, NULL, &decoded, &rest) != 0 ||
			decoded != SEAL_KEY_SIZE || rest != content + line)
			return refuse(fault, hint_content,
						  "Line %d of the key file has a character that is not a hexadecimal digit.",
						  count + 1);
		count++;
		if (!stop)
			break;
		content = stop + 1;
	}
	if (count == 0)
		return refuse(fault, hint_content, "The key file is empty.");
	return count;
}

int
read_key_file(const char *path, unsigned char *keys, KeyFileFault *fault)
{
	/* A pipe must not hold up the start of the server, so don't block. */
	int			file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;
	char	   *content = NULL;
	ssize_t		length;
	int			count;

	if (file < 0)
		return refuse(fault, hint_path, "The key file could not be opened: %s.", strerror(errno));

	if (fstat(file, &status) != 0)
		count = refuse(fault, hint_path, "The key file could not be examined: %s.", strerror(errno));
	else if (!check_permissions(&status, fault))
		count = 0;
	else if ((content = sodium_malloc(CONTENT_SIZE)) == NULL)
		count = refuse(fault, hint_path, "There is no guarded memory to read the key file into: %s.",
					   strerror(errno));
	else if ((length = read_content(file, content)) < 0)
		count = refuse(fault, hint_path, "The key file could not be read: %s.", strerror(errno));
	else
		count = parse_content(content, length, keys, fault);

	sodium_free(content);		/* wipes it */
	close(file);
	return count;
}
