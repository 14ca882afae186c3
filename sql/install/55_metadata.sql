-- Metadata of customers (src/customer/metadata*.c).
--
-- Reading values is granted to customers_metadata and nobody else.  It is
-- VOLATILE, as each read leaves a row in metadata_access.

CREATE FUNCTION customers.set_metadata(customer customers.customer_id, entries jsonb) RETURNS int
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'set_metadata';
COMMENT ON FUNCTION customers.set_metadata(customers.customer_id, jsonb) IS
  'merges entries into a customer''s metadata, where null and "" remove a key; returns how many keys were set or removed';
REVOKE ALL ON FUNCTION customers.set_metadata(customers.customer_id, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.set_metadata(customers.customer_id, jsonb) TO customers_merchant;

CREATE FUNCTION customers.get_metadata(customer customers.customer_id, key text) RETURNS text
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'get_metadata';
COMMENT ON FUNCTION customers.get_metadata(customers.customer_id, text) IS
  'the value of one key of a customer''s metadata; null if there is none';
REVOKE ALL ON FUNCTION customers.get_metadata(customers.customer_id, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.get_metadata(customers.customer_id, text) TO customers_metadata;

CREATE FUNCTION customers.metadata(customer customers.customer_id) RETURNS jsonb
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'metadata';
COMMENT ON FUNCTION customers.metadata(customers.customer_id) IS
  'a customer''s metadata: one JSON object whose values are strings';
REVOKE ALL ON FUNCTION customers.metadata(customers.customer_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.metadata(customers.customer_id) TO customers_metadata;

CREATE FUNCTION customers.metadata_keys(customer customers.customer_id) RETURNS text[]
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'metadata_keys';
COMMENT ON FUNCTION customers.metadata_keys(customers.customer_id) IS
  'the keys of a customer''s metadata, sorted by their bytes; reads no value';
REVOKE ALL ON FUNCTION customers.metadata_keys(customers.customer_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.metadata_keys(customers.customer_id) TO customers_merchant, customers_metadata;

CREATE FUNCTION customers.clear_metadata(customer customers.customer_id) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'clear_metadata';
COMMENT ON FUNCTION customers.clear_metadata(customers.customer_id) IS
  'removes all keys of a customer''s metadata';
REVOKE ALL ON FUNCTION customers.clear_metadata(customers.customer_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.clear_metadata(customers.customer_id) TO customers_merchant;
