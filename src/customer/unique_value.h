/*-------------------------------------------------------------------------
 *
 * unique_value.h
 *	  The values of unique context fields, of which a merchant has each once.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_UNIQUE_VALUE_H
#define CUSTOMERS_UNIQUE_VALUE_H

#include "customer/context.h"

/* Which values of a field are the same. */
typedef enum UniqueKind
{
	UNIQUE_NONE,				/* the field is not unique */
	UNIQUE_NUMBER,				/* 1 is 1.0 */
	UNIQUE_TEXT,				/* after normalisation to Unicode NFC */
	UNIQUE_UUID,				/* and whatever the case */
	UNIQUE_HOST,				/* and in Unicode or as A-labels */
	UNIQUE_EMAIL				/* and its host likewise */
} UniqueKind;

typedef struct UniqueField
{
	const char *key;
	UniqueKind	kind;
} UniqueField;

/* The kind of a field by its schema; UNIQUE_NONE: it can't be unique. */
extern UniqueKind unique_kind(JsonbContainer *schema);

/* The same, of a schema that has to have one: else an error. */
extern UniqueKind require_unique_kind(Jsonb *schema);

/* The UniqueFields of these keys in the schema of a merchant. */
extern List *unique_fields(Jsonb *schema, List *keys);

/*
 * The digest (bytea) by which values of a kind are compared; NULL: such a value
 * is not compared with any.
 */
extern bytea *unique_digest(UniqueKind kind, const JsonbValue *value);

/* The same of a field's value in a context; NULL also if there is none. */
extern bytea *unique_digest_in(Jsonb *context, const UniqueField *field);

/*
 * Takes the values of the unique fields in a customer's new context for it, and
 * gives up those of the old one, which is NULL for a new customer.  If another
 * customer of the merchant has one of them, which it waits for, that is an error.
 *
 * It comes after the row of the customer is written, with the schema that is in
 * force then: while a field becomes unique no such row is written, so either the
 * value is found there or this takes it.  Repeating it changes nothing.  What the
 * transaction's snapshot is too old to show is an error too, to be retried.
 */
extern void claim_unique_values(const Caller *caller, const ContextSchema *schema,
								const Id *customer, Jsonb *old, Jsonb *new);

/* The kind of a field as it is stored; UNIQUE_NONE if it is not there. */
extern UniqueKind stored_unique_kind(const Caller *caller, const text *key);

/*
 * Makes the stored values of a field be of another kind: those that the
 * merchant's customers have, or none.  If several have the same, that is an error.
 */
extern void switch_uniqueness(const Caller *caller, const text *key, Jsonb *schema,
							  UniqueKind was, UniqueKind is);

#endif							/* CUSTOMERS_UNIQUE_VALUE_H */
