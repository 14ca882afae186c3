-- What a merchant has lowered or exempted holds for its metadata from the next call on.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
-- A server without a root key can't do any of this: expected/metadata_settings_1.out.
SELECT coalesce(current_setting('customers.key_file', true), '') = '' AS no_key \gset
\if :no_key
\quit
\endif
SELECT customers.install();
RESET client_min_messages;
SELECT customers.create_merchant('Lowered', '{"metadata_keys_max": 3, "metadata_key_length_max": 4, "metadata_value_length_max": 5}') AS merchant \gset
SET customers.merchant = :'merchant';
SELECT customers.create_customer('ana') AS ana \gset

-- Limits count characters, and errors name the key and the limit.
SELECT customers.set_metadata(:'ana', '{"żółć": "🎈🎈🎈🎈🎈"}');
SELECT customers.set_metadata(:'ana', '{"żółty": "a"}');
SELECT customers.set_metadata(:'ana', '{"żółć": "🎈🎈🎈🎈🎈🎈"}');
SELECT customers.set_metadata(:'ana', '{"a": 123456}');
SELECT customers.set_metadata(:'ana', '{"a": 1, "b": 2}');
SELECT customers.set_metadata(:'ana', '{"c": 3}');
SELECT customers.set_metadata(:'ana', '{"a": null, "c": 3}');
SELECT customers.metadata(:'ana');
SELECT customers.create_customer('bob', metadata => '{"a": 1, "b": 2, "c": 3, "d": 4}');
SELECT error FROM customers.import_customers(ARRAY['{"reference": "cem", "metadata": {"a": "123456"}}']::jsonb[]);

-- Lowered below what there is: it stays, its values can be changed and it can be removed, but nothing comes in addition.
SELECT customers.set_merchant_settings(:'merchant', '{"metadata_keys_max": 1, "metadata_key_length_max": 3, "metadata_value_length_max": 4}');
SELECT customers.metadata(:'ana');
SELECT customers.set_metadata(:'ana', '{"b": "two", "c": "drei"}');
SELECT customers.set_metadata(:'ana', '{"b": "three"}');
SELECT customers.set_metadata(:'ana', '{"b": null, "d": 4}');
SELECT customers.set_metadata(:'ana', '{"żółć": "a"}');
SELECT customers.set_metadata(:'ana', '{"żółć": null, "c": null}');
SELECT customers.metadata(:'ana');
SELECT customers.set_metadata(:'ana', '{"c": "one"}');

-- Raised again, and never above the hard limits.
SELECT customers.set_merchant_settings(:'merchant', '{}');
SELECT customers.set_metadata(:'ana', jsonb_build_object('c', repeat('v', 500)));
SELECT customers.set_metadata(:'ana', jsonb_build_object('c', repeat('v', 501)));
-- Settings that are rolled back are not in force.
BEGIN;
SELECT customers.set_merchant_settings(:'merchant', '{"metadata_value_length_max": 1}');
SELECT customers.set_metadata(:'ana', '{"c": "two"}');
ROLLBACK;
SELECT customers.set_metadata(:'ana', '{"c": "two"}');
-- Settings that change between an operation's look at its entries and at their number.
CREATE FUNCTION pg_temp.touch_settings() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN UPDATE customers.merchant SET settings = settings; RETURN NULL; END $$;
BEGIN;
GRANT UPDATE ON customers.merchant TO customers_owner;
CREATE TRIGGER touch_settings BEFORE UPDATE ON customers.metadata EXECUTE FUNCTION pg_temp.touch_settings();
SELECT customers.set_metadata(:'ana', '{"d": "new"}');
ROLLBACK;

-- Exemptions from the rule about card numbers.
SELECT customers.set_metadata(:'ana', '{"imei": "490154203237518"}');
SELECT customers.set_merchant_settings(:'merchant', '{"card_number_exemptions": {"imei": "the id of a device"}}');
SELECT customers.set_metadata(:'ana', '{"imei": "490154203237518"}');
SELECT customers.set_metadata(:'ana', '{"imei": 490154203237518}');
SELECT customers.set_metadata(:'ana', '{"imei": "490154203237518", "imei2": "490154203237518"}');
SELECT customers.set_metadata(:'ana', '{"490154203237518": "imei"}');
SELECT customers.set_metadata(:'ana', '{"490154203237518": ["imei"]}');
SELECT customers.set_metadata(:'ana', '{"490154203237518 is a key that is long, at last": "imei"}');
SELECT customers.get_metadata(:'ana', 'imei');

-- Numbers: whole ones are looked at as texts are, a fraction is no card number.
SELECT customers.set_metadata(:'ana', '{"n": 4111111111111111.00}');
SELECT customers.set_metadata(:'ana', '{"n": 0.4111111111111111}');
SELECT customers.set_metadata(:'ana', '{"n": "0.4111111111111111"}');
