/*-------------------------------------------------------------------------
 *
 * card_number.h
 *	  Finding card numbers, which may not be stored.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_CARD_NUMBER_H
#define CUSTOMERS_CARD_NUMBER_H

#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#define DETAIL_CARD_NUMBER \
	"13 to 19 digits that pass the Luhn check count as a card number."

/*
 * Does the text hold a card number: 13 to 19 digits, with spaces or dashes
 * between them at most, that pass the Luhn check?  Any encoding of a server.
 */
extern bool contains_card_number(const char *text, size_t length);

/* Is the number, as type numeric writes it, whole and a card number? */
extern bool number_is_card_number(const char *number);

/* Where in a member of an object a card number is. */
typedef enum CardNumberPlace
{
	CARD_IN_VALUE,				/* in a string or number of its value */
	CARD_IN_INNER_NAME,			/* in a name within its value */
	CARD_IN_NAME				/* in its own name, so that can't be shown */
} CardNumberPlace;

typedef struct CardNumberMember
{
	const char *name;			/* terminated */
	CardNumberPlace place;
} CardNumberMember;

/* The members of the object that hold a card number, in its order. */
extern List *members_with_card_numbers(Jsonb *object);

#endif							/* CUSTOMERS_CARD_NUMBER_H */
