-- The payment machine for people: it is no secret, so PUBLIC may see it.

CREATE FUNCTION customers.payment_transitions()
RETURNS TABLE ("from" text, event text, "to" text, actor text)
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 60 AS 'MODULE_PATHNAME', 'payment_transitions_rows';
COMMENT ON FUNCTION customers.payment_transitions() IS
  'every transition of the payment machine, in the order in which they are tried; "from" is null before a payment exists';

CREATE VIEW customers.payment_transitions AS
  SELECT t."from", t.event, t."to", t.actor FROM customers.payment_transitions() t;
COMMENT ON VIEW customers.payment_transitions IS 'every transition of the payment machine: the function of this name as a table';
COMMENT ON COLUMN customers.payment_transitions."from" IS 'the payment''s status before; null: there is no payment';
COMMENT ON COLUMN customers.payment_transitions.event IS 'what happens';
COMMENT ON COLUMN customers.payment_transitions."to" IS 'the payment''s status after';
COMMENT ON COLUMN customers.payment_transitions.actor IS 'who acts: merchant, customer, processor, clock';
GRANT SELECT ON customers.payment_transitions TO PUBLIC;

CREATE FUNCTION customers.payment_diagram(format text = 'mermaid') RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'payment_diagram';
COMMENT ON FUNCTION customers.payment_diagram(text) IS
  'the diagram of the payment machine, as text of mermaid or dot';
