/*-------------------------------------------------------------------------
 *
 * resource.c
 *	  Where the schemas of a document are, and what they are called.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/fmgrprotos.h"

#include "schema/compile.h"

typedef struct SiteEntry
{
	const JsonbContainer *container;	/* hash key; must be first */
	Site	   *site;
} SiteEntry;

static char *
copy_text(const Value *value)
{
	return pnstrdup(value->in.bytes, value->length);
}

Site *
find_site(Compiler *compiler, const Value *value)
{
	SiteEntry  *entry = hash_search(compiler->sites_by_container, &value->in.container,
									HASH_FIND, NULL);

	return entry == NULL ? NULL : entry->site;
}

/* add_site makes the site of a schema and reserves its node. */
static Site *
add_site(Compiler *compiler, const Value *value, const Place *place)
{
	SiteEntry  *entry;
	Site	   *site = palloc0(sizeof(Site));
	bool		found;

	site->container = value->in.container;
	site->value = *value;
	site->place = *place;
	site->number = compiler->n_sites;
	site->node = reserve(compiler, sizeof(SchemaNode));

	if (compiler->n_sites == compiler->max_sites)
	{
		compiler->max_sites = Max(64, compiler->max_sites * 2);
		compiler->sites = compiler->sites == NULL
			? palloc(compiler->max_sites * sizeof(Site *))
			: repalloc(compiler->sites, compiler->max_sites * sizeof(Site *));
	}
	compiler->sites[compiler->n_sites++] = site;

	entry = hash_search(compiler->sites_by_container, &site->container, HASH_ENTER, &found);
	Assert(!found);
	entry->site = site;
	return site;
}

/* add_resource begins a schema resource at a site. */
static Resource *
add_resource(Compiler *compiler, char *uri, const Value *root, const Dialect *dialect)
{
	Resource   *resource = palloc(sizeof(Resource));

	resource->number = compiler->n_resources++;
	resource->dialect = *dialect;
	resource->uri = uri;
	resource->root = *root;
	return add_target(compiler, uri, root, resource) == NULL ? NULL : resource;
}

/* add_anchor makes a site known by a plain name within its resource. */
static bool
add_anchor(Compiler *compiler, Site *site, const Value *name, const char *keyword,
		   bool dynamic)
{
	Place		place = {&site->place, keyword, NULL, 0, -1, 0};
	Target	   *target;
	char	   *text;

	if (name->type != JSON_STRING)
		return fault(compiler, &place, "must be a string");
	text = copy_text(name);
	if (strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._") != (size_t) name->length ||
		name->length == 0 || strchr("0123456789-.", text[0]) != NULL)
		return fault(compiler, &place, "must be a plain name: a letter or underscore, then letters, digits, and any of \"-_.\"");

	target = add_target(compiler, psprintf("%s#%s", site->resource->uri, text),
						&site->value, site->resource);
	if (target == NULL)
	{
		/* A schema may carry the same name by both keywords. */
		target = find_target(compiler, psprintf("%s#%s", site->resource->uri, text));
		if (target->value.in.container != site->container)
			return fault(compiler, &place, "another schema of this document already has this name");
	}
	if (dynamic)
	{
		target->dynamic_name = store_name(compiler, name->in.bytes, name->length);
		compiler->dynamic_targets = lappend(compiler->dynamic_targets, target);
	}
	return true;
}

