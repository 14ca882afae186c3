-- Type amount: minor units of one currency of ISO 4217.
--
-- All of it is pure, so it stays executable by PUBLIC.

CREATE TYPE customers.amount;
CREATE FUNCTION customers.amount_in(pg_catalog.cstring) RETURNS customers.amount
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_in';
COMMENT ON FUNCTION customers.amount_in(pg_catalog.cstring) IS 'I/O';
CREATE FUNCTION customers.amount_out(customers.amount) RETURNS pg_catalog.cstring
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_out';
COMMENT ON FUNCTION customers.amount_out(customers.amount) IS 'I/O';
CREATE FUNCTION customers.amount_recv(pg_catalog.internal) RETURNS customers.amount
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_recv';
COMMENT ON FUNCTION customers.amount_recv(pg_catalog.internal) IS 'I/O';
CREATE FUNCTION customers.amount_send(customers.amount) RETURNS pg_catalog.bytea
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_send';
COMMENT ON FUNCTION customers.amount_send(customers.amount) IS 'I/O';
CREATE TYPE customers.amount (
    INPUT = customers.amount_in, OUTPUT = customers.amount_out,
    RECEIVE = customers.amount_recv, SEND = customers.amount_send,
    INTERNALLENGTH = 16, ALIGNMENT = double, STORAGE = plain
);
COMMENT ON TYPE customers.amount IS 'amount of money in one currency, with exactly the digits of the currency: 49.90 EUR, 500 JPY';

-- Making and taking apart
CREATE FUNCTION customers.amount(minor_units pg_catalog.int8, currency pg_catalog.text) RETURNS customers.amount
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_from_minor_units';
COMMENT ON FUNCTION customers.amount(minor_units pg_catalog.int8, currency pg_catalog.text) IS 'amount of this many minor units (cents, say) of a currency';
CREATE FUNCTION customers.minor_units(amount customers.amount) RETURNS pg_catalog.int8
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_minor_units';
COMMENT ON FUNCTION customers.minor_units(amount customers.amount) IS 'number of minor units (cents, say)';
CREATE FUNCTION customers.currency(amount customers.amount) RETURNS pg_catalog.text
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_currency';
COMMENT ON FUNCTION customers.currency(amount customers.amount) IS 'ISO 4217 code of the currency';
CREATE FUNCTION customers.amount_to_numeric(amount customers.amount) RETURNS pg_catalog.numeric
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_to_numeric';
COMMENT ON FUNCTION customers.amount_to_numeric(amount customers.amount) IS 'number of major units, exactly, without the currency';

-- Text becomes an amount where it is assigned.  A number drops the currency,
-- which nobody should do by accident.
CREATE CAST (pg_catalog.text AS customers.amount) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (pg_catalog.text AS customers.amount) IS 'reads the text form';
CREATE CAST (pg_catalog.varchar AS customers.amount) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (pg_catalog.varchar AS customers.amount) IS 'reads the text form';
CREATE CAST (customers.amount AS pg_catalog.numeric)
    WITH FUNCTION customers.amount_to_numeric(customers.amount);
COMMENT ON CAST (customers.amount AS pg_catalog.numeric) IS 'number of major units, exactly, without the currency';

