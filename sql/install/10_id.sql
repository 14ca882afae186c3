-- The id types: 16 bytes as in uuid, with text forms of their own (TypeID).
--
-- Binary input and output is uuid's own.  Support functions of types, here and
-- below, stay executable by PUBLIC: values of a type are usable by everyone.

CREATE TYPE customers.merchant_id;
CREATE FUNCTION customers.merchant_id_in(pg_catalog.cstring) RETURNS customers.merchant_id
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'merchant_id_in';
COMMENT ON FUNCTION customers.merchant_id_in(pg_catalog.cstring) IS 'I/O';
CREATE FUNCTION customers.merchant_id_out(customers.merchant_id) RETURNS pg_catalog.cstring
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'merchant_id_out';
COMMENT ON FUNCTION customers.merchant_id_out(customers.merchant_id) IS 'I/O';
CREATE FUNCTION customers.merchant_id_recv(pg_catalog.internal) RETURNS customers.merchant_id
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_recv';
COMMENT ON FUNCTION customers.merchant_id_recv(pg_catalog.internal) IS 'I/O';
CREATE FUNCTION customers.merchant_id_send(customers.merchant_id) RETURNS pg_catalog.bytea
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_send';
COMMENT ON FUNCTION customers.merchant_id_send(customers.merchant_id) IS 'I/O';
CREATE TYPE customers.merchant_id (
    INPUT = customers.merchant_id_in, OUTPUT = customers.merchant_id_out,
    RECEIVE = customers.merchant_id_recv, SEND = customers.merchant_id_send,
    LIKE = pg_catalog.uuid
);
COMMENT ON TYPE customers.merchant_id IS 'identifier of a merchant: a UUIDv7 whose text form is "mer_" and 26 characters';

CREATE TYPE customers.customer_id;
CREATE FUNCTION customers.customer_id_in(pg_catalog.cstring) RETURNS customers.customer_id
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'customer_id_in';
COMMENT ON FUNCTION customers.customer_id_in(pg_catalog.cstring) IS 'I/O';
CREATE FUNCTION customers.customer_id_out(customers.customer_id) RETURNS pg_catalog.cstring
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'customer_id_out';
COMMENT ON FUNCTION customers.customer_id_out(customers.customer_id) IS 'I/O';
CREATE FUNCTION customers.customer_id_recv(pg_catalog.internal) RETURNS customers.customer_id
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_recv';
COMMENT ON FUNCTION customers.customer_id_recv(pg_catalog.internal) IS 'I/O';
CREATE FUNCTION customers.customer_id_send(customers.customer_id) RETURNS pg_catalog.bytea
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_send';
COMMENT ON FUNCTION customers.customer_id_send(customers.customer_id) IS 'I/O';
CREATE TYPE customers.customer_id (
    INPUT = customers.customer_id_in, OUTPUT = customers.customer_id_out,
    RECEIVE = customers.customer_id_recv, SEND = customers.customer_id_send,
    LIKE = pg_catalog.uuid
);
COMMENT ON TYPE customers.customer_id IS 'identifier of a customer: a UUIDv7 whose text form is "cus_" and 26 characters';

CREATE TYPE customers.list_id;
CREATE FUNCTION customers.list_id_in(pg_catalog.cstring) RETURNS customers.list_id
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'list_id_in';
COMMENT ON FUNCTION customers.list_id_in(pg_catalog.cstring) IS 'I/O';
CREATE FUNCTION customers.list_id_out(customers.list_id) RETURNS pg_catalog.cstring
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'list_id_out';
COMMENT ON FUNCTION customers.list_id_out(customers.list_id) IS 'I/O';
CREATE FUNCTION customers.list_id_recv(pg_catalog.internal) RETURNS customers.list_id
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_recv';
COMMENT ON FUNCTION customers.list_id_recv(pg_catalog.internal) IS 'I/O';
CREATE FUNCTION customers.list_id_send(customers.list_id) RETURNS pg_catalog.bytea
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_send';
COMMENT ON FUNCTION customers.list_id_send(customers.list_id) IS 'I/O';
CREATE TYPE customers.list_id (
    INPUT = customers.list_id_in, OUTPUT = customers.list_id_out,
    RECEIVE = customers.list_id_recv, SEND = customers.list_id_send,
    LIKE = pg_catalog.uuid
);
COMMENT ON TYPE customers.list_id IS 'identifier of a list of customers: a UUIDv7 whose text form is "lst_" and 26 characters';

