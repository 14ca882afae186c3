-- Payments as a careful author of PL/pgSQL would write them: the same rows and
-- the same guards as the extension has, in tables of plain types.
CREATE SCHEMA plain;
CREATE TABLE plain.customer (
  merchant_id uuid NOT NULL, customer_id uuid NOT NULL, context jsonb NOT NULL DEFAULT '{}',
  payments_allowed bool NOT NULL DEFAULT true, archived_at timestamptz, erased_at timestamptz,
  PRIMARY KEY (merchant_id, customer_id));
CREATE TABLE plain.context_field (
  merchant_id uuid NOT NULL, key text NOT NULL, stage text NOT NULL, PRIMARY KEY (merchant_id, key));
CREATE TABLE plain.list (
  merchant_id uuid NOT NULL, list_id uuid NOT NULL, effect text NOT NULL, PRIMARY KEY (merchant_id, list_id));
CREATE TABLE plain.list_item (
  merchant_id uuid NOT NULL, list_id uuid NOT NULL, customer_id uuid NOT NULL, expires_at timestamptz,
  PRIMARY KEY (merchant_id, list_id, customer_id));
CREATE INDEX ON plain.list_item (customer_id);
CREATE TABLE plain.payment_method (
  merchant_id uuid NOT NULL, payment_method_id uuid NOT NULL, customer_id uuid NOT NULL, kind text NOT NULL,
  token text, expires_on date, removed_at timestamptz, is_default bool NOT NULL,
  PRIMARY KEY (merchant_id, payment_method_id));
CREATE TABLE plain.payment (
  merchant_id uuid NOT NULL, payment_id uuid NOT NULL, customer_id uuid NOT NULL,
  reference text CHECK (char_length(reference) BETWEEN 1 AND 255),
  status text NOT NULL CHECK (status IN ('created', 'attempted', 'processing', 'authorized', 'pending', 'paid',
    'over_paid', 'partially_paid', 'cancelled', 'failed', 'expired')),
  currency text NOT NULL, amount int8 NOT NULL CHECK (amount > 0), authorized int8 NOT NULL CHECK (authorized >= 0),
  received int8 NOT NULL CHECK (received >= 0), returned int8 NOT NULL CHECK (returned BETWEEN 0 AND received),
  commits_used int NOT NULL, commits_limit int NOT NULL CHECK (commits_used <= commits_limit),
  amount_mode text NOT NULL CHECK (amount_mode IN ('strict', 'editable', 'editable_if_insufficient')),
  capture text NOT NULL CHECK (capture IN ('automatic', 'manual')),
  payment_method_id uuid, decline_class text, declined int8, expires_at timestamptz, closed_at timestamptz,
  version int NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, payment_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES plain.customer,
  CHECK ((closed_at IS NULL) = (status IN ('created', 'attempted', 'processing', 'authorized', 'pending'))),
  CHECK (CASE status WHEN 'processing' THEN true WHEN 'authorized' THEN authorized > 0 WHEN 'paid' THEN received = amount
    WHEN 'over_paid' THEN received > amount WHEN 'pending' THEN received BETWEEN 1 AND amount - 1
    WHEN 'partially_paid' THEN received BETWEEN 1 AND amount - 1 ELSE received = 0 END)) WITH (fillfactor = 70);
CREATE INDEX ON plain.payment (customer_id);
CREATE INDEX ON plain.payment (merchant_id, expires_at) WHERE closed_at IS NULL;
CREATE TABLE plain.payment_commit (
  merchant_id uuid NOT NULL, commit_id uuid NOT NULL, payment_id uuid NOT NULL, payment_method_id uuid NOT NULL,
  value int8 NOT NULL CHECK (value > 0), authorized int8 NOT NULL CHECK (authorized >= 0),
  received int8 NOT NULL CHECK (received >= 0),
  status text NOT NULL CHECK (status IN ('submitted', 'requires_action', 'unknown', 'authorized', 'succeeded',
    'declined', 'voided', 'cancelled', 'expired')),
  save_method bool NOT NULL, decline_code text, decline_class text, provider_reference text,
  created_at timestamptz NOT NULL, resolved_at timestamptz,
  PRIMARY KEY (merchant_id, commit_id), FOREIGN KEY (merchant_id, payment_id) REFERENCES plain.payment) WITH (fillfactor = 80);
CREATE INDEX ON plain.payment_commit (payment_id);
CREATE UNIQUE INDEX ON plain.payment_commit (merchant_id, payment_id) WHERE status IN ('submitted', 'requires_action', 'unknown');
CREATE TABLE plain.payment_event (
  merchant_id uuid NOT NULL, payment_id uuid NOT NULL, sequence int NOT NULL CHECK (sequence > 0), event text NOT NULL,
  from_status text, to_status text NOT NULL, actor text NOT NULL, commit_id uuid, value int8, currency text, detail text,
  at timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, payment_id, sequence), FOREIGN KEY (merchant_id, payment_id) REFERENCES plain.payment);

