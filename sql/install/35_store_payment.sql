-- Step: payment methods, payments, their prices, commits and events, and what
-- chains and orders the events.

CREATE FUNCTION customers.guard_payment() RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'guard_payment';
COMMENT ON FUNCTION customers.guard_payment() IS
  'trigger of payment: refuses a change of status that the payment machine does not have, and a change of what a payment is about';
REVOKE ALL ON FUNCTION customers.guard_payment() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.guard_payment() TO customers_owner;

CREATE FUNCTION customers.guard_commit() RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'guard_commit';
COMMENT ON FUNCTION customers.guard_commit() IS
  'trigger of payment_commit: refuses a status that would go back, and a change of what was decided';
REVOKE ALL ON FUNCTION customers.guard_commit() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.guard_commit() TO customers_owner;

CREATE FUNCTION customers.store_payment() RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE AS $step$
CREATE TABLE customers.payment_method (
  merchant_id       customers.merchant_id NOT NULL,
  payment_method_id customers.payment_method_id NOT NULL,
  customer_id       customers.customer_id NOT NULL,
  kind              pg_catalog.text NOT NULL CHECK (pg_catalog.char_length(kind) BETWEEN 1 AND 64),
  token             customers.sealed,
  display           pg_catalog.jsonb NOT NULL
                    CHECK (pg_catalog.jsonb_typeof(display) OPERATOR(pg_catalog.=) 'object'),
  fingerprint       pg_catalog.text CHECK (pg_catalog.char_length(fingerprint) BETWEEN 1 AND 255),
  expires_on        pg_catalog.date,
  currencies        pg_catalog.text[] CHECK (pg_catalog.cardinality(currencies) OPERATOR(pg_catalog.>) 0),
  payment_id        customers.payment_id,
  is_default        pg_catalog.bool NOT NULL,
  removed_at        pg_catalog.timestamptz,
  created_at        pg_catalog.timestamptz NOT NULL,
  updated_at        pg_catalog.timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, payment_method_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers.customer (merchant_id, customer_id),
  CONSTRAINT payment_method_default_usable CHECK (NOT is_default OR (removed_at IS NULL AND payment_id IS NULL))
);
CREATE INDEX payment_method_customer ON customers.payment_method (customer_id);
CREATE UNIQUE INDEX payment_method_default ON customers.payment_method (merchant_id, customer_id)
  WHERE is_default;
CREATE UNIQUE INDEX payment_method_fingerprint
  ON customers.payment_method (merchant_id, customer_id, kind, fingerprint)
  WHERE removed_at IS NULL AND payment_id IS NULL;
-- What is removed when a payment ends, or removed already but for its token.
CREATE INDEX payment_method_payment ON customers.payment_method (merchant_id, payment_id)
  WHERE payment_id IS NOT NULL AND (removed_at IS NULL OR token IS NOT NULL);
COMMENT ON TABLE customers.payment_method IS 'the payment methods that customers have saved: tokens of a provider, never cards';
COMMENT ON COLUMN customers.payment_method.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.payment_method.payment_method_id IS 'the payment method';
COMMENT ON COLUMN customers.payment_method.customer_id IS 'whose it is';
COMMENT ON COLUMN customers.payment_method.kind IS 'what kind of method it is, in the provider''s words: card, sepa_debit, ...';
COMMENT ON COLUMN customers.payment_method.token IS
  'the provider''s token, sealed by the key of the customer and opened for the processor only; null: the kind has none, or it was destroyed when the customer was erased or the payment ended that it was for';
COMMENT ON COLUMN customers.payment_method.display IS 'what may be shown to tell it from others: brand, last four digits, ...';
COMMENT ON COLUMN customers.payment_method.fingerprint IS
  'what is equal for the same card or account, so that it is saved once; null: not known';
COMMENT ON COLUMN customers.payment_method.expires_on IS 'its last day, in UTC; null: does not expire';
COMMENT ON COLUMN customers.payment_method.currencies IS 'the currencies that it can be used for; null: all';
COMMENT ON COLUMN customers.payment_method.payment_id IS
  'the only payment that it can be used for; null: it is kept for all payments of the customer';
COMMENT ON COLUMN customers.payment_method.is_default IS 'whether it is the one that the customer pays with unless another is chosen';
COMMENT ON COLUMN customers.payment_method.removed_at IS 'since when it is removed: unusable, but readable; null: it is not';
COMMENT ON COLUMN customers.payment_method.created_at IS 'when it was saved first';
COMMENT ON COLUMN customers.payment_method.updated_at IS 'when it was last changed';

