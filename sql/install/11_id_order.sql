-- Order, equality and hashing of ids, by uuid's own functions.
--
-- The comparisons are leakproof, as uuid's are, so that they serve as index
-- conditions below row-level security.

-- merchant_id
CREATE FUNCTION customers.merchant_id_eq(customers.merchant_id, customers.merchant_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_eq';
COMMENT ON FUNCTION customers.merchant_id_eq(customers.merchant_id, customers.merchant_id) IS 'implementation of = operator';
CREATE FUNCTION customers.merchant_id_ne(customers.merchant_id, customers.merchant_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_ne';
COMMENT ON FUNCTION customers.merchant_id_ne(customers.merchant_id, customers.merchant_id) IS 'implementation of <> operator';
CREATE FUNCTION customers.merchant_id_lt(customers.merchant_id, customers.merchant_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_lt';
COMMENT ON FUNCTION customers.merchant_id_lt(customers.merchant_id, customers.merchant_id) IS 'implementation of < operator';
CREATE FUNCTION customers.merchant_id_le(customers.merchant_id, customers.merchant_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_le';
COMMENT ON FUNCTION customers.merchant_id_le(customers.merchant_id, customers.merchant_id) IS 'implementation of <= operator';
CREATE FUNCTION customers.merchant_id_gt(customers.merchant_id, customers.merchant_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_gt';
COMMENT ON FUNCTION customers.merchant_id_gt(customers.merchant_id, customers.merchant_id) IS 'implementation of > operator';
CREATE FUNCTION customers.merchant_id_ge(customers.merchant_id, customers.merchant_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_ge';
COMMENT ON FUNCTION customers.merchant_id_ge(customers.merchant_id, customers.merchant_id) IS 'implementation of >= operator';
CREATE FUNCTION customers.merchant_id_cmp(customers.merchant_id, customers.merchant_id) RETURNS pg_catalog.int4
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_cmp';
COMMENT ON FUNCTION customers.merchant_id_cmp(customers.merchant_id, customers.merchant_id) IS 'less-equal-greater';
CREATE FUNCTION customers.merchant_id_sortsupport(pg_catalog.internal) RETURNS pg_catalog.void
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_sortsupport';
COMMENT ON FUNCTION customers.merchant_id_sortsupport(pg_catalog.internal) IS 'sort support';
CREATE FUNCTION customers.merchant_id_hash(customers.merchant_id) RETURNS pg_catalog.int4
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_hash';
COMMENT ON FUNCTION customers.merchant_id_hash(customers.merchant_id) IS 'hash';
CREATE FUNCTION customers.merchant_id_hash_extended(customers.merchant_id, pg_catalog.int8) RETURNS pg_catalog.int8
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_hash_extended';
COMMENT ON FUNCTION customers.merchant_id_hash_extended(customers.merchant_id, pg_catalog.int8) IS 'hash';
CREATE OPERATOR pg_catalog.= (
    LEFTARG = customers.merchant_id, RIGHTARG = customers.merchant_id, FUNCTION = customers.merchant_id_eq,
    COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR pg_catalog.= (customers.merchant_id, customers.merchant_id) IS 'equal';
CREATE OPERATOR pg_catalog.<> (
    LEFTARG = customers.merchant_id, RIGHTARG = customers.merchant_id, FUNCTION = customers.merchant_id_ne,
    COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR pg_catalog.<> (customers.merchant_id, customers.merchant_id) IS 'not equal';
CREATE OPERATOR pg_catalog.< (
    LEFTARG = customers.merchant_id, RIGHTARG = customers.merchant_id, FUNCTION = customers.merchant_id_lt,
    COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR pg_catalog.< (customers.merchant_id, customers.merchant_id) IS 'less than';
CREATE OPERATOR pg_catalog.<= (
    LEFTARG = customers.merchant_id, RIGHTARG = customers.merchant_id, FUNCTION = customers.merchant_id_le,
    COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR pg_catalog.<= (customers.merchant_id, customers.merchant_id) IS 'less than or equal';
CREATE OPERATOR pg_catalog.> (
    LEFTARG = customers.merchant_id, RIGHTARG = customers.merchant_id, FUNCTION = customers.merchant_id_gt,
    COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR pg_catalog.> (customers.merchant_id, customers.merchant_id) IS 'greater than';
CREATE OPERATOR pg_catalog.>= (
    LEFTARG = customers.merchant_id, RIGHTARG = customers.merchant_id, FUNCTION = customers.merchant_id_ge,
    COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR pg_catalog.>= (customers.merchant_id, customers.merchant_id) IS 'greater than or equal';
CREATE OPERATOR CLASS customers.merchant_id_ops DEFAULT FOR TYPE customers.merchant_id USING btree AS
    OPERATOR 1 pg_catalog.<, OPERATOR 2 pg_catalog.<=, OPERATOR 3 pg_catalog.=,
    OPERATOR 4 pg_catalog.>=, OPERATOR 5 pg_catalog.>,
    FUNCTION 1 customers.merchant_id_cmp(customers.merchant_id, customers.merchant_id),
    FUNCTION 2 customers.merchant_id_sortsupport(pg_catalog.internal),
    FUNCTION 4 pg_catalog.btequalimage(pg_catalog.oid);
COMMENT ON OPERATOR CLASS customers.merchant_id_ops USING btree IS 'order of merchant_id: by time of creation';
COMMENT ON OPERATOR FAMILY customers.merchant_id_ops USING btree IS 'order of merchant_id: by time of creation';
CREATE OPERATOR CLASS customers.merchant_id_ops DEFAULT FOR TYPE customers.merchant_id USING hash AS
    OPERATOR 1 pg_catalog.=,
    FUNCTION 1 customers.merchant_id_hash(customers.merchant_id),
    FUNCTION 2 customers.merchant_id_hash_extended(customers.merchant_id, pg_catalog.int8);
COMMENT ON OPERATOR CLASS customers.merchant_id_ops USING hash IS 'equality of merchant_id';
COMMENT ON OPERATOR FAMILY customers.merchant_id_ops USING hash IS 'equality of merchant_id';

-- customer_id
CREATE FUNCTION customers.customer_id_eq(customers.customer_id, customers.customer_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_eq';
COMMENT ON FUNCTION customers.customer_id_eq(customers.customer_id, customers.customer_id) IS 'implementation of = operator';
CREATE FUNCTION customers.customer_id_ne(customers.customer_id, customers.customer_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_ne';
COMMENT ON FUNCTION customers.customer_id_ne(customers.customer_id, customers.customer_id) IS 'implementation of <> operator';
CREATE FUNCTION customers.customer_id_lt(customers.customer_id, customers.customer_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_lt';
COMMENT ON FUNCTION customers.customer_id_lt(customers.customer_id, customers.customer_id) IS 'implementation of < operator';
CREATE FUNCTION customers.customer_id_le(customers.customer_id, customers.customer_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_le';
COMMENT ON FUNCTION customers.customer_id_le(customers.customer_id, customers.customer_id) IS 'implementation of <= operator';
CREATE FUNCTION customers.customer_id_gt(customers.customer_id, customers.customer_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_gt';
COMMENT ON FUNCTION customers.customer_id_gt(customers.customer_id, customers.customer_id) IS 'implementation of > operator';
CREATE FUNCTION customers.customer_id_ge(customers.customer_id, customers.customer_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_ge';
COMMENT ON FUNCTION customers.customer_id_ge(customers.customer_id, customers.customer_id) IS 'implementation of >= operator';
CREATE FUNCTION customers.customer_id_cmp(customers.customer_id, customers.customer_id) RETURNS pg_catalog.int4
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_cmp';
COMMENT ON FUNCTION customers.customer_id_cmp(customers.customer_id, customers.customer_id) IS 'less-equal-greater';
CREATE FUNCTION customers.customer_id_sortsupport(pg_catalog.internal) RETURNS pg_catalog.void
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_sortsupport';
COMMENT ON FUNCTION customers.customer_id_sortsupport(pg_catalog.internal) IS 'sort support';
CREATE FUNCTION customers.customer_id_hash(customers.customer_id) RETURNS pg_catalog.int4
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_hash';
COMMENT ON FUNCTION customers.customer_id_hash(customers.customer_id) IS 'hash';
CREATE FUNCTION customers.customer_id_hash_extended(customers.customer_id, pg_catalog.int8) RETURNS pg_catalog.int8
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_hash_extended';
COMMENT ON FUNCTION customers.customer_id_hash_extended(customers.customer_id, pg_catalog.int8) IS 'hash';
CREATE OPERATOR pg_catalog.= (
    LEFTARG = customers.customer_id, RIGHTARG = customers.customer_id, FUNCTION = customers.customer_id_eq,
    COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR pg_catalog.= (customers.customer_id, customers.customer_id) IS 'equal';
CREATE OPERATOR pg_catalog.<> (
    LEFTARG = customers.customer_id, RIGHTARG = customers.customer_id, FUNCTION = customers.customer_id_ne,
    COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR pg_catalog.<> (customers.customer_id, customers.customer_id) IS 'not equal';
CREATE OPERATOR pg_catalog.< (
    LEFTARG = customers.customer_id, RIGHTARG = customers.customer_id, FUNCTION = customers.customer_id_lt,
    COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR pg_catalog.< (customers.customer_id, customers.customer_id) IS 'less than';
CREATE OPERATOR pg_catalog.<= (
    LEFTARG = customers.customer_id, RIGHTARG = customers.customer_id, FUNCTION = customers.customer_id_le,
    COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR pg_catalog.<= (customers.customer_id, customers.customer_id) IS 'less than or equal';
CREATE OPERATOR pg_catalog.> (
    LEFTARG = customers.customer_id, RIGHTARG = customers.customer_id, FUNCTION = customers.customer_id_gt,
    COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR pg_catalog.> (customers.customer_id, customers.customer_id) IS 'greater than';
CREATE OPERATOR pg_catalog.>= (
    LEFTARG = customers.customer_id, RIGHTARG = customers.customer_id, FUNCTION = customers.customer_id_ge,
    COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR pg_catalog.>= (customers.customer_id, customers.customer_id) IS 'greater than or equal';
CREATE OPERATOR CLASS customers.customer_id_ops DEFAULT FOR TYPE customers.customer_id USING btree AS
    OPERATOR 1 pg_catalog.<, OPERATOR 2 pg_catalog.<=, OPERATOR 3 pg_catalog.=,
    OPERATOR 4 pg_catalog.>=, OPERATOR 5 pg_catalog.>,
    FUNCTION 1 customers.customer_id_cmp(customers.customer_id, customers.customer_id),
    FUNCTION 2 customers.customer_id_sortsupport(pg_catalog.internal),
    FUNCTION 4 pg_catalog.btequalimage(pg_catalog.oid);
COMMENT ON OPERATOR CLASS customers.customer_id_ops USING btree IS 'order of customer_id: by time of creation';
COMMENT ON OPERATOR FAMILY customers.customer_id_ops USING btree IS 'order of customer_id: by time of creation';
CREATE OPERATOR CLASS customers.customer_id_ops DEFAULT FOR TYPE customers.customer_id USING hash AS
    OPERATOR 1 pg_catalog.=,
    FUNCTION 1 customers.customer_id_hash(customers.customer_id),
    FUNCTION 2 customers.customer_id_hash_extended(customers.customer_id, pg_catalog.int8);
COMMENT ON OPERATOR CLASS customers.customer_id_ops USING hash IS 'equality of customer_id';
COMMENT ON OPERATOR FAMILY customers.customer_id_ops USING hash IS 'equality of customer_id';

-- list_id
CREATE FUNCTION customers.list_id_eq(customers.list_id, customers.list_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_eq';
COMMENT ON FUNCTION customers.list_id_eq(customers.list_id, customers.list_id) IS 'implementation of = operator';
CREATE FUNCTION customers.list_id_ne(customers.list_id, customers.list_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_ne';
COMMENT ON FUNCTION customers.list_id_ne(customers.list_id, customers.list_id) IS 'implementation of <> operator';
CREATE FUNCTION customers.list_id_lt(customers.list_id, customers.list_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_lt';
COMMENT ON FUNCTION customers.list_id_lt(customers.list_id, customers.list_id) IS 'implementation of < operator';
CREATE FUNCTION customers.list_id_le(customers.list_id, customers.list_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_le';
COMMENT ON FUNCTION customers.list_id_le(customers.list_id, customers.list_id) IS 'implementation of <= operator';
CREATE FUNCTION customers.list_id_gt(customers.list_id, customers.list_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_gt';
COMMENT ON FUNCTION customers.list_id_gt(customers.list_id, customers.list_id) IS 'implementation of > operator';
CREATE FUNCTION customers.list_id_ge(customers.list_id, customers.list_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_ge';
COMMENT ON FUNCTION customers.list_id_ge(customers.list_id, customers.list_id) IS 'implementation of >= operator';
CREATE FUNCTION customers.list_id_cmp(customers.list_id, customers.list_id) RETURNS pg_catalog.int4
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_cmp';
COMMENT ON FUNCTION customers.list_id_cmp(customers.list_id, customers.list_id) IS 'less-equal-greater';
CREATE FUNCTION customers.list_id_sortsupport(pg_catalog.internal) RETURNS pg_catalog.void
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_sortsupport';
COMMENT ON FUNCTION customers.list_id_sortsupport(pg_catalog.internal) IS 'sort support';
CREATE FUNCTION customers.list_id_hash(customers.list_id) RETURNS pg_catalog.int4
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_hash';
COMMENT ON FUNCTION customers.list_id_hash(customers.list_id) IS 'hash';
CREATE FUNCTION customers.list_id_hash_extended(customers.list_id, pg_catalog.int8) RETURNS pg_catalog.int8
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_hash_extended';
COMMENT ON FUNCTION customers.list_id_hash_extended(customers.list_id, pg_catalog.int8) IS 'hash';
CREATE OPERATOR pg_catalog.= (
    LEFTARG = customers.list_id, RIGHTARG = customers.list_id, FUNCTION = customers.list_id_eq,
    COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR pg_catalog.= (customers.list_id, customers.list_id) IS 'equal';
CREATE OPERATOR pg_catalog.<> (
    LEFTARG = customers.list_id, RIGHTARG = customers.list_id, FUNCTION = customers.list_id_ne,
    COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR pg_catalog.<> (customers.list_id, customers.list_id) IS 'not equal';
CREATE OPERATOR pg_catalog.< (
    LEFTARG = customers.list_id, RIGHTARG = customers.list_id, FUNCTION = customers.list_id_lt,
    COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR pg_catalog.< (customers.list_id, customers.list_id) IS 'less than';
CREATE OPERATOR pg_catalog.<= (
    LEFTARG = customers.list_id, RIGHTARG = customers.list_id, FUNCTION = customers.list_id_le,
    COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR pg_catalog.<= (customers.list_id, customers.list_id) IS 'less than or equal';
CREATE OPERATOR pg_catalog.> (
    LEFTARG = customers.list_id, RIGHTARG = customers.list_id, FUNCTION = customers.list_id_gt,
    COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR pg_catalog.> (customers.list_id, customers.list_id) IS 'greater than';
CREATE OPERATOR pg_catalog.>= (
    LEFTARG = customers.list_id, RIGHTARG = customers.list_id, FUNCTION = customers.list_id_ge,
    COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR pg_catalog.>= (customers.list_id, customers.list_id) IS 'greater than or equal';
CREATE OPERATOR CLASS customers.list_id_ops DEFAULT FOR TYPE customers.list_id USING btree AS
    OPERATOR 1 pg_catalog.<, OPERATOR 2 pg_catalog.<=, OPERATOR 3 pg_catalog.=,
    OPERATOR 4 pg_catalog.>=, OPERATOR 5 pg_catalog.>,
    FUNCTION 1 customers.list_id_cmp(customers.list_id, customers.list_id),
    FUNCTION 2 customers.list_id_sortsupport(pg_catalog.internal),
    FUNCTION 4 pg_catalog.btequalimage(pg_catalog.oid);
COMMENT ON OPERATOR CLASS customers.list_id_ops USING btree IS 'order of list_id: by time of creation';
COMMENT ON OPERATOR FAMILY customers.list_id_ops USING btree IS 'order of list_id: by time of creation';
CREATE OPERATOR CLASS customers.list_id_ops DEFAULT FOR TYPE customers.list_id USING hash AS
    OPERATOR 1 pg_catalog.=,
    FUNCTION 1 customers.list_id_hash(customers.list_id),
    FUNCTION 2 customers.list_id_hash_extended(customers.list_id, pg_catalog.int8);
COMMENT ON OPERATOR CLASS customers.list_id_ops USING hash IS 'equality of list_id';
COMMENT ON OPERATOR FAMILY customers.list_id_ops USING hash IS 'equality of list_id';

-- payment_method_id
CREATE FUNCTION customers.payment_method_id_eq(customers.payment_method_id, customers.payment_method_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_eq';
COMMENT ON FUNCTION customers.payment_method_id_eq(customers.payment_method_id, customers.payment_method_id) IS 'implementation of = operator';
CREATE FUNCTION customers.payment_method_id_ne(customers.payment_method_id, customers.payment_method_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_ne';
COMMENT ON FUNCTION customers.payment_method_id_ne(customers.payment_method_id, customers.payment_method_id) IS 'implementation of <> operator';
CREATE FUNCTION customers.payment_method_id_lt(customers.payment_method_id, customers.payment_method_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_lt';
COMMENT ON FUNCTION customers.payment_method_id_lt(customers.payment_method_id, customers.payment_method_id) IS 'implementation of < operator';
CREATE FUNCTION customers.payment_method_id_le(customers.payment_method_id, customers.payment_method_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_le';
COMMENT ON FUNCTION customers.payment_method_id_le(customers.payment_method_id, customers.payment_method_id) IS 'implementation of <= operator';
CREATE FUNCTION customers.payment_method_id_gt(customers.payment_method_id, customers.payment_method_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_gt';
COMMENT ON FUNCTION customers.payment_method_id_gt(customers.payment_method_id, customers.payment_method_id) IS 'implementation of > operator';
CREATE FUNCTION customers.payment_method_id_ge(customers.payment_method_id, customers.payment_method_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_ge';
COMMENT ON FUNCTION customers.payment_method_id_ge(customers.payment_method_id, customers.payment_method_id) IS 'implementation of >= operator';
CREATE FUNCTION customers.payment_method_id_cmp(customers.payment_method_id, customers.payment_method_id) RETURNS pg_catalog.int4
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_cmp';
COMMENT ON FUNCTION customers.payment_method_id_cmp(customers.payment_method_id, customers.payment_method_id) IS 'less-equal-greater';
CREATE FUNCTION customers.payment_method_id_sortsupport(pg_catalog.internal) RETURNS pg_catalog.void
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_sortsupport';
COMMENT ON FUNCTION customers.payment_method_id_sortsupport(pg_catalog.internal) IS 'sort support';
CREATE FUNCTION customers.payment_method_id_hash(customers.payment_method_id) RETURNS pg_catalog.int4
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_hash';
COMMENT ON FUNCTION customers.payment_method_id_hash(customers.payment_method_id) IS 'hash';
CREATE FUNCTION customers.payment_method_id_hash_extended(customers.payment_method_id, pg_catalog.int8) RETURNS pg_catalog.int8
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_hash_extended';
COMMENT ON FUNCTION customers.payment_method_id_hash_extended(customers.payment_method_id, pg_catalog.int8) IS 'hash';
CREATE OPERATOR pg_catalog.= (
    LEFTARG = customers.payment_method_id, RIGHTARG = customers.payment_method_id, FUNCTION = customers.payment_method_id_eq,
    COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR pg_catalog.= (customers.payment_method_id, customers.payment_method_id) IS 'equal';
CREATE OPERATOR pg_catalog.<> (
    LEFTARG = customers.payment_method_id, RIGHTARG = customers.payment_method_id, FUNCTION = customers.payment_method_id_ne,
    COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR pg_catalog.<> (customers.payment_method_id, customers.payment_method_id) IS 'not equal';
CREATE OPERATOR pg_catalog.< (
    LEFTARG = customers.payment_method_id, RIGHTARG = customers.payment_method_id, FUNCTION = customers.payment_method_id_lt,
    COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR pg_catalog.< (customers.payment_method_id, customers.payment_method_id) IS 'less than';
CREATE OPERATOR pg_catalog.<= (
    LEFTARG = customers.payment_method_id, RIGHTARG = customers.payment_method_id, FUNCTION = customers.payment_method_id_le,
    COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR pg_catalog.<= (customers.payment_method_id, customers.payment_method_id) IS 'less than or equal';
CREATE OPERATOR pg_catalog.> (
    LEFTARG = customers.payment_method_id, RIGHTARG = customers.payment_method_id, FUNCTION = customers.payment_method_id_gt,
    COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR pg_catalog.> (customers.payment_method_id, customers.payment_method_id) IS 'greater than';
CREATE OPERATOR pg_catalog.>= (
    LEFTARG = customers.payment_method_id, RIGHTARG = customers.payment_method_id, FUNCTION = customers.payment_method_id_ge,
    COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR pg_catalog.>= (customers.payment_method_id, customers.payment_method_id) IS 'greater than or equal';
CREATE OPERATOR CLASS customers.payment_method_id_ops DEFAULT FOR TYPE customers.payment_method_id USING btree AS
    OPERATOR 1 pg_catalog.<, OPERATOR 2 pg_catalog.<=, OPERATOR 3 pg_catalog.=,
    OPERATOR 4 pg_catalog.>=, OPERATOR 5 pg_catalog.>,
    FUNCTION 1 customers.payment_method_id_cmp(customers.payment_method_id, customers.payment_method_id),
    FUNCTION 2 customers.payment_method_id_sortsupport(pg_catalog.internal),
    FUNCTION 4 pg_catalog.btequalimage(pg_catalog.oid);
COMMENT ON OPERATOR CLASS customers.payment_method_id_ops USING btree IS 'order of payment_method_id: by time of creation';
COMMENT ON OPERATOR FAMILY customers.payment_method_id_ops USING btree IS 'order of payment_method_id: by time of creation';
CREATE OPERATOR CLASS customers.payment_method_id_ops DEFAULT FOR TYPE customers.payment_method_id USING hash AS
    OPERATOR 1 pg_catalog.=,
    FUNCTION 1 customers.payment_method_id_hash(customers.payment_method_id),
    FUNCTION 2 customers.payment_method_id_hash_extended(customers.payment_method_id, pg_catalog.int8);
COMMENT ON OPERATOR CLASS customers.payment_method_id_ops USING hash IS 'equality of payment_method_id';
COMMENT ON OPERATOR FAMILY customers.payment_method_id_ops USING hash IS 'equality of payment_method_id';

-- payment_id
CREATE FUNCTION customers.payment_id_eq(customers.payment_id, customers.payment_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_eq';
COMMENT ON FUNCTION customers.payment_id_eq(customers.payment_id, customers.payment_id) IS 'implementation of = operator';
CREATE FUNCTION customers.payment_id_ne(customers.payment_id, customers.payment_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_ne';
COMMENT ON FUNCTION customers.payment_id_ne(customers.payment_id, customers.payment_id) IS 'implementation of <> operator';
CREATE FUNCTION customers.payment_id_lt(customers.payment_id, customers.payment_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_lt';
COMMENT ON FUNCTION customers.payment_id_lt(customers.payment_id, customers.payment_id) IS 'implementation of < operator';
CREATE FUNCTION customers.payment_id_le(customers.payment_id, customers.payment_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_le';
COMMENT ON FUNCTION customers.payment_id_le(customers.payment_id, customers.payment_id) IS 'implementation of <= operator';
CREATE FUNCTION customers.payment_id_gt(customers.payment_id, customers.payment_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_gt';
COMMENT ON FUNCTION customers.payment_id_gt(customers.payment_id, customers.payment_id) IS 'implementation of > operator';
CREATE FUNCTION customers.payment_id_ge(customers.payment_id, customers.payment_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_ge';
COMMENT ON FUNCTION customers.payment_id_ge(customers.payment_id, customers.payment_id) IS 'implementation of >= operator';
CREATE FUNCTION customers.payment_id_cmp(customers.payment_id, customers.payment_id) RETURNS pg_catalog.int4
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_cmp';
COMMENT ON FUNCTION customers.payment_id_cmp(customers.payment_id, customers.payment_id) IS 'less-equal-greater';
CREATE FUNCTION customers.payment_id_sortsupport(pg_catalog.internal) RETURNS pg_catalog.void
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_sortsupport';
COMMENT ON FUNCTION customers.payment_id_sortsupport(pg_catalog.internal) IS 'sort support';
CREATE FUNCTION customers.payment_id_hash(customers.payment_id) RETURNS pg_catalog.int4
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_hash';
COMMENT ON FUNCTION customers.payment_id_hash(customers.payment_id) IS 'hash';
CREATE FUNCTION customers.payment_id_hash_extended(customers.payment_id, pg_catalog.int8) RETURNS pg_catalog.int8
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_hash_extended';
COMMENT ON FUNCTION customers.payment_id_hash_extended(customers.payment_id, pg_catalog.int8) IS 'hash';
CREATE OPERATOR pg_catalog.= (
    LEFTARG = customers.payment_id, RIGHTARG = customers.payment_id, FUNCTION = customers.payment_id_eq,
    COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR pg_catalog.= (customers.payment_id, customers.payment_id) IS 'equal';
CREATE OPERATOR pg_catalog.<> (
    LEFTARG = customers.payment_id, RIGHTARG = customers.payment_id, FUNCTION = customers.payment_id_ne,
    COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR pg_catalog.<> (customers.payment_id, customers.payment_id) IS 'not equal';
CREATE OPERATOR pg_catalog.< (
    LEFTARG = customers.payment_id, RIGHTARG = customers.payment_id, FUNCTION = customers.payment_id_lt,
    COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR pg_catalog.< (customers.payment_id, customers.payment_id) IS 'less than';
CREATE OPERATOR pg_catalog.<= (
    LEFTARG = customers.payment_id, RIGHTARG = customers.payment_id, FUNCTION = customers.payment_id_le,
    COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR pg_catalog.<= (customers.payment_id, customers.payment_id) IS 'less than or equal';
CREATE OPERATOR pg_catalog.> (
    LEFTARG = customers.payment_id, RIGHTARG = customers.payment_id, FUNCTION = customers.payment_id_gt,
    COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR pg_catalog.> (customers.payment_id, customers.payment_id) IS 'greater than';
CREATE OPERATOR pg_catalog.>= (
    LEFTARG = customers.payment_id, RIGHTARG = customers.payment_id, FUNCTION = customers.payment_id_ge,
    COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR pg_catalog.>= (customers.payment_id, customers.payment_id) IS 'greater than or equal';
CREATE OPERATOR CLASS customers.payment_id_ops DEFAULT FOR TYPE customers.payment_id USING btree AS
    OPERATOR 1 pg_catalog.<, OPERATOR 2 pg_catalog.<=, OPERATOR 3 pg_catalog.=,
    OPERATOR 4 pg_catalog.>=, OPERATOR 5 pg_catalog.>,
    FUNCTION 1 customers.payment_id_cmp(customers.payment_id, customers.payment_id),
    FUNCTION 2 customers.payment_id_sortsupport(pg_catalog.internal),
    FUNCTION 4 pg_catalog.btequalimage(pg_catalog.oid);
COMMENT ON OPERATOR CLASS customers.payment_id_ops USING btree IS 'order of payment_id: by time of creation';
COMMENT ON OPERATOR FAMILY customers.payment_id_ops USING btree IS 'order of payment_id: by time of creation';
CREATE OPERATOR CLASS customers.payment_id_ops DEFAULT FOR TYPE customers.payment_id USING hash AS
    OPERATOR 1 pg_catalog.=,
    FUNCTION 1 customers.payment_id_hash(customers.payment_id),
    FUNCTION 2 customers.payment_id_hash_extended(customers.payment_id, pg_catalog.int8);
COMMENT ON OPERATOR CLASS customers.payment_id_ops USING hash IS 'equality of payment_id';
COMMENT ON OPERATOR FAMILY customers.payment_id_ops USING hash IS 'equality of payment_id';

-- commit_id
CREATE FUNCTION customers.commit_id_eq(customers.commit_id, customers.commit_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_eq';
COMMENT ON FUNCTION customers.commit_id_eq(customers.commit_id, customers.commit_id) IS 'implementation of = operator';
CREATE FUNCTION customers.commit_id_ne(customers.commit_id, customers.commit_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_ne';
COMMENT ON FUNCTION customers.commit_id_ne(customers.commit_id, customers.commit_id) IS 'implementation of <> operator';
CREATE FUNCTION customers.commit_id_lt(customers.commit_id, customers.commit_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_lt';
COMMENT ON FUNCTION customers.commit_id_lt(customers.commit_id, customers.commit_id) IS 'implementation of < operator';
CREATE FUNCTION customers.commit_id_le(customers.commit_id, customers.commit_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_le';
COMMENT ON FUNCTION customers.commit_id_le(customers.commit_id, customers.commit_id) IS 'implementation of <= operator';
CREATE FUNCTION customers.commit_id_gt(customers.commit_id, customers.commit_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_gt';
COMMENT ON FUNCTION customers.commit_id_gt(customers.commit_id, customers.commit_id) IS 'implementation of > operator';
CREATE FUNCTION customers.commit_id_ge(customers.commit_id, customers.commit_id) RETURNS pg_catalog.bool
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_ge';
COMMENT ON FUNCTION customers.commit_id_ge(customers.commit_id, customers.commit_id) IS 'implementation of >= operator';
CREATE FUNCTION customers.commit_id_cmp(customers.commit_id, customers.commit_id) RETURNS pg_catalog.int4
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_cmp';
COMMENT ON FUNCTION customers.commit_id_cmp(customers.commit_id, customers.commit_id) IS 'less-equal-greater';
CREATE FUNCTION customers.commit_id_sortsupport(pg_catalog.internal) RETURNS pg_catalog.void
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_sortsupport';
COMMENT ON FUNCTION customers.commit_id_sortsupport(pg_catalog.internal) IS 'sort support';
CREATE FUNCTION customers.commit_id_hash(customers.commit_id) RETURNS pg_catalog.int4
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_hash';
COMMENT ON FUNCTION customers.commit_id_hash(customers.commit_id) IS 'hash';
CREATE FUNCTION customers.commit_id_hash_extended(customers.commit_id, pg_catalog.int8) RETURNS pg_catalog.int8
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_hash_extended';
COMMENT ON FUNCTION customers.commit_id_hash_extended(customers.commit_id, pg_catalog.int8) IS 'hash';
CREATE OPERATOR pg_catalog.= (
    LEFTARG = customers.commit_id, RIGHTARG = customers.commit_id, FUNCTION = customers.commit_id_eq,
    COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR pg_catalog.= (customers.commit_id, customers.commit_id) IS 'equal';
CREATE OPERATOR pg_catalog.<> (
    LEFTARG = customers.commit_id, RIGHTARG = customers.commit_id, FUNCTION = customers.commit_id_ne,
    COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR pg_catalog.<> (customers.commit_id, customers.commit_id) IS 'not equal';
CREATE OPERATOR pg_catalog.< (
    LEFTARG = customers.commit_id, RIGHTARG = customers.commit_id, FUNCTION = customers.commit_id_lt,
    COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR pg_catalog.< (customers.commit_id, customers.commit_id) IS 'less than';
CREATE OPERATOR pg_catalog.<= (
    LEFTARG = customers.commit_id, RIGHTARG = customers.commit_id, FUNCTION = customers.commit_id_le,
    COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR pg_catalog.<= (customers.commit_id, customers.commit_id) IS 'less than or equal';
CREATE OPERATOR pg_catalog.> (
    LEFTARG = customers.commit_id, RIGHTARG = customers.commit_id, FUNCTION = customers.commit_id_gt,
    COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR pg_catalog.> (customers.commit_id, customers.commit_id) IS 'greater than';
CREATE OPERATOR pg_catalog.>= (
    LEFTARG = customers.commit_id, RIGHTARG = customers.commit_id, FUNCTION = customers.commit_id_ge,
    COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR pg_catalog.>= (customers.commit_id, customers.commit_id) IS 'greater than or equal';
CREATE OPERATOR CLASS customers.commit_id_ops DEFAULT FOR TYPE customers.commit_id USING btree AS
    OPERATOR 1 pg_catalog.<, OPERATOR 2 pg_catalog.<=, OPERATOR 3 pg_catalog.=,
    OPERATOR 4 pg_catalog.>=, OPERATOR 5 pg_catalog.>,
    FUNCTION 1 customers.commit_id_cmp(customers.commit_id, customers.commit_id),
    FUNCTION 2 customers.commit_id_sortsupport(pg_catalog.internal),
    FUNCTION 4 pg_catalog.btequalimage(pg_catalog.oid);
COMMENT ON OPERATOR CLASS customers.commit_id_ops USING btree IS 'order of commit_id: by time of creation';
COMMENT ON OPERATOR FAMILY customers.commit_id_ops USING btree IS 'order of commit_id: by time of creation';
CREATE OPERATOR CLASS customers.commit_id_ops DEFAULT FOR TYPE customers.commit_id USING hash AS
    OPERATOR 1 pg_catalog.=,
    FUNCTION 1 customers.commit_id_hash(customers.commit_id),
    FUNCTION 2 customers.commit_id_hash_extended(customers.commit_id, pg_catalog.int8);
COMMENT ON OPERATOR CLASS customers.commit_id_ops USING hash IS 'equality of commit_id';
COMMENT ON OPERATOR FAMILY customers.commit_id_ops USING hash IS 'equality of commit_id';
