/*-------------------------------------------------------------------------
 *
 * merchant_setting.h
 *	  The settings of a merchant: column settings of table merchant.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMERS_MERCHANT_SETTING_H
#define CUSTOMERS_MERCHANT_SETTING_H

#include "type/id.h"
#include "utils/jsonb.h"

/* Limits of metadata that a merchant may lower; lengths are in characters. */
#define METADATA_KEYS_MAX			50
#define METADATA_KEY_LENGTH_MAX		40
#define METADATA_VALUE_LENGTH_MAX	500

/* How many payment methods a customer can have, if a merchant wants so, and else. */
#define PAYMENT_METHODS_MAX			200
#define PAYMENT_METHODS_DEFAULT		20

typedef struct MerchantSettings
{
	Id			merchant;		/* begins it, for the cache */
	int			metadata_keys_max;
	int			metadata_key_length_max;
	int			metadata_value_length_max;
	int			payment_methods_per_customer;
	Jsonb	   *card_number_exemptions; /* names and reasons; NULL: none */
	Jsonb	   *decline_classes;	/* a provider's codes and their classes; NULL: none */
} MerchantSettings;

/* Raises an error if a merchant can't have these settings, an object. */
extern void check_merchant_settings(Jsonb *settings);

/*
 * The settings in force, inside enter_store() ... leave_store().  Good until
 * the next call.
 */
extern const MerchantSettings *merchant_settings(const Id *merchant);

/*
 * May what has this name hold digits that look like a card number?  The name
 * is that of a context field, a metadata key or a member of display.
 */
extern bool card_number_exempt(const MerchantSettings *settings, const char *name, int length);

#endif							/* CUSTOMERS_MERCHANT_SETTING_H */
