/*-------------------------------------------------------------------------
 *
 * root_key.c
 *	  The root keys: outside the database, read once at server start.
 *
 * The postmaster reads them into guarded memory: surrounded by inaccessible
 * pages, never swapped out, left out of core dumps, and read-only once
 * filled.  Every backend inherits that memory by fork, save that it is not
 * locked any more; so each locks it again before it first uses a key.
 *
 * A root key's id is the first 8 bytes of a hash of the key.  So what a key
 * has sealed tells which key it was wherever that stands in the file, and the
 * id tells nothing about the key.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "miscadmin.h"
#include "port/pg_bswap.h"

#include "base/setting.h"
#include "vault/root_key.h"
#include "vault/root_key_file.h"

typedef struct RootKey
{
	uint64		id;
	unsigned char key[SEAL_KEY_SIZE];
} RootKey;

static RootKey *root_keys = NULL;	/* in guarded memory; the last is current */
static int	root_key_count = 0;
static KeyFileFault load_fault; /* why there are none, if there should be */

/* identify computes the id of a root key: see doc/format.md. */
static uint64
identify(const unsigned char *key)
{
	static const char label[] = "customers root key id";
	uint64		id;

	crypto_generichash((unsigned char *) &id, sizeof(id),
					   (const unsigned char *) label, sizeof(label) - 1,
					   key, SEAL_KEY_SIZE);
	return pg_ntoh64(id);
}

/* read_root_keys fills the guarded memory; returns whether there are keys. */
static bool
read_root_keys(void)
{
	unsigned char *keys;
	int			count;

	load_fault.hint = "Restart the server when the cause is removed.";
	if (sodium_init() < 0)
	{
		strlcpy(load_fault.detail, "The library libsodium could not be initialized.",
				sizeof(load_fault.detail));
		return false;
	}

	keys = sodium_allocarray(ROOT_KEYS_MAX, SEAL_KEY_SIZE);
	root_keys = sodium_allocarray(ROOT_KEYS_MAX, sizeof(RootKey));
	if (keys == NULL || root_keys == NULL)
	{
		strlcpy(load_fault.detail, "There is no guarded memory for the keys.",
				sizeof(load_fault.detail));
		sodium_free(keys);
		return false;
	}

	count = read_key_file(setting_key_file, keys, &load_fault);
	for (int i = 0; i < count; i++)
	{
		memcpy(root_keys[i].key, keys + i * SEAL_KEY_SIZE, SEAL_KEY_SIZE);
		root_keys[i].id = identify(root_keys[i].key);
	}
	sodium_free(keys);			/* wipes them */
	sodium_mprotect_readonly(root_keys);
	root_key_count = count;
	return count > 0;
}

void
load_root_keys(void)
{
	if (setting_key_file == NULL || setting_key_file[0] == '\0')
		return;

	if (read_root_keys())
		ereport(LOG,
				(errmsg("customers has read its root keys, %d in number",
						root_key_count),
				 errdetail("The current one has the id %016llx.",
						   (unsigned long long) root_keys[root_key_count - 1].id)));
	else
		ereport(WARNING,
				(errmsg("could not read the root keys of customers from \"%s\"",
						setting_key_file),
				 errdetail("%s Metadata can be neither written nor read.", load_fault.detail),
				 errhint("%s", load_fault.hint)));
}

/* require_root_keys refuses to go on without any, saying why and what to do. */
static void
require_root_keys(void)
{
	if (root_key_count > 0)
		return;

	if (setting_key_file == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("no root key is configured"),
				 errdetail("The server has not loaded customers at its start."),
				 errhint("Write a key with make key FILE=path, set shared_preload_libraries = 'customers' and customers.key_file = 'path' in postgresql.conf, and restart the server.")));
	if (setting_key_file[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("no root key is configured"),
				 errhint("Write a key with make key FILE=path, set customers.key_file = 'path' in postgresql.conf, and restart the server.")));
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the root keys could not be read at server start"),
			 errdetail("%s", load_fault.detail),
			 errhint("%s", load_fault.hint)));
}

/* lock_again locks the keys in memory for a process that inherited them. */
static void
lock_again(void)
{
	static int	locked_by = 0;

	if (locked_by == MyProcPid)
		return;
	locked_by = MyProcPid;
	if (sodium_mlock(root_keys, ROOT_KEYS_MAX * sizeof(RootKey)) != 0)
		ereport(LOG,
				(errmsg("could not lock the root keys in memory: %m"),
				 errhint("Raise the server's limit of locked memory (ulimit -l).")));
}

static SealKey
seal_key(const RootKey *root)
{
	lock_again();
	return (SealKey) {.id = root->id,.bytes = root->key};
}

SealKey
current_root_key(void)
{
	require_root_keys();
	return seal_key(&root_keys[root_key_count - 1]);
}

SealKey
find_root_key(uint64 id)
{
	require_root_keys();
	for (int i = root_key_count - 1; i >= 0; i--)
	{
		if (root_keys[i].id == id)
			return seal_key(&root_keys[i]);
	}
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the server does not have root key %016llx", (unsigned long long) id),
			 errdetail("It seals the keys of this merchant."),
			 errhint("Add that key to the key file, before the current one, and restart the server.")));
}
