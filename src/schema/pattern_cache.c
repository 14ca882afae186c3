/*-------------------------------------------------------------------------
 *
 * pattern_cache.c
 *	  Compiled patterns, kept per backend.
 *
 * A compiled pattern cannot live in a datum, so there is a cache, keyed by
 * the pattern's text.  It is bounded: CACHE_SETS sets of CACHE_WAYS entries,
 * the least recently used of a set gives way.  Each entry owns a memory
 * context, from which PCRE2 allocates; the context belongs to the caller
 * until the pattern is complete, and only then to the cache, so an error
 * leaves nothing behind.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "mb/pg_wchar.h"
#include "utils/memutils.h"

#include "schema/pattern_cache.h"

#define CACHE_SETS		128		/* a power of 2 */
#define CACHE_WAYS		4

#define MAX_PATTERN_LENGTH	10000	/* bytes, of the translation */

static Pattern *cache[CACHE_SETS][CACHE_WAYS];
static uint64 uses = 0;

uint32
pattern_hash(const char *text, int length)
{
	return hash_bytes((const unsigned char *) text, length);
}

/*
 * compile_code compiles a translated pattern, or returns NULL with the reason.
 */
static pcre2_code *
compile_code(Pattern *pattern, StringInfo translation, char **reason)
{
	pcre2_general_context *general;
	pcre2_compile_context *options;
	pcre2_code *code;
	int			error;
	PCRE2_SIZE	offset;

	general = make_general_context(pattern->context);
	options = pcre2_compile_context_create(general);
	if (options == NULL)
		out_of_pattern_memory();
	pcre2_set_newline(options, PCRE2_NEWLINE_LF);
	pcre2_set_max_pattern_length(options, MAX_PATTERN_LENGTH);

	code = pcre2_compile((PCRE2_SPTR) translation->data, translation->len,
						 PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF |
						 PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT,
						 &error, &offset, options);
	if (code == NULL)
	{
		if (error == PCRE2_ERROR_NOMEMORY || error == PCRE2_ERROR_HEAP_FAILED)
			out_of_pattern_memory();
		*reason = pattern_fault(error);
	}
	return code;
}

/*
 * make_pattern compiles a pattern in a new child of the current context, or
 * returns NULL with the reason.
 */
static Pattern *
make_pattern(const char *text, int length, uint32 hash, char **reason)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "JSON Schema pattern",
												  ALLOCSET_SMALL_SIZES);
	Pattern    *pattern = MemoryContextAllocZero(context, sizeof(Pattern));
	StringInfoData translation;
	char	   *utf8;

	pattern->context = context;
	pattern->text = MemoryContextAlloc(context, length + 1);
	memcpy(pattern->text, text, length);
	pattern->text[length] = '\0';
	pattern->length = length;
	pattern->hash = hash;

	utf8 = pg_server_to_any(pattern->text, length, PG_UTF8);
	initStringInfo(&translation);
	if (translate_pattern(utf8, utf8 == pattern->text ? (size_t) length : strlen(utf8), &translation, reason))
		pattern->code = compile_code(pattern, &translation, reason);
	pfree(translation.data);
	if (utf8 != pattern->text)
		pfree(utf8);
	if (pattern->code == NULL)
	{
		MemoryContextDelete(context);
		return NULL;
	}
	return pattern;
}

/* drop_pattern frees a pattern; PCRE2 has machine code outside the context. */
static void
drop_pattern(Pattern *pattern)
{
	pcre2_code_free(pattern->code);
	MemoryContextDelete(pattern->context);
}

/* pattern_is_good tells whether a pattern compiles, or else the reason. */
bool
pattern_is_good(const char *text, int length, char **reason)
{
	Pattern    *pattern = make_pattern(text, length, 0, reason);

	if (pattern == NULL)
		return false;
	drop_pattern(pattern);
	return true;
}

/* add_pattern compiles a pattern and puts it into its set of the cache. */
static pg_noinline Pattern *
add_pattern(Pattern **set, const char *text, int length, uint32 hash)
{
	MemoryContext memory = pattern_memory();
	char	   *reason;
	Pattern    *pattern = make_pattern(text, length, hash, &reason);
	int			victim = 0;
	int			i;

	if (pattern == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_REGULAR_EXPRESSION),
				 errmsg("invalid regular expression: %s", reason)));

	for (i = 0; i < CACHE_WAYS; i++)
	{
		if (set[i] == NULL)
		{
			victim = i;
			break;
		}
		if (set[i]->last_use < set[victim]->last_use)
			victim = i;
	}
	/* Without JIT, for whatever reason, PCRE2 interprets. */
	pattern->has_machine_code = pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE) == 0;
	if (set[victim] != NULL)
		drop_pattern(set[victim]);
	MemoryContextSetParent(pattern->context, memory);
	pattern->last_use = ++uses;
	set[victim] = pattern;
	return pattern;
}

/* get_pattern finds a pattern in the cache or compiles it. */
Pattern *
get_pattern(const char *text, int length, uint32 hash)
{
	Pattern   **set = cache[hash & (CACHE_SETS - 1)];
	int			i;

	for (i = 0; i < CACHE_WAYS; i++)
	{
		Pattern    *pattern = set[i];

		if (pattern != NULL && pattern->hash == hash && pattern->length == length &&
			memcmp(pattern->text, text, length) == 0)
		{
			pattern->last_use = ++uses;
			return pattern;
		}
	}
	return add_pattern(set, text, length, hash);
}
