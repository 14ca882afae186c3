/*-------------------------------------------------------------------------
 *
 * validate_value.c
 *	  Keywords about values as such, strings and numbers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "schema/format.h"
#include "schema/pattern.h"
#include "schema/validate.h"

/*
 * count_characters counts code points of a string in the database's encoding.
 * In UTF-8 these are all bytes but those that begin with the bits 10; eight
 * bytes are looked at together.
 */
static int
count_characters(const char *bytes, int length)
{
	const uint64 ones = UINT64CONST(0x0101010101010101);
	int			count = length;
	int			i = 0;

	if (GetDatabaseEncoding() != PG_UTF8)
		return pg_mbstrlen_with_len(bytes, length);
	for (; i + 8 <= length; i += 8)
	{
		uint64		chunk;

		memcpy(&chunk, bytes + i, 8);
		chunk = (chunk >> 7) & (~chunk >> 6) & ones;
		count -= (int) ((chunk * ones) >> 56);
	}
	for (; i < length; i++)
		count -= ((unsigned char) bytes[i] & 0xC0) == 0x80;
	return count;
}

static bool
check_length(Validation *validation, const StringRules *rules, const Value *value,
			 const Place *at, const Place *within)
{
	bool		valid = true;
	uint32		bytes = value->length;
	uint32		characters;

	/* Bytes alone often tell: a character has one to four of them. */
	if (bytes <= rules->max_length &&
		(bytes + MAX_MULTIBYTE_CHAR_LEN - 1) / MAX_MULTIBYTE_CHAR_LEN >= rules->min_length)
		return true;

	characters = count_characters(value->in.bytes, value->length);
	if (characters < rules->min_length)
		valid = report(validation, at, within, "minLength",
					   "must be at least %u character%s long", rules->min_length,
					   rules->min_length == 1 ? "" : "s");
	if (characters > rules->max_length)
		valid = report(validation, at, within, "maxLength",
					   "must be at most %u character%s long", rules->max_length,
					   rules->max_length == 1 ? "" : "s");
	return valid;
}

bool
check_string(Validation *validation, const StringRules *rules, const Value *value,
			 const Place *at, const Place *within)
{
	bool		valid = check_length(validation, rules, value, at, within);
	const StoredPattern *pattern = &rules->pattern;

	if (!valid && !validation->collecting)
		return false;

	if (pattern->text.bytes != 0)
	{
		const char *text = RULES(validation, pattern->text.bytes, char);

		if (!pattern_matches(text, pattern->text.length, pattern->hash,
							 value->in.bytes, value->length))
			valid = report(validation, at, within, "pattern", "does not match the pattern \"%.*s\"",
						   (int) pattern->text.length, text);
		if (!valid && !validation->collecting)
			return false;
	}
	if (rules->format != FORMAT_NONE &&
		!matches_format(rules->format, value->in.bytes, value->length))
		valid = report(validation, at, within, "format", "is not in the format \"%s\"",
					   format_name(rules->format));
	return valid;
}

/* compare_bound compares a number with one of the program. */
static inline int
compare_bound(Validation *validation, const Number *number, Position bound)
{
	Number		limit;

	read_number(AT_OFFSET(validation->schema, bound, struct NumericData), &limit);
	return compare_numbers(number, &limit);
}

bool
check_number(Validation *validation, const NumberRules *rules, const Value *value,
			 const Place *at, const Place *within)
{
	bool		valid = true;
	Number		number;

	read_number(value->in.number, &number);
	if (rules->minimum != 0 && compare_bound(validation, &number, rules->minimum) < 0)
		valid = report_bound(validation, rules->minimum, at, within,
							 "minimum", "must be at least");
	if (rules->maximum != 0 && compare_bound(validation, &number, rules->maximum) > 0)
		valid = report_bound(validation, rules->maximum, at, within,
							 "maximum", "must be at most");
	if (rules->exclusive_minimum != 0 && compare_bound(validation, &number, rules->exclusive_minimum) <= 0)
		valid = report_bound(validation, rules->exclusive_minimum, at, within,
							 "exclusiveMinimum", "must be greater than");
	if (rules->exclusive_maximum != 0 && compare_bound(validation, &number, rules->exclusive_maximum) >= 0)
		valid = report_bound(validation, rules->exclusive_maximum, at, within,
							 "exclusiveMaximum", "must be less than");
	if (rules->multiple_of != 0 &&
		!is_multiple(value->in.number, AT_OFFSET(validation->schema, rules->multiple_of, struct NumericData)))
		valid = report_bound(validation, rules->multiple_of, at, within,
							 "multipleOf", "must be a multiple of");
	return valid;
}

/* compare_stored compares a value with one of the program. */
static int
compare_stored(Validation *validation, const Value *value, const StoredValue *stored)
{
	Value		other;

	/* Nearly all are strings. */
	if (value->type == JSON_STRING && stored->type == JSON_STRING)
		return compare_names(value->in.bytes, value->length,
							 RULES(validation, stored->data, char), stored->length);
	other.type = stored->type;
	other.boolean = stored->boolean;
	other.length = stored->length;
	other.in.bytes = RULES(validation, stored->data, char);
	return compare_values(value, &other);
}

/* is_enumerated searches the sorted values of enum. */
static bool
is_enumerated(Validation *validation, const ListRef *list, const Value *value)
{
	const StoredValue *values = RULES(validation, list->first, StoredValue);
	uint32		low = 0;
	uint32		high = list->count;

	while (low < high)
	{
		uint32		middle = low + (high - low) / 2;
		int			order = compare_stored(validation, value, &values[middle]);

		if (order == 0)
			return true;
		if (order > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool
check_choice(Validation *validation, const ChoiceRules *rules, const Value *value,
			 const Place *at, const Place *within)
{
	bool		valid = true;

	if (rules->has_enumeration && !is_enumerated(validation, &rules->enumeration, value))
		valid = report(validation, at, within, "enum", "is not one of the allowed values");
	if (rules->constant != 0 &&
		compare_stored(validation, value, RULES(validation, rules->constant, StoredValue)) != 0)
		valid = report(validation, at, within, "const", "is not the only allowed value");
	return valid;
}