-- The guards hold the rules of the rows of payment and payment_commit, since CHECKs
-- cost more: see src/payment/row_rule.c.
--
-- A payment is updated at each event, so its pages keep room for HOT updates:
-- no index is on a column that changes, but for closed_at, which changes once.
-- What every event changes comes last: WAL has of an update what is between the first
-- and the last byte that change.
CREATE TABLE customers.payment (
  merchant_id       customers.merchant_id NOT NULL,
  payment_id        customers.payment_id NOT NULL,
  customer_id       customers.customer_id NOT NULL,
  reference         pg_catalog.text,
  base_reference    pg_catalog.text,
  amount_mode       pg_catalog.text NOT NULL,
  capture           pg_catalog.text NOT NULL,
  commits_limit     pg_catalog.int4 NOT NULL,
  expires_at        pg_catalog.timestamptz,
  created_at        pg_catalog.timestamptz NOT NULL,
  amount            customers.amount NOT NULL,
  authorized        customers.amount NOT NULL,
  received          customers.amount NOT NULL,
  returned          customers.amount NOT NULL,
  payment_method_id customers.payment_method_id,
  decline_class     pg_catalog.text,
  declined          customers.amount,
  status            pg_catalog.text NOT NULL,
  closed_at         pg_catalog.timestamptz,
  commits_used      pg_catalog.int4 NOT NULL,
  version           pg_catalog.int4 NOT NULL,
  updated_at        pg_catalog.timestamptz NOT NULL,
  event_position    pg_catalog.int8 NOT NULL,
  event_hash        pg_catalog.bytea NOT NULL,
  row_hash          pg_catalog.bytea NOT NULL,
  PRIMARY KEY (merchant_id, payment_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers.customer (merchant_id, customer_id)
) WITH (fillfactor = 70);
-- Before a table has statistics, every index that begins with the merchant
-- looks equally good, and a plan that was made then stays for long.  So no other
-- index than the primary key serves a search by merchant and payment: those by
-- reference and expiry are partial, and the ids in the others are unique anyway.
CREATE UNIQUE INDEX payment_reference ON customers.payment (merchant_id, reference)
  WHERE reference IS NOT NULL;
CREATE INDEX payment_base_reference ON customers.payment (merchant_id, base_reference)
  WHERE base_reference IS NOT NULL;
CREATE INDEX payment_customer ON customers.payment (customer_id);
-- What expire_payments() looks through: payments that may still expire.
CREATE INDEX payment_expiry ON customers.payment (merchant_id, expires_at) WHERE closed_at IS NULL;
COMMENT ON TABLE customers.payment IS 'the payments: what merchants ask customers for, and what became of it';
COMMENT ON COLUMN customers.payment.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.payment.payment_id IS 'the payment';
COMMENT ON COLUMN customers.payment.customer_id IS 'who is to pay';
COMMENT ON COLUMN customers.payment.reference IS 'the merchant''s own identifier of the payment; never changes';
COMMENT ON COLUMN customers.payment.base_reference IS 'what joins several payments, such as an order; never changes';
COMMENT ON COLUMN customers.payment.amount_mode IS
  'whether the customer may change the amount: strict (no), editable, editable_if_insufficient (lower it after a decline for it)';
COMMENT ON COLUMN customers.payment.capture IS 'whether an authorization is captured by itself (automatic) or by the merchant (manual)';
COMMENT ON COLUMN customers.payment.commits_limit IS 'how often the customer may commit';
COMMENT ON COLUMN customers.payment.expires_at IS 'from when on it can''t be paid any more; null: never';
COMMENT ON COLUMN customers.payment.created_at IS 'when it was created';
COMMENT ON COLUMN customers.payment.amount IS 'what is to be paid, in the chosen currency';
COMMENT ON COLUMN customers.payment.authorized IS 'what the provider holds and can be captured';
COMMENT ON COLUMN customers.payment.received IS 'what was received, including what was returned later';
COMMENT ON COLUMN customers.payment.returned IS 'what was returned to the customer';
COMMENT ON COLUMN customers.payment.payment_method_id IS 'the chosen method; null: the customer''s default';
COMMENT ON COLUMN customers.payment.decline_class IS
  'what the customer can do after the last decline; null: nothing was declined since money came last';
COMMENT ON COLUMN customers.payment.declined IS 'the value that was declined last';
COMMENT ON COLUMN customers.payment.status IS 'where the payment is: customers.payment_transitions';
COMMENT ON COLUMN customers.payment.closed_at IS 'when it reached a final status; null: it has not';
COMMENT ON COLUMN customers.payment.commits_used IS 'how often the customer has committed';
COMMENT ON COLUMN customers.payment.version IS 'counts the events, from 1: the sequence of the last one';
COMMENT ON COLUMN customers.payment.updated_at IS 'when its last event was';
COMMENT ON COLUMN customers.payment.event_position IS 'the position of the last event, which that of the next one is not before';
COMMENT ON COLUMN customers.payment.event_hash IS 'the hash of the last event, which the next one is chained to';
COMMENT ON COLUMN customers.payment.row_hash IS 'the hash of it and of what events change in this row: see verify_payment()';

ALTER TABLE customers.payment_method
  ADD FOREIGN KEY (merchant_id, payment_id) REFERENCES customers.payment (merchant_id, payment_id);

CREATE TABLE customers.payment_price (
  merchant_id customers.merchant_id NOT NULL,
  payment_id  customers.payment_id NOT NULL,
  currency    pg_catalog.text NOT NULL,
  position    pg_catalog.int4 NOT NULL,
  price       customers.amount NOT NULL,
  min_amount  customers.amount,
  max_amount  customers.amount,
  presets     customers.amount[],
  PRIMARY KEY (merchant_id, payment_id, currency),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES customers.payment (merchant_id, payment_id),
  CONSTRAINT payment_price_currency CHECK (
    customers.currency(price) OPERATOR(pg_catalog.=) currency
    AND COALESCE(customers.currency(min_amount) OPERATOR(pg_catalog.=) currency, true)
    AND COALESCE(customers.currency(max_amount) OPERATOR(pg_catalog.=) currency, true)),
  CONSTRAINT payment_price_limits CHECK (
    customers.minor_units(price) OPERATOR(pg_catalog.>) 0
    AND COALESCE(customers.minor_units(min_amount) OPERATOR(pg_catalog.>) 0, true)
    AND COALESCE(customers.minor_units(min_amount) OPERATOR(pg_catalog.<=) customers.minor_units(price), true)
    AND COALESCE(customers.minor_units(max_amount) OPERATOR(pg_catalog.>=) customers.minor_units(price), true)),
  -- Amounts are ordered by currency first, so what is between two of one currency is of it too.
  CONSTRAINT payment_price_presets CHECK (presets IS NULL OR (
    pg_catalog.cardinality(presets) OPERATOR(pg_catalog.>) 0
    AND pg_catalog.array_position(presets, NULL) IS NULL
    AND COALESCE(min_amount, customers.amount(1, currency)) OPERATOR(pg_catalog.<=) ALL (presets)
    AND COALESCE(max_amount, customers.amount(9223372036854775807, currency)) OPERATOR(pg_catalog.>=) ALL (presets)))
);
COMMENT ON TABLE customers.payment_price IS 'the prices of payments, one for each currency that the customer may choose';
COMMENT ON COLUMN customers.payment_price.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.payment_price.payment_id IS 'the payment';
COMMENT ON COLUMN customers.payment_price.currency IS 'the currency of the price';
COMMENT ON COLUMN customers.payment_price.position IS 'its place among the prices, counted from 1; the first is the amount until another is chosen';
COMMENT ON COLUMN customers.payment_price.price IS 'what is to be paid in this currency';
COMMENT ON COLUMN customers.payment_price.min_amount IS 'the least that the amount may be changed to; null: no limit';
COMMENT ON COLUMN customers.payment_price.max_amount IS 'the most that the amount may be changed to; null: no limit';
COMMENT ON COLUMN customers.payment_price.presets IS 'the amounts to suggest to the customer; null: none';

CREATE TABLE customers.payment_commit (
  merchant_id        customers.merchant_id NOT NULL,
  commit_id          customers.commit_id NOT NULL,
  payment_id         customers.payment_id NOT NULL,
  payment_method_id  customers.payment_method_id NOT NULL,
  value              customers.amount NOT NULL,
  authorized         customers.amount NOT NULL,
  received           customers.amount NOT NULL,
  status             pg_catalog.text NOT NULL,
  save_method        pg_catalog.bool NOT NULL,
  decline_code       pg_catalog.text,
  decline_class      pg_catalog.text,
  provider_reference pg_catalog.text,
  provider_sequence  pg_catalog.int8,
  late_outcome       pg_catalog.text,
  late_value         customers.amount,
  late_reference     pg_catalog.text,
  late_at            pg_catalog.timestamptz,
  claimable_at       pg_catalog.timestamptz NOT NULL,
  attempt            pg_catalog.int4 NOT NULL DEFAULT 0,
  created_at         pg_catalog.timestamptz NOT NULL,
  resolved_at        pg_catalog.timestamptz,
  PRIMARY KEY (merchant_id, commit_id),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES customers.payment (merchant_id, payment_id)
) WITH (fillfactor = 80);
CREATE INDEX payment_commit_payment ON customers.payment_commit (payment_id);
-- A payment has one open commit at most, whatever the operations believe.
CREATE UNIQUE INDEX payment_commit_open ON customers.payment_commit (merchant_id, payment_id)
  WHERE status OPERATOR(pg_catalog.=) ANY (ARRAY['submitted', 'requires_action', 'unknown']);
-- What claim_commits() looks through, in its order: the open commits only.
CREATE INDEX payment_commit_claim ON customers.payment_commit (merchant_id, claimable_at)
  WHERE status OPERATOR(pg_catalog.=) ANY (ARRAY['submitted', 'requires_action', 'unknown']);
CREATE INDEX payment_commit_late ON customers.payment_commit (merchant_id, late_at)
  WHERE late_at IS NOT NULL;
COMMENT ON TABLE customers.payment_commit IS 'the commits: each a customer''s decision to pay a value with a method, and its outcome';
COMMENT ON COLUMN customers.payment_commit.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.payment_commit.commit_id IS 'the commit';
COMMENT ON COLUMN customers.payment_commit.payment_id IS 'the payment';
COMMENT ON COLUMN customers.payment_commit.payment_method_id IS 'the method to pay with';
COMMENT ON COLUMN customers.payment_commit.value IS 'what the customer decided to pay';
COMMENT ON COLUMN customers.payment_commit.authorized IS 'what the provider holds of it';
COMMENT ON COLUMN customers.payment_commit.received IS 'what was received of it';
COMMENT ON COLUMN customers.payment_commit.status IS
  'submitted, requires_action and unknown are open; authorized, succeeded, declined, voided, cancelled and expired are outcomes';
COMMENT ON COLUMN customers.payment_commit.save_method IS 'whether the customer agreed to the method being kept for later payments';
COMMENT ON COLUMN customers.payment_commit.decline_code IS 'the provider''s code for a decline';
COMMENT ON COLUMN customers.payment_commit.decline_class IS
  'what the customer can do after the decline; never: the method can''t be used for this payment again';
COMMENT ON COLUMN customers.payment_commit.provider_reference IS 'the provider''s identifier of the commit';
COMMENT ON COLUMN customers.payment_commit.provider_sequence IS
  'the highest number that the provider has given to a report of the commit; null: no report was numbered';
COMMENT ON COLUMN customers.payment_commit.late_outcome IS
  'the last outcome that was reported too late to count; "succeeded" here means money that belongs to nobody''s payment, another value than was received, or a second charge';
COMMENT ON COLUMN customers.payment_commit.late_value IS 'the value that was reported with it';
COMMENT ON COLUMN customers.payment_commit.late_reference IS 'the provider''s identifier that was reported with it';
COMMENT ON COLUMN customers.payment_commit.late_at IS 'when it was reported';
COMMENT ON COLUMN customers.payment_commit.claimable_at IS
  'from when on a worker may claim the commit while it is open: the end of the last lease';
COMMENT ON COLUMN customers.payment_commit.attempt IS 'how often workers have claimed the commit';
COMMENT ON COLUMN customers.payment_commit.created_at IS 'when the customer decided';
COMMENT ON COLUMN customers.payment_commit.resolved_at IS 'when it was open no more';

CREATE TABLE customers.payment_event (
  merchant_id customers.merchant_id NOT NULL,
  payment_id  customers.payment_id NOT NULL,
  customer_id customers.customer_id NOT NULL,
  sequence    pg_catalog.int4 NOT NULL,
  event       pg_catalog.text NOT NULL,
  from_status pg_catalog.text,
  to_status   pg_catalog.text NOT NULL,
  actor       pg_catalog.text NOT NULL,
  commit_id   customers.commit_id,
  value       customers.amount,
  detail      pg_catalog.text,
  at          pg_catalog.timestamptz NOT NULL,
  position    pg_catalog.int8 NOT NULL,
  key_id      pg_catalog.int4,
  hash        pg_catalog.bytea NOT NULL,
  PRIMARY KEY (merchant_id, payment_id, sequence),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES customers.payment (merchant_id, payment_id)
);
-- The events of a customer in the order of time, whatever the payments.
CREATE INDEX payment_event_customer ON customers.payment_event (customer_id, at);
-- What events_since() reads.  Partial, so that no other search is served by it:
-- see above.
CREATE INDEX payment_event_position ON customers.payment_event (merchant_id, position, payment_id, sequence)
  WHERE position IS NOT NULL;
COMMENT ON TABLE customers.payment_event IS 'the events: every step of every payment, which never change';
COMMENT ON COLUMN customers.payment_event.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.payment_event.payment_id IS 'the payment';
COMMENT ON COLUMN customers.payment_event.customer_id IS 'who is to pay it';
COMMENT ON COLUMN customers.payment_event.sequence IS 'counts the events of the payment from 1, without gaps';
COMMENT ON COLUMN customers.payment_event.event IS 'what happened: customers.payment_transitions';
COMMENT ON COLUMN customers.payment_event.from_status IS 'the payment''s status before; null: there was no payment';
COMMENT ON COLUMN customers.payment_event.to_status IS 'the payment''s status after';
COMMENT ON COLUMN customers.payment_event.actor IS 'who acted: merchant, customer, processor, clock';
COMMENT ON COLUMN customers.payment_event.commit_id IS 'the commit that it is about; null: none';
COMMENT ON COLUMN customers.payment_event.value IS 'the amount that it is about, such as what was received; null: none';
COMMENT ON COLUMN customers.payment_event.detail IS
  'the reason of a cancel, the code of a decline (or voided, cancelled, expired), the reference of a return';
COMMENT ON COLUMN customers.payment_event.at IS 'when it happened, by the clock';
COMMENT ON COLUMN customers.payment_event.position IS
  'its place in the order of events_since(): 15 bits of an epoch, 48 of the number of the transaction that wrote it, or of a later one that wrote the event before';
COMMENT ON COLUMN customers.payment_event.key_id IS 'the chain key of its hash; null: none, as the server had no root key';
COMMENT ON COLUMN customers.payment_event.hash IS 'the hash of the event before and of all other columns of this one';

-- The key of a merchant's hashes, which is never another: what it has chained
-- has to be verified for years.
CREATE TABLE customers.chain_key (
  merchant_id customers.merchant_id NOT NULL,
  key_id      pg_catalog.int4 NOT NULL CHECK (key_id OPERATOR(pg_catalog.>=) 1),
  wrapped     customers.sealed NOT NULL,
  created_at  pg_catalog.timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, key_id)
);
COMMENT ON TABLE customers.chain_key IS 'the keys that chain the events of the merchants'' payments, each sealed by a key of the merchant';
COMMENT ON COLUMN customers.chain_key.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.chain_key.key_id IS 'counts the merchant''s chain keys from 1; the highest is in force';
COMMENT ON COLUMN customers.chain_key.wrapped IS 'the key, sealed by the merchant''s key whose id the envelope has';
COMMENT ON COLUMN customers.chain_key.created_at IS 'when it was made';

