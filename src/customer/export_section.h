/*-------------------------------------------------------------------------
 *
 * export_section.h
 *	  What the store's tables hold about a customer, as jsonb: one section for
 *	  each job of theirs.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_EXPORT_SECTION_H
#define CUSTOMERS_EXPORT_SECTION_H

#include "base/statement.h"

/*
 * A statement gives one row with one jsonb, in the snapshot of the calling query
 * and between begin_rules() and end_rules(), for merchant $1, customer $2 and the
 * time $3.
 * That of the first section gives no row if there is no such customer.
 */
typedef struct ExportSection
{
	const char *name;
	Statement	statement;
} ExportSection;

extern ExportSection export_sections[];
extern const int export_section_count;

#endif							/* CUSTOMERS_EXPORT_SECTION_H */
