/*-------------------------------------------------------------------------
 *
 * pattern.c
 *	  Compiled patterns, kept per backend, and matching under limits.
 *
 * A compiled pattern cannot live in a datum, so there is a cache, keyed by
 * the pattern's text.  It is bounded: CACHE_SETS sets of CACHE_WAYS entries,
 * the least recently used of a set gives way.  Each entry owns a memory
 * context, from which PCRE2 allocates; the context belongs to the caller
 * until the pattern is complete, and only then to the cache, so an error
 * leaves nothing behind.
 *
 * PCRE2's allocations must not raise an error in its midst: they return NULL,
 * and PCRE2 reports that.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "common/hashfn.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "schema/pattern.h"

#define CACHE_SETS		64		/* a power of 2 */
#define CACHE_WAYS		4

#define MAX_PATTERN_LENGTH	10000	/* bytes, of the translation */
#define MATCH_LIMIT		1000000 /* backtracking points, per start */
#define HEAP_LIMIT		16384	/* kB, without JIT */
#define JIT_STACK_START (32 * 1024)
#define JIT_STACK_LIMIT (512 * 1024)

/* Steps that a long subject may take between two checks for interrupts. */
#define STEPS_PER_CALL	(16 * 1024 * 1024)
#define SHORT_SUBJECT	4096

typedef struct Pattern
{
	MemoryContext context;		/* this and all that PCRE2 allocated */
	char	   *text;
	int			length;
	uint32		hash;
	pcre2_code *code;
	uint64		last_use;
} Pattern;

static Pattern *cache[CACHE_SETS][CACHE_WAYS];
static uint64 uses = 0;

/* For all matches of the backend. */
static MemoryContext pattern_context = NULL;
static pcre2_match_context *match_context = NULL;
static pcre2_match_data *match_data = NULL;

static void *
allocate(PCRE2_SIZE size, void *context)
{
	return size > MaxAllocSize ? NULL :
		MemoryContextAllocExtended(context, size, MCXT_ALLOC_NO_OOM);
}

static void
release(void *pointer, void *context)
{
	if (pointer != NULL)
		pfree(pointer);
}

uint32
pattern_hash(const char *text, int length)
{
	return hash_bytes((const unsigned char *) text, length);
}

/* out_of_memory raises what PCRE2 could only report. */
static void
out_of_memory(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OUT_OF_MEMORY),
			 errmsg("out of memory"),
			 errdetail("Failed while compiling a regular expression.")));
}

/* prepare_matching makes what all matches share, once. */
static void
prepare_matching(void)
{
	pcre2_general_context *general;
	pcre2_jit_stack *stack;

	if (match_data != NULL)
		return;
	if (pattern_context == NULL)
		pattern_context = AllocSetContextCreate(TopMemoryContext, "JSON Schema patterns",
												ALLOCSET_SMALL_SIZES);
	general = pcre2_general_context_create(allocate, release, pattern_context);
	if (general != NULL && match_context == NULL)
		match_context = pcre2_match_context_create(general);
	if (match_context == NULL)
		out_of_memory();
	pcre2_set_match_limit(match_context, MATCH_LIMIT);
	pcre2_set_heap_limit(match_context, HEAP_LIMIT);

	/* Without a stack of its own, JIT takes 32 kB of the machine's. */
	stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_LIMIT, general);
	if (stack != NULL)
		pcre2_jit_stack_assign(match_context, NULL, stack);

	match_data = pcre2_match_data_create(1, general);
	pcre2_general_context_free(general);
	if (match_data == NULL)
		out_of_memory();
}

/*
 * compile_code compiles a translated pattern.  NULL means that PCRE2 refused
 * it.
 */
static pcre2_code *
compile_code(Pattern *pattern, StringInfo translation, char **reason)
{
	pcre2_general_context *general;
	pcre2_compile_context *options;
	pcre2_code *code;
	int			error;
	PCRE2_SIZE	offset;

	general = pcre2_general_context_create(allocate, release, pattern->context);
	options = general == NULL ? NULL : pcre2_compile_context_create(general);
	if (options == NULL)
		out_of_memory();
	pcre2_set_newline(options, PCRE2_NEWLINE_LF);
	pcre2_set_max_pattern_length(options, MAX_PATTERN_LENGTH);

	code = pcre2_compile((PCRE2_SPTR) translation->data, translation->len,
						 PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF |
						 PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT,
						 &error, &offset, options);
	if (code == NULL)
	{
		PCRE2_UCHAR text[256];

		if (error == PCRE2_ERROR_NOMEMORY || error == PCRE2_ERROR_HEAP_FAILED)
			out_of_memory();
		pcre2_get_error_message(error, text, sizeof(text));
		*reason = pstrdup((char *) text);
	}
	else
		(void) pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);	/* else it interprets */
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
	if (translate_pattern(utf8, utf8 == pattern->text ? length : strlen(utf8), &translation, reason))
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

