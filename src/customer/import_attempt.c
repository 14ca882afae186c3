/*-------------------------------------------------------------------------
 *
 * import_attempt.c
 *	  Work that may fail through the fault of a document, without ending the
 *	  import.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/subtransaction.h"
#include "customer/import.h"

/*
 * is_fault_of_document: else the whole import fails.  A document can be too large
 * for an index, or for a check.
 */
static bool
is_fault_of_document(int sqlstate)
{
	return ERRCODE_TO_CATEGORY(sqlstate) == ERRCODE_DATA_EXCEPTION ||
		ERRCODE_TO_CATEGORY(sqlstate) == ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION ||
		sqlstate == ERRCODE_PROGRAM_LIMIT_EXCEEDED;
}

/* is_rule tells whether the error is about a rule of the store: see errrule(). */
static bool
is_rule(const ErrorData *error)
{
	return error->schema_name && strcmp(error->schema_name, "customers") == 0 &&
		error->constraint_name &&
		(error->column_name || strcmp(error->table_name, "metadata") == 0);
}

/*
 * shows_row tells whether the error is PostgreSQL's about a constraint, whose
 * detail shows the values of the row, of whichever table a trigger writes to.
 */
static bool
shows_row(const ErrorData *error)
{
	return ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION &&
		error->table_name && !is_rule(error);
}

char *
attempt(void (*work) (void *argument), void *argument)
{
	ErrorData  *error = run_in_subtransaction(work, argument);

	if (error == NULL)
		return NULL;
	if (!is_fault_of_document(error->sqlerrcode))
		ReThrowError(error);
	return error->detail && !shows_row(error) ? psprintf("%s; %s", error->message, error->detail)
		: error->message;
}
