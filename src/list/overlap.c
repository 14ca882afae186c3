/*-------------------------------------------------------------------------
 *
 * overlap.c
 *	  list_overlap(): how many customers any two of some lists share.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/caller.h"
#include "list/merge.h"

/* The matrix has the square of them. */
#define OVERLAP_LISTS_MAX 1000

PG_FUNCTION_INFO_V1(list_overlap);

/*
 * count_pairs counts for each pair of lists the members of both: a matrix, of
 * which the half is filled where the second list does not come before the first.
 */
static int64 *
count_pairs(ListMerge *merge)
{
	int64	   *counts = palloc0((Size) merge->list_count * merge->list_count * sizeof(int64));

	while (next_member(merge))
	{
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < merge->place_count; i++)
		{
			int64	   *row = counts + merge->places[i] * merge->list_count;

			for (int j = i; j < merge->place_count; j++)
				row[merge->places[j]]++;
		}
	}
	return counts;
}

/*
 * list_overlap(lists) table(list, name, other, other_name, customers)
 *
 * One row for each pair, and for each list with itself, in the order of the
 * array.
 */
Datum
list_overlap(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ArrayType  *lists = PG_GETARG_ARRAYTYPE_P(0);
	bool		nulls[5] = {false};
	ListMerge  *merge;
	int64	   *counts;
	Caller		caller;

	if (ArrayGetNItems(ARR_NDIM(lists), ARR_DIMS(lists)) > OVERLAP_LISTS_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("an overlap takes at most %d lists", OVERLAP_LISTS_MAX)));

	InitMaterializedSRF(fcinfo, 0);
	enter_store(&caller);
	merge = begin_merge(&caller, lists);
	counts = count_pairs(merge);
	for (int i = 0; i < merge->list_count; i++)
		for (int j = 0; j < merge->list_count; j++)
		{
			const MergedList *list = &merge->lists[i];
			const MergedList *other = &merge->lists[j];
			Datum		values[5] = {
				IdPGetDatum(&list->list), CStringGetTextDatum(list->name),
				IdPGetDatum(&other->list), CStringGetTextDatum(other->name),
				Int64GetDatum(counts[Min(i, j) * merge->list_count + Max(i, j)])
			};

			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		}
	end_merge(merge);
	leave_store(&caller);
	return (Datum) 0;
}
