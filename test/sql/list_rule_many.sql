-- Dynamic lists of more customers than a rule is asked about at once.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
RESET client_min_messages;
SET search_path = customers, public;

SELECT create_merchant('Many') AS many \gset
SELECT use_merchant(:'many');
SELECT define_context_field('number', '{"type": "integer"}');
SELECT count(customer) FROM import_customers(ARRAY(
    SELECT jsonb_build_object('reference', n::text, 'context', jsonb_build_object('number', n)) FROM generate_series(1, 25000) AS n));
CREATE TEMP TABLE person AS
    SELECT reference::int AS n, customer_id AS id FROM customer WHERE merchant_id = :'many';
SELECT create_list('Thirds') AS thirds, create_list('Expired') AS expired \gset
SELECT add_to_list(:'thirds', array_agg(id)) FROM person WHERE n % 3 = 0;
SELECT add_to_list(:'expired', array_agg(id), now() + interval '1 day') FROM person WHERE n % 5 = 0;
UPDATE list_item SET expires_at = now() WHERE list_id = :'expired' AND customer_id IN (SELECT id FROM person WHERE n % 10 = 0);
-- Customers with an even number have a payment, every fourth has two, written
-- directly.
SET session_replication_role = replica;
INSERT INTO payment (merchant_id, payment_id, customer_id, status, amount, authorized, received, returned, commits_used,
                     commits_limit, amount_mode, capture, closed_at, version, event_position, event_hash, row_hash, created_at, updated_at)
SELECT :'many', ('01940000-0000-7000-8000-' || lpad(to_hex(n * 2 + more), 12, '0'))::uuid::payment_id, id,
       CASE WHEN n % 6 = 0 THEN 'failed' ELSE 'paid' END, '2.00 EUR', '0.00 EUR',
       CASE WHEN n % 6 = 0 THEN '0.00 EUR' ELSE '2.00 EUR' END::amount, '0.00 EUR', 1, 5, 'strict', 'automatic', now(), 1, 0, sha256(''), sha256(''), now(), now()
  FROM person, generate_series(0, 1) AS more WHERE n % 2 = 0 AND (more = 0 OR n % 4 = 0);
RESET session_replication_role;

-- Each rule, and the same in plain SQL
CREATE TEMP TABLE rule AS
    SELECT name, create_list(name, rule) AS list, members FROM (VALUES
        ('all', jsonpath '$.context.number >= 1', ARRAY(SELECT id FROM person ORDER BY id)),
        ('none', '$.context.number > 25000', '{}'),
        ('the last', '$.context.number == 25000', ARRAY(SELECT id FROM person WHERE n = 25000)),
        ('paid', '$.payments.paid_count >= 1', ARRAY(SELECT id FROM person WHERE n % 2 = 0 AND n % 6 <> 0 ORDER BY id)),
        ('paid twice', '$.payments.received.EUR == 4.00', ARRAY(SELECT id FROM person WHERE n % 4 = 0 AND n % 6 <> 0 ORDER BY id)),
        ('without', '$.payments.count == 0', ARRAY(SELECT id FROM person WHERE n % 2 = 1 ORDER BY id)),
        ('listed', '$.lists[*] == "Thirds" && $.lists[*] == "Expired"', ARRAY(SELECT id FROM person WHERE n % 15 = 0 AND n % 10 <> 0 ORDER BY id)),
        ('unlisted', '!($.lists[*] == "Expired") && $.payments.count == 2',
         ARRAY(SELECT id FROM person WHERE n % 4 = 0 AND (n % 5 <> 0 OR n % 10 = 0) ORDER BY id))) AS v (name, rule, members);
SELECT name, cardinality(members), ARRAY(SELECT list_members(list)) = members AS same FROM rule;
SELECT o.name, o.other_name, o.customers, o.customers = (SELECT count(*) FROM unnest(a.members) AS m JOIN unnest(b.members) AS n ON m = n) AS same
  FROM list_overlap(ARRAY(SELECT list FROM rule WHERE name IN ('paid', 'listed', 'all'))) AS o
  JOIN rule AS a ON a.name = o.name JOIN rule AS b ON b.name = o.other_name ORDER BY 1, 2;

-- As many as are asked about at once, and about that many
SELECT create_merchant('Bounds') AS bounds \gset
SELECT use_merchant(:'bounds');
SELECT create_list('Everybody', '$.archived == false') AS everybody \gset
SELECT count(customer) FROM import_customers(ARRAY(SELECT jsonb_build_object('reference', n::text) FROM generate_series(1, 9999) AS n));
SELECT count(*), count(DISTINCT m) FROM list_members(:'everybody') AS m;
SELECT create_customer() AS another \gset
SELECT count(*), count(DISTINCT m) FROM list_members(:'everybody') AS m;
SELECT create_customer() AS another \gset
SELECT count(*), count(DISTINCT m) FROM list_members(:'everybody') AS m;
SELECT create_customer() AS another \gset
SELECT count(*), count(DISTINCT m) FROM list_members(:'everybody') AS m;
