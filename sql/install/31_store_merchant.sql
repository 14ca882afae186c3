-- Step: merchants, and the roles that act for them.

CREATE FUNCTION customers.guard_merchant() RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'guard_merchant';
COMMENT ON FUNCTION customers.guard_merchant() IS
  'trigger of merchant: refuses settings that do not exist or can''t have their values';
REVOKE ALL ON FUNCTION customers.guard_merchant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.guard_merchant() TO customers_owner;

CREATE FUNCTION customers.store_merchant() RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE AS $step$
CREATE TABLE customers.merchant (
  merchant_id customers.merchant_id PRIMARY KEY,
  name        pg_catalog.text NOT NULL CHECK (pg_catalog.char_length(name) BETWEEN 1 AND 255),
  settings    pg_catalog.jsonb NOT NULL DEFAULT '{}'
              CHECK (pg_catalog.jsonb_typeof(settings) OPERATOR(pg_catalog.=) 'object'),
  created_at  pg_catalog.timestamptz NOT NULL
);
COMMENT ON TABLE customers.merchant IS 'the merchants: every other row belongs to one of them';
COMMENT ON COLUMN customers.merchant.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.merchant.name IS 'what people call the merchant';
COMMENT ON COLUMN customers.merchant.settings IS 'settings of this merchant, by set_merchant_settings(); what is absent has its default';
COMMENT ON COLUMN customers.merchant.created_at IS 'when create_merchant() made it';

CREATE TABLE customers.merchant_role (
  merchant_id customers.merchant_id NOT NULL,
  role        pg_catalog.regrole NOT NULL,
  bound_at    pg_catalog.timestamptz NOT NULL,
  bound_by    pg_catalog.name NOT NULL,
  PRIMARY KEY (merchant_id, role)
);
CREATE INDEX merchant_role_role ON customers.merchant_role (role);
COMMENT ON TABLE customers.merchant_role IS 'which roles act for which merchants';
COMMENT ON COLUMN customers.merchant_role.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.merchant_role.role IS 'a role that may act for it; members of the role may not';
COMMENT ON COLUMN customers.merchant_role.bound_at IS 'when bind_role() bound it';
COMMENT ON COLUMN customers.merchant_role.bound_by IS 'the role that called bind_role()';

CREATE TRIGGER guard_merchant BEFORE INSERT OR UPDATE ON customers.merchant
  FOR EACH ROW EXECUTE FUNCTION customers.guard_merchant();
CREATE TRIGGER invalidate_caches AFTER INSERT OR UPDATE OR DELETE ON customers.merchant
  FOR EACH ROW EXECUTE FUNCTION customers.invalidate_caches();
ALTER TABLE customers.merchant ENABLE ALWAYS TRIGGER invalidate_caches;
CREATE TRIGGER invalidate_caches AFTER INSERT OR UPDATE OR DELETE ON customers.merchant_role
  FOR EACH ROW EXECUTE FUNCTION customers.invalidate_caches();
ALTER TABLE customers.merchant_role ENABLE ALWAYS TRIGGER invalidate_caches;

-- Idempotency keys, and what the first call with each gave.
CREATE TABLE customers.idempotency (
  merchant_id customers.merchant_id NOT NULL,
  operation   pg_catalog.text NOT NULL,
  key         pg_catalog.text NOT NULL CHECK (pg_catalog.char_length(key) BETWEEN 1 AND 255),
  parameters  pg_catalog.jsonb NOT NULL,
  result      pg_catalog.uuid NOT NULL,
  status      pg_catalog.text,
  created_at  pg_catalog.timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, operation, key)
);
-- For all that is held about a person; ids are unique, whosever they are.
CREATE INDEX idempotency_result ON customers.idempotency (result);
-- What sweep_idempotency_keys() looks through.
CREATE INDEX idempotency_age ON customers.idempotency (created_at);
COMMENT ON TABLE customers.idempotency IS 'idempotency keys, and what the first call with each gave';
COMMENT ON COLUMN customers.idempotency.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.idempotency.operation IS 'the operation that was called';
COMMENT ON COLUMN customers.idempotency.key IS 'the key that the caller chose';
COMMENT ON COLUMN customers.idempotency.parameters IS 'a digest of each parameter, keyed if it is a secret: a repeated call must have the same';
COMMENT ON COLUMN customers.idempotency.result IS 'the id that the operation returned, and returns again; that of the payment where it returned a status';
COMMENT ON COLUMN customers.idempotency.status IS 'the status that the operation returned, and returns again; null where it returned an id';
COMMENT ON COLUMN customers.idempotency.created_at IS 'when the first call was; kept at least 24 hours, until sweep_idempotency_keys()';

ALTER TABLE customers.merchant ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers.merchant_role ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers.idempotency ENABLE ROW LEVEL SECURITY;
CREATE POLICY admin ON customers.merchant TO customers_admin USING (true);
CREATE POLICY admin ON customers.merchant_role TO customers_admin USING (true);
CREATE POLICY current_merchant ON customers.merchant FOR SELECT TO customers_merchant, customers_analyst
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.merchant'::pg_catalog.regclass, 'SELECT'));
CREATE POLICY current_merchant ON customers.merchant_role FOR SELECT TO customers_merchant
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.merchant_role'::pg_catalog.regclass, 'SELECT'));
CREATE POLICY current_merchant ON customers.idempotency FOR SELECT TO customers_merchant
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.idempotency'::pg_catalog.regclass, 'SELECT'));
GRANT SELECT ON customers.merchant TO customers_merchant, customers_analyst;
GRANT SELECT ON customers.merchant_role TO customers_merchant;
-- Not the keys: who repeats another's call with guesses learns which are right.
GRANT SELECT (merchant_id, operation, result, status, created_at) ON customers.idempotency TO customers_merchant;
$step$;
COMMENT ON FUNCTION customers.store_merchant() IS 'step of install(): merchants, their roles, idempotency keys';
REVOKE ALL ON FUNCTION customers.store_merchant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.store_merchant() TO customers_owner;
