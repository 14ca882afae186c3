/*-------------------------------------------------------------------------
 *
 * pattern_match.c
 *	  Matches patterns under limits, so that none can hold a backend.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "schema/pattern_cache.h"

#define MATCH_LIMIT		1000000 /* backtracking points, per start */
#define CHEAP_LIMIT		10000	/* the same of a start that costs nothing worth counting */
#define COSTLY_STARTS	64		/* how many starts of a search may need more */
#define HEAP_LIMIT		16384	/* kB, without JIT */
#define JIT_STACK_START (32 * 1024)
#define JIT_STACK_LIMIT (512 * 1024)

/* Steps that a long subject may take between two checks for interrupts. */
#define STEPS_PER_CALL	(16 * 1024 * 1024)
#define SHORT_SUBJECT	4096

/* For all matches of the backend. */
static pcre2_match_context *quick_context = NULL;	/* limits stay as they are */
static pcre2_match_context *match_context = NULL;
static pcre2_match_data *match_data = NULL;

/* prepare_matching makes what all matches share, once. */
static void
prepare_matching(void)
{
	pcre2_general_context *general = make_general_context(pattern_memory());
	pcre2_jit_stack *stack;

	if (match_context == NULL)
		match_context = pcre2_match_context_create(general);
	if (match_context == NULL)
		out_of_pattern_memory();
	pcre2_set_heap_limit(match_context, HEAP_LIMIT);

	/* Without a stack of its own, JIT takes 32 kB of the machine's. */
	stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_LIMIT, general);
	if (stack != NULL)
		pcre2_jit_stack_assign(match_context, NULL, stack);

	if (quick_context == NULL)
		quick_context = pcre2_match_context_copy(match_context);
	if (quick_context == NULL)
		out_of_pattern_memory();
	pcre2_set_match_limit(quick_context, CHEAP_LIMIT);

	match_data = pcre2_match_data_create(1, general);
	pcre2_general_context_free(general);
	if (match_data == NULL)
		out_of_pattern_memory();
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
			out_of_pattern_memory();
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

/* search_window searches at the starts from start to last, each within a limit. */
static int
search_window(Pattern *pattern, const char *subject, int length, int start, int last,
			  uint32 limit, uint32 options)
{
	pcre2_set_match_limit(match_context, limit);
	pcre2_set_offset_limit(match_context, last);
	return pcre2_match(pattern->code, (PCRE2_SPTR) subject, length, start, options,
					   match_data, match_context);
}

/*
 * search_windows searches in a subject.  PCRE2 cannot be interrupted, and its
 * limit is per start position; so a subject is searched by windows of start
 * positions, each of bounded effort.  A window with a costly start is gone
 * through again start by start, and there are only so many of them.
 */
static bool
search_windows(Pattern *pattern, const char *subject, int length, uint32 options)
{
	int			window = length <= SHORT_SUBJECT ? length + 1
		: Max(STEPS_PER_CALL / length, 16);
	int			start = 0;
	int			careful_until = 0;
	int			costly = 0;

	for (;;)
	{
		int			last = start < careful_until ? start : start + window - 1;
		int			result = search_window(pattern, subject, length, start, last,
										   CHEAP_LIMIT, options);

		CHECK_FOR_INTERRUPTS();
		if (result == PCRE2_ERROR_MATCHLIMIT && start < last)
		{
			careful_until = last + 1;
			continue;
		}
		if (result == PCRE2_ERROR_MATCHLIMIT && ++costly <= COSTLY_STARTS)
			result = search_window(pattern, subject, length, start, last,
								   MATCH_LIMIT, options);
		if (check_match(result, pattern->text, pattern->length))
			return true;
		start = last + 1;
		while (start < length && ((unsigned char) subject[start] & 0xC0) == 0x80)
			start++;
		if (start > length)
			return false;
		options |= PCRE2_NO_UTF_CHECK;
	}
}

/*
 * match_short searches in a short subject that is known to be UTF-8.  Nearly
 * always one search settles it, and calling the machine code is most of the
 * cost: then it is called without detour.
 */
static bool
match_short(Pattern *pattern, const char *subject, int length)
{
	int			result;

	if (pattern->has_machine_code)
	{
		result = pcre2_jit_match(pattern->code, (PCRE2_SPTR) subject, length, 0,
								 PCRE2_NO_UTF_CHECK, match_data, quick_context);
		CHECK_FOR_INTERRUPTS();
		if (result != PCRE2_ERROR_MATCHLIMIT)
			return check_match(result, pattern->text, pattern->length);
	}
	return search_windows(pattern, subject, length, PCRE2_NO_UTF_CHECK);
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

	if (match_data == NULL)
		prepare_matching();
	if (GetDatabaseEncoding() == PG_UTF8)
		return subject_length <= SHORT_SUBJECT
			? match_short(pattern, subject, subject_length)
			: search_windows(pattern, subject, subject_length, PCRE2_NO_UTF_CHECK);

	terminated = pnstrdup(subject, subject_length);
	utf8 = pg_server_to_any(terminated, subject_length, PG_UTF8);
	result = search_windows(pattern, utf8, strlen(utf8), 0);
	if (utf8 != terminated)
		pfree(utf8);
	pfree(terminated);
	return result;
}
