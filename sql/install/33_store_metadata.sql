-- Step: keys, metadata, and who has read it.

CREATE FUNCTION customers.store_metadata() RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE AS $step$
CREATE TABLE customers.merchant_key (
  merchant_id customers.merchant_id NOT NULL,
  key_id      pg_catalog.int4 NOT NULL CHECK (key_id OPERATOR(pg_catalog.>=) 1),
  wrapped     customers.sealed NOT NULL,
  created_at  pg_catalog.timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, key_id)
);
COMMENT ON TABLE customers.merchant_key IS 'the keys of the merchants, each sealed by a root key';
COMMENT ON COLUMN customers.merchant_key.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.merchant_key.key_id IS 'counts the merchant''s keys from 1; the highest is in force';
COMMENT ON COLUMN customers.merchant_key.wrapped IS 'the key, sealed by the root key whose id the envelope has';
COMMENT ON COLUMN customers.merchant_key.created_at IS 'when it was made';

CREATE TABLE customers.customer_key (
  merchant_id customers.merchant_id NOT NULL,
  customer_id customers.customer_id NOT NULL,
  wrapped     customers.sealed NOT NULL,
  created_at  pg_catalog.timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, customer_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers.customer
);
COMMENT ON TABLE customers.customer_key IS
  'the keys of the customers, each sealed by a key of the merchant: without its row nothing opens a customer''s metadata';
COMMENT ON COLUMN customers.customer_key.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.customer_key.customer_id IS 'the customer';
COMMENT ON COLUMN customers.customer_key.wrapped IS 'the key, sealed by the merchant''s key whose id the envelope has';
COMMENT ON COLUMN customers.customer_key.created_at IS 'when it was made';

-- Referring to the key, so that values never outlive it.  Room is left in its pages,
-- so that a changed value stays in its page and no index is touched.
CREATE TABLE customers.metadata (
  merchant_id customers.merchant_id NOT NULL,
  customer_id customers.customer_id NOT NULL,
  key         pg_catalog.text NOT NULL
              CONSTRAINT metadata_key_length CHECK (pg_catalog.char_length(key) BETWEEN 1 AND 40),
  value       customers.sealed NOT NULL,
  updated_at  pg_catalog.timestamptz NOT NULL,
  digest      pg_catalog.bytea CHECK (pg_catalog.octet_length(digest) OPERATOR(pg_catalog.=) 20),
  PRIMARY KEY (merchant_id, customer_id, key),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers.customer_key ON DELETE CASCADE
) WITH (fillfactor = 80);
-- Of searchable keys only, so most values are not in it.
CREATE INDEX metadata_digest ON customers.metadata (merchant_id, digest) WHERE digest IS NOT NULL;
COMMENT ON TABLE customers.metadata IS 'the metadata of the customers: what is said about them is sealed';
COMMENT ON COLUMN customers.metadata.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.metadata.customer_id IS 'the customer';
COMMENT ON COLUMN customers.metadata.key IS 'what the value is about; not a secret';
COMMENT ON COLUMN customers.metadata.value IS 'the value, sealed by the customer''s key; get_metadata() opens it';
COMMENT ON COLUMN customers.metadata.updated_at IS 'when it was last set';
COMMENT ON COLUMN customers.metadata.digest IS
  'what find_by_metadata() looks up: equal for equal values of the key; null: the key is not searchable';

CREATE TABLE customers.metadata_key (
  merchant_id customers.merchant_id NOT NULL,
  key         pg_catalog.text NOT NULL CHECK (pg_catalog.char_length(key) BETWEEN 1 AND 40),
  searchable  pg_catalog.bool NOT NULL,
  defined_at  pg_catalog.timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, key)
);
COMMENT ON TABLE customers.metadata_key IS 'the metadata keys that merchants have defined; others can be set as well';
COMMENT ON COLUMN customers.metadata_key.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.metadata_key.key IS 'the key';
COMMENT ON COLUMN customers.metadata_key.searchable IS 'whether find_by_metadata() finds its values; by define_metadata_key() only, which sees to the digests';
COMMENT ON COLUMN customers.metadata_key.defined_at IS 'when it became so';

