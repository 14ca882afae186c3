-- Step: context fields and customers.

CREATE FUNCTION customers.guard_customer() RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'guard_customer';
COMMENT ON FUNCTION customers.guard_customer() IS
  'trigger of customer: refuses a context that the merchant''s schema rejects, a change of what identifies a customer, and what would take an erasure back; keeps the history';
REVOKE ALL ON FUNCTION customers.guard_customer() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.guard_customer() TO customers_owner;

CREATE FUNCTION customers.guard_unique_values() RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'guard_unique_values';
COMMENT ON FUNCTION customers.guard_unique_values() IS
  'trigger of customer: refuses a value of a unique field that another customer has, and frees those of a row that goes';
REVOKE ALL ON FUNCTION customers.guard_unique_values() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.guard_unique_values() TO customers_owner;

CREATE FUNCTION customers.store_customer() RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE AS $step$
CREATE TABLE customers.context_field (
  merchant_id customers.merchant_id NOT NULL,
  key         pg_catalog.text NOT NULL CHECK (key OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]{0,63}$'),
  schema      pg_catalog.jsonb NOT NULL,
  stage       pg_catalog.text NOT NULL CHECK (stage OPERATOR(pg_catalog.=) ANY (ARRAY['optional', 'create', 'commit'])),
  is_unique   pg_catalog.bool NOT NULL,
  label       pg_catalog.text,
  position    pg_catalog.int4 NOT NULL,
  retired_at  pg_catalog.timestamptz,
  PRIMARY KEY (merchant_id, key)
);
COMMENT ON TABLE customers.context_field IS 'the context fields: what each merchant collects about its customers';
COMMENT ON COLUMN customers.context_field.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.context_field.key IS 'the name of the field in the context';
COMMENT ON COLUMN customers.context_field.schema IS 'the JSON Schema of its values';
COMMENT ON COLUMN customers.context_field.stage IS 'when it must be present: optional (never), create, commit';
COMMENT ON COLUMN customers.context_field.is_unique IS 'whether no two customers may have the same value';
COMMENT ON COLUMN customers.context_field.label IS 'what people call it; null: the key';
COMMENT ON COLUMN customers.context_field.position IS 'its place in a form, counted from 1';
COMMENT ON COLUMN customers.context_field.retired_at IS 'since when it is not collected any more; values stay readable';

CREATE TABLE customers.context_schema (
  merchant_id    customers.merchant_id NOT NULL,
  version        pg_catalog.int4 NOT NULL,
  schema         customers.json_schema NOT NULL,
  at_commit      pg_catalog.text[] NOT NULL,
  retired_fields pg_catalog.text[] NOT NULL,
  unique_fields  pg_catalog.text[] NOT NULL,
  rules          customers.json_schema,
  defined_at     pg_catalog.timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, version)
);
COMMENT ON TABLE customers.context_schema IS
  'the versions of each merchant''s schema, made of its context fields; the highest is in force';
COMMENT ON COLUMN customers.context_schema.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.context_schema.version IS 'counts from 1; a version never changes';
COMMENT ON COLUMN customers.context_schema.schema IS 'the compiled schema; its "required" are the fields of stage create';
COMMENT ON COLUMN customers.context_schema.at_commit IS 'the fields of stage commit';
COMMENT ON COLUMN customers.context_schema.retired_fields IS 'the fields that are collected no longer: values stay, and can''t be set';
COMMENT ON COLUMN customers.context_schema.unique_fields IS 'the fields of which no two customers may have the same value';
COMMENT ON COLUMN customers.context_schema.rules IS 'what set_context_rules() demands of the context as a whole; null: nothing';
COMMENT ON COLUMN customers.context_schema.defined_at IS 'when it came into force';