/* get_pattern finds a pattern in the cache or compiles it. */
static Pattern *
get_pattern(const char *text, int length, uint32 hash)
{
	Pattern   **set = cache[hash & (CACHE_SETS - 1)];
	Pattern    *pattern;
	char	   *reason;
	int			victim = 0;
	int			i;

	for (i = 0; i < CACHE_WAYS; i++)
	{
		pattern = set[i];
		if (pattern != NULL && pattern->hash == hash && pattern->length == length &&
			memcmp(pattern->text, text, length) == 0)
		{
			pattern->last_use = ++uses;
			return pattern;
		}
	}

	prepare_matching();
	pattern = make_pattern(text, length, hash, &reason);
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
	if (set[victim] != NULL)
		drop_pattern(set[victim]);
	MemoryContextSetParent(pattern->context, pattern_context);
	pattern->last_use = ++uses;
	set[victim] = pattern;
	return pattern;
}

/* check_match raises the error that a result of PCRE2 stands for. */
static bool
check_match(int result, const char *text, int length)
{
	if (result >= 0)
		return true;
	switch (result)
	{
		case PCRE2_ERROR_NOMATCH:
			return false;
		case PCRE2_ERROR_MATCHLIMIT:
		case PCRE2_ERROR_DEPTHLIMIT:
		case PCRE2_ERROR_HEAPLIMIT:
		case PCRE2_ERROR_JIT_STACKLIMIT:
			ereport(ERROR,
					(errcode(ERRCODE_STATEMENT_TOO_COMPLEX),
					 errmsg("pattern \"%s\" is too expensive for a value", pnstrdup(text, length)),
					 errhint("Avoid repetitions inside repetitions, such as in \"(a+)+\".")));
			break;
		case PCRE2_ERROR_NOMEMORY:
			out_of_memory();
			break;
		default:
			if (result <= PCRE2_ERROR_UTF8_ERR1 && result >= PCRE2_ERROR_UTF8_ERR21)
				ereport(ERROR,
						(errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
						 errmsg("a value that is not UTF-8 cannot be matched with a pattern")));
			elog(ERROR, "PCRE2 failed with code %d", result);
	}
	return false;
}

/*
 * match_utf8 searches in a subject.  PCRE2 cannot be interrupted, and its
 * limit is per start position; so a long subject is searched by windows of
 * start positions, each of bounded effort.
 */
static bool
match_utf8(Pattern *pattern, const char *subject, int length, uint32 options)
{
	int			window = Max(STEPS_PER_CALL / Max(length, 1), 16);
	int			start = 0;

	if (length <= SHORT_SUBJECT)
		window = length + 1;
	for (;;)
	{
		int			result;

		pcre2_set_offset_limit(match_context, start + window - 1);
		result = pcre2_match(pattern->code, (PCRE2_SPTR) subject, length, start, options,
							 match_data, match_context);
		if (check_match(result, pattern->text, pattern->length))
			return true;
		start += window;
		while (start < length && ((unsigned char) subject[start] & 0xC0) == 0x80)
			start++;
		if (start > length)
			return false;
		options |= PCRE2_NO_UTF_CHECK;
		CHECK_FOR_INTERRUPTS();
	}
}

/*
 * pattern_matches: whether a pattern, whose hash is given, matches somewhere
 * in a subject.  Both are in the database's encoding.
 */
bool
pattern_matches(const char *text, int length, uint32 hash,
				const char *subject, int subject_length)
{
	Pattern    *pattern = get_pattern(text, length, hash);
	char	   *terminated;
	char	   *utf8;
	bool		result;

	if (GetDatabaseEncoding() == PG_UTF8)
		return match_utf8(pattern, subject, subject_length, PCRE2_NO_UTF_CHECK);

	terminated = pnstrdup(subject, subject_length);
	utf8 = pg_server_to_any(terminated, subject_length, PG_UTF8);
	result = match_utf8(pattern, utf8, strlen(utf8), 0);
	if (utf8 != terminated)
		pfree(utf8);
	pfree(terminated);
	return result;
}
