/*-------------------------------------------------------------------------
 *
 * root_key_file.c
 *	  Root keys from a file.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vault/root_key_text.h"

static const char hint_path[] =
"Make customers.key_file the path of a readable key file and restart the server.";
static const char hint_permissions[] =
"The file must be owned by the server's user and have permissions u=rw (0600) or less, or be owned by root and have permissions u=rw,g=r (0640) or less. Correct that and restart the server.";
static const char hint_content[] =
"Each line must be one key of 64 hexadecimal digits, as make key FILE=path writes it. Correct the file and restart the server.";

/*
 * check_permissions asks of the key file what the server asks of the key file
 * of TLS: nobody but the server's user and root can read it, save a group
 * that root has chosen.
 */
static bool
check_permissions(const struct stat *status, KeySourceFault *fault)
{
	if (!S_ISREG(status->st_mode))
		return refuse_key_source(fault, hint_path, "The key file is not a regular file.");
	if (status->st_uid != geteuid() && status->st_uid != 0)
		return refuse_key_source(fault, hint_permissions,
								 "The key file is owned by neither the server's user nor root.");
	if (status->st_uid == geteuid() && (status->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return refuse_key_source(fault, hint_permissions,
								 "The key file has group or world access: its permissions are %04o.",
								 (unsigned int) (status->st_mode & 07777));
	if ((status->st_mode & (S_IWGRP | S_IXGRP | S_IRWXO)) != 0)
		return refuse_key_source(fault, hint_permissions,
								 "The key file has world access or lets its group write: its permissions are %04o.",
								 (unsigned int) (status->st_mode & 07777));
	return true;
}

/* read_all reads the open file and decodes it. */
static int
read_all(int file, unsigned char *keys, KeySourceFault *fault)
{
	KeyText		text;
	int			error;
	int			count;

	if (!open_key_text(&text))
		return refuse_key_source(fault, hint_path,
								 "There is no guarded memory to read the key file into: %s.",
								 strerror(errno));
	while (read_key_text(&text, file, &error))
		;
	if (error != 0)
		count = refuse_key_source(fault, hint_path, "The key file could not be read: %s.",
								  strerror(error));
	else
		count = decode_key_text(&text, keys, "key file", hint_content, fault);
	close_key_text(&text);
	return count;
}

int
read_key_file(const char *path, unsigned char *keys, KeySourceFault *fault)
{
	/* A pipe must not hold up the start of the server, so don't block. */
	int			file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;
	int			count;

	if (file < 0)
		return refuse_key_source(fault, hint_path, "The key file could not be opened: %s.",
								 strerror(errno));
	if (fstat(file, &status) != 0)
		count = refuse_key_source(fault, hint_path, "The key file could not be examined: %s.",
								  strerror(errno));
	else if (!check_permissions(&status, fault))
		count = 0;
	else
		count = read_all(file, keys, fault);
	close(file);
	return count;
}
