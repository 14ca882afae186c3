-- Step: the tokens of checkouts.

CREATE FUNCTION customers.store_checkout() RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE AS $step$
CREATE TABLE customers.checkout (
  merchant_id customers.merchant_id NOT NULL,
  token_id    pg_catalog.uuid NOT NULL,
  payment_id  customers.payment_id NOT NULL,
  token_hash  pg_catalog.bytea NOT NULL CHECK (pg_catalog.length(token_hash) OPERATOR(pg_catalog.=) 32),
  opened_at   pg_catalog.timestamptz NOT NULL,
  expires_at  pg_catalog.timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, token_id),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES customers.payment (merchant_id, payment_id)
);
CREATE INDEX checkout_payment ON customers.checkout (payment_id);
-- What sweep_checkouts() looks through.
CREATE INDEX checkout_expiry ON customers.checkout (expires_at);
COMMENT ON TABLE customers.checkout IS 'the checkouts that are open: of each, what its token is known by';
COMMENT ON COLUMN customers.checkout.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.checkout.token_id IS 'finds the token: the first 16 bytes of its digest';
COMMENT ON COLUMN customers.checkout.payment_id IS 'the only payment that the token is for';
COMMENT ON COLUMN customers.checkout.token_hash IS 'proves the token: the other 32 bytes of its digest';
COMMENT ON COLUMN customers.checkout.opened_at IS 'when open_checkout() made it';
COMMENT ON COLUMN customers.checkout.expires_at IS 'when the token ends, if the payment lasts that long';

CREATE TRIGGER guard_update BEFORE UPDATE ON customers.checkout
  FOR EACH ROW EXECUTE FUNCTION customers.guard_append_only();

ALTER TABLE customers.checkout ENABLE ROW LEVEL SECURITY;
CREATE POLICY current_merchant ON customers.checkout FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.checkout'::pg_catalog.regclass, 'SELECT'));
-- Which checkouts are open, and nothing of their tokens.
GRANT SELECT (merchant_id, payment_id, opened_at, expires_at) ON customers.checkout TO customers_merchant;
$step$;
COMMENT ON FUNCTION customers.store_checkout() IS 'step of install(): the tokens of checkouts';
REVOKE ALL ON FUNCTION customers.store_checkout() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.store_checkout() TO customers_owner;
