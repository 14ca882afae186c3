/*-------------------------------------------------------------------------
 *
 * merge_patch.c
 *	  JSON Merge Patch (RFC 7396) on jsonb.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/jsonb.h"

#include "customer/merge_patch.h"

/* find_member is the value of a key of an object, or NULL; target may be NULL. */
static JsonbValue *
find_member(JsonbContainer *target, const JsonbValue *key)
{
	if (target == NULL)
		return NULL;
	return getKeyJsonValueFromContainer(target, key->val.string.val, key->val.string.len, NULL);
}

/* is_object says whether the value is an object; scalars are not containers. */
static bool
is_object(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsObject(value->val.binary.data);
}

/*
 * push_patched adds the object that the patch makes of the target, which is
 * NULL where there was no object.
 */
static JsonbValue *
push_patched(JsonbParseState **state, JsonbContainer *target, JsonbContainer *patch)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	key;
	JsonbValue	value;

	check_stack_depth();
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);

	if (target)
	{
		iterator = JsonbIteratorInit(target);
		while ((token = JsonbIteratorNext(&iterator, &key, true)) != WJB_DONE)
		{
			if (token != WJB_KEY)
				continue;
			JsonbIteratorNext(&iterator, &value, true);
			if (find_member(patch, &key))
				continue;
			pushJsonbValue(state, WJB_KEY, &key);
			pushJsonbValue(state, WJB_VALUE, &value);
		}
	}

	iterator = JsonbIteratorInit(patch);
	while ((token = JsonbIteratorNext(&iterator, &key, true)) != WJB_DONE)
	{
		if (token != WJB_KEY)
			continue;
		JsonbIteratorNext(&iterator, &value, true);
		if (value.type == jbvNull)
			continue;
		pushJsonbValue(state, WJB_KEY, &key);
		if (is_object(&value))
		{
			JsonbValue *old = find_member(target, &key);

			push_patched(state, old && is_object(old) ? old->val.binary.data : NULL,
						 value.val.binary.data);
		}
		else
			pushJsonbValue(state, WJB_VALUE, &value);
	}

	return pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

Jsonb *
merge_patch(Jsonb *target, Jsonb *patch)
{
	JsonbParseState *state = NULL;

	Assert(JB_ROOT_IS_OBJECT(target) && JB_ROOT_IS_OBJECT(patch));
	return JsonbValueToJsonb(push_patched(&state, &target->root, &patch->root));
}

/* values_equal compares two values of jsonb documents. */
static bool
values_equal(JsonbValue *left, JsonbValue *right)
{
	return compareJsonbContainers(&JsonbValueToJsonb(left)->root,
								  &JsonbValueToJsonb(right)->root) == 0;
}

Jsonb *
changed_members(Jsonb *old, Jsonb *new)
{
	JsonbParseState *state = NULL;
	JsonbIterator *iterator = JsonbIteratorInit(&new->root);
	JsonbIteratorToken token;
	JsonbValue	key;
	JsonbValue	value;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	while ((token = JsonbIteratorNext(&iterator, &key, true)) != WJB_DONE)
	{
		JsonbValue *before;

		if (token != WJB_KEY)
			continue;
		JsonbIteratorNext(&iterator, &value, true);
		before = find_member(&old->root, &key);
		if (before && values_equal(before, &value))
			continue;
		pushJsonbValue(&state, WJB_KEY, &key);
		pushJsonbValue(&state, WJB_VALUE, &value);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}
