/*-------------------------------------------------------------------------
 *
 * compile.c
 *	  From the source of a schema to its program.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "schema/compile.h"

/*
 * compile_subschema returns the node of a schema that was found inside the
 * one of the draft.  in_place: it sees the same instance as that one.
 */
bool
compile_subschema(Compiler *compiler, Draft *draft, const Value *value,
				  const Place *place, bool in_place, Position *node)
{
	Site	   *site;

	if (value->type == JSON_BOOLEAN)
	{
		*node = value->boolean ? compiler->always : compiler->never;
		return true;
	}
	if (value->type != JSON_OBJECT)
		return fault(compiler, place, "must be a schema, that is an object or a boolean");

	site = find_site(compiler, value);
	if (site == NULL)
		elog(ERROR, "a subschema was not discovered");
	if (in_place)
		draft->site->in_place = lappend_int(draft->site->in_place, site->number);
	*node = site->node;
	return true;
}

/* store_draft stores the rules that a draft has, and fills its node. */
static void
store_draft(Compiler *compiler, Draft *draft)
{
	if (draft->n_properties > 0)
		merge_properties(compiler, draft);
	if (draft->n_dependents > 0)
	{
		draft->object.dependents.count = draft->n_dependents;
		draft->object.dependents.first =
			store(compiler, draft->dependents, draft->n_dependents * sizeof(DependentRule));
	}
	if (draft->has_string)
		draft->node.string = store(compiler, &draft->string, sizeof(StringRules));
	if (draft->has_number)
		draft->node.number = store(compiler, &draft->number, sizeof(NumberRules));
	if (draft->has_array)
		draft->node.array = store(compiler, &draft->array, sizeof(ArrayRules));
	if (draft->has_object)
		draft->node.object = store(compiler, &draft->object, sizeof(ObjectRules));
	if (draft->has_choice)
		draft->node.choice = store(compiler, &draft->choice, sizeof(ChoiceRules));
	if (draft->has_applicator)
		draft->node.applicator = store(compiler, &draft->applicator, sizeof(ApplicatorRules));
	*AT_OFFSET(compiler->program, draft->site->node, SchemaNode) = draft->node;
}

/* compile_site fills the node of one schema. */
static bool
compile_site(Compiler *compiler, Site *site)
{
	const Dialect *dialect = &site->resource->dialect;
	Draft		draft;
	MemberWalk	walk;
	Value		value;
	bool		reference_only;

	memset(&draft, 0, sizeof(draft));
	draft.site = site;
	draft.dialect = dialect;
	draft.node.types = JSON_ANY;
	draft.node.flags = dialect->classic ? NODE_CLASSIC : 0;
	draft.node.resource = site->resource->number;
	draft.string.max_length = UNLIMITED;
	draft.array.max_items = UNLIMITED;
	draft.array.min_contains = 1;
	draft.array.max_contains = UNLIMITED;
	draft.object.max_properties = UNLIMITED;

	/* In draft-07, $ref makes all keywords beside it ignored. */
	reference_only = dialect->classic && find_member(&site->value, "$ref", 4, &value);

	start_members(&site->value, &walk);
	while (next_member(&walk, &value))
	{
		const Keyword *keyword = find_keyword(dialect, walk.name, walk.name_length);
		Place		place = ROOT_PLACE;

		CHECK_FOR_INTERRUPTS();
		if (keyword == NULL || keyword->compile == NULL)
			continue;
		if (reference_only && keyword->compile != compile_ref &&
			keyword->compile != compile_definitions)
			continue;
		place.parent = &site->place;
		place.keyword = keyword->name;
		if (!keyword->compile(compiler, &draft, &value, &place))
			return false;
	}
	store_draft(compiler, &draft);
	return true;
}

/* store_dynamic_anchors stores what $dynamicRef searches at run time. */
static void
store_dynamic_anchors(Compiler *compiler)
{
	ListRef		list = {0, 0};
	Size		size = sizeof(DynamicAnchor);
	ListCell   *cell;

	if (compiler->dynamic_targets == NIL)
		return;
	list.count = list_length(compiler->dynamic_targets);
	list.first = reserve(compiler, list.count * size);
	foreach(cell, compiler->dynamic_targets)
	{
		Target	   *target = lfirst(cell);
		DynamicAnchor anchor;

		anchor.resource = target->resource->number;
		anchor.name = target->dynamic_name;
		anchor.node = find_site(compiler, &target->value)->node;
		memcpy(compiler->program + list.first + foreach_current_index(cell) * size,
			   &anchor, size);
	}
	AT_OFFSET(compiler->program, 0, JsonSchema)->dynamic_anchors = list;
}

