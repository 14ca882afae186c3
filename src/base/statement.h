/*-------------------------------------------------------------------------
 *
 * statement.h
 *	  The SQL statements of the operations: prepared once, run through SPI.
 *
 * A statement is a static variable beside the function that runs it:
 *
 *		static Statement find_customer = {
 *			.sql = "SELECT customer_id FROM customers.customer"
 *			" WHERE merchant_id OPERATOR(pg_catalog.=) $1"
 *			" AND reference OPERATOR(pg_catalog.=) $2",
 *			.types = {"customers.merchant_id", "pg_catalog.text"},
 *		};
 *
 * It runs with the caller's search_path, which may be hostile.  So every name
 * and every operator in it is qualified, and its arguments have exactly the
 * declared types, so that no better match can be slipped in.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_STATEMENT_H
#define CUSTOMERS_STATEMENT_H

#include "executor/spi.h"
#include "nodes/execnodes.h"

#define STATEMENT_MAX_PARAMETERS 32

typedef struct Statement
{
	const char *sql;
	const char *types[STATEMENT_MAX_PARAMETERS + 1];	/* of $1, $2, ...; NULL
														 * ends them */

	/*
	 * Reads in the snapshot of the calling query, as a STABLE function must.
	 * Otherwise the statement sees what the operation did so far.
	 */
	bool		stable;

	/*
	 * Reads what is committed now, whatever snapshot the transaction has: for
	 * rows that are cached beyond the transaction, as those of the catalogs
	 * are.  In a parallel query it reads as stable does; see caching_allowed().
	 */
	bool		latest;

	/*
	 * Is planned for each run, for tables as large as they are then: for a
	 * statement that reads whole tables, or all of a merchant in them.
	 */
	bool		whole;

	/* private to statement.c */
	SPIPlanPtr	plan;
	uint64		epoch;			/* store_epoch() for which it was prepared */
} Statement;

/* Parameters, in the order of $1, $2, ... */
static inline NullableDatum
bind(Datum value)
{
	return (NullableDatum) {.value = value,.isnull = false};
}

static inline NullableDatum
bind_null(void)
{
	return (NullableDatum) {.value = (Datum) 0,.isnull = true};
}

/* An optional pointer: NULL binds NULL. */
static inline NullableDatum
bind_pointer(const void *pointer)
{
	return (NullableDatum) {.value = PointerGetDatum(pointer),.isnull = pointer == NULL};
}

/* A C string as text; NULL binds NULL. */
extern NullableDatum bind_string(const char *string);

/* Bytes as a bytea. */
extern NullableDatum bind_bytes(const void *bytes, size_t length);

/* The OID of a type in schema customers, as arrays need it. */
extern Oid	own_type(const char *name);

/* Looks up the types with these names, which NULL ends; returns how many there are. */
extern int	find_types(const char *const *names, Oid *types);

/*
 * Runs the statement inside enter_store() ... leave_store() and returns how
 * many rows it returned or changed.  Rows stay readable until the next run.
 */
extern uint64 statement_run(Statement *statement, const NullableDatum *parameters);

/*
 * Has all plans made anew, those of foreign keys too: before work on so many rows
 * that a plan from when their tables were small would be fatal.
 */
extern void forget_plans(void);

/*
 * Runs SQL text that is ours to the last character and used once, such as DDL;
 * needs no store.  Returns how many rows it changed.
 */
extern uint64 statement_run_once(const char *sql);

/*
 * Runs a statement that names a table of the caller's, outside enter_store() but
 * after SPI was connected: so with the caller's rights.  No plan is kept, as the
 * table may change or go at any time.
 */
extern uint64 statement_run_for_caller(const Statement *statement,
									   const NullableDatum *parameters);

/*
 * May a backend keep what a latest statement has read?  Not in the leader of a
 * parallel query, whose snapshot may be older than the last invalidation.
 */
extern bool caching_allowed(void);

/* A value of the last run; row and column count from 0.  Not copied. */
extern Datum statement_value(uint64 row, int column, bool *isnull);

/* The same of a column that can't be NULL. */
extern Datum statement_get(uint64 row, int column);

/* A text value of the last run, as a C string; NULL for NULL. */
extern char *statement_string(uint64 row, int column);

/* Runs the statement and adds its rows to a set-returning function's result. */
extern void statement_return_rows(Statement *statement, const NullableDatum *parameters,
								  ReturnSetInfo *result);

#endif							/* CUSTOMERS_STATEMENT_H */
