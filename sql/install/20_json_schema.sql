-- JSON Schema.  All of this is pure, so PUBLIC may use it: on purpose, no
-- privilege is revoked.

CREATE TYPE customers.json_schema;
COMMENT ON TYPE customers.json_schema IS 'JSON Schema (draft 2020-12 or draft-07), compiled';

CREATE FUNCTION customers.json_schema_in(text cstring) RETURNS customers.json_schema
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'json_schema_in';
COMMENT ON FUNCTION customers.json_schema_in(cstring) IS 'I/O';

CREATE FUNCTION customers.json_schema_out(schema customers.json_schema) RETURNS cstring
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'json_schema_out';
COMMENT ON FUNCTION customers.json_schema_out(customers.json_schema) IS 'I/O';

CREATE FUNCTION customers.json_schema_recv(message internal) RETURNS customers.json_schema
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'json_schema_recv';
COMMENT ON FUNCTION customers.json_schema_recv(internal) IS 'I/O';

CREATE FUNCTION customers.json_schema_send(schema customers.json_schema) RETURNS bytea
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'json_schema_send';
COMMENT ON FUNCTION customers.json_schema_send(customers.json_schema) IS 'I/O';

CREATE TYPE customers.json_schema (
  INPUT = customers.json_schema_in,
  OUTPUT = customers.json_schema_out,
  RECEIVE = customers.json_schema_recv,
  SEND = customers.json_schema_send,
  INTERNALLENGTH = VARIABLE,
  ALIGNMENT = double,
  STORAGE = extended
);

CREATE FUNCTION customers.json_schema(source pg_catalog.jsonb) RETURNS customers.json_schema
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'json_schema_from_jsonb';
COMMENT ON FUNCTION customers.json_schema(pg_catalog.jsonb) IS 'the compiled form of a JSON Schema';

CREATE FUNCTION customers.jsonb(schema customers.json_schema) RETURNS pg_catalog.jsonb
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'json_schema_to_jsonb';
COMMENT ON FUNCTION customers.jsonb(customers.json_schema) IS 'the source of a compiled JSON Schema';

CREATE CAST (pg_catalog.jsonb AS customers.json_schema)
  WITH FUNCTION customers.json_schema(pg_catalog.jsonb) AS ASSIGNMENT;
COMMENT ON CAST (pg_catalog.jsonb AS customers.json_schema) IS 'compiles a JSON Schema';

CREATE CAST (customers.json_schema AS pg_catalog.jsonb)
  WITH FUNCTION customers.jsonb(customers.json_schema) AS ASSIGNMENT;
COMMENT ON CAST (customers.json_schema AS pg_catalog.jsonb) IS 'the source of a compiled JSON Schema';

CREATE FUNCTION customers.json_schema_eq("left" customers.json_schema, "right" customers.json_schema)
  RETURNS pg_catalog.bool
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'json_schema_eq';
COMMENT ON FUNCTION customers.json_schema_eq(customers.json_schema, customers.json_schema)
  IS 'implementation of = operator';

CREATE FUNCTION customers.json_schema_ne("left" customers.json_schema, "right" customers.json_schema)
  RETURNS pg_catalog.bool
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'json_schema_ne';
COMMENT ON FUNCTION customers.json_schema_ne(customers.json_schema, customers.json_schema)
  IS 'implementation of <> operator';

CREATE OPERATOR pg_catalog.= (
  LEFTARG = customers.json_schema,
  RIGHTARG = customers.json_schema,
  FUNCTION = customers.json_schema_eq,
  COMMUTATOR = OPERATOR(pg_catalog.=),
  NEGATOR = OPERATOR(pg_catalog.<>),
  RESTRICT = pg_catalog.eqsel,
  JOIN = pg_catalog.eqjoinsel,
  HASHES
);
COMMENT ON OPERATOR pg_catalog.= (customers.json_schema, customers.json_schema)
  IS 'equal sources';

