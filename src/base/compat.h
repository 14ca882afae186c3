/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  The differences between PostgreSQL 15 to 18, in this file only.
 *
 * Soft errors exist since 16: an input function given an ErrorSaveContext
 * records the error there and returns.  On 15 the same code raises it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_COMPAT_H
#define CUSTOMERS_COMPAT_H

#include "postgres.h"

#if PG_VERSION_NUM < 150000 || PG_VERSION_NUM >= 190000
#error "customers builds on PostgreSQL 15 to 18"
#endif

#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#else
#define ereturn(context, dummy_value, ...) ereport(ERROR, __VA_ARGS__)
#define errsave(context, ...) \
	do { \
		(void) (context); \
		ereport(ERROR, __VA_ARGS__); \
	} while (0)
#define SOFT_ERROR_OCCURRED(escontext) (false)
#define DirectInputFunctionCallSafe(function, text, typioparam, typmod, escontext, result) \
	(*(result) = DirectFunctionCall3(function, CStringGetDatum(text), \
									 ObjectIdGetDatum(typioparam), Int32GetDatum(typmod)), true)
#endif

/* Stands before a declaration in 18; what served behind one does so too. */
#if PG_VERSION_NUM < 180000
#define pg_noreturn pg_attribute_noreturn()
#endif

#if PG_VERSION_NUM >= 180000
#define CUSTOMERS_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "customers", .version = "0.1")
#else
#define CUSTOMERS_MODULE_MAGIC PG_MODULE_MAGIC
#endif

/* What the executor is told of a scan, a table and a check of rows that changed. */
#if PG_VERSION_NUM >= 180000
#define begin_index_scan(table, index, snapshot, keys) \
	index_beginscan(table, index, snapshot, NULL, keys, 0)
#define init_range_table(estate, entries, permissions) \
	ExecInitRangeTable(estate, entries, permissions, bms_make_singleton(1))
#else
#define begin_index_scan(table, index, snapshot, keys) \
	index_beginscan(table, index, snapshot, keys, 0)
#endif
#if PG_VERSION_NUM >= 160000 && PG_VERSION_NUM < 180000
#define init_range_table(estate, entries, permissions) \
	ExecInitRangeTable(estate, entries, permissions)
#endif
#if PG_VERSION_NUM >= 160000
#define init_recheck(recheck, estate) EvalPlanQualInit(recheck, estate, NULL, NIL, -1, NIL)
#else
#define RTEPermissionInfo RangeTblEntry
#define addRTEPermissionInfo(permissions, entry) (*(permissions) = NIL, (entry))
#define init_range_table(estate, entries, permissions) \
	((void) (permissions), ExecInitRangeTable(estate, entries))
#define init_recheck(recheck, estate) EvalPlanQualInit(recheck, estate, NULL, NIL, -1)
#endif

#endif							/* CUSTOMERS_COMPAT_H */
