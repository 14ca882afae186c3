-- The settings of merchants: by whom, which, and what they can be.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
CREATE ROLE settings_admin LOGIN IN ROLE customers_admin;
CREATE ROLE settings_shop LOGIN IN ROLE customers_merchant;
RESET client_min_messages;
SET ROLE settings_admin;
SELECT customers.create_merchant('Settings', '{"metadata_keys_max": 50, "metadata_key_length_max": 40, "metadata_value_length_max": 500,
  "card_number_exemptions": {"imei": "the id of a device", "order number": "ours have 16 digits"}}') AS merchant \gset
SELECT jsonb_pretty(settings) FROM customers.merchant WHERE merchant_id = :'merchant';
SELECT customers.bind_role('settings_shop', :'merchant');

-- They are replaced as a whole.
SELECT customers.set_merchant_settings(:'merchant', '{"metadata_keys_max": 1}');
SELECT settings FROM customers.merchant WHERE merchant_id = :'merchant';
SELECT customers.set_merchant_settings(:'merchant', '{}');
SELECT settings FROM customers.merchant WHERE merchant_id = :'merchant';

-- What they can't be.
SELECT customers.set_merchant_settings(:'merchant', '{"metadata_key_max": 10}');
SELECT customers.set_merchant_settings(:'merchant', jsonb_build_object(repeat('x', 100), 10));
SELECT customers.set_merchant_settings(:'merchant', '{"metadata_keys_max": 51}');
SELECT customers.set_merchant_settings(:'merchant', '{"metadata_keys_max": 0}');
SELECT customers.set_merchant_settings(:'merchant', '{"metadata_keys_max": -1}');
SELECT customers.set_merchant_settings(:'merchant', '{"metadata_keys_max": 1.5}');
SELECT customers.set_merchant_settings(:'merchant', '{"metadata_keys_max": 99999999999999999999999999}');
SELECT customers.set_merchant_settings(:'merchant', '{"metadata_keys_max": "10"}');
SELECT customers.set_merchant_settings(:'merchant', '{"metadata_keys_max": null}');
SELECT customers.set_merchant_settings(:'merchant', '{"metadata_key_length_max": 41}');
SELECT customers.set_merchant_settings(:'merchant', '{"metadata_value_length_max": 501}');
SELECT customers.set_merchant_settings(:'merchant', '{"metadata_keys_max": [10]}');
SELECT customers.set_merchant_settings(:'merchant', '{"card_number_exemptions": ["imei"]}');
SELECT customers.set_merchant_settings(:'merchant', '{"card_number_exemptions": "imei"}');
SELECT customers.set_merchant_settings(:'merchant', '{"card_number_exemptions": {"imei": ""}}');
SELECT customers.set_merchant_settings(:'merchant', '{"card_number_exemptions": {"imei": "  "}}');
SELECT customers.set_merchant_settings(:'merchant', '{"card_number_exemptions": {"imei": true}}');
SELECT customers.set_merchant_settings(:'merchant', '{"card_number_exemptions": {"imei": {"reason": "x"}}}');
SELECT customers.set_merchant_settings(:'merchant', '{"card_number_exemptions": {"": "no name"}}');
SELECT customers.set_merchant_settings(:'merchant', jsonb_build_object('card_number_exemptions', jsonb_build_object('imei', repeat('x', 501))));
SELECT customers.set_merchant_settings(:'merchant', '{"payment_methods_per_customer": 201}');
SELECT customers.set_merchant_settings(:'merchant', '{"payment_methods_per_customer": 0}');
SELECT customers.set_merchant_settings(:'merchant', '{"decline_classes": ["51"]}');
SELECT customers.set_merchant_settings(:'merchant', '{"decline_classes": "never"}');
SELECT customers.set_merchant_settings(:'merchant', '{"decline_classes": {"51": "nevermore"}}');
SELECT customers.set_merchant_settings(:'merchant', '{"decline_classes": {"51": "neve"}}');
SELECT customers.set_merchant_settings(:'merchant', '{"decline_classes": {"51": 1}}');
SELECT customers.set_merchant_settings(:'merchant', '{"decline_classes": {"": "never"}}');
SELECT customers.set_merchant_settings(:'merchant', '{"decline_classes": {"Lost_Card": "never"}}');
SELECT customers.set_merchant_settings(:'merchant', jsonb_build_object('decline_classes', jsonb_build_object(repeat('x', 65), 'never')));
SELECT customers.set_merchant_settings(:'merchant', '{"payment_methods_per_customer": 200, "decline_classes": {"51": "lower_amount"}}');
SELECT settings FROM customers.merchant WHERE merchant_id = :'merchant';
SELECT customers.set_merchant_settings(:'merchant', '{}');
SELECT customers.set_merchant_settings(:'merchant', '[]');
SELECT customers.set_merchant_settings(:'merchant', NULL);
SELECT customers.set_merchant_settings(NULL, '{}');
SELECT customers.set_merchant_settings('mer_00000000000000000000000000', '{}');
SELECT customers.create_merchant('Nonsense', '{"limit": 1}');
RESET ROLE;

-- Nor by hand.
INSERT INTO customers.merchant VALUES ('mer_01h455vb4pex5vsknk084sn02q', 'Nonsense', '{"limit": 1}', now());
UPDATE customers.merchant SET settings = '{"metadata_keys_max": 100}' WHERE merchant_id = :'merchant';
\set VERBOSITY sqlstate
UPDATE customers.merchant SET settings = '[]' WHERE merchant_id = :'merchant';
UPDATE customers.merchant SET settings = NULL WHERE merchant_id = :'merchant';
\set VERBOSITY default
UPDATE customers.merchant SET settings = '{"metadata_keys_max": 10}' WHERE merchant_id = :'merchant' RETURNING settings;

-- Only by an admin; the merchant reads them.
SET SESSION AUTHORIZATION settings_shop;
SELECT settings FROM customers.merchant;
SELECT customers.set_merchant_settings(:'merchant', '{}');
RESET SESSION AUTHORIZATION;
DROP OWNED BY settings_admin, settings_shop;
DROP ROLE settings_admin, settings_shop;