CREATE TYPE customers.payment_method_id;
CREATE FUNCTION customers.payment_method_id_in(pg_catalog.cstring) RETURNS customers.payment_method_id
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'payment_method_id_in';
COMMENT ON FUNCTION customers.payment_method_id_in(pg_catalog.cstring) IS 'I/O';
CREATE FUNCTION customers.payment_method_id_out(customers.payment_method_id) RETURNS pg_catalog.cstring
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'payment_method_id_out';
COMMENT ON FUNCTION customers.payment_method_id_out(customers.payment_method_id) IS 'I/O';
CREATE FUNCTION customers.payment_method_id_recv(pg_catalog.internal) RETURNS customers.payment_method_id
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_recv';
COMMENT ON FUNCTION customers.payment_method_id_recv(pg_catalog.internal) IS 'I/O';
CREATE FUNCTION customers.payment_method_id_send(customers.payment_method_id) RETURNS pg_catalog.bytea
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_send';
COMMENT ON FUNCTION customers.payment_method_id_send(customers.payment_method_id) IS 'I/O';
CREATE TYPE customers.payment_method_id (
    INPUT = customers.payment_method_id_in, OUTPUT = customers.payment_method_id_out,
    RECEIVE = customers.payment_method_id_recv, SEND = customers.payment_method_id_send,
    LIKE = pg_catalog.uuid
);
COMMENT ON TYPE customers.payment_method_id IS 'identifier of a payment method: a UUIDv7 whose text form is "pm_" and 26 characters';

CREATE TYPE customers.payment_id;
CREATE FUNCTION customers.payment_id_in(pg_catalog.cstring) RETURNS customers.payment_id
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'payment_id_in';
COMMENT ON FUNCTION customers.payment_id_in(pg_catalog.cstring) IS 'I/O';
CREATE FUNCTION customers.payment_id_out(customers.payment_id) RETURNS pg_catalog.cstring
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'payment_id_out';
COMMENT ON FUNCTION customers.payment_id_out(customers.payment_id) IS 'I/O';
CREATE FUNCTION customers.payment_id_recv(pg_catalog.internal) RETURNS customers.payment_id
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_recv';
COMMENT ON FUNCTION customers.payment_id_recv(pg_catalog.internal) IS 'I/O';
CREATE FUNCTION customers.payment_id_send(customers.payment_id) RETURNS pg_catalog.bytea
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_send';
COMMENT ON FUNCTION customers.payment_id_send(customers.payment_id) IS 'I/O';
CREATE TYPE customers.payment_id (
    INPUT = customers.payment_id_in, OUTPUT = customers.payment_id_out,
    RECEIVE = customers.payment_id_recv, SEND = customers.payment_id_send,
    LIKE = pg_catalog.uuid
);
COMMENT ON TYPE customers.payment_id IS 'identifier of a payment: a UUIDv7 whose text form is "pay_" and 26 characters';

CREATE TYPE customers.commit_id;
CREATE FUNCTION customers.commit_id_in(pg_catalog.cstring) RETURNS customers.commit_id
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'commit_id_in';
COMMENT ON FUNCTION customers.commit_id_in(pg_catalog.cstring) IS 'I/O';
CREATE FUNCTION customers.commit_id_out(customers.commit_id) RETURNS pg_catalog.cstring
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'commit_id_out';
COMMENT ON FUNCTION customers.commit_id_out(customers.commit_id) IS 'I/O';
CREATE FUNCTION customers.commit_id_recv(pg_catalog.internal) RETURNS customers.commit_id
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_recv';
COMMENT ON FUNCTION customers.commit_id_recv(pg_catalog.internal) IS 'I/O';
CREATE FUNCTION customers.commit_id_send(customers.commit_id) RETURNS pg_catalog.bytea
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'id_send';
COMMENT ON FUNCTION customers.commit_id_send(customers.commit_id) IS 'I/O';
CREATE TYPE customers.commit_id (
    INPUT = customers.commit_id_in, OUTPUT = customers.commit_id_out,
    RECEIVE = customers.commit_id_recv, SEND = customers.commit_id_send,
    LIKE = pg_catalog.uuid
);
COMMENT ON TYPE customers.commit_id IS 'identifier of a commit of a payment: a UUIDv7 whose text form is "cmt_" and 26 characters';