/* read_names reads $id, $anchor and $dynamicAnchor of a site. */
static bool
read_names(Compiler *compiler, Site *site, const Dialect *dialect)
{
	Place		place = {&site->place, "$id", NULL, 0, -1, 0};
	Value		name;

	if (find_member(&site->value, "$id", 3, &name))
	{
		char	   *uri;
		char	   *fragment;

		if (name.type != JSON_STRING)
			return fault(compiler, &place, "must be a string");
		uri = resolve_uri(site->resource == NULL ? "" : site->resource->uri, copy_text(&name));
		fragment = strchr(uri, '#');
		if (fragment != NULL)
			*fragment++ = '\0';
		if (fragment != NULL && *fragment != '\0' && !dialect->classic)
			return fault(compiler, &place, "must have no fragment; use $anchor for a name within the resource");
		if (strlen(uri) > MAX_URI_LENGTH)
			return fault(compiler, &place, "makes an identifier of more than %d bytes", MAX_URI_LENGTH);

		if (begins_resource(&site->value, dialect->classic))
		{
			site->resource = add_resource(compiler, uri, &site->value, dialect);
			if (site->resource == NULL)
				return fault(compiler, &place, "another schema of this document already has this identifier");
		}
		else if (site->resource == NULL)
			site->resource = add_resource(compiler, "", &site->value, dialect);
		if (fragment != NULL && *fragment != '\0')
		{
			name.in.bytes = fragment;
			name.length = strlen(fragment);
			if (!add_anchor(compiler, site, &name, "$id", false))
				return false;
		}
	}
	if (site->resource == NULL)
		site->resource = add_resource(compiler, "", &site->value, dialect);

	if (dialect->classic)
		return true;
	if (find_member(&site->value, "$anchor", 7, &name) &&
		!add_anchor(compiler, site, &name, "$anchor", false))
		return false;
	if (find_member(&site->value, "$dynamicAnchor", 14, &name) &&
		!add_anchor(compiler, site, &name, "$dynamicAnchor", true))
		return false;
	return true;
}

/* discover_keyword discovers the schemas in the value of one keyword. */
static bool
discover_keyword(Compiler *compiler, Site *site, const Keyword *keyword,
				 const Value *value, int depth)
{
	SubschemaKind kind = keyword->subschemas;
	Place		place = {&site->place, keyword->name, NULL, 0, -1, 0};
	Value		inner;

	if (kind == ONE_SUBSCHEMA || (kind == ONE_OR_LIST && value->type == JSON_OBJECT))
		return discover(compiler, value, &place, site->resource, depth + 1);

	if ((kind == SUBSCHEMA_LIST || kind == ONE_OR_LIST) && value->type == JSON_ARRAY)
	{
		ItemWalk	walk;

		start_items(value, &walk);
		while (next_item(&walk, &inner))
		{
			place.index = walk.next - 1;
			if (!discover(compiler, &inner, &place, site->resource, depth + 1))
				return false;
		}
	}
	else if ((kind == SUBSCHEMA_MAP || kind == MAP_OF_ONE_OR_NAMES) && value->type == JSON_OBJECT)
	{
		MemberWalk	walk;

		start_members(value, &walk);
		while (next_member(&walk, &inner))
		{
			place.name = walk.name;
			place.length = walk.name_length;
			if (!discover(compiler, &inner, &place, site->resource, depth + 1))
				return false;
		}
	}
	return true;
}

/*
 * discover makes sites of a schema and of all schemas inside it, as far as
 * keywords tell.  The place's parents must stay: they are places of sites.
 * Values of the wrong type are left to the compile functions.
 */
bool
discover(Compiler *compiler, const Value *value, const Place *place,
		 Resource *resource, int depth)
{
	Site	   *site;
	MemberWalk	walk;
	Value		member;
	Dialect		dialect;
	bool		reference_only;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();

	if (value->type != JSON_OBJECT || find_site(compiler, value) != NULL)
		return true;
	if (depth >= MAX_SCHEMA_DEPTH)
		return fault(compiler, place, "schemas are nested more than %d levels deep", MAX_SCHEMA_DEPTH);

	dialect = resource == NULL ? default_dialect(compiler) : resource->dialect;
	if (!read_dialect(compiler, value, place, resource == NULL, &dialect))
		return false;

	site = add_site(compiler, value, place);
	site->resource = resource;
	reference_only = dialect.classic && find_member(value, "$ref", 4, &member);
	if (reference_only)
	{
		if (resource == NULL)
			site->resource = add_resource(compiler, "", value, &dialect);
	}
	else if (!read_names(compiler, site, &dialect))
		return false;

	start_members(value, &walk);
	while (next_member(&walk, &member))
	{
		const Keyword *keyword = find_keyword(&dialect, walk.name, walk.name_length);

		if (keyword == NULL || keyword->subschemas == NO_SUBSCHEMA ||
			(reference_only && keyword->compile != compile_definitions))
			continue;
		if (!discover_keyword(compiler, site, keyword, &member, depth))
			return false;
	}
	return true;
}