CREATE TABLE customers.event_epoch (
  epoch             pg_catalog.int4 PRIMARY KEY CHECK (epoch OPERATOR(pg_catalog.>=) 1),
  system_identifier pg_catalog.int8 NOT NULL,
  timeline          pg_catalog.int4 NOT NULL,
  first_transaction pg_catalog.int8 NOT NULL,
  begun_at          pg_catalog.timestamptz NOT NULL
);
COMMENT ON TABLE customers.event_epoch IS
  'the servers, and their timelines, that have written events: within each, numbers of transactions only grow';
COMMENT ON COLUMN customers.event_epoch.epoch IS 'counts them from 1';
COMMENT ON COLUMN customers.event_epoch.system_identifier IS 'the server, as pg_control_system() shows it';
COMMENT ON COLUMN customers.event_epoch.timeline IS 'its timeline, which a standby that is promoted and a recovery to a point in time begin anew';
COMMENT ON COLUMN customers.event_epoch.first_transaction IS
  'the number of the transaction that began it, whereas one with a lower number may have written in the epoch before; 0: none can have, as that is of another server';
COMMENT ON COLUMN customers.event_epoch.begun_at IS 'when it wrote its first event';

CREATE TRIGGER guard_payment BEFORE INSERT OR UPDATE ON customers.payment
  FOR EACH ROW EXECUTE FUNCTION customers.guard_payment();
