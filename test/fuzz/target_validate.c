/*-------------------------------------------------------------------------
 *
 * target_validate.c
 *	  Checks instances against a schema: its text is the first line, each
 *	  further line is an instance.
 *
 * The two ways to validate must agree, and no violation may tell a value of
 * the instance.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fuzz.h"

#define MIN_TELLING_LENGTH 8

typedef struct Check
{
	const char *line;
	Size		length;
	JsonSchema *schema;
	Jsonb	   *instance;
	bool		valid;
	List	   *violations;
} Check;

static void
read_schema_line(void *argument)
{
	Check	   *check = argument;

	check->schema = read_schema(check->line, check->length);
}

static void
read_instance_line(void *argument)
{
	Check	   *check = argument;

	check->instance = read_jsonb(check->line, check->length);
}

static void
accept_instance(void *argument)
{
	Check	   *check = argument;

	check->valid = schema_accepts(check->schema, check->instance);
}

static void
collect_violations(void *argument)
{
	Check	   *check = argument;

	check->violations = schema_violations(check->schema, check->instance);
}

static void
collect_partially(void *argument)
{
	Check	   *check = argument;

	schema_violations_partial(check->schema, check->instance);
}

/*
 * is_telling: whether a string that stands in a message was not put there by
 * chance.  A long word of letters and digits is none of ours, and none of a
 * number.
 */
static bool
is_telling(const char *text, int length)
{
	bool		has_digit = false;
	bool		has_letter = false;
	int			i;

	for (i = 0; i < length; i++)
	{
		has_digit |= text[i] >= '0' && text[i] <= '9';
		has_letter |= (text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z';
		if (text[i] == ' ')
			return false;
	}
	return length >= MIN_TELLING_LENGTH && has_digit && has_letter;
}

/* is_name: whether some name of a member contains the text. */
static bool
is_name(Jsonb *instance, const char *text, int length)
{
	JsonbIterator *iterator = JsonbIteratorInit(&instance->root);
	JsonbIteratorToken token;
	JsonbValue	value;
	bool		found = false;

	while ((token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			found |= memmem(value.val.string.val, value.val.string.len, text, length) != NULL;
	}
	return found;
}

/*
 * check_discretion: no string of the instance stands in a message, unless it
 * is a name of a property or came from the schema.
 */
static void
check_discretion(void *argument)
{
	Check	   *check = argument;
	Jsonb	   *source = schema_source(check->schema);
	JsonbIterator *iterator = JsonbIteratorInit(&check->instance->root);
	JsonbIteratorToken token;
	JsonbValue	value;

	while ((token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
	{
		const char *text = value.val.string.val;
		int			length = value.val.string.len;
		ListCell   *cell;

		if ((token != WJB_VALUE && token != WJB_ELEM) || value.type != jbvString ||
			!is_telling(text, length))
			continue;
		foreach(cell, check->violations)
		{
			const SchemaViolation *violation = lfirst(cell);

			if (memmem(violation->message, strlen(violation->message), text, length) != NULL &&
				memmem(source, VARSIZE(source), text, length) == NULL &&
				!is_name(check->instance, text, length))
				finding("a message tells a value: %s", violation->message);
		}
	}
}

static void
check_texts(const List *violations)
{
	ListCell   *cell;

	foreach(cell, violations)
	{
		const SchemaViolation *violation = lfirst(cell);

		check_encoding(violation->instance_location);
		check_encoding(violation->keyword_location);
		check_encoding(violation->keyword);
		check_encoding(violation->message);
	}
}

static void
check_instance(Check *check)
{
	if (!attempt(read_instance_line, check) || !attempt(accept_instance, check) ||
		!attempt(collect_violations, check))
		return;
	if (check->valid != (check->violations == NIL))
		finding("accepted %d, but %d violations", check->valid, list_length(check->violations));
	check_texts(check->violations);
	attempt(check_discretion, check);
	attempt(collect_partially, check);
}

void
fuzz_validate(const char *data, Size size)
{
	Check		check = {0};
	const char *end = data + size;

	while (data < end)
	{
		const char *newline = memchr(data, '\n', end - data);

		check.line = data;
		check.length = (newline == NULL ? end : newline) - data;
		data += check.length + 1;
		if (check.schema != NULL)
			check_instance(&check);
		else if (!attempt(read_schema_line, &check))
			return;
	}
}
