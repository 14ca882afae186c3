/*-------------------------------------------------------------------------
 *
 * driver.c
 *	  libFuzzer inside a backend: an SQL function runs it, and it runs a
 *	  target input after input.
 *
 * Findings are, beside what the sanitizers see: an error whose SQLSTATE is
 * not one of those that hostile input may end in, memory that is held after
 * an input, and much time without a check for interrupts (libFuzzer's -timeout).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <signal.h>
#include <sys/time.h>

#include <sanitizer/allocator_interface.h>
#include <sanitizer/asan_interface.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "fuzz.h"
#include "schema/pattern_cache.h"

/* Of processor time that an input has; then what it does is cancelled. */
#define INPUT_MICROSECONDS 500000

/* Runs of an input that each leave memory behind: a first one may fill caches. */
#define LEAKING_RUNS	4

CUSTOMERS_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(fuzz);

extern int	LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback) (const uint8_t *data, size_t size));

static Target target;
static MemoryContext input_memory;
static volatile sig_atomic_t cancelled;

/* How input may fail. */
static const int legal_errors[] =
{
	ERRCODE_INVALID_PARAMETER_VALUE,
	ERRCODE_INVALID_TEXT_REPRESENTATION,
	ERRCODE_INVALID_BINARY_REPRESENTATION,
	ERRCODE_INVALID_REGULAR_EXPRESSION,
	ERRCODE_CHARACTER_NOT_IN_REPERTOIRE,
	ERRCODE_UNTRANSLATABLE_CHARACTER,
	ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
	ERRCODE_PROTOCOL_VIOLATION,
	ERRCODE_PROGRAM_LIMIT_EXCEEDED,
	ERRCODE_STATEMENT_TOO_COMPLEX,
	ERRCODE_OUT_OF_MEMORY,
	ERRCODE_QUERY_CANCELED		/* by the driver */
};

/* finding reports what must never be, and ends the run. */
void
finding(const char *format,...)
{
	va_list		arguments;

	va_start(arguments, format);
	fputs("FINDING: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	abort();
}

/* copy_exactly copies data to where each byte beyond is seen when it is read. */
void *
copy_exactly(const void *data, Size size)
{
	char	   *copy = palloc(size);

	memcpy(copy, data, size);
#ifdef EXACT_MEMORY
	ASAN_POISON_MEMORY_REGION(copy + size, MAXALIGN(size) - size);
#endif
	return copy;
}

/* check_encoding: texts that users get are valid in the server's encoding. */
void
check_encoding(const char *text)
{
	if (text != NULL && !pg_verifymbstr(text, strlen(text), true))
		finding("text in no encoding: %s", text);
}

static void
judge_error(const ErrorData *error)
{
	bool		legal = false;
	int			i;

	for (i = 0; i < (int) lengthof(legal_errors); i++)
		legal |= error->sqlerrcode == legal_errors[i];
	if (!legal)
		finding("error %s: %s (%s:%d)", unpack_sql_state(error->sqlerrcode), error->message,
				error->filename, error->lineno);
	if (strcmp(error->message, "invalid JSON Schema") == 0 &&
		(error->detail == NULL || strncmp(error->detail, "At \"", 4) != 0))
		finding("a fault of a schema without its place");
	check_encoding(error->message);
	check_encoding(error->detail);
	check_encoding(error->hint);
}

static void
cancel_input(SIGNAL_ARGS)
{
	(void) postgres_signal_arg;
	cancelled = true;
	QueryCancelPending = true;
	InterruptPending = true;
}

static void
set_timer(int microseconds)
{
	struct itimerval timer = {{0, 0}, {0, microseconds}};

	setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

/* attempt calls a function and returns whether it came back without an error. */
bool
attempt(Step step, void *argument)
{
	volatile bool succeeded = false;

	if (cancelled)
		return false;
	PG_TRY();
	{
		step(argument);
		succeeded = true;
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(input_memory);
		judge_error(CopyErrorData());
		FlushErrorState();
	}
	PG_END_TRY();
	return succeeded;
}

/* memory_held: bytes in use; the cache of patterns is bounded by itself. */
static int64
memory_held(void)
{
	MemoryContextCounters top = {0};

	TopMemoryContext->methods->stats(TopMemoryContext, NULL, NULL, &top, false);
	return (int64) __sanitizer_get_current_allocated_bytes() - (int64) top.freespace -
		(int64) MemoryContextMemAllocated(pattern_memory(), true);
}

static int
run_input(const uint8_t *data, size_t size)
{
	int			run;

	for (run = 1;; run++)
	{
		int64		before = memory_held();
		MemoryContext own = MemoryContextSwitchTo(input_memory);
		int64		growth;

		cancelled = false;
		set_timer(INPUT_MICROSECONDS);
		target(copy_exactly(data, size), size);
		set_timer(0);
		QueryCancelPending = false;
		MemoryContextSwitchTo(own);
		MemoryContextReset(input_memory);
		growth = memory_held() - before;
		if (growth <= 0)
			return 0;
		if (run == LEAKING_RUNS)
			finding(INT64_FORMAT " bytes are held after each run of this input", growth);
	}
}

/* fuzz(target text, arguments text[]): the arguments are libFuzzer's. */
Datum
fuzz(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Datum	   *elements;
	int			count;
	char	  **arguments;
	int			i;

	if (strcmp(name, "compile") == 0)
		target = fuzz_compile;
	else if (strcmp(name, "validate") == 0)
		target = fuzz_validate;
	else
		elog(ERROR, "there is no target \"%s\"", name);

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	arguments = palloc((count + 2) * sizeof(char *));
	arguments[0] = name;
	for (i = 0; i < count; i++)
		arguments[i + 1] = TextDatumGetCString(elements[i]);
	arguments[++count] = NULL;

	input_memory = AllocSetContextCreate(TopMemoryContext, "fuzzed input", ALLOCSET_DEFAULT_SIZES);
	signal(SIGVTALRM, cancel_input);

	/* Not every version limits the stack in single-user mode. */
	(void) set_stack_base();

	/* An error of the statement ends the server, but not one of an input. */
	ExitOnAnyError = false;

	/* libFuzzer only handles what nobody else does. */
	signal(SIGALRM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	LLVMFuzzerRunDriver(&count, &arguments, run_input);
	PG_RETURN_VOID();
}
