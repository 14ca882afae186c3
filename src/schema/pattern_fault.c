/*-------------------------------------------------------------------------
 *
 * pattern_fault.c
 *	  Why PCRE2 refuses a pattern, in words of our own.
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
 * What is wrong by ECMA-262, the translation has found before.
 */
char *
pattern_fault(int error)
{
	switch (error)
	{
		case PCRE2_ERROR_MALFORMED_UNICODE_PROPERTY:
		case PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY:
			return "a property of characters is not supported";

			/* Newer versions allow lengths that vary within limits. */
		case PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH:
		case PCRE2_ERROR_LOOKBEHIND_TOO_COMPLICATED:
		case PCRE2_ERROR_LOOKBEHIND_TOO_LONG:
#ifdef PCRE2_ERROR_MAX_VAR_LOOKBEHIND_EXCEEDED
		case PCRE2_ERROR_MAX_VAR_LOOKBEHIND_EXCEEDED:
#endif
			return "a lookbehind whose length varies or is too great is not supported";
		case PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP:
			return "parentheses are nested too deeply";
		case PCRE2_ERROR_PATTERN_TOO_LARGE:
		case PCRE2_ERROR_PATTERN_STRING_TOO_LONG:
		case PCRE2_ERROR_PATTERN_TOO_COMPLICATED:
		case PCRE2_ERROR_TOO_MANY_CAPTURES:
			return "it is too large";
		default:
			return "it is not supported";
	}
}
