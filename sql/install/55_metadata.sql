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

CREATE FUNCTION customers.define_metadata_key(key text, searchable bool) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'define_metadata_key';
COMMENT ON FUNCTION customers.define_metadata_key(text, bool) IS
  'switches the search by a metadata key on, with digests of all its values, or off, without any; repeating it makes digests that are missing';
REVOKE ALL ON FUNCTION customers.define_metadata_key(text, bool) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.define_metadata_key(text, bool) TO customers_merchant;

CREATE FUNCTION customers.find_by_metadata(key text, value text) RETURNS SETOF customers.customer_id
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE ROWS 1 AS 'MODULE_PATHNAME', 'find_by_metadata';
COMMENT ON FUNCTION customers.find_by_metadata(text, text) IS
  'the customers who have exactly this value of a searchable metadata key';
REVOKE ALL ON FUNCTION customers.find_by_metadata(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.find_by_metadata(text, text) TO customers_metadata;

CREATE FUNCTION customers.prune_metadata_access(before timestamptz, max_count int8 = 10000) RETURNS int8
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'prune_metadata_access';
COMMENT ON FUNCTION customers.prune_metadata_access(timestamptz, int8) IS
  'deletes the oldest records of who read metadata, up to a number of those before a time; returns how many';
REVOKE ALL ON FUNCTION customers.prune_metadata_access(timestamptz, int8) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.prune_metadata_access(timestamptz, int8) TO customers_admin;
