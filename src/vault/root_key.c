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
#include "vault/root_key_source.h"
#include "vault/secret.h"

/* The last one is current. */
static unsigned char (*root_keys)[SEAL_KEY_SIZE] = NULL;	/* in guarded memory */
static uint64 ids[ROOT_KEYS_MAX];
static int	root_key_count = 0;
static KeySourceFault load_fault;	/* why there are none, if there should be */

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

static bool
is_set(const char *setting)
{
	return setting != NULL && setting[0] != '\0';
}

/* refuse says why there are no root keys, and returns that there are none. */
static int
refuse(const char *detail, const char *hint)
{
	strlcpy(load_fault.detail, detail, sizeof(load_fault.detail));
	load_fault.hint = hint;
	return 0;
}

/* read_root_keys fills the guarded memory; returns how many keys there are. */
static int
read_root_keys(void)
{
	static const char hint_restart[] = "Restart the server when the cause is removed.";
	int			count;

	if (is_set(setting_key_file) && is_set(setting_key_command))
		return refuse("Both customers.key_file and customers.key_command are set.",
					  "Remove one of them and restart the server.");
	if (sodium_init() < 0)
		return refuse("The library libsodium could not be initialized.", hint_restart);
	root_keys = sodium_allocarray(ROOT_KEYS_MAX, SEAL_KEY_SIZE);
	if (root_keys == NULL)
		return refuse("There is no guarded memory for the keys.", hint_restart);

	lock_guarded(root_keys, ROOT_KEYS_MAX * SEAL_KEY_SIZE);
	if (is_set(setting_key_command))
		count = run_key_command(setting_key_command, root_keys[0], &load_fault);
	else
		count = read_key_file(setting_key_file, root_keys[0], &load_fault);
	for (int i = 0; i < count; i++)
		ids[i] = identify(root_keys[i]);
	sodium_mprotect_readonly(root_keys);
	return count;
}

void
load_root_keys(void)
{
	if (!is_set(setting_key_file) && !is_set(setting_key_command))
		return;

	root_key_count = read_root_keys();
	if (root_key_count > 0)
		ereport(LOG,
				(errmsg("customers has read its root keys, %d in number",
						root_key_count),
				 errdetail("The current one has the id %016llx.",
						   (unsigned long long) ids[root_key_count - 1])));
	else
		ereport(WARNING,
				(is_set(setting_key_command)
				 ? errmsg("could not read the root keys of customers")
				 : errmsg("could not read the root keys of customers from \"%s\"",
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
	if (!is_set(setting_key_file) && !is_set(setting_key_command))
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
	lock_guarded(root_keys, ROOT_KEYS_MAX * SEAL_KEY_SIZE);
}

static SealKey
seal_key(int place)
{
	lock_again();
	return (SealKey) {.id = ids[place],.bytes = root_keys[place]};
}

SealKey
current_root_key(void)
{
	require_root_keys();
	return seal_key(root_key_count - 1);
}

/* place_of_key finds the key of that id; -1 if the server does not have it. */
static int
place_of_key(uint64 id)
{
	int			place = root_key_count - 1;

	while (place >= 0 && ids[place] != id)
		place--;
	return place;
}

bool
has_root_key(uint64 id)
{
	return place_of_key(id) >= 0;
}

SealKey
find_root_key(uint64 id)
{
	int			place = place_of_key(id);

	require_root_keys();
	if (place < 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the server does not have root key %016llx", (unsigned long long) id),
				 errdetail("It seals the keys of this merchant."),
				 errhint("Add that key to those of customers.key_file or customers.key_command, before the current one, and restart the server.")));
	return seal_key(place);
}

const uint64 *
root_key_ids(int *count)
{
	*count = root_key_count;
	return ids;
}
