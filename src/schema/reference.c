/*-------------------------------------------------------------------------
 *
 * reference.c
 *	  What $ref and $dynamicRef refer to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "schema/compile.h"

/*
 * follow_pointer goes down a JSON pointer from the root of a resource.  A
 * schema that no keyword leads to is discovered on this occasion.
 */
static bool
follow_pointer(Compiler *compiler, const Place *reference, const char *uri,
			   char *pointer, Resource *resource, Value *value)
{
	const Place *place = &find_site(compiler, &resource->root)->place;
	char	   *token = pointer;

	*value = resource->root;
	while (*token == '/')
	{
		char	   *end = token + 1 + strcspn(token + 1, "/");
		Place	   *next = palloc0(sizeof(Place));
		char	   *name = palloc(end - token);
		Value		parent = *value;
		Site	   *site;
		int			length = 0;
		bool		found = false;

		CHECK_FOR_INTERRUPTS();
		for (token++; token < end; token++)
		{
			if (token[0] == '~' && (token[1] == '0' || token[1] == '1'))
				name[length++] = *++token == '0' ? '~' : '/';
			else
				name[length++] = *token;
		}
		name[length] = '\0';

		if (parent.type == JSON_OBJECT)
			found = find_member(&parent, name, length, value);
		else if (parent.type == JSON_ARRAY && length > 0 && length < 10 &&
				 strspn(name, "0123456789") == (size_t) length)
			found = get_item(&parent, atoi(name), value);
		if (!found)
			return fault(compiler, reference, "refers to \"%s\", which is not in this document", uri);

		next->parent = place;
		next->name = name;
		next->length = length;
		next->index = -1;
		place = next;
		site = value->type == JSON_OBJECT ? find_site(compiler, value) : NULL;
		if (site != NULL)
		{
			place = &site->place;
			resource = site->resource;
		}
	}
	return discover(compiler, value, place, resource, 0);
}

/* follow_uri finds the schema that a URI refers to. */
static bool
follow_uri(Compiler *compiler, const Place *place, const char *uri,
		   Value *schema, StoredName *dynamic_name)
{
	char	   *document = pnstrdup(uri, strcspn(uri, "#"));
	char	   *fragment = uri[strlen(document)] == '#' ? decode_fragment(uri + strlen(document) + 1) : "";
	Target	   *target = fragment == NULL ? NULL : find_document(compiler, document);

	if (target != NULL && fragment[0] == '/')
	{
		if (!follow_pointer(compiler, place, uri, fragment, target->resource, schema))
			return false;
		pfree(fragment);
		pfree(document);
		if (schema->type != JSON_OBJECT && schema->type != JSON_BOOLEAN)
			return fault(compiler, place, "refers to \"%s\", which is not a schema", uri);
		return true;
	}
	if (target != NULL && fragment[0] != '\0')
	{
		target = find_target(compiler, psprintf("%s#%s", document, fragment));
		if (target != NULL)
			*dynamic_name = target->dynamic_name;
	}
	if (target == NULL)
		return fault(compiler, place, "refers to \"%s\", which is not in this document", uri);
	*schema = target->value;
	return true;
}

/*
 * resolve_reference finds the schema that $ref or $dynamicRef refers to.
 * dynamic_name is set if the name was given by $dynamicAnchor.
 */
bool
resolve_reference(Compiler *compiler, Draft *draft, const Value *value, const Place *place,
				  Value *schema, StoredName *dynamic_name)
{
	char	   *reference;
	char	   *uri;
	bool		found;

	memset(dynamic_name, 0, sizeof(*dynamic_name));
	if (value->type != JSON_STRING)
		return fault(compiler, place, "must be a string");

	reference = pnstrdup(value->in.bytes, value->length);
	uri = resolve_uri(draft->site->resource->uri, reference);
	found = follow_uri(compiler, place, uri, schema, dynamic_name);
	pfree(uri);
	pfree(reference);
	return found;
}
