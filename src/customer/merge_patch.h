/*-------------------------------------------------------------------------
 *
 * merge_patch.h
 *	  JSON Merge Patch (RFC 7396) on jsonb.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_MERGE_PATCH_H
#define CUSTOMERS_MERGE_PATCH_H

#include "utils/jsonb.h"

/*
 * Applies the patch, an object, to the target, an object: null removes a key,
 * an object is merged into an object, any other value replaces.
 */
extern Jsonb *merge_patch(Jsonb *target, Jsonb *patch);

/* The members of new whose values are not the same in old; both are objects. */
extern Jsonb *changed_members(Jsonb *old, Jsonb *new);

#endif							/* CUSTOMERS_MERGE_PATCH_H */