CREATE TRIGGER guard_commit BEFORE INSERT OR UPDATE ON customers.payment_commit
  FOR EACH ROW EXECUTE FUNCTION customers.guard_commit();
-- What they say of a row alone holds for replication too, as CHECKs do.
ALTER TABLE customers.payment ENABLE ALWAYS TRIGGER guard_payment;
ALTER TABLE customers.payment_commit ENABLE ALWAYS TRIGGER guard_commit;
CREATE TRIGGER guard_append_only BEFORE UPDATE OR DELETE ON customers.payment_price
  FOR EACH ROW EXECUTE FUNCTION customers.guard_append_only();
CREATE TRIGGER guard_append_only BEFORE UPDATE OR DELETE ON customers.payment_event
  FOR EACH ROW EXECUTE FUNCTION customers.guard_append_only();
CREATE TRIGGER guard_append_only BEFORE UPDATE OR DELETE ON customers.event_epoch
  FOR EACH ROW EXECUTE FUNCTION customers.guard_append_only();
CREATE TRIGGER guard_delete BEFORE DELETE ON customers.chain_key
  FOR EACH ROW EXECUTE FUNCTION customers.guard_append_only();
CREATE TRIGGER invalidate_caches AFTER INSERT OR UPDATE OR DELETE ON customers.chain_key
  FOR EACH ROW EXECUTE FUNCTION customers.invalidate_caches();