CREATE OPERATOR pg_catalog.<> (
  LEFTARG = customers.json_schema,
  RIGHTARG = customers.json_schema,
  FUNCTION = customers.json_schema_ne,
  COMMUTATOR = OPERATOR(pg_catalog.<>),
  NEGATOR = OPERATOR(pg_catalog.=),
  RESTRICT = pg_catalog.neqsel,
  JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR pg_catalog.<> (customers.json_schema, customers.json_schema)
  IS 'different sources';

CREATE FUNCTION customers.json_schema_hash(schema customers.json_schema) RETURNS pg_catalog.int4
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'json_schema_hash';
COMMENT ON FUNCTION customers.json_schema_hash(customers.json_schema) IS 'hash';

CREATE FUNCTION customers.json_schema_hash_extended(schema customers.json_schema, seed pg_catalog.int8)
  RETURNS pg_catalog.int8
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'json_schema_hash_extended';
COMMENT ON FUNCTION customers.json_schema_hash_extended(customers.json_schema, pg_catalog.int8) IS 'hash';

CREATE OPERATOR CLASS customers.json_schema_ops
  DEFAULT FOR TYPE customers.json_schema USING hash AS
    OPERATOR 1 pg_catalog.= (customers.json_schema, customers.json_schema),
    FUNCTION 1 customers.json_schema_hash(customers.json_schema),
    FUNCTION 2 customers.json_schema_hash_extended(customers.json_schema, pg_catalog.int8);
COMMENT ON OPERATOR CLASS customers.json_schema_ops USING hash IS 'equality of JSON Schemas by their sources';
COMMENT ON OPERATOR FAMILY customers.json_schema_ops USING hash IS 'equality of JSON Schemas by their sources';

CREATE FUNCTION customers.is_valid(instance pg_catalog.jsonb, schema customers.json_schema)
  RETURNS pg_catalog.bool
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'json_schema_is_valid';
COMMENT ON FUNCTION customers.is_valid(pg_catalog.jsonb, customers.json_schema)
  IS 'whether a document satisfies a JSON Schema; formats are asserted';

CREATE FUNCTION customers.validation_errors(instance pg_catalog.jsonb, schema customers.json_schema)
  RETURNS TABLE (instance_location pg_catalog.text, keyword_location pg_catalog.text,
                 keyword pg_catalog.text, message pg_catalog.text)
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 10 AS 'MODULE_PATHNAME', 'json_schema_validation_errors';
COMMENT ON FUNCTION customers.validation_errors(pg_catalog.jsonb, customers.json_schema)
  IS 'all violations of a JSON Schema, in the order of the document';

-- Names, arguments and behaviour of extension pg_jsonschema.

CREATE FUNCTION customers.json_matches_schema(schema pg_catalog.json, instance pg_catalog.json)
  RETURNS pg_catalog.bool
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'json_matches_schema';
COMMENT ON FUNCTION customers.json_matches_schema(pg_catalog.json, pg_catalog.json)
  IS 'whether a document satisfies a JSON Schema; formats as its draft says';

CREATE FUNCTION customers.jsonb_matches_schema(schema pg_catalog.json, instance pg_catalog.jsonb)
  RETURNS pg_catalog.bool
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'jsonb_matches_schema';
COMMENT ON FUNCTION customers.jsonb_matches_schema(pg_catalog.json, pg_catalog.jsonb)
  IS 'whether a document satisfies a JSON Schema; formats as its draft says';

CREATE FUNCTION customers.jsonschema_is_valid(schema pg_catalog.json)
  RETURNS pg_catalog.bool
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'jsonschema_is_valid';
COMMENT ON FUNCTION customers.jsonschema_is_valid(pg_catalog.json)
  IS 'whether a JSON Schema is valid; a notice says why it is not';

CREATE FUNCTION customers.jsonschema_validation_errors(schema pg_catalog.json, instance pg_catalog.json)
  RETURNS pg_catalog.text[]
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'jsonschema_validation_errors';
COMMENT ON FUNCTION customers.jsonschema_validation_errors(pg_catalog.json, pg_catalog.json)
  IS 'all violations of a JSON Schema as texts, in the order of the document; formats as its draft says';
