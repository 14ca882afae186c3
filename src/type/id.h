/*-------------------------------------------------------------------------
 *
 * id.h
 *	  The six id types: merchant_id, customer_id, list_id,
 *	  payment_method_id, payment_id and commit_id.
 *
 * On disk an id is the 16 bytes of a UUID, most significant first, aligned
 * as char and passed by reference: exactly what type uuid stores, so the two
 * are binary compatible, and uuid's own functions compare, sort, hash, send
 * and receive ids.
 *
 * As text an id is a TypeID (specification 0.3): a prefix that names the
 * type, an underscore and the 128 bits in 26 characters of lower-case base32,
 * whose order as text is the order of the ids.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_TYPE_ID_H
#define CUSTOMERS_TYPE_ID_H

#include "postgres.h"

#include "utils/uuid.h"

typedef pg_uuid_t Id;

typedef struct IdType
{
	const char *prefix;
	const char *type_name;
} IdType;

extern const IdType merchant_id_type;
extern const IdType customer_id_type;
extern const IdType list_id_type;
extern const IdType payment_method_id_type;
extern const IdType payment_id_type;
extern const IdType commit_id_type;

/* Characters of the base32 part. */
#define ID_SUFFIX_LENGTH	26

/* Room for the text of an id of any type: the longest prefix has 3 letters. */
#define ID_TEXT_SIZE		(3 + 1 + ID_SUFFIX_LENGTH + 1)

/* What can be wrong with the text of an id; the first that applies. */
typedef enum IdFault
{
	ID_VALID,
	ID_WRONG_PREFIX,
	ID_WRONG_CHARACTER,
	ID_WRONG_LENGTH,
	ID_OVERFLOW
} IdFault;

extern void id_to_text(const IdType *type, const Id *id, char *text);

/* The text of an id in the current memory context, for messages. */
extern char *id_string(const IdType *type, const Id *id);

extern IdFault text_to_id(const IdType *type, const char *text, size_t length,
						  Id *id, size_t *fault_at);
extern void generate_id(Id *id);

/* Makes many at once, in their order; faster. */
extern void generate_ids(Id *ids, int count);

static inline Id *
DatumGetIdP(Datum datum)
{
	return (Id *) DatumGetPointer(datum);
}

static inline Datum
IdPGetDatum(const Id *id)
{
	return PointerGetDatum(id);
}

#endif							/* CUSTOMERS_TYPE_ID_H */
