/*-------------------------------------------------------------------------
 *
 * target_compile.c
 *	  Compiles a schema from text, or from a binary message.
 *
 * An input that begins with a control character is a message as a client
 * sends it; others are the text of a schema.  A schema that is accepted
 * must be the same after it was written and read again, in both forms.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/fmgrprotos.h"

#include "fuzz.h"

/* json_schema.c */
extern Datum json_schema_in(PG_FUNCTION_ARGS);
extern Datum json_schema_out(PG_FUNCTION_ARGS);
extern Datum json_schema_recv(PG_FUNCTION_ARGS);
extern Datum json_schema_send(PG_FUNCTION_ARGS);
extern Datum json_schema_from_jsonb(PG_FUNCTION_ARGS);

typedef struct Input
{
	const char *data;
	Size		size;
} Input;

static JsonSchema *
receive(const char *data, Size size)
{
	StringInfoData message;

	message.data = copy_exactly(data, size);
	message.len = message.maxlen = size;
	message.cursor = 0;
	return DatumGetJsonSchemaP(DirectFunctionCall1(json_schema_recv, PointerGetDatum(&message)));
}

/* check_same: a program depends on its source only, byte by byte. */
static void
check_same(const JsonSchema *schema, Datum other, const char *way)
{
	const JsonSchema *reread = DatumGetJsonSchemaP(other);

	if (VARSIZE(schema) != VARSIZE(reread) || memcmp(schema, reread, VARSIZE(schema)) != 0)
		finding("a schema differs after %s", way);
}

/* check_received: what was sent and received, or cast, is the same schema. */
static void
check_received(JsonSchema *schema)
{
	bytea	   *message = DatumGetByteaPP(DirectFunctionCall1(json_schema_send, PointerGetDatum(schema)));

	check_same(schema, PointerGetDatum(receive(VARDATA_ANY(message), VARSIZE_ANY_EXHDR(message))),
			   "send and receive");
	check_same(schema, DirectFunctionCall1(json_schema_from_jsonb, JsonbPGetDatum(schema_source(schema))),
			   "compiling its source");
}

/* check_policies: what `format` means has no say in whether a schema is one. */
static void
check_policies(Jsonb *source)
{
	SchemaFault asserted = {0};
	SchemaFault as_draft = {0};
	bool		accepted = try_compile_schema(source, FORMATS_ASSERTED, &asserted) != NULL;

	if (accepted != (try_compile_schema(source, FORMATS_AS_DRAFT, &as_draft) != NULL))
		finding("the meaning of formats decides whether a schema is accepted");
	if (!accepted && strcmp(asserted.detail, as_draft.detail) != 0)
		finding("different faults: %s %s", asserted.detail, as_draft.detail);
}

/* read_text returns what the protocol lets through to an input function. */
static char *
read_text(const char *text, Size length)
{
	pg_verifymbstr(text, length, false);
	return pnstrdup(text, length);
}

/* read_jsonb reads a value from text; the datum ends where its block does. */
Jsonb *
read_jsonb(const char *text, Size length)
{
	Datum		value = DirectFunctionCall1(jsonb_in, CStringGetDatum(read_text(text, length)));

	return copy_exactly(DatumGetPointer(value), VARSIZE(DatumGetPointer(value)));
}

/*
 * read_schema compiles a schema from text, and also ends there.  It must be
 * the same after it was written and read again.
 */
JsonSchema *
read_schema(const char *text, Size length)
{
	Datum		schema = DirectFunctionCall1(json_schema_in, CStringGetDatum(read_text(text, length)));

	check_same((JsonSchema *) DatumGetPointer(schema),
			   DirectFunctionCall1(json_schema_in, DirectFunctionCall1(json_schema_out, schema)),
			   "output and input");
	return copy_exactly(DatumGetPointer(schema), VARSIZE(DatumGetPointer(schema)));
}

static void
compile_input(void *argument)
{
	Input	   *input = argument;

	if (input->size > 0 && (unsigned char) input->data[0] < '\t')
		check_received(receive(input->data, input->size));
	else
	{
		check_policies(read_jsonb(input->data, input->size));
		check_received(read_schema(input->data, input->size));
	}
}

void
fuzz_compile(const char *data, Size size)
{
	Input		input = {data, size};

	attempt(compile_input, &input);
}
