/*-------------------------------------------------------------------------
 *
 * context_check.c
 *	  Contexts checked against the schema in force, and what is said of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "base/error.h"
#include "base/statement.h"
#include "customer/card_number.h"
#include "customer/context.h"
#include "customer/merge_patch.h"
#include "merchant/merchant_setting.h"

/* How many violations an error lists before it only counts. */
#define LISTED_VIOLATIONS_MAX 20

Stage
parse_stage(text *name)
{
	char	   *stage = text_to_cstring(name);

	if (strcmp(stage, "optional") == 0)
		return STAGE_OPTIONAL;
	if (strcmp(stage, "create") == 0)
		return STAGE_CREATE;
	if (strcmp(stage, "commit") == 0)
		return STAGE_COMMIT;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid stage: \"%s\"", stage),
			 errhint("Stages are \"optional\", \"create\" and \"commit\".")));
}

bool
context_has_key(Jsonb *context, const char *key)
{
	return getKeyJsonValueFromContainer(&context->root, key, strlen(key), NULL) != NULL;
}

List *
missing_keys(const ContextSchema *schema, Jsonb *context, Stage stage)
{
	List	   *missing = NIL;
	ListCell   *cell;

	if (stage == STAGE_OPTIONAL)
		return NIL;
	foreach(cell, schema->at_create)
		if (!context_has_key(context, lfirst(cell)))
			missing = lappend(missing, lfirst(cell));
	if (stage == STAGE_CREATE)
		return missing;
	foreach(cell, schema->at_commit)
		if (!context_has_key(context, lfirst(cell)))
			missing = lappend(missing, lfirst(cell));
	return missing;
}

/* missing_key_violation is what "required" says of a key. */
static SchemaViolation *
missing_key_violation(const char *key)
{
	SchemaViolation *violation = palloc(sizeof(SchemaViolation));

	violation->instance_location = "";
	violation->keyword_location = "/required";
	violation->keyword = "required";
	violation->message = psprintf("required property \"%s\" is missing", key);
	return violation;
}

/*
 * card_number_violations finds what has a card number and is not exempt.  If one
 * is in a name, hides is set: what the schema says of names would show it.
 */
static List *
card_number_violations(const ContextSchema *schema, Jsonb *members, bool *hides)
{
	List	   *violations = NIL;
	ListCell   *cell;

	*hides = false;
	foreach(cell, members_with_card_numbers(members))
	{
		const CardNumberMember *member = lfirst(cell);
		SchemaViolation *violation;

		if (card_number_exempt(merchant_settings(&schema->merchant),
							   member->name, strlen(member->name)))
			continue;
		violation = palloc(sizeof(SchemaViolation));
		violation->keyword_location = "";
		violation->keyword = "";
		if (member->place == CARD_IN_NAME)
		{
			violation->instance_location = "";
			violation->message = "the name of a property contains a card number";
		}
		else
		{
			violation->instance_location = psprintf("/%s", member->name);
			violation->message = "contains a card number";
		}
		violations = lappend(violations, violation);
		*hides |= member->place != CARD_IN_VALUE;
	}
	return violations;
}

/* name_retired_field tells a retired field from one that never was. */
static void
name_retired_field(const ContextSchema *schema, SchemaViolation *violation)
{
	ListCell   *cell;

	if (strcmp(violation->keyword_location, "/additionalProperties") != 0 ||
		violation->instance_location[0] != '/')
		return;
	foreach(cell, schema->retired)
		if (strcmp(violation->instance_location + 1, lfirst(cell)) == 0)
			violation->message = "is retired, so it can't be set";
}

/*
 * value_violations are those of what is there, whatever is missing.  If hides is
 * set, nothing else may be said about the members.
 */
static List *
value_violations(const ContextSchema *schema, Jsonb *members, bool *hides)
{
	List	   *card_numbers = card_number_violations(schema, members, hides);
	List	   *violations;
	ListCell   *cell;

	if (*hides)
		return card_numbers;
	violations = schema_violations_partial(schema->schema, members);
	foreach(cell, violations)
		name_retired_field(schema, lfirst(cell));
	return list_concat(violations, card_numbers);
}

