-- Merchants, the roles that act for them, and the current merchant.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
RESET client_min_messages;

SELECT customers.create_merchant('') AS refused;
SELECT customers.create_merchant('A', '[]') AS refused;
SELECT customers.create_merchant('A', '{}') AS a \gset
SELECT customers.create_merchant('B') AS b \gset
SELECT name, settings FROM customers.merchant WHERE merchant_id IN (:'a', :'b') ORDER BY name;

-- A superuser may act for any merchant, but has to say for which.
SELECT customers.current_merchant();
SELECT customers.use_merchant(:'a');
SELECT customers.current_merchant() = :'a' AS is_a;
BEGIN;
SET LOCAL customers.merchant = :'b';
SELECT customers.current_merchant() = :'b' AS is_b;
ROLLBACK;
SELECT customers.current_merchant() = :'a' AS is_a;
SELECT customers.use_merchant('mer_00000000000000000000000000');
SELECT customers.current_merchant() = :'a' AS is_still_a;
SET customers.merchant = 'nonsense';
SELECT customers.current_merchant();
RESET customers.merchant;

-- A role bound to one merchant acts for it without a word.
CREATE ROLE regress_shop LOGIN IN ROLE customers_merchant;
CREATE ROLE regress_other LOGIN IN ROLE customers_merchant;
CREATE ROLE regress_admin LOGIN IN ROLE customers_admin;
CREATE ROLE regress_nobody LOGIN;
SET ROLE regress_shop;
SELECT customers.current_merchant();
SELECT count(*) FROM customers.customer;
SELECT customers.create_merchant('C');
SELECT customers.bind_role('regress_shop', :'a');
RESET ROLE;
SET ROLE regress_admin;
SELECT customers.bind_role('regress_shop', :'a');
SELECT customers.bind_role('regress_shop', :'a') AS repeated;
SELECT customers.bind_role('regress_shop', 'mer_00000000000000000000000000');
SELECT customers.bind_role('regress_other', :'b');
-- What is no role would become one.
SELECT customers.bind_role('0', :'b');
SELECT customers.bind_role('4294967295', :'b');
SELECT name FROM customers.merchant WHERE merchant_id IN (:'a', :'b') ORDER BY name;
SELECT role, bound_by FROM customers.merchant_role WHERE merchant_id = :'a';
SELECT customers.current_merchant();
RESET ROLE;
SET ROLE regress_shop;
SELECT customers.current_merchant() = :'a' AS is_a;
SELECT name FROM customers.merchant;
-- Another merchant is refused, and looks like one that does not exist.
SELECT customers.use_merchant('mer_00000000000000000000000000');
\set VERBOSITY sqlstate
SELECT customers.use_merchant(:'b');
\set VERBOSITY default
SELECT customers.current_merchant() = :'a' AS is_still_a;
RESET ROLE;

-- A role bound to several says which.
SELECT customers.bind_role('regress_shop', :'b');
SET ROLE regress_shop;
SELECT customers.current_merchant();
SELECT customers.use_merchant(:'b');
SELECT name FROM customers.merchant;
RESET customers.merchant;
RESET ROLE;
SELECT customers.unbind_role('regress_shop', :'b');
SELECT customers.unbind_role('regress_shop', :'b') AS repeated;
SET ROLE regress_shop;
SELECT customers.current_merchant() = :'a' AS is_a;

-- Merchants see and touch nothing of each other.
SELECT customers.define_context_field('country', '{"type": "string"}');
SELECT customers.create_customer('shared-reference', '{"country": "FR"}') AS customer \gset
SET ROLE regress_other;
SELECT count(*) FROM customers.customer;
SELECT count(*) FROM customers.context_field;
SELECT customers.find_customer('shared-reference') IS NULL AS not_found;
SELECT customers.create_customer('shared-reference') IS NOT NULL AS own;
SELECT count(*) FROM customers.customer;
DO $$
BEGIN
  PERFORM customers.archive_customer(customer_id) FROM customers.customer;
END
$$;
\set VERBOSITY sqlstate
SELECT customers.update_customer(:'customer', '{}');
SELECT customers.archive_customer(:'customer');
\set VERBOSITY default
INSERT INTO customers.customer SELECT * FROM customers.customer;
UPDATE customers.customer SET payments_allowed = false;
DELETE FROM customers.customer;
SET ROLE regress_nobody;
SELECT count(*) FROM customers.customer;
SELECT customers.create_customer();
RESET ROLE;

-- A view of another merchant's shows a role nothing that it may not read itself.
CREATE ROLE regress_analyst LOGIN IN ROLE customers_analyst;
CREATE SCHEMA regress_views AUTHORIZATION regress_other;
GRANT customers_analyst TO regress_other;
SELECT customers.bind_role('regress_analyst', :'a'), customers.bind_role('regress_nobody', :'a');
SET ROLE regress_other;
CREATE VIEW regress_views.customer AS SELECT * FROM customers.customer;
CREATE VIEW regress_views.payment AS SELECT * FROM customers.payment;
GRANT USAGE ON SCHEMA regress_views TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA regress_views TO PUBLIC;
RESET ROLE;
SET ROLE regress_shop;
SELECT customers.create_payment(customers.create_customer(), '{1.00 EUR}') IS NOT NULL AS created;
SELECT count(*) > 0 AS own FROM regress_views.customer;
RESET ROLE;
SET ROLE regress_analyst;
SELECT context FROM regress_views.customer;
SELECT count(*) > 0 AS own FROM regress_views.payment;
SELECT context FROM customers.customer;
SELECT count(customer_id) > 0 AS own FROM customers.customer;
RESET ROLE;
SET ROLE regress_nobody;
SELECT context FROM regress_views.customer;
SELECT payment_id FROM regress_views.payment;
RESET ROLE;
SELECT customers.unbind_role('regress_analyst', :'a'), customers.unbind_role('regress_nobody', :'a');
DROP SCHEMA regress_views CASCADE;
DROP ROLE regress_analyst;

-- The bindings of a role that is rolled back are gone at once.
BEGIN;
SELECT customers.bind_role('regress_nobody', :'a');
SET LOCAL ROLE regress_nobody;
SELECT customers.current_merchant() = :'a' AS is_a;
ROLLBACK;
SET ROLE regress_nobody;
SELECT customers.current_merchant();
RESET ROLE;

SELECT customers.unbind_role('regress_shop', :'a'), customers.unbind_role('regress_other', :'b');
DROP ROLE regress_shop, regress_other, regress_admin, regress_nobody;