-- Arithmetic: an error across currencies and on overflow
CREATE FUNCTION customers.amount_add(customers.amount, customers.amount) RETURNS customers.amount
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_add';
COMMENT ON FUNCTION customers.amount_add(customers.amount, customers.amount) IS 'implementation of + operator';
CREATE FUNCTION customers.amount_subtract(customers.amount, customers.amount) RETURNS customers.amount
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_subtract';
COMMENT ON FUNCTION customers.amount_subtract(customers.amount, customers.amount) IS 'implementation of - operator';
CREATE FUNCTION customers.amount_negate(customers.amount) RETURNS customers.amount
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_negate';
COMMENT ON FUNCTION customers.amount_negate(customers.amount) IS 'implementation of - operator';
CREATE FUNCTION customers.amount_multiply(customers.amount, pg_catalog.int8) RETURNS customers.amount
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_multiply';
COMMENT ON FUNCTION customers.amount_multiply(customers.amount, pg_catalog.int8) IS 'implementation of * operator';
CREATE FUNCTION customers.bigint_multiply_amount(pg_catalog.int8, customers.amount) RETURNS customers.amount
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'bigint_multiply_amount';
COMMENT ON FUNCTION customers.bigint_multiply_amount(pg_catalog.int8, customers.amount) IS 'implementation of * operator';
CREATE OPERATOR pg_catalog.+ (
    LEFTARG = customers.amount, RIGHTARG = customers.amount, FUNCTION = customers.amount_add,
    COMMUTATOR = OPERATOR(pg_catalog.+)
);
COMMENT ON OPERATOR pg_catalog.+ (customers.amount, customers.amount) IS 'add amounts of one currency';
CREATE OPERATOR pg_catalog.- (
    LEFTARG = customers.amount, RIGHTARG = customers.amount, FUNCTION = customers.amount_subtract
);
COMMENT ON OPERATOR pg_catalog.- (customers.amount, customers.amount) IS 'subtract amounts of one currency';
CREATE OPERATOR pg_catalog.- (
    RIGHTARG = customers.amount, FUNCTION = customers.amount_negate
);
COMMENT ON OPERATOR pg_catalog.- (NONE, customers.amount) IS 'negate';
CREATE OPERATOR pg_catalog.* (
    LEFTARG = customers.amount, RIGHTARG = pg_catalog.int8, FUNCTION = customers.amount_multiply,
    COMMUTATOR = OPERATOR(pg_catalog.*)
);
COMMENT ON OPERATOR pg_catalog.* (customers.amount, pg_catalog.int8) IS 'multiply';
CREATE OPERATOR pg_catalog.* (
    LEFTARG = pg_catalog.int8, RIGHTARG = customers.amount, FUNCTION = customers.bigint_multiply_amount,
    COMMUTATOR = OPERATOR(pg_catalog.*)
);
COMMENT ON OPERATOR pg_catalog.* (pg_catalog.int8, customers.amount) IS 'multiply';