CREATE FUNCTION plain.require_payable(the_merchant uuid, the_customer uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  c record;
BEGIN
  SELECT erased_at, archived_at, payments_allowed INTO c FROM plain.customer
   WHERE merchant_id = the_merchant AND customer_id = the_customer FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE 'customer "%" does not exist', the_customer;
  ELSIF c.erased_at IS NOT NULL OR c.archived_at IS NOT NULL OR NOT c.payments_allowed THEN
    RAISE 'customer "%" may not pay', the_customer;
  END IF;
  IF EXISTS (SELECT FROM plain.list_item i JOIN plain.list l USING (merchant_id, list_id)
              WHERE i.merchant_id = the_merchant AND i.customer_id = the_customer
                AND (i.expires_at IS NULL OR i.expires_at > clock_timestamp()) AND l.effect = 'block_payments') THEN
    RAISE 'customer "%" is on a list that blocks payments', the_customer;
  END IF;
END $$;

CREATE FUNCTION plain.commit_payment(the_merchant uuid, the_payment uuid, the_commit uuid, method uuid = NULL)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  p plain.payment;
  m record;
  now timestamptz;
  balance int8;
BEGIN
  SELECT * INTO p FROM plain.payment WHERE merchant_id = the_merchant AND payment_id = the_payment FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE 'payment "%" does not exist', the_payment;
  END IF;
  now := clock_timestamp();
  IF p.expires_at <= now THEN
    RAISE 'payment "%" has expired', the_payment;
  ELSIF p.status NOT IN ('created', 'attempted', 'pending', 'authorized') THEN
    RAISE 'event "commit" is not possible for payment "%"', the_payment;
  END IF;
  PERFORM plain.require_payable(the_merchant, p.customer_id);
  IF p.commits_used >= p.commits_limit THEN
    RAISE 'payment "%" has no commit left', the_payment;
  END IF;
  balance := p.amount - p.received - p.authorized;
  IF balance <= 0 THEN
    RAISE 'nothing of payment "%" is left to pay', the_payment;
  END IF;
  method := coalesce(method, p.payment_method_id);
  IF method IS NULL THEN
    SELECT payment_method_id INTO method FROM plain.payment_method
     WHERE merchant_id = the_merchant AND customer_id = p.customer_id AND is_default;
  END IF;
  SELECT pm.removed_at, pm.expires_on, EXISTS (SELECT FROM plain.payment_commit c
      WHERE c.merchant_id = the_merchant AND c.payment_id = the_payment AND c.payment_method_id = method
        AND c.decline_class = 'never') AS barred INTO m
    FROM plain.payment_method pm
   WHERE pm.merchant_id = the_merchant AND pm.payment_method_id = method AND pm.customer_id = p.customer_id;
  IF NOT FOUND OR m.removed_at IS NOT NULL OR m.expires_on < now::date OR m.barred THEN
    RAISE 'payment method "%" can''t be used', method;
  END IF;
  IF EXISTS (SELECT FROM plain.context_field f, plain.customer c
              WHERE f.merchant_id = the_merchant AND f.stage IN ('create', 'commit')
                AND c.merchant_id = the_merchant AND c.customer_id = p.customer_id AND NOT c.context ? f.key) THEN
    RAISE 'customer "%" lacks context fields', p.customer_id;
  END IF;
  INSERT INTO plain.payment_commit (merchant_id, commit_id, payment_id, payment_method_id, value, authorized, received,
      status, save_method, created_at)
  VALUES (the_merchant, the_commit, the_payment, method, balance, 0, 0, 'submitted', false, now);
  UPDATE plain.payment SET status = 'processing', version = p.version + 1, commits_used = p.commits_used + 1, updated_at = now
   WHERE merchant_id = the_merchant AND payment_id = the_payment;
  INSERT INTO plain.payment_event
  VALUES (the_merchant, the_payment, p.version + 1, 'commit', p.status, 'processing', 'customer', the_commit, balance,
      p.currency, NULL, now);
  RETURN the_commit;
END $$;

-- The same tables for the bare statements: indexes, and nothing that checks.
CREATE SCHEMA bare;
CREATE TABLE bare.payment (LIKE plain.payment INCLUDING INDEXES INCLUDING STORAGE) WITH (fillfactor = 70);
CREATE TABLE bare.payment_commit (LIKE plain.payment_commit INCLUDING INDEXES INCLUDING STORAGE) WITH (fillfactor = 80);
CREATE TABLE bare.payment_event (LIKE plain.payment_event INCLUDING INDEXES);