ALTER TABLE customers.chain_key ENABLE ALWAYS TRIGGER invalidate_caches;
CREATE TRIGGER invalidate_caches AFTER INSERT OR UPDATE OR DELETE ON customers.event_epoch
  FOR EACH ROW EXECUTE FUNCTION customers.invalidate_caches();
ALTER TABLE customers.event_epoch ENABLE ALWAYS TRIGGER invalidate_caches;
-- A commit changes, but what became of it is never forgotten.
CREATE TRIGGER guard_delete BEFORE DELETE ON customers.payment_commit
  FOR EACH ROW EXECUTE FUNCTION customers.guard_append_only();
-- Commits name the method that was paid with, as long as they are read.
CREATE TRIGGER guard_delete BEFORE DELETE ON customers.payment_method
  FOR EACH ROW EXECUTE FUNCTION customers.guard_append_only();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON customers.payment_method
  FOR EACH STATEMENT EXECUTE FUNCTION customers.guard_append_only();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON customers.payment_price
  FOR EACH STATEMENT EXECUTE FUNCTION customers.guard_append_only();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON customers.payment_event
  FOR EACH STATEMENT EXECUTE FUNCTION customers.guard_append_only();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON customers.event_epoch
  FOR EACH STATEMENT EXECUTE FUNCTION customers.guard_append_only();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON customers.chain_key
  FOR EACH STATEMENT EXECUTE FUNCTION customers.guard_append_only();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON customers.payment_commit
  FOR EACH STATEMENT EXECUTE FUNCTION customers.guard_append_only();