-- Order: by currency, then by value.  It is total, so comparing amounts of
-- different currencies is no error and says nothing about their worth.
CREATE FUNCTION customers.amount_eq(customers.amount, customers.amount) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_eq';
COMMENT ON FUNCTION customers.amount_eq(customers.amount, customers.amount) IS 'implementation of = operator';
CREATE FUNCTION customers.amount_ne(customers.amount, customers.amount) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_ne';
COMMENT ON FUNCTION customers.amount_ne(customers.amount, customers.amount) IS 'implementation of <> operator';
CREATE FUNCTION customers.amount_lt(customers.amount, customers.amount) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_lt';
COMMENT ON FUNCTION customers.amount_lt(customers.amount, customers.amount) IS 'implementation of < operator';
CREATE FUNCTION customers.amount_le(customers.amount, customers.amount) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_le';
COMMENT ON FUNCTION customers.amount_le(customers.amount, customers.amount) IS 'implementation of <= operator';
CREATE FUNCTION customers.amount_gt(customers.amount, customers.amount) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_gt';
COMMENT ON FUNCTION customers.amount_gt(customers.amount, customers.amount) IS 'implementation of > operator';
CREATE FUNCTION customers.amount_ge(customers.amount, customers.amount) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_ge';
COMMENT ON FUNCTION customers.amount_ge(customers.amount, customers.amount) IS 'implementation of >= operator';
CREATE FUNCTION customers.amount_cmp(customers.amount, customers.amount) RETURNS pg_catalog.int4
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_cmp';
COMMENT ON FUNCTION customers.amount_cmp(customers.amount, customers.amount) IS 'less-equal-greater';
CREATE FUNCTION customers.amount_sortsupport(pg_catalog.internal) RETURNS pg_catalog.void
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_sortsupport';
COMMENT ON FUNCTION customers.amount_sortsupport(pg_catalog.internal) IS 'sort support';
CREATE FUNCTION customers.amount_hash(customers.amount) RETURNS pg_catalog.int4
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_hash';
COMMENT ON FUNCTION customers.amount_hash(customers.amount) IS 'hash';
CREATE FUNCTION customers.amount_hash_extended(customers.amount, pg_catalog.int8) RETURNS pg_catalog.int8
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_hash_extended';
COMMENT ON FUNCTION customers.amount_hash_extended(customers.amount, pg_catalog.int8) IS 'hash';
CREATE OPERATOR pg_catalog.= (
    LEFTARG = customers.amount, RIGHTARG = customers.amount, FUNCTION = customers.amount_eq,
    COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR pg_catalog.= (customers.amount, customers.amount) IS 'equal';
CREATE OPERATOR pg_catalog.<> (
    LEFTARG = customers.amount, RIGHTARG = customers.amount, FUNCTION = customers.amount_ne,
    COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR pg_catalog.<> (customers.amount, customers.amount) IS 'not equal';
CREATE OPERATOR pg_catalog.< (
    LEFTARG = customers.amount, RIGHTARG = customers.amount, FUNCTION = customers.amount_lt,
    COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR pg_catalog.< (customers.amount, customers.amount) IS 'less than, by currency, then by value';
CREATE OPERATOR pg_catalog.<= (
    LEFTARG = customers.amount, RIGHTARG = customers.amount, FUNCTION = customers.amount_le,
    COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR pg_catalog.<= (customers.amount, customers.amount) IS 'less than or equal, by currency, then by value';
CREATE OPERATOR pg_catalog.> (
    LEFTARG = customers.amount, RIGHTARG = customers.amount, FUNCTION = customers.amount_gt,
    COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR pg_catalog.> (customers.amount, customers.amount) IS 'greater than, by currency, then by value';
CREATE OPERATOR pg_catalog.>= (
    LEFTARG = customers.amount, RIGHTARG = customers.amount, FUNCTION = customers.amount_ge,
    COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR pg_catalog.>= (customers.amount, customers.amount) IS 'greater than or equal, by currency, then by value';
CREATE OPERATOR CLASS customers.amount_ops DEFAULT FOR TYPE customers.amount USING btree AS
    OPERATOR 1 pg_catalog.<, OPERATOR 2 pg_catalog.<=, OPERATOR 3 pg_catalog.=,
    OPERATOR 4 pg_catalog.>=, OPERATOR 5 pg_catalog.>,
    FUNCTION 1 customers.amount_cmp(customers.amount, customers.amount),
    FUNCTION 2 customers.amount_sortsupport(pg_catalog.internal),
    FUNCTION 4 pg_catalog.btequalimage(pg_catalog.oid);
COMMENT ON OPERATOR CLASS customers.amount_ops USING btree IS 'order of amounts: by currency, then by value';
COMMENT ON OPERATOR FAMILY customers.amount_ops USING btree IS 'order of amounts: by currency, then by value';
CREATE OPERATOR CLASS customers.amount_ops DEFAULT FOR TYPE customers.amount USING hash AS
    OPERATOR 1 pg_catalog.=,
    FUNCTION 1 customers.amount_hash(customers.amount),
    FUNCTION 2 customers.amount_hash_extended(customers.amount, pg_catalog.int8);
COMMENT ON OPERATOR CLASS customers.amount_ops USING hash IS 'equality of amounts';
COMMENT ON OPERATOR FAMILY customers.amount_ops USING hash IS 'equality of amounts';

-- Aggregates; without a row that is not null their result is null.
CREATE FUNCTION customers.amount_smaller(customers.amount, customers.amount) RETURNS customers.amount
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_smaller';
COMMENT ON FUNCTION customers.amount_smaller(customers.amount, customers.amount) IS 'smaller of two';
CREATE FUNCTION customers.amount_larger(customers.amount, customers.amount) RETURNS customers.amount
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'amount_larger';
COMMENT ON FUNCTION customers.amount_larger(customers.amount, customers.amount) IS 'larger of two';
CREATE AGGREGATE pg_catalog.sum(customers.amount) (
    SFUNC = customers.amount_add, STYPE = customers.amount, COMBINEFUNC = customers.amount_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE pg_catalog.sum(customers.amount) IS 'sum of amounts of one currency';
CREATE AGGREGATE pg_catalog.min(customers.amount) (
    SFUNC = customers.amount_smaller, STYPE = customers.amount, COMBINEFUNC = customers.amount_smaller,
    SORTOP = OPERATOR(pg_catalog.<), PARALLEL = SAFE
);
COMMENT ON AGGREGATE pg_catalog.min(customers.amount) IS 'smallest amount, by currency, then by value';
CREATE AGGREGATE pg_catalog.max(customers.amount) (
    SFUNC = customers.amount_larger, STYPE = customers.amount, COMBINEFUNC = customers.amount_larger,
    SORTOP = OPERATOR(pg_catalog.>), PARALLEL = SAFE
);
COMMENT ON AGGREGATE pg_catalog.max(customers.amount) IS 'largest amount, by currency, then by value';
