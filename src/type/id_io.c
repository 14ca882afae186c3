/*-------------------------------------------------------------------------
 *
 * id_io.c
 *	  Text input and output functions of the id types.
 *
 * Binary input and output, comparison and hashing are uuid's own functions,
 * declared for these types in the extension script.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

#include "base/compat.h"
#include "type/id.h"

/*
 * describe_fault is the DETAIL of an id's syntax error.
 */
static int
describe_fault(const IdType *type, IdFault fault, size_t fault_at)
{
	switch (fault)
	{
		case ID_VALID:
			break;
		case ID_WRONG_PREFIX:
			return errdetail("A %s begins with \"%s_\".",
							 type->type_name, type->prefix);
		case ID_WRONG_CHARACTER:
			return errdetail("Character %zu after \"%s_\" is not a digit or a lower-case letter other than i, l, o and u.",
							 fault_at + 1, type->prefix);
		case ID_WRONG_LENGTH:
			return errdetail("After \"%s_\" there must be %d characters, not %zu.",
							 type->prefix, ID_SUFFIX_LENGTH, fault_at);
		case ID_OVERFLOW:
			return errdetail("The first character after \"%s_\" must not be greater than 7, as an id has 128 bits.",
							 type->prefix);
	}
	return 0;
}

/*
 * id_in and id_out do the work of every type's input and output function.
 */
static Datum
id_in(FunctionCallInfo fcinfo, const IdType *type)
{
	char	   *text = PG_GETARG_CSTRING(0);
	Id		   *id = palloc(sizeof(Id));
	size_t		fault_at = 0;
	IdFault		fault = text_to_id(type, text, strlen(text), id, &fault_at);

	if (fault != ID_VALID)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%s\"",
						type->type_name, text),
				 describe_fault(type, fault, fault_at)));
	return IdPGetDatum(id);
}

static Datum
id_out(FunctionCallInfo fcinfo, const IdType *type)
{
	char	   *text = palloc(ID_TEXT_SIZE);

	id_to_text(type, DatumGetIdP(PG_GETARG_DATUM(0)), text);
	PG_RETURN_CSTRING(text);
}

/* The function manager wants entry points per type; each adds the type only. */
#define ID_INPUT_OUTPUT(name) \
	PG_FUNCTION_INFO_V1(name##_in); \
	Datum \
	name##_in(PG_FUNCTION_ARGS) \
	{ \
		return id_in(fcinfo, &name##_type); \
	} \
	PG_FUNCTION_INFO_V1(name##_out); \
	Datum \
	name##_out(PG_FUNCTION_ARGS) \
	{ \
		return id_out(fcinfo, &name##_type); \
	}

ID_INPUT_OUTPUT(merchant_id)
ID_INPUT_OUTPUT(customer_id)
ID_INPUT_OUTPUT(list_id)
ID_INPUT_OUTPUT(payment_method_id)
ID_INPUT_OUTPUT(payment_id)
ID_INPUT_OUTPUT(commit_id)
