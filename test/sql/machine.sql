-- The payment machine: its table, its diagrams, and every status with every event.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
RESET client_min_messages;
SELECT * FROM customers.payment_transitions;
-- the view shows what the function gives
SELECT count(*) FROM (TABLE customers.payment_transitions EXCEPT SELECT * FROM customers.payment_transitions()) more;
\pset format unaligned
\pset tuples_only on
SELECT customers.payment_diagram();
SELECT customers.payment_diagram('dot');
SELECT customers.payment_diagram('svg');
-- Where each event leads from each status; a dot: it is not possible.
CREATE TEMP TABLE statuses AS SELECT status, ordinality FROM unnest(ARRAY['created', 'attempted', 'processing', 'authorized',
  'pending', 'paid', 'over_paid', 'partially_paid', 'cancelled', 'failed', 'expired']) WITH ORDINALITY status;
CREATE TEMP TABLE events AS SELECT event, ordinality FROM unnest(ARRAY['create', 'choose_currency', 'choose_payment_method',
  'change_amount', 'commit', 'require_action', 'mark_unknown', 'authorize', 'succeed', 'capture', 'decline', 'cancel', 'expire',
  'return']) WITH ORDINALITY event;
SELECT s.status, e.event, coalesce((SELECT string_agg(t."to", ', ') FROM customers.payment_transitions t
                                     WHERE t."from" = s.status AND t.event = e.event), '.')
  FROM statuses s CROSS JOIN events e ORDER BY s.ordinality, e.ordinality;
-- No other status, no other event; a final status only returns money.
SELECT count(*) FROM customers.payment_transitions t
 WHERE t."to" NOT IN (SELECT status FROM statuses) OR t.event NOT IN (SELECT event FROM events);
SELECT DISTINCT event FROM customers.payment_transitions
 WHERE "from" IN ('paid', 'over_paid', 'partially_paid', 'cancelled', 'failed', 'expired');
-- Every status can be reached, and every one that isn't final can be left.
WITH RECURSIVE reached(status) AS (SELECT "to" FROM customers.payment_transitions WHERE "from" IS NULL
  UNION SELECT t."to" FROM reached r JOIN customers.payment_transitions t ON t."from" = r.status)
SELECT count(*) FROM reached;
