/*-------------------------------------------------------------------------
 *
 * pattern_cache.h
 *	  What the files that call PCRE2 share.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_SCHEMA_PATTERN_CACHE_H
#define CUSTOMERS_SCHEMA_PATTERN_CACHE_H

#include "postgres.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "schema/pattern.h"

typedef struct Pattern
{
	MemoryContext context;		/* this and all that PCRE2 allocated */
	char	   *text;
	int			length;
	uint32		hash;
	pcre2_code *code;
	bool		has_machine_code;
	uint64		last_use;
} Pattern;

/* pattern_cache.c */
extern Pattern *get_pattern(const char *text, int length, uint32 hash);

/* pattern_fault.c */
extern char *pattern_fault(int error);

/* pattern_memory.c */
extern pcre2_general_context *make_general_context(MemoryContext context);
extern MemoryContext pattern_memory(void);
extern void out_of_pattern_memory(void);

#endif							/* CUSTOMERS_SCHEMA_PATTERN_CACHE_H */
