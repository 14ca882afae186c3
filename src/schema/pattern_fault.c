/*-------------------------------------------------------------------------
 *
 * pattern_fault.c
 *	  What is wrong with a pattern that PCRE2 refuses, in words of our own.
 *
 * PCRE2's own texts change with its version and speak of the translation,
 * which the user hasn't written.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/pattern_cache.h"

/*
 * pattern_fault returns the reason for an error code of pcre2_compile().
 * Codes that no translation leads to are not told apart.
 */
char *
pattern_fault(int error)
{
	switch (error)
	{
		case PCRE2_ERROR_QUANTIFIER_OUT_OF_ORDER:
			return "the numbers of a quantifier are out of order";
		case PCRE2_ERROR_QUANTIFIER_TOO_BIG:
			return "a number of a quantifier is greater than 65535";
		case PCRE2_ERROR_QUANTIFIER_INVALID:
			return "a quantifier has nothing to repeat";
		case PCRE2_ERROR_CLASS_RANGE_ORDER:
			return "a range in brackets is out of order";
		case PCRE2_ERROR_CLASS_INVALID_RANGE:
			return "a range in brackets must begin and end with one character";
		case PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS:
			return "a parenthesis is not closed";
		case PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS:
			return "a parenthesis is closed that is not open";
		case PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP:
			return "parentheses are nested too deeply";
		case PCRE2_ERROR_BAD_SUBPATTERN_REFERENCE:
		case PCRE2_ERROR_SUBPATTERN_NUMBER_TOO_BIG:
			return "there is no group that a reference means";
		case PCRE2_ERROR_DUPLICATE_SUBPATTERN_NAME:
			return "two groups have the same name";
		case PCRE2_ERROR_MISSING_NAME_TERMINATOR:
		case PCRE2_ERROR_INVALID_SUBPATTERN_NAME:
		case PCRE2_ERROR_SUBPATTERN_NAME_EXPECTED:
			return "the name of a group has letters, digits and underscores only, and no digit first";
		case PCRE2_ERROR_SUBPATTERN_NAME_TOO_LONG:
			return "the name of a group is too long";
		case PCRE2_ERROR_MALFORMED_UNICODE_PROPERTY:
		case PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY:
			return "there is no such property of characters";

			/* Newer versions allow lengths that vary within limits. */
		case PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH:
		case PCRE2_ERROR_LOOKBEHIND_TOO_COMPLICATED:
		case PCRE2_ERROR_LOOKBEHIND_TOO_LONG:
#ifdef PCRE2_ERROR_MAX_VAR_LOOKBEHIND_EXCEEDED
		case PCRE2_ERROR_MAX_VAR_LOOKBEHIND_EXCEEDED:
#endif
			return "the length of a lookbehind varies or is too great";
		case PCRE2_ERROR_PATTERN_TOO_LARGE:
		case PCRE2_ERROR_PATTERN_STRING_TOO_LONG:
		case PCRE2_ERROR_PATTERN_TOO_COMPLICATED:
		case PCRE2_ERROR_TOO_MANY_NAMED_SUBPATTERNS:
		case PCRE2_ERROR_TOO_MANY_CAPTURES:
			return "it is too large";
		default:
			return "it is not supported";
	}
}
