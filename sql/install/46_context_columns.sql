-- Context fields as ordinary columns (src/customer/context_columns.c, context_index.c).

-- The values of fields.  Pure, so PUBLIC may use them: on purpose, no privilege
-- is revoked.  LEAKPROOF, or no index of theirs would serve below row-level security.

CREATE FUNCTION customers.context_text(context jsonb, key text) RETURNS text
LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'context_text';
COMMENT ON FUNCTION customers.context_text(jsonb, text) IS
  'the value of a context field that is a string; null: it is none';

CREATE FUNCTION customers.context_integer(context jsonb, key text) RETURNS int8
LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'context_integer';
COMMENT ON FUNCTION customers.context_integer(jsonb, text) IS
  'the value of a context field that is an integer and fits; null: it is none';

CREATE FUNCTION customers.context_number(context jsonb, key text) RETURNS float8
LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'context_number';
COMMENT ON FUNCTION customers.context_number(jsonb, text) IS
  'the value of a context field that is a number, or the nearest to it; null: it is none';

CREATE FUNCTION customers.context_boolean(context jsonb, key text) RETURNS bool
LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'context_boolean';
COMMENT ON FUNCTION customers.context_boolean(jsonb, text) IS
  'the value of a context field that is a boolean; null: it is none';

CREATE FUNCTION customers.context_date(context jsonb, key text) RETURNS date
LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'context_date';
COMMENT ON FUNCTION customers.context_date(jsonb, text) IS
  'the value of a context field that is a string of format date; null: it is none';

CREATE FUNCTION customers.context_timestamp(context jsonb, key text) RETURNS timestamptz
LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'context_timestamp';
COMMENT ON FUNCTION customers.context_timestamp(jsonb, text) IS
  'the value of a context field that is a string of format date-time; null: it is none';

CREATE FUNCTION customers.context_columns(name text = 'customer_columns') RETURNS regclass
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'context_columns';
COMMENT ON FUNCTION customers.context_columns(text) IS
  'creates a view of the merchant''s customers with a column per context field, or brings it up to date';
REVOKE ALL ON FUNCTION customers.context_columns(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.context_columns(text) TO customers_merchant;

-- For admins only: an index serves the customers of all merchants, each of whose
-- writes pays for it, and creating it keeps all of them from writing.
CREATE FUNCTION customers.index_context_field(key text) RETURNS regclass
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'index_context_field';
COMMENT ON FUNCTION customers.index_context_field(text) IS
  'creates an index of the values of a context field; repeating it changes nothing';
REVOKE ALL ON FUNCTION customers.index_context_field(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.index_context_field(text) TO customers_admin;

CREATE FUNCTION customers.unindex_context_field(key text) RETURNS bool
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'unindex_context_field';
COMMENT ON FUNCTION customers.unindex_context_field(text) IS
  'drops the indexes of the values of a context field; whether there was one';
REVOKE ALL ON FUNCTION customers.unindex_context_field(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.unindex_context_field(text) TO customers_admin;
