-- Context fields: what a merchant collects about its customers (src/customer/context_*.c).

CREATE FUNCTION customers.define_context_field(key text, schema jsonb, stage text = 'optional', is_unique bool = false,
                                               label text = null, "position" int = null) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'define_context_field';
COMMENT ON FUNCTION customers.define_context_field(text, jsonb, text, bool, text, int) IS
  'defines a context field, or replaces its definition; stage: optional, create, commit';
REVOKE ALL ON FUNCTION customers.define_context_field(text, jsonb, text, bool, text, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.define_context_field(text, jsonb, text, bool, text, int)
  TO customers_merchant;

CREATE FUNCTION customers.retire_context_field(key text) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'retire_context_field';
COMMENT ON FUNCTION customers.retire_context_field(text) IS
  'collects a field no longer: it can''t be set any more, its values stay readable';
REVOKE ALL ON FUNCTION customers.retire_context_field(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.retire_context_field(text) TO customers_merchant;

CREATE FUNCTION customers.set_context_rules(schema jsonb) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'set_context_rules';
COMMENT ON FUNCTION customers.set_context_rules(jsonb) IS
  'sets what the context as a whole has to satisfy beside its fields: a JSON Schema; null: nothing';
REVOKE ALL ON FUNCTION customers.set_context_rules(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.set_context_rules(jsonb) TO customers_merchant;

CREATE FUNCTION customers.context_schema() RETURNS jsonb
LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'context_schema';
COMMENT ON FUNCTION customers.context_schema() IS
  'the schema in force that the context fields and rules make: one JSON Schema 2020-12 object';
REVOKE ALL ON FUNCTION customers.context_schema() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.context_schema() TO customers_merchant, customers_analyst;

CREATE FUNCTION customers.check_context(context jsonb, stage text = 'create')
RETURNS TABLE (instance_location text, keyword_location text, keyword text, message text)
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'check_context';
COMMENT ON FUNCTION customers.check_context(jsonb, text) IS
  'all violations of the schema in force by a context at a stage; no row: it is valid';
REVOKE ALL ON FUNCTION customers.check_context(jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.check_context(jsonb, text) TO customers_merchant;

CREATE FUNCTION customers.missing_fields(customer customers.customer_id, stage text = 'commit') RETURNS text[]
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'missing_fields';
COMMENT ON FUNCTION customers.missing_fields(customers.customer_id, text) IS
  'the keys of the fields that a customer lacks at a stage';
REVOKE ALL ON FUNCTION customers.missing_fields(customers.customer_id, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.missing_fields(customers.customer_id, text) TO customers_merchant;

CREATE FUNCTION customers.nonconforming_customers(key text = null, stage text = 'create')
RETURNS SETOF customers.customer_id
LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'nonconforming_customers';
COMMENT ON FUNCTION customers.nonconforming_customers(text, text) IS
  'the customers who fall short of the schema in force at a stage, or of one field of it';
REVOKE ALL ON FUNCTION customers.nonconforming_customers(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.nonconforming_customers(text, text) TO customers_merchant;

-- What the store's owner compares the values of a field by.
CREATE FUNCTION customers.unique_value_digest(value jsonb, schema jsonb) RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'unique_value_digest';
COMMENT ON FUNCTION customers.unique_value_digest(jsonb, jsonb) IS
  'a digest that values of a field with this schema share if they count as the same; null: not compared';
REVOKE ALL ON FUNCTION customers.unique_value_digest(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.unique_value_digest(jsonb, jsonb) TO customers_owner;

CREATE FUNCTION customers.duplicate_customers(key text) RETURNS TABLE (customers customers.customer_id[])
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'duplicate_customers';
COMMENT ON FUNCTION customers.duplicate_customers(text) IS
  'the groups of customers who have the same value in a context field';
REVOKE ALL ON FUNCTION customers.duplicate_customers(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.duplicate_customers(text) TO customers_merchant;
