-- Step: lists and their items.

CREATE FUNCTION customers.guard_segments() RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'guard_segments';
COMMENT ON FUNCTION customers.guard_segments() IS
  'trigger: deletes the segments of lists that a change of their items makes wrong';
REVOKE ALL ON FUNCTION customers.guard_segments() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.guard_segments() TO customers_owner;

CREATE FUNCTION customers.store_list() RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE AS $step$
CREATE TABLE customers.list (
  merchant_id customers.merchant_id NOT NULL,
  list_id     customers.list_id NOT NULL,
  name        pg_catalog.text NOT NULL CHECK (pg_catalog.char_length(name) BETWEEN 1 AND 255),
  rule        pg_catalog.jsonpath,
  effect      pg_catalog.text NOT NULL
              CHECK (effect OPERATOR(pg_catalog.=) ANY (ARRAY['none', 'block_payments', 'block_payouts'])),
  created_at  pg_catalog.timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, list_id),
  CONSTRAINT list_name UNIQUE (merchant_id, name)
);
-- Most lists have no effect, and payments ask for those that have one.
CREATE INDEX list_effect ON customers.list (merchant_id, effect)
  WHERE effect OPERATOR(pg_catalog.<>) 'none';
COMMENT ON TABLE customers.list IS 'the lists: named sets of customers';
COMMENT ON COLUMN customers.list.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.list.list_id IS 'the list';
COMMENT ON COLUMN customers.list.name IS 'what people call it, and rules; unique, never changes';
COMMENT ON COLUMN customers.list.rule IS
  'decides who the members of a dynamic list are (doc/lists.md); null: a fixed list, whose members are added';
COMMENT ON COLUMN customers.list.effect IS 'what its members may not do: none (no effect), block_payments, block_payouts';
COMMENT ON COLUMN customers.list.created_at IS 'when create_list() made it';

-- No foreign key to list: each new item would lock that one row.  The
-- operations lock it once for all the items that they add or delete.
CREATE TABLE customers.list_item (
  merchant_id customers.merchant_id NOT NULL,
  list_id     customers.list_id NOT NULL,
  customer_id customers.customer_id NOT NULL,
  expires_at  pg_catalog.timestamptz,
  comment     pg_catalog.text,
  added_at    pg_catalog.timestamptz NOT NULL,
  added_by    pg_catalog.name NOT NULL,
  PRIMARY KEY (merchant_id, list_id, customer_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers.customer (merchant_id, customer_id)
);
CREATE INDEX list_item_customer ON customers.list_item (customer_id);
-- What sweep_list_items() looks through.
CREATE INDEX list_item_expiry ON customers.list_item (merchant_id, expires_at) WHERE expires_at IS NOT NULL;
-- What is in no segment.
CREATE INDEX list_item_expiring ON customers.list_item (merchant_id, list_id, customer_id)
  WHERE expires_at IS NOT NULL;
COMMENT ON TABLE customers.list_item IS
  'the customers that were added to fixed lists; one whose item has expired is no member any more';
COMMENT ON COLUMN customers.list_item.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.list_item.list_id IS 'the list';
COMMENT ON COLUMN customers.list_item.customer_id IS 'the customer';
COMMENT ON COLUMN customers.list_item.expires_at IS 'from when on the customer is no member any more; null: never';
COMMENT ON COLUMN customers.list_item.comment IS 'why the customer is on the list; may be personal';
COMMENT ON COLUMN customers.list_item.added_at IS 'when the customer was added';
COMMENT ON COLUMN customers.list_item.added_by IS 'the role that added the customer';

-- Derived from list_item (src/list/segment.h).  Rows are small enough to be
-- stored as they are, and read from the page.
CREATE TABLE customers.list_segment (
  merchant_id customers.merchant_id NOT NULL,
  list_id     customers.list_id NOT NULL,
  after       customers.customer_id NOT NULL,
  upto        customers.customer_id NOT NULL,
  customers   customers.customer_id[] NOT NULL CHECK (pg_catalog.cardinality(customers) OPERATOR(pg_catalog.>) 0),
  PRIMARY KEY (merchant_id, list_id, upto),
  FOREIGN KEY (merchant_id, list_id) REFERENCES customers.list (merchant_id, list_id) ON DELETE CASCADE,
  CONSTRAINT list_segment_range CHECK (after OPERATOR(pg_catalog.<) upto)
);
ALTER TABLE customers.list_segment ALTER COLUMN customers SET STORAGE PLAIN;
COMMENT ON TABLE customers.list_segment IS
  'parts of large fixed lists, derived from list_item by compact_lists() and deleted when those items change';
COMMENT ON COLUMN customers.list_segment.merchant_id IS 'the merchant';
COMMENT ON COLUMN customers.list_segment.list_id IS 'the list';
COMMENT ON COLUMN customers.list_segment.after IS 'it covers the customers after this one';
COMMENT ON COLUMN customers.list_segment.upto IS 'up to this one';
COMMENT ON COLUMN customers.list_segment.customers IS
  'those of them whose items on the list never expire, all of them and in the order of their ids';

CREATE TRIGGER invalidate_caches AFTER INSERT OR UPDATE OR DELETE ON customers.list
  FOR EACH ROW EXECUTE FUNCTION customers.invalidate_caches();
ALTER TABLE customers.list ENABLE ALWAYS TRIGGER invalidate_caches;
CREATE TRIGGER guard_segments AFTER INSERT OR UPDATE OR DELETE ON customers.list_item
  FOR EACH ROW EXECUTE FUNCTION customers.guard_segments();
CREATE TRIGGER guard_segments_truncate AFTER TRUNCATE ON customers.list_item
  FOR EACH STATEMENT EXECUTE FUNCTION customers.guard_segments();

ALTER TABLE customers.list ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers.list_item ENABLE ROW LEVEL SECURITY;
-- No policy: the segments are for nobody.
ALTER TABLE customers.list_segment ENABLE ROW LEVEL SECURITY;
CREATE POLICY current_merchant ON customers.list FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.list'::pg_catalog.regclass, 'SELECT'));
CREATE POLICY current_merchant ON customers.list_item FOR SELECT
  USING (merchant_id OPERATOR(pg_catalog.=) customers.current_merchant()
    AND pg_catalog.has_any_column_privilege('customers.list_item'::pg_catalog.regclass, 'SELECT'));
CREATE POLICY all_columns ON customers.list_item AS RESTRICTIVE FOR SELECT TO customers_merchant
  USING (pg_catalog.has_table_privilege('customers.list_item'::pg_catalog.regclass, 'SELECT'));
GRANT SELECT ON customers.list TO customers_merchant, customers_analyst;
GRANT SELECT ON customers.list_item TO customers_merchant;
-- An analyst sees no comments.
GRANT SELECT (merchant_id, list_id, customer_id, expires_at, added_at, added_by)
  ON customers.list_item TO customers_analyst;
$step$;
COMMENT ON FUNCTION customers.store_list() IS 'step of install(): lists and their items';
REVOKE ALL ON FUNCTION customers.store_list() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.store_list() TO customers_owner;