/* compile_source does the work of compile_schema, in its own memory context. */
static bool
compile_source(Compiler *compiler, Jsonb *source)
{
	Place		root_place = ROOT_PLACE;
	SchemaNode	node;
	Position	root;
	HASHCTL		control;
	int			i;

	memset(&control, 0, sizeof(control));
	control.hcxt = CurrentMemoryContext;
	control.keysize = sizeof(JsonbContainer *);
	control.entrysize = sizeof(JsonbContainer *) + sizeof(Site *);
	compiler->sites_by_container = hash_create("JSON Schema sites", 64, &control,
											   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	control.keysize = sizeof(uint64);
	control.entrysize = sizeof(uint64) + sizeof(Target *);
	compiler->targets = hash_create("JSON Schema targets", 16, &control,
									HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);

	compiler->allocated = SCHEMA_SOURCE + 2 * (Size) VARSIZE(source) + 1024;
	compiler->program = palloc(compiler->allocated);
	reserve(compiler, SCHEMA_SOURCE);
	add_document(compiler, source);
	AT_OFFSET(compiler->program, 0, JsonSchema)->magic = SCHEMA_MAGIC;
	AT_OFFSET(compiler->program, 0, JsonSchema)->version = SCHEMA_PROGRAM_VERSION;

	memset(&node, 0, sizeof(node));
	node.types = JSON_ANY;
	compiler->always = store(compiler, &node, sizeof(node));
	node.types = 0;
	node.flags = NODE_NEVER;
	compiler->never = store(compiler, &node, sizeof(node));

	read_root(source, &compiler->root);
	if (!discover(compiler, &compiler->root, &root_place, NULL, 0))
		return false;
	if (!compile_subschema(compiler, NULL, &compiler->root, &root_place, false, &root))
		return false;
	AT_OFFSET(compiler->program, 0, JsonSchema)->root = root;

	/* References may discover further sites while this goes on. */
	for (i = 0; i < compiler->n_sites; i++)
	{
		if (!compile_site(compiler, compiler->sites[i]))
			return false;
	}
	if (!refuse_endless_recursion(compiler))
		return false;
	store_dynamic_anchors(compiler);
	return true;
}

JsonSchema *
try_compile_schema(Jsonb *source, FormatPolicy formats, SchemaFault *fault)
{
	Compiler	compiler;
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;
	JsonSchema *result = NULL;

	memset(&compiler, 0, sizeof(compiler));
	compiler.formats = formats;
	compiler.fault = fault;
	compiler.caller = caller;

	if (VARSIZE(source) > MAX_SCHEMA_SIZE / 4)
	{
		fault->sqlstate = ERRCODE_PROGRAM_LIMIT_EXCEEDED;
		fault->detail = psprintf("The source has more than %d bytes as jsonb.", MAX_SCHEMA_SIZE / 4);
		return NULL;
	}

	context = AllocSetContextCreate(caller, "JSON Schema compiler", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	if (compile_source(&compiler, source))
	{
		result = MemoryContextAlloc(caller, compiler.used);
		memcpy(result, compiler.program, compiler.used);
		SET_VARSIZE(result, compiler.used);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return result;
}

void
refuse_schema(const SchemaFault *fault, Node *escontext)
{
	errsave(escontext,
			(errcode(fault->sqlstate),
			 errmsg("invalid JSON Schema"),
			 errdetail("%s", fault->detail)));
}

JsonSchema *
compile_schema(Jsonb *source, Node *escontext)
{
	SchemaFault fault;
	JsonSchema *result = try_compile_schema(source, FORMATS_ASSERTED, &fault);

	if (result == NULL)
		refuse_schema(&fault, escontext);
	return result;
}

Jsonb *
schema_source(const JsonSchema *schema)
{
	return AT_OFFSET(schema, SCHEMA_SOURCE, Jsonb);
}

bool
schema_is_current(const JsonSchema *schema)
{
	if (schema->magic != SCHEMA_MAGIC)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("a stored JSON Schema is damaged")));
	return schema->version == SCHEMA_PROGRAM_VERSION;
}
