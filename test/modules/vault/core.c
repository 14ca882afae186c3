/*-------------------------------------------------------------------------
 *
 * core.c
 *	  What a core dump of this backend would have in it, at a given moment.
 *
 * The kernel dumps the mappings that are private and anonymous, or written to,
 * and those that are shared and anonymous, such as the server's shared memory,
 * save those that were marked "don't dump".  That mark is "dd" in smaps.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <fcntl.h>
#include <unistd.h>

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "storage/fd.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/resowner.h"

#include "base/caller.h"
#include "base/wipe.h"
#include "module.h"
#include "vault/customer_key.h"

PG_FUNCTION_INFO_V1(vault_core);
PG_FUNCTION_INFO_V1(vault_core_trigger);
PG_FUNCTION_INFO_V1(vault_core_after_sealing);
PG_FUNCTION_INFO_V1(vault_core_after_call);

/* A mapping of this process. */
typedef struct Mapping
{
	unsigned long start;
	unsigned long end;
	bool		dumped;
} Mapping;

#define MAPPINGS_MAX 4096

static Mapping mappings[MAPPINGS_MAX];

/* read_mappings lists the mappings; returns how many there are. */
static int
read_mappings(void)
{
	FILE	   *smaps = AllocateFile("/proc/self/smaps", "r");
	char		line[2048];
	int			count = 0;

	if (smaps == NULL)
		elog(ERROR, "could not open /proc/self/smaps: %m");
	while (fgets(line, sizeof(line), smaps))
	{
		unsigned long start;
		unsigned long end;
		unsigned long inode;
		char		permissions[5];

		if (sscanf(line, "%lx-%lx %4s %*x %*s %lu", &start, &end, permissions, &inode) == 4)
		{
			if (count == MAPPINGS_MAX)
				elog(ERROR, "there are too many mappings");
			mappings[count++] = (Mapping)
			{
				.start = start,.end = end,
					.dumped = permissions[0] == 'r' && (permissions[1] == 'w' || inode == 0)
			};
		}
		else if (count > 0 && strncmp(line, "VmFlags:", 8) == 0 &&
				 (strstr(line, " dd") || strstr(line, " io")))
			mappings[count - 1].dumped = false;
	}
	FreeFile(smaps);
	return count;
}

/*
 * write_core writes all that a core dump can have, which is more than the
 * kernel's default has, to a file.  Its own buffers are not in the way: it has
 * none, and write(2) takes from where the bytes are.
 */
static void
write_core(const char *path)
{
	int			count = read_mappings();
	int			file = OpenTransientFile(path, O_WRONLY | O_CREAT | O_EXCL);

	if (file < 0)
		elog(ERROR, "could not create \"%s\": %m", path);
	for (int i = 0; i < count; i++)
	{
		const char *at = (const char *) mappings[i].start;
		const char *end = (const char *) mappings[i].end;

		while (mappings[i].dumped && at < end)
		{
			ssize_t		written = write(file, at, end - at);

			/* A page that there is none of, as behind the end of a file. */
			if (written <= 0)
				break;
			at += written;
		}
	}
	CloseTransientFile(file);
}

