/*-------------------------------------------------------------------------
 *
 * mutate.c
 *	  Changes JSON so that it mostly stays JSON.
 *
 * libFuzzer's own changes of bytes break most texts for the parser, which is
 * not what is fuzzed.  So three changes of four look for the values in an
 * input and move, copy, wrap or remove one; the others are libFuzzer's.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fuzz.h"

#define MAX_SPANS	256
#define MAX_NESTING 64

/* A JSON value in the input, or a member's name. */
typedef struct Span
{
	size_t		start;
	size_t		end;
} Span;

/* Members of schemas; an @ stands for some value of the input. */
static const char *const members[] =
{
	"\"$ref\":\"#\"", "\"$ref\":\"#/$defs/a\"", "\"$ref\":\"#a\"", "\"$ref\":\"b\"",
	"\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"",
	"\"$dynamicRef\":\"#a\"", "\"$anchor\":\"a\"", "\"$dynamicAnchor\":\"a\"", "\"$id\":\"b\"",
	"\"$schema\":\"http://json-schema.org/draft-07/schema#\"",
	"\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"",
	"\"$defs\":{\"a\":@}", "\"definitions\":{\"a\":@}", "\"type\":@", "\"enum\":[@,@]", "\"const\":@",
	"\"allOf\":[@,@]", "\"anyOf\":[@,@]", "\"oneOf\":[@,@]", "\"not\":@",
	"\"if\":@", "\"then\":@", "\"else\":@",
	"\"minLength\":2", "\"maxLength\":2", "\"pattern\":@", "\"format\":@", "\"contentSchema\":@",
	"\"minimum\":@", "\"exclusiveMaximum\":@", "\"multipleOf\":@",
	"\"prefixItems\":[@,@]", "\"items\":@", "\"items\":[@]", "\"additionalItems\":@",
	"\"contains\":@", "\"minContains\":0", "\"maxContains\":1", "\"minItems\":1", "\"maxItems\":1",
	"\"uniqueItems\":true", "\"unevaluatedItems\":@",
	"\"properties\":{\"a\":@,\"b\":@}", "\"patternProperties\":{\"^a\":@}", "\"additionalProperties\":@",
	"\"propertyNames\":@", "\"required\":[\"a\"]", "\"minProperties\":1", "\"maxProperties\":1",
	"\"dependentRequired\":{\"a\":[\"b\"]}", "\"dependentSchemas\":{\"a\":@}", "\"dependencies\":{\"a\":@}",
	"\"unevaluatedProperties\":@", "\"a\":@", "\"b\":@",
};

extern size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
extern size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

static uint64 random_state;

static size_t
random_below(size_t limit)
{
	random_state = random_state * UINT64CONST(6364136223846793005) + UINT64CONST(1442695040888963407);
	return (size_t) (random_state >> 33) % limit;
}

/* find_spans finds values as far as the text looks like JSON. */
static int
find_spans(const char *text, size_t size, Span *spans)
{
	int			open[MAX_NESTING];
	int			depth = 0;
	int			count = 0;
	size_t		i = 0;

	while (i < size && count < MAX_SPANS)
	{
		size_t		start = i;

		if (text[i] == '{' || text[i] == '[')
		{
			if (depth == MAX_NESTING)
				break;
			open[depth++] = count;
			spans[count].start = start;
			spans[count++].end = 0;
			i++;
		}
		else if (text[i] == '}' || text[i] == ']')
		{
			i++;
			if (depth > 0)
				spans[open[--depth]].end = i;
		}
		else if (text[i] == '"')
		{
			for (i++; i < size && text[i] != '"'; i++)
				i += text[i] == '\\';
			i = Min(i + 1, size);
			spans[count].start = start;
			spans[count++].end = i;
		}
		else if (strchr(" \t\r\n,:", text[i]) != NULL)
			i++;
		else
		{
			while (i < size && strchr(" \t\r\n,:{}[]\"", text[i]) == NULL)
				i++;
			i = Max(i, start + 1);
			spans[count].start = start;
			spans[count++].end = i;
		}
	}
	/* What is never closed is no value. */
	while (depth > 0)
	{
		Span	   *span = &spans[open[--depth]];

		span->end = span->start + 1;
	}
	return count;
}

/* replace puts a text in the place of a span; the size stays if it is too long. */
static size_t
replace(uint8_t *data, size_t size, size_t max_size, Span span, const char *text, size_t length)
{
	if (size - (span.end - span.start) + length > max_size)
		return size;
	memmove(data + span.start + length, data + span.end, size - span.end);
	memcpy(data + span.start, text, length);
	return size - (span.end - span.start) + length;
}

/* write_member appends a member of a schema, with values of the input in it. */
static size_t
write_member(char *result, size_t used, size_t max_size, const char *data, const Span *spans, int count)
{
	const char *next = members[random_below(lengthof(members))];

	for (; *next != '\0'; next++)
	{
		const Span *span = &spans[random_below(count)];
		const char *piece = *next == '@' ? data + span->start : next;
		size_t		length = *next == '@' ? span->end - span->start : 1;

		if (used + length > max_size)
			return max_size;
		memcpy(result + used, piece, length);
		used += length;
	}
	return used;
}

static size_t
mutate_structure(uint8_t *data, size_t size, size_t max_size, const Span *spans, int count, char *buffer)
{
	const char *text = (const char *) data;
	Span		span = spans[random_below(count)];
	const Span *other = &spans[random_below(count)];
	bool		in_object = text[span.start] == '{' && span.end > span.start + 1;
	size_t		used = 0;

	switch (random_below(6))
	{
		case 0:					/* another value in its place */
			used = other->end - other->start;
			memcpy(buffer, text + other->start, used);
			break;
		case 1:					/* a schema in its place */
			buffer[used++] = '{';
			used = write_member(buffer, used, max_size - 1, text, spans, count);
			buffer[used++] = '}';
			break;
		case 2:					/* one member more */
		case 3:
			if (!in_object)
				return LLVMFuzzerMutate(data, size, max_size);
			used = write_member(buffer, used, max_size - 1, text, spans, count);
			if (text[span.start + 1] != '}')
				buffer[used++] = ',';
			span.start++;
			span.end = span.start;
			break;
		case 4:					/* it and what divides it from the next are gone */
			while (span.end < size && strchr(" ,:", text[span.end]) != NULL)
				span.end++;
			break;
		default:				/* only its bytes are changed */
			used = Min(span.end - span.start, max_size);
			memcpy(buffer, text + span.start, used);
			if (used > 2)
			{
				used = 2 + LLVMFuzzerMutate((uint8_t *) buffer + 1, used - 2, Min(used + 16, max_size) - 2);
				buffer[used - 1] = text[span.end - 1];
			}
			break;
	}
	return replace(data, size, max_size, span, buffer, used);
}

/* Called by libFuzzer for each new input. */
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	Span		spans[MAX_SPANS];
	char	   *buffer;
	int			count;
	size_t		result;

	random_state = seed;
	count = find_spans((const char *) data, size, spans);
	if (count == 0 || random_below(4) == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	buffer = malloc(max_size + 2);
	result = mutate_structure(data, size, max_size, spans, count, buffer);
	free(buffer);
	return result;
}