CREATE TABLE customers.customer (
  merchant_id      customers.merchant_id NOT NULL,
  customer_id      customers.customer_id NOT NULL,
  reference        pg_catalog.text CHECK (pg_catalog.char_length(reference) BETWEEN 1 AND 255),
  context          pg_catalog.jsonb NOT NULL DEFAULT '{}'
                   CHECK (pg_catalog.jsonb_typeof(context) OPERATOR(pg_catalog.=) 'object'),
  schema_version   pg_catalog.int4 NOT NULL DEFAULT 0,
  payments_allowed pg_catalog.bool NOT NULL DEFAULT true,
  payouts_allowed  pg_catalog.bool NOT NULL DEFAULT true,
  archived_at      pg_catalog.timestamptz,
  erased_at        pg_catalog.timestamptz,
  erased_by        pg_catalog.name,
  version          pg_catalog.int4 NOT NULL DEFAULT 1,
  created_at       pg_catalog.timestamptz NOT NULL,
  updated_at       pg_catalog.timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, customer_id),
  CONSTRAINT customer_erased CHECK ((erased_at IS NULL) OPERATOR(pg_catalog.=) (erased_by IS NULL))
);
-- An index without NULLs: foreign keys can't take it for the primary key's.
CREATE UNIQUE INDEX customer_reference ON customers.customer (merchant_id, reference) WHERE reference IS NOT NULL;
COMMENT ON TABLE customers.customer IS 'the customers';
COMMENT ON COLUMN customers.customer.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.customer.customer_id IS 'the customer';
COMMENT ON COLUMN customers.customer.reference IS 'the merchant''s own identifier of the customer; never changes, until the customer is erased';
COMMENT ON COLUMN customers.customer.context IS 'the values of the context fields';
COMMENT ON COLUMN customers.customer.schema_version IS 'the version of the schema that the context was last checked against as a whole, and conforms to; 0: none';
COMMENT ON COLUMN customers.customer.payments_allowed IS 'whether payments may be created for the customer';
COMMENT ON COLUMN customers.customer.payouts_allowed IS 'whether payouts may be made to the customer';
COMMENT ON COLUMN customers.customer.archived_at IS 'since when the customer is archived; null: active';
COMMENT ON COLUMN customers.customer.erased_at IS 'when erase_customer() erased the customer; null: it did not';
COMMENT ON COLUMN customers.customer.erased_by IS 'the role that called it';
COMMENT ON COLUMN customers.customer.version IS 'counts the changes, from 1';
COMMENT ON COLUMN customers.customer.created_at IS 'when the customer was created';
COMMENT ON COLUMN customers.customer.updated_at IS 'when it was last changed';

-- No foreign key: while a field becomes unique it would lock, and so write, the rows
-- of all the merchant's customers.
CREATE TABLE customers.unique_value (
  merchant_id customers.merchant_id NOT NULL,
  key         pg_catalog.text NOT NULL,
  digest      pg_catalog.bytea NOT NULL,
  customer_id customers.customer_id NOT NULL,
  PRIMARY KEY (merchant_id, key, digest)
);
CREATE INDEX unique_value_customer ON customers.unique_value (merchant_id, customer_id);
COMMENT ON TABLE customers.unique_value IS 'the values of unique context fields: who has which';
COMMENT ON COLUMN customers.unique_value.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.unique_value.key IS 'the key of the field';
COMMENT ON COLUMN customers.unique_value.digest IS 'SHA-256 of the normalised value: equal for values that count as the same';
COMMENT ON COLUMN customers.unique_value.customer_id IS 'the customer who has the value';

CREATE TRIGGER invalidate_caches AFTER INSERT OR UPDATE OR DELETE ON customers.context_schema
  FOR EACH ROW EXECUTE FUNCTION customers.invalidate_caches();
ALTER TABLE customers.context_schema ENABLE ALWAYS TRIGGER invalidate_caches;
CREATE TRIGGER guard_append_only BEFORE UPDATE OR DELETE ON customers.context_schema
  FOR EACH ROW EXECUTE FUNCTION customers.guard_append_only();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON customers.context_schema
  FOR EACH STATEMENT EXECUTE FUNCTION customers.guard_append_only();