/* vault_core(path text) void */
Datum
vault_core(PG_FUNCTION_ARGS)
{
	write_core(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_VOID();
}

/* vault_core_trigger() trigger, whose argument is the path; once for each */
Datum
vault_core_trigger(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	const char *path = data->tg_trigger->tgargs[0];

	if (access(path, F_OK) != 0)
		write_core(path);
	return PointerGetDatum(data->tg_trigtuple);
}

/*
 * vault_core_after_sealing(customer, path text) void seals and opens a value
 * and dumps before anything else can cover what that left behind.
 */
Datum
vault_core_after_sealing(PG_FUNCTION_ARGS)
{
	char	   *path = text_to_cstring(PG_GETARG_TEXT_PP(1));
	char		opened[16];
	Caller		caller;
	CustomerKey key;
	Sealed	   *sealed;

	open_vault();
	enter_store(&caller);
	key = obtain_customer_key(&caller.merchant, DatumGetIdP(PG_GETARG_DATUM(0)));
	sealed = seal_value(&key, "name", 4, "a value of no id", sizeof(opened));
	open_value(&key, "name", 4, sealed, opened);
	close_customer_key(&key);
	write_core(path);
	leave_store(&caller);
	PG_RETURN_VOID();
}

/* unmask recovers a text that was XORed, so that nothing else has it in plain. */
static char *
unmask(const text *masked)
{
	int			length = VARSIZE_ANY_EXHDR(masked);
	char	   *plain = palloc(length + 1);

	for (int i = 0; i < length; i++)
		plain[i] = VARDATA_ANY(masked)[i] ^ 1;
	plain[length] = '\0';
	return plain;
}

/* make_document makes {"note": plain}, and wipes plain; digits are a number. */
static Jsonb *
make_document(char *plain)
{
	JsonbParseState *state = NULL;
	JsonbValue	item = {.type = jbvString};
	Jsonb	   *document;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	item.val.string.val = "note";
	item.val.string.len = 4;
	pushJsonbValue(&state, WJB_KEY, &item);
	if (plain[0] >= '0' && plain[0] <= '9')
	{
		item.type = jbvNumeric;
		item.val.numeric = DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(plain),
															   ObjectIdGetDatum(InvalidOid),
															   Int32GetDatum(-1)));
	}
	else
	{
		item.val.string.val = plain;
		item.val.string.len = strlen(plain);
	}
	pushJsonbValue(&state, WJB_VALUE, &item);
	document = JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
	wipe_memory(plain, strlen(plain));
	return document;
}

/*
 * call_operation calls a function of the extension past the executor, and wipes
 * what it returns.  The last jsonb argument is the document, a customer the
 * customer, and every text "note".
 */
static void
call_operation(Oid function, Datum customer, Jsonb *document)
{
	LOCAL_FCINFO(call, FUNC_MAX_ARGS);
	FmgrInfo	flinfo;
	Oid		   *types;
	int			count;
	int			last_jsonb = -1;
	Oid			returned = get_func_signature(function, &types, &count);
	Datum		result;

	fmgr_info(function, &flinfo);
	InitFunctionCallInfoData(*call, &flinfo, count, InvalidOid, NULL, NULL);
	for (int i = 0; i < count; i++)
	{
		call->args[i].isnull = false;
		if (types[i] == TEXTOID)
			call->args[i].value = CStringGetTextDatum("note");
		else if (types[i] != JSONBOID)
			call->args[i].value = customer;
		else
		{
			call->args[i].value = JsonbPGetDatum(document);
			if (last_jsonb >= 0)
				call->args[last_jsonb].isnull = true;
			last_jsonb = i;
		}
	}
	result = FunctionCallInvoke(call);
	if (!call->isnull && (returned == TEXTOID || returned == JSONBOID))
		wipe_memory(DatumGetPointer(result), VARSIZE_ANY(DatumGetPointer(result)));
}

/*
 * vault_core_after_call(function regproc, customer, masked text, path text) text
 * calls an operation with a value that nobody has but this function, which wipes
 * it, and dumps: where the value is in there, the operation has left it behind.
 * If it fails, the dump is made all the same, and the message returned.
 */
Datum
vault_core_after_call(PG_FUNCTION_ARGS)
{
	Jsonb	   *document = make_document(unmask(PG_GETARG_TEXT_PP(2)));
	char	   *path = text_to_cstring(PG_GETARG_TEXT_PP(3));
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData  *volatile error = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		call_operation(PG_GETARG_OID(0), PG_GETARG_DATUM(1), document);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;

	wipe_memory(document, VARSIZE(document));
	write_core(path);
	if (error == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(error->message));
}
