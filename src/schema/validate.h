/*-------------------------------------------------------------------------
 *
 * validate.h
 *	  What the files of the validator share.
 *
 * There is one walker for both questions.  When it collects, it goes on after
 * a fault and records each one; else it returns at the first, records
 * nothing and allocates nothing.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_SCHEMA_VALIDATE_H
#define CUSTOMERS_SCHEMA_VALIDATE_H

#include "postgres.h"

#include "schema/place.h"
#include "schema/program.h"

/* The schema resources that were entered, for $dynamicRef. */
typedef struct Scope
{
	uint32		resource;
	const struct Scope *outer;
} Scope;

typedef struct Validation
{
	const JsonSchema *schema;
	bool		collecting;
	bool		partial;		/* do not demand keys of the root object */
	const Scope *scope;			/* innermost */
	uint64		budget;			/* checks of a value that are left */
	List	   *violations;		/* of Finding */
	Size		recorded;		/* bytes that they take */
} Validation;

#define RULES(validation, offset, type) AT_OFFSET((validation)->schema, offset, const type)

/*
 * The check functions return whether value is valid.  at is the value's place
 * in the instance, within the place of the schema by the way taken.  seen, if
 * not NULL, has a flag for each member or item of the value, and is set
 * for those that a keyword has evaluated (for the unevaluated keywords).
 */

/* validate.c */
extern bool check_value(Validation *validation, Position offset, const Value *value,
						const Place *at, const Place *within, bool *seen);
extern bool probe_value(Validation *validation, Position offset, const Value *value,
						const Place *at, const Place *within, bool *seen);

/* validate_value.c */
extern bool check_string(Validation *validation, const StringRules *rules, const Value *value,
						 const Place *at, const Place *within);
extern bool check_number(Validation *validation, const NumberRules *rules, const Value *value,
						 const Place *at, const Place *within);
extern bool check_choice(Validation *validation, const ChoiceRules *rules, const Value *value,
						 const Place *at, const Place *within);

/* validate_array.c */
extern bool check_array(Validation *validation, const ArrayRules *rules, bool classic, const Value *value,
						const Place *at, const Place *within, bool *seen);

/* validate_object.c */
extern bool check_object(Validation *validation, const ObjectRules *rules, const Value *value,
						 const Place *at, const Place *within, bool *seen);

/* validate_unevaluated.c */
extern bool check_unevaluated(Validation *validation, const SchemaNode *node, const Value *value,
							  const Place *at, const Place *within, bool *seen);

/* validate_applicator.c */
extern bool check_applicators(Validation *validation, const ApplicatorRules *rules, const Value *value,
							  const Place *at, const Place *within, bool *seen);

/* violation.c; cold, so that the compiler keeps what leads to them out of the way */
extern pg_attribute_cold bool report(Validation *validation, const Place *at, const Place *within,
									 const char *keyword, const char *format,...) pg_attribute_printf(5, 6);
extern pg_attribute_cold bool report_never(Validation *validation, const Place *at, const Place *within);
extern pg_attribute_cold bool report_type(Validation *validation, uint8 types, const Place *at, const Place *within);
extern pg_attribute_cold bool report_bound(Validation *validation, Position bound, const Place *at, const Place *within,
										   const char *keyword, const char *demand);
extern List *finish_violations(Validation *validation);

#endif							/* CUSTOMERS_SCHEMA_VALIDATE_H */
