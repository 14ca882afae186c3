-- The rows that the extension keeps of payments, in tables of plain types: those of
-- schema plain with the guards that a careful author gives them, those of schema
-- bare with the same indexes and nothing that checks.
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
  token text, fingerprint text, expires_on date, currencies text[], payment_id uuid, removed_at timestamptz, is_default bool NOT NULL,
  PRIMARY KEY (merchant_id, payment_method_id));
CREATE UNIQUE INDEX ON plain.payment_method (merchant_id, customer_id) WHERE is_default;
CREATE INDEX ON plain.payment_method (merchant_id, payment_id) WHERE payment_id IS NOT NULL;
-- What every event changes comes last: WAL has of an update what is between the first and the last byte that change.
CREATE TABLE plain.payment (
  merchant_id uuid NOT NULL, payment_id uuid NOT NULL, customer_id uuid NOT NULL,
  reference text CHECK (char_length(reference) BETWEEN 1 AND 255), base_reference text CHECK (char_length(base_reference) BETWEEN 1 AND 255),
  amount_mode text NOT NULL CHECK (amount_mode IN ('strict', 'editable', 'editable_if_insufficient')),
  capture text NOT NULL CHECK (capture IN ('automatic', 'manual')),
  commits_limit int NOT NULL, expires_at timestamptz, created_at timestamptz NOT NULL,
  currency text NOT NULL, amount int8 NOT NULL CHECK (amount > 0), authorized int8 NOT NULL CHECK (authorized >= 0),
  received int8 NOT NULL CHECK (received >= 0), returned int8 NOT NULL CHECK (returned BETWEEN 0 AND received),
  payment_method_id uuid,
  decline_class text CHECK (decline_class IN ('lower_amount', 'fix_input', 'authenticate', 'retry_later', 'other_method', 'never', 'unknown')),
  declined int8,
  status text NOT NULL CHECK (status IN ('created', 'attempted', 'processing', 'authorized', 'pending', 'paid',
    'over_paid', 'partially_paid', 'cancelled', 'failed', 'expired')),
  closed_at timestamptz, commits_used int NOT NULL, version int NOT NULL CHECK (version > 0), updated_at timestamptz NOT NULL,
  event_position int8 NOT NULL, event_hash bytea NOT NULL, row_hash bytea NOT NULL,
  PRIMARY KEY (merchant_id, payment_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES plain.customer,
  CHECK (commits_used BETWEEN 0 AND commits_limit),
  CHECK ((closed_at IS NULL) = (status IN ('created', 'attempted', 'processing', 'authorized', 'pending'))),
  CHECK (CASE status WHEN 'processing' THEN true WHEN 'authorized' THEN authorized > 0 WHEN 'paid' THEN received = amount
    WHEN 'over_paid' THEN received > amount WHEN 'pending' THEN received BETWEEN 1 AND amount - 1
    WHEN 'partially_paid' THEN received BETWEEN 1 AND amount - 1 ELSE received = 0 END)) WITH (fillfactor = 70);
CREATE UNIQUE INDEX ON plain.payment (merchant_id, reference) WHERE reference IS NOT NULL;
CREATE INDEX ON plain.payment (merchant_id, base_reference) WHERE base_reference IS NOT NULL;
CREATE INDEX ON plain.payment (customer_id);
CREATE INDEX ON plain.payment (merchant_id, expires_at) WHERE closed_at IS NULL;
CREATE TABLE plain.payment_price (
  merchant_id uuid NOT NULL, payment_id uuid NOT NULL, currency text NOT NULL, position int NOT NULL,
  price int8 NOT NULL CHECK (price > 0), min_amount int8, max_amount int8, presets int8[],
  PRIMARY KEY (merchant_id, payment_id, currency), FOREIGN KEY (merchant_id, payment_id) REFERENCES plain.payment,
  CHECK (min_amount > 0 AND min_amount <= price), CHECK (max_amount >= price));
CREATE TABLE plain.payment_commit (
  merchant_id uuid NOT NULL, commit_id uuid NOT NULL, payment_id uuid NOT NULL, payment_method_id uuid NOT NULL,
  value int8 NOT NULL CHECK (value > 0), authorized int8 NOT NULL CHECK (authorized >= 0),
  received int8 NOT NULL CHECK (received >= 0), currency text NOT NULL,
  status text NOT NULL CHECK (status IN ('submitted', 'requires_action', 'unknown', 'authorized', 'succeeded',
    'declined', 'voided', 'cancelled', 'expired')),
  save_method bool NOT NULL, decline_code text, decline_class text, provider_reference text, provider_sequence int8,
  late_outcome text, late_value int8, late_reference text, late_at timestamptz,
  claimable_at timestamptz NOT NULL, attempt int NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  created_at timestamptz NOT NULL, resolved_at timestamptz,
  PRIMARY KEY (merchant_id, commit_id), FOREIGN KEY (merchant_id, payment_id) REFERENCES plain.payment,
  CHECK ((authorized > 0) = (status = 'authorized') AND (status = 'authorized' OR (received > 0) = (status = 'succeeded')))) WITH (fillfactor = 80);
CREATE INDEX ON plain.payment_commit (payment_id);
CREATE UNIQUE INDEX ON plain.payment_commit (merchant_id, payment_id) WHERE status IN ('submitted', 'requires_action', 'unknown');
CREATE INDEX ON plain.payment_commit (merchant_id, claimable_at) WHERE status IN ('submitted', 'requires_action', 'unknown');
CREATE INDEX ON plain.payment_commit (merchant_id, late_at) WHERE late_at IS NOT NULL;
CREATE TABLE plain.payment_event (
  merchant_id uuid NOT NULL, payment_id uuid NOT NULL, customer_id uuid NOT NULL, sequence int NOT NULL CHECK (sequence > 0), event text NOT NULL,
  from_status text, to_status text NOT NULL, actor text NOT NULL, commit_id uuid, value int8, currency text, detail text,
  at timestamptz NOT NULL, position int8 NOT NULL, key_id int, hash bytea NOT NULL,
  PRIMARY KEY (merchant_id, payment_id, sequence), FOREIGN KEY (merchant_id, payment_id) REFERENCES plain.payment);
CREATE INDEX ON plain.payment_event (customer_id, at);
CREATE INDEX ON plain.payment_event (merchant_id, position, payment_id, sequence) WHERE position IS NOT NULL;

CREATE SCHEMA bare;
CREATE TABLE bare.payment (LIKE plain.payment INCLUDING INDEXES INCLUDING STORAGE) WITH (fillfactor = 70);
CREATE TABLE bare.payment_price (LIKE plain.payment_price INCLUDING INDEXES);
CREATE TABLE bare.payment_commit (LIKE plain.payment_commit INCLUDING INDEXES INCLUDING DEFAULTS INCLUDING STORAGE) WITH (fillfactor = 80);
CREATE TABLE bare.payment_event (LIKE plain.payment_event INCLUDING INDEXES);
