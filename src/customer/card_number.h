/*-------------------------------------------------------------------------
 *
 * card_number.h
 *	  Finding card numbers in texts, which may not be stored.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_CARD_NUMBER_H
#define CUSTOMERS_CARD_NUMBER_H

/*
 * Does the text hold a card number: 13 to 19 digits, with spaces or dashes
 * between them at most, that pass the Luhn check?  Any encoding of a server.
 */
extern bool contains_card_number(const char *text, size_t length);

#endif							/* CUSTOMERS_CARD_NUMBER_H */
