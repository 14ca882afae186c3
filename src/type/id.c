/*-------------------------------------------------------------------------
 *
 * id.c
 *	  The text form of ids.
 *
 * 26 characters of 5 bits hold 130 bits.  The upper two are zero, so the first
 * character holds 3 bits and is never greater than '7'.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "type/id.h"

const IdType merchant_id_type = {"mer", "merchant_id"};
const IdType customer_id_type = {"cus", "customer_id"};
const IdType list_id_type = {"lst", "list_id"};
const IdType payment_method_id_type = {"pm", "payment_method_id"};
const IdType payment_id_type = {"pay", "payment_id"};
const IdType commit_id_type = {"cmt", "commit_id"};

/* Crockford's alphabet: no i, l, o and u. */
static const char base32_digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

/*
 * base32_value returns the five bits that a character stands for, or -1.
 */
static int
base32_value(char character)
{
	const char *digit;

	if (character == '\0')
		return -1;
	digit = strchr(base32_digits, character);
	return digit == NULL ? -1 : (int) (digit - base32_digits);
}

/*
 * id_to_text writes the text of an id and a terminating NUL; text has room
 * for ID_TEXT_SIZE bytes.
 */
void
id_to_text(const IdType *type, const Id *id, char *text)
{
	size_t		prefix_length = strlen(type->prefix);
	uint32		bits = 0;
	int			bit_count = 2;	/* the two leading zero bits */

	memcpy(text, type->prefix, prefix_length);
	text += prefix_length;
	*text++ = '_';

	for (int i = 0; i < UUID_LEN; i++)
	{
		bits = (bits << 8) | id->data[i];
		bit_count += 8;
		while (bit_count >= 5)
		{
			bit_count -= 5;
			*text++ = base32_digits[(bits >> bit_count) & 31];
		}
	}
	Assert(bit_count == 0);
	*text = '\0';
}

char *
id_string(const IdType *type, const Id *id)
{
	char	   *text = palloc(ID_TEXT_SIZE);

	id_to_text(type, id, text);
	return text;
}

/*
 * text_to_id reads the text of an id of the given type, which need not end in
 * a NUL.  Anything but the exact canonical form is a fault: blanks and
 * capitals too, as the TypeID specification wants it.
 *
 * For ID_WRONG_CHARACTER, *fault_at is the number of valid characters after
 * the underscore before the wrong one; for ID_WRONG_LENGTH, of all characters
 * there.
 */
IdFault
text_to_id(const IdType *type, const char *text, size_t length,
		   Id *id, size_t *fault_at)
{
	size_t		prefix_length = strlen(type->prefix);
	uint32		bits = 0;
	int			bit_count = -2; /* the two leading bits are dropped */
	int			byte_count = 0;

	if (length < prefix_length + 1 ||
		memcmp(text, type->prefix, prefix_length) != 0 ||
		text[prefix_length] != '_')
		return ID_WRONG_PREFIX;
	text += prefix_length + 1;
	length -= prefix_length + 1;

	for (size_t i = 0; i < length; i++)
	{
		if (base32_value(text[i]) < 0)
		{
			*fault_at = i;
			return ID_WRONG_CHARACTER;
		}
	}
	if (length != ID_SUFFIX_LENGTH)
	{
		*fault_at = length;
		return ID_WRONG_LENGTH;
	}
	if (base32_value(text[0]) > 7)
		return ID_OVERFLOW;

	for (int i = 0; i < ID_SUFFIX_LENGTH; i++)
	{
		bits = (bits << 5) | base32_value(text[i]);
		bit_count += 5;
		if (bit_count >= 8)
		{
			bit_count -= 8;
			id->data[byte_count++] = (bits >> bit_count) & 0xFF;
		}
	}
	Assert(byte_count == UUID_LEN && bit_count == 0);
	return ID_VALID;
}
