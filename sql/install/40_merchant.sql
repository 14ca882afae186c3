-- Merchants, and the roles that act for them (src/merchant).

CREATE FUNCTION customers.create_merchant(name text, settings jsonb = '{}') RETURNS customers.merchant_id
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'create_merchant';
COMMENT ON FUNCTION customers.create_merchant(text, jsonb) IS 'creates a merchant';
REVOKE ALL ON FUNCTION customers.create_merchant(text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.create_merchant(text, jsonb) TO customers_admin;

CREATE FUNCTION customers.set_merchant_settings(merchant customers.merchant_id, settings jsonb) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'set_merchant_settings';
COMMENT ON FUNCTION customers.set_merchant_settings(customers.merchant_id, jsonb) IS
  'gives a merchant these settings instead of those it has; what is absent has its default';
REVOKE ALL ON FUNCTION customers.set_merchant_settings(customers.merchant_id, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.set_merchant_settings(customers.merchant_id, jsonb) TO customers_admin;

CREATE FUNCTION customers.bind_role(role regrole, merchant customers.merchant_id) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'bind_role';
COMMENT ON FUNCTION customers.bind_role(regrole, customers.merchant_id) IS
  'lets a role act for a merchant, in the operations that it is granted; repeating it changes nothing';
REVOKE ALL ON FUNCTION customers.bind_role(regrole, customers.merchant_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.bind_role(regrole, customers.merchant_id) TO customers_admin;

CREATE FUNCTION customers.unbind_role(role regrole, merchant customers.merchant_id) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'unbind_role';
COMMENT ON FUNCTION customers.unbind_role(regrole, customers.merchant_id) IS
  'ends what bind_role() began; repeating it changes nothing';
REVOKE ALL ON FUNCTION customers.unbind_role(regrole, customers.merchant_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.unbind_role(regrole, customers.merchant_id) TO customers_admin;

CREATE FUNCTION customers.use_merchant(merchant customers.merchant_id) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'use_merchant';
COMMENT ON FUNCTION customers.use_merchant(customers.merchant_id) IS
  'chooses the merchant that this session acts for, as SET customers.merchant does';

-- Row-level security calls it for any role, also in parallel workers.
CREATE FUNCTION customers.current_merchant() RETURNS customers.merchant_id
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'current_merchant';
COMMENT ON FUNCTION customers.current_merchant() IS 'the merchant that this session acts for';

CREATE FUNCTION customers.sweep_idempotency_keys(older_than interval = '24 hours', max_count int = 10000) RETURNS int
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sweep_idempotency_keys';
COMMENT ON FUNCTION customers.sweep_idempotency_keys(interval, int) IS
  'forgets the idempotency keys of all merchants that are older than that, the oldest first; returns how many';
REVOKE ALL ON FUNCTION customers.sweep_idempotency_keys(interval, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.sweep_idempotency_keys(interval, int) TO customers_admin;
