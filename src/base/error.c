/*-------------------------------------------------------------------------
 *
 * error.c
 *	  What the errors of several rooms share.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/error.h"

int
errrule(const char *table, const char *column, const char *rule)
{
	err_generic_string(PG_DIAG_SCHEMA_NAME, "customers");
	err_generic_string(PG_DIAG_TABLE_NAME, table);
	if (column)
		err_generic_string(PG_DIAG_COLUMN_NAME, column);
	return err_generic_string(PG_DIAG_CONSTRAINT_NAME, rule);
}