ALTER TABLE customers.payment_method ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers.payment ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers.payment_price ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers.payment_commit ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers.payment_event ENABLE ROW LEVEL SECURITY;
-- These two have no policy: they are for nobody.
ALTER TABLE customers.chain_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers.event_epoch ENABLE ROW LEVEL SECURITY;
CREATE POLICY current_merchant ON customers.payment_method FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.payment_method'::pg_catalog.regclass, 'SELECT'));
CREATE POLICY current_merchant ON customers.payment FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.payment'::pg_catalog.regclass, 'SELECT'));
CREATE POLICY current_merchant ON customers.payment_price FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.payment_price'::pg_catalog.regclass, 'SELECT'));
CREATE POLICY current_merchant ON customers.payment_commit FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.payment_commit'::pg_catalog.regclass, 'SELECT'));
CREATE POLICY current_merchant ON customers.payment_event FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.payment_event'::pg_catalog.regclass, 'SELECT'));
-- Everything but the token.
GRANT SELECT (merchant_id, payment_method_id, customer_id, kind, display, fingerprint, expires_on,
              currencies, payment_id, is_default, removed_at, created_at, updated_at)
  ON customers.payment_method TO customers_merchant;
GRANT SELECT ON customers.payment, customers.payment_price, customers.payment_commit, customers.payment_event
  TO customers_merchant, customers_processor, customers_analyst;
$step$;
COMMENT ON FUNCTION customers.store_payment() IS 'step of install(): payment methods, payments, prices, commits and events';
REVOKE ALL ON FUNCTION customers.store_payment() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.store_payment() TO customers_owner;
