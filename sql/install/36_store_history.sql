-- Step: the history of customers.

CREATE FUNCTION customers.store_history() RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE AS $step$
CREATE TABLE customers.customer_history (
  merchant_id      customers.merchant_id NOT NULL,
  customer_id      customers.customer_id NOT NULL,
  version          pg_catalog.int4 NOT NULL,
  context          pg_catalog.jsonb NOT NULL,
  schema_version   pg_catalog.int4 NOT NULL,
  payments_allowed pg_catalog.bool NOT NULL,
  payouts_allowed  pg_catalog.bool NOT NULL,
  archived_at      pg_catalog.timestamptz,
  updated_at       pg_catalog.timestamptz NOT NULL,
  replaced_at      pg_catalog.timestamptz NOT NULL,
  replaced_by      pg_catalog.name NOT NULL,
  PRIMARY KEY (merchant_id, customer_id, version),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers.customer (merchant_id, customer_id)
);
CREATE INDEX customer_history_time ON customers.customer_history (customer_id, replaced_at, version);
-- What prune_customer_history() looks through.
CREATE INDEX customer_history_age ON customers.customer_history (merchant_id, replaced_at);
COMMENT ON TABLE customers.customer_history IS
  'the states of customers that changes have replaced; table customer has the one in force';
COMMENT ON COLUMN customers.customer_history.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.customer_history.customer_id IS 'the customer';
COMMENT ON COLUMN customers.customer_history.version IS 'the version that the customer had';
COMMENT ON COLUMN customers.customer_history.context IS 'the values of the context fields';
COMMENT ON COLUMN customers.customer_history.schema_version IS 'the version of the schema that the context was last checked against';
COMMENT ON COLUMN customers.customer_history.payments_allowed IS 'whether payments were allowed';
COMMENT ON COLUMN customers.customer_history.payouts_allowed IS 'whether payouts were allowed';
COMMENT ON COLUMN customers.customer_history.archived_at IS 'since when the customer was archived; null: active';
COMMENT ON COLUMN customers.customer_history.updated_at IS 'when this version began';
COMMENT ON COLUMN customers.customer_history.replaced_at IS 'when the next version replaced it';
COMMENT ON COLUMN customers.customer_history.replaced_by IS 'the role that made the change';

CREATE TRIGGER guard_append_only BEFORE UPDATE ON customers.customer_history
  FOR EACH ROW EXECUTE FUNCTION customers.guard_append_only();
CREATE TRIGGER guard_delete BEFORE DELETE ON customers.customer_history
  FOR EACH ROW EXECUTE FUNCTION customers.guard_pruned();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON customers.customer_history
  FOR EACH STATEMENT EXECUTE FUNCTION customers.guard_append_only();

ALTER TABLE customers.customer_history ENABLE ROW LEVEL SECURITY;
CREATE POLICY current_merchant ON customers.customer_history FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.customer_history'::pg_catalog.regclass, 'SELECT'));
GRANT SELECT ON customers.customer_history TO customers_merchant;
$step$;
COMMENT ON FUNCTION customers.store_history() IS 'step of install(): the history of customers';
REVOKE ALL ON FUNCTION customers.store_history() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.store_history() TO customers_owner;