CREATE TRIGGER guard_customer BEFORE INSERT OR UPDATE ON customers.customer
  FOR EACH ROW EXECUTE FUNCTION customers.guard_customer();
CREATE TRIGGER guard_unique_values AFTER INSERT OR UPDATE OR DELETE ON customers.customer
  FOR EACH ROW EXECUTE FUNCTION customers.guard_unique_values();

ALTER TABLE customers.context_field ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers.context_schema ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers.customer ENABLE ROW LEVEL SECURITY;
-- No policy: the digests are for nobody, as who guesses a value can tell.
ALTER TABLE customers.unique_value ENABLE ROW LEVEL SECURITY;
CREATE POLICY current_merchant ON customers.context_field FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.context_field'::pg_catalog.regclass, 'SELECT'));
CREATE POLICY current_merchant ON customers.context_schema FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.context_schema'::pg_catalog.regclass, 'SELECT'));
CREATE POLICY current_merchant ON customers.customer FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.customer'::pg_catalog.regclass, 'SELECT'));
CREATE POLICY all_columns ON customers.customer AS RESTRICTIVE FOR SELECT TO customers_merchant
  USING (pg_catalog.has_table_privilege('customers.customer'::pg_catalog.regclass, 'SELECT'));
GRANT SELECT ON customers.context_field, customers.context_schema TO customers_merchant, customers_analyst;
GRANT SELECT ON customers.customer TO customers_merchant;
-- An analyst sees no context.
GRANT SELECT (merchant_id, customer_id, reference, schema_version, payments_allowed, payouts_allowed,
              archived_at, erased_at, erased_by, version, created_at, updated_at)
  ON customers.customer TO customers_analyst;

-- With the rights of whoever queries it: row-level security holds, and who may
-- not read the context may not read the view.
CREATE VIEW customers.customer_profile WITH (security_invoker = true) AS
  SELECT merchant_id, customer_id, reference, context, schema_version, payments_allowed, payouts_allowed,
         archived_at IS NOT NULL AS archived, archived_at, erased_at IS NOT NULL AS erased, erased_at,
         version, created_at, updated_at
    FROM customers.customer;
COMMENT ON VIEW customers.customer_profile IS
  'the customers as their merchant sees them; customers.context_columns() makes a view with a column per context field';
COMMENT ON COLUMN customers.customer_profile.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.customer_profile.customer_id IS 'the customer';
COMMENT ON COLUMN customers.customer_profile.reference IS 'the merchant''s own identifier of the customer';
COMMENT ON COLUMN customers.customer_profile.context IS 'the values of the context fields';
COMMENT ON COLUMN customers.customer_profile.schema_version IS 'the version of the schema that the context was last checked against as a whole, and conforms to; 0: none';
COMMENT ON COLUMN customers.customer_profile.payments_allowed IS 'whether payments may be created for the customer';
COMMENT ON COLUMN customers.customer_profile.payouts_allowed IS 'whether payouts may be made to the customer';
COMMENT ON COLUMN customers.customer_profile.archived IS 'whether the customer is archived';
COMMENT ON COLUMN customers.customer_profile.archived_at IS 'since when';
COMMENT ON COLUMN customers.customer_profile.erased IS 'whether the customer was erased';
COMMENT ON COLUMN customers.customer_profile.erased_at IS 'when';
COMMENT ON COLUMN customers.customer_profile.version IS 'counts the changes, from 1';
COMMENT ON COLUMN customers.customer_profile.created_at IS 'when the customer was created';
COMMENT ON COLUMN customers.customer_profile.updated_at IS 'when it was last changed';
GRANT SELECT ON customers.customer_profile TO customers_merchant;
$step$;
COMMENT ON FUNCTION customers.store_customer() IS 'step of install(): context fields and customers';
REVOKE ALL ON FUNCTION customers.store_customer() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.store_customer() TO customers_owner;