List *
context_violations(const ContextSchema *schema, Jsonb *context, Stage stage)
{
	List	   *violations;
	ListCell   *cell;
	bool		hides;

	if (!JB_ROOT_IS_OBJECT(context))
		return schema_violations_partial(schema->schema, context);

	violations = value_violations(schema, context, &hides);
	foreach(cell, missing_keys(schema, context, stage))
		violations = lappend(violations, missing_key_violation(lfirst(cell)));
	return hides ? violations : list_concat(violations, rule_violations(schema, context));
}

/* change_violations are those that a change of objects has to answer for. */
static List *
change_violations(const ContextSchema *schema, Jsonb *old, Jsonb *new)
{
	bool		hides;
	List	   *violations = value_violations(schema, changed_members(old, new), &hides);
	ListCell   *cell;

	foreach(cell, schema->at_create)
		if (context_has_key(old, lfirst(cell)) && !context_has_key(new, lfirst(cell)))
			violations = lappend(violations, missing_key_violation(lfirst(cell)));
	return hides ? violations : list_concat(violations, rule_change_violations(schema, old, new));
}

bool
accept_context_change(const ContextSchema *schema, Jsonb *old, Jsonb *new)
{
	refuse_violations(JB_ROOT_IS_OBJECT(new) ? change_violations(schema, old, new)
					  : schema_violations(schema->schema, new));
	return context_conforms(schema, new);
}

/* append_violation adds "name: message", or the message of the whole context. */
static void
append_violation(StringInfo text, const SchemaViolation *violation)
{
	if (violation->instance_location[0] != '\0')
		appendStringInfo(text, "%s: ", violation->instance_location + 1);
	appendStringInfoString(text, violation->message);
}

char *
describe_violations(List *violations)
{
	StringInfoData text;
	ListCell   *cell;

	initStringInfo(&text);
	foreach(cell, violations)
	{
		if (text.len > 0)
			appendStringInfoString(&text, "; ");
		append_violation(&text, lfirst(cell));
	}
	return text.data;
}

void
refuse_violations(List *violations)
{
	StringInfoData first;
	StringInfoData detail;
	ListCell   *cell;

	if (violations == NIL)
		return;

	initStringInfo(&first);
	append_violation(&first, linitial(violations));

	initStringInfo(&detail);
	foreach(cell, violations)
	{
		if (foreach_current_index(cell) == LISTED_VIOLATIONS_MAX)
		{
			appendStringInfo(&detail, "\n... and %d more",
							 list_length(violations) - LISTED_VIOLATIONS_MAX);
			break;
		}
		if (detail.len > 0)
			appendStringInfoChar(&detail, '\n');
		append_violation(&detail, lfirst(cell));
	}

	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("context is not valid: %s", first.data),
			 list_length(violations) > 1 ? errdetail("%s", detail.data) : 0,
			 errrule("customer", "context", "customer_context")));
}

void
require_fields_at_commit(const Caller *caller, const Id *customer, Datum context)
{
	const ContextSchema *schema = context_schema_in_force(&caller->merchant);
	StringInfoData keys;
	List	   *missing;
	ListCell   *cell;

	/* A context may be large, so it is read only where fields are required. */
	if (schema->at_create == NIL && schema->at_commit == NIL)
		return;
	missing = missing_keys(schema, DatumGetJsonbP(context), STAGE_COMMIT);
	if (missing == NIL)
		return;

	initStringInfo(&keys);
	foreach(cell, missing)
		appendStringInfo(&keys, "%s\"%s\"", keys.len > 0 ? ", " : "", (char *) lfirst(cell));
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("customer \"%s\" lacks context fields that a commit requires",
					id_string(&customer_id_type, customer)),
			 errdetail("Missing: %s.", keys.data),
			 errhint("Set them with customers.update_customer().")));
}