-- No foreign key: every read would have to lock the row of the customer.
CREATE TABLE customers.metadata_access (
  merchant_id  customers.merchant_id NOT NULL,
  access_id    pg_catalog.uuid NOT NULL,
  customer_id  customers.customer_id,
  at           pg_catalog.timestamptz NOT NULL,
  role         pg_catalog.name NOT NULL,
  session_role pg_catalog.name NOT NULL,
  keys         pg_catalog.text[] NOT NULL,
  found        customers.customer_id[],
  PRIMARY KEY (merchant_id, access_id),
  CONSTRAINT metadata_access_customer_or_found CHECK ((customer_id IS NULL) OPERATOR(pg_catalog.<>) (found IS NULL))
);
CREATE INDEX metadata_access_customer ON customers.metadata_access (customer_id, at);
COMMENT ON TABLE customers.metadata_access IS
  'who has read metadata; reads on a standby, in a read-only transaction or in one rolled back are in the server log';
COMMENT ON COLUMN customers.metadata_access.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.metadata_access.access_id IS 'the read: a UUIDv7, so in the order of time';
COMMENT ON COLUMN customers.metadata_access.customer_id IS 'the customer whose metadata was read; null: a search';
COMMENT ON COLUMN customers.metadata_access.at IS 'when it was read';
COMMENT ON COLUMN customers.metadata_access.role IS 'the role that read it';
COMMENT ON COLUMN customers.metadata_access.session_role IS 'the role that the session had logged in with';
COMMENT ON COLUMN customers.metadata_access.keys IS 'the keys that were asked for, or that were there';
COMMENT ON COLUMN customers.metadata_access.found IS 'the customers that a search has found; null: no search';

CREATE TRIGGER invalidate_caches AFTER INSERT OR UPDATE OR DELETE ON customers.merchant_key
  FOR EACH ROW EXECUTE FUNCTION customers.invalidate_caches();
ALTER TABLE customers.merchant_key ENABLE ALWAYS TRIGGER invalidate_caches;
CREATE TRIGGER invalidate_caches AFTER INSERT OR UPDATE OR DELETE ON customers.metadata_key
  FOR EACH ROW EXECUTE FUNCTION customers.invalidate_caches();
ALTER TABLE customers.metadata_key ENABLE ALWAYS TRIGGER invalidate_caches;
CREATE TRIGGER guard_append_only BEFORE UPDATE ON customers.metadata_access
  FOR EACH ROW EXECUTE FUNCTION customers.guard_append_only();
CREATE TRIGGER guard_delete BEFORE DELETE ON customers.metadata_access
  FOR EACH ROW EXECUTE FUNCTION customers.guard_pruned();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON customers.metadata_access
  FOR EACH STATEMENT EXECUTE FUNCTION customers.guard_append_only();

-- The key tables have no policy: they are for nobody.
ALTER TABLE customers.merchant_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers.customer_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers.metadata ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers.metadata_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers.metadata_access ENABLE ROW LEVEL SECURITY;
CREATE POLICY current_merchant ON customers.metadata FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.metadata'::pg_catalog.regclass, 'SELECT'));
CREATE POLICY current_merchant ON customers.metadata_key FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.metadata_key'::pg_catalog.regclass, 'SELECT'));
CREATE POLICY current_merchant ON customers.metadata_access FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.metadata_access'::pg_catalog.regclass, 'SELECT'));
GRANT SELECT ON customers.metadata_access TO customers_merchant;
GRANT SELECT ON customers.metadata_key TO customers_merchant, customers_metadata;
-- Not the digests: who sets guesses and compares learns which are right.
GRANT SELECT (merchant_id, customer_id, key, value, updated_at) ON customers.metadata TO customers_merchant;
$step$;
COMMENT ON FUNCTION customers.store_metadata() IS 'step of install(): keys, metadata, and who has read it';
REVOKE ALL ON FUNCTION customers.store_metadata() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.store_metadata() TO customers_owner;
