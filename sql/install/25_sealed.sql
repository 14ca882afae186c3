-- Type sealed: a value that only the vault opens (src/vault).
--
-- Stored out of line but never compressed: ciphertext does not get shorter.

CREATE TYPE customers.sealed;
CREATE FUNCTION customers.sealed_in(pg_catalog.cstring) RETURNS customers.sealed
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sealed_in';
COMMENT ON FUNCTION customers.sealed_in(pg_catalog.cstring) IS 'I/O';
CREATE FUNCTION customers.sealed_out(customers.sealed) RETURNS pg_catalog.cstring
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sealed_out';
COMMENT ON FUNCTION customers.sealed_out(customers.sealed) IS 'I/O';
CREATE FUNCTION customers.sealed_recv(pg_catalog.internal) RETURNS customers.sealed
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sealed_recv';
COMMENT ON FUNCTION customers.sealed_recv(pg_catalog.internal) IS 'I/O';
CREATE FUNCTION customers.sealed_send(customers.sealed) RETURNS pg_catalog.bytea
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sealed_send';
COMMENT ON FUNCTION customers.sealed_send(customers.sealed) IS 'I/O';
CREATE TYPE customers.sealed (
    INPUT = customers.sealed_in, OUTPUT = customers.sealed_out,
    RECEIVE = customers.sealed_recv, SEND = customers.sealed_send,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = external
);
COMMENT ON TYPE customers.sealed IS
  'an encrypted value and what opening it takes: version, key id, nonce, ciphertext, tag; \x and hexadecimal digits as text';
