/*-------------------------------------------------------------------------
 *
 * target.c
 *	  What references can refer to, by its URI.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "utils/fmgrprotos.h"

#include "schema/compile.h"

typedef struct TargetEntry
{
	uint64		hash;			/* hash key; must be first */
	Target	   *first;
} TargetEntry;

Target *
find_target(Compiler *compiler, const char *uri)
{
	uint64		hash = hash_bytes_extended((const unsigned char *) uri, strlen(uri), 0);
	TargetEntry *entry = hash_search(compiler->targets, &hash, HASH_FIND, NULL);
	Target	   *target;

	for (target = entry == NULL ? NULL : entry->first; target != NULL; target = target->next)
	{
		if (strcmp(target->uri, uri) == 0)
			return target;
	}
	return NULL;
}

/*
 * find_document finds a resource by its URI, without fragment.  A published
 * schema becomes part of the program when something first refers to it.
 */
Target *
find_document(Compiler *compiler, const char *uri)
{
	Target	   *target = find_target(compiler, uri);
	const char *text = target == NULL ? published_schema(uri) : NULL;
	Place		place = ROOT_PLACE;
	Jsonb	   *source;
	Value		root;

	if (text == NULL)
		return target;
	source = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
	add_document(compiler, source);
	read_root(source, &root);
	if (!discover(compiler, &root, &place, NULL, 0))
		elog(ERROR, "a published schema is wrong");
	return find_target(compiler, uri);
}

/* add_target makes a schema known by a URI; NULL if another one is already. */
Target *
add_target(Compiler *compiler, char *uri, const Value *value, Resource *resource)
{
	uint64		hash = hash_bytes_extended((const unsigned char *) uri, strlen(uri), 0);
	TargetEntry *entry;
	Target	   *target;
	bool		found;

	if (find_target(compiler, uri) != NULL)
		return NULL;

	target = palloc0(sizeof(Target));
	target->uri = uri;
	target->value = *value;
	target->resource = resource;
	entry = hash_search(compiler->targets, &hash, HASH_ENTER, &found);
	target->next = found ? entry->first : NULL;
	entry->first = target;
	return target;
}
