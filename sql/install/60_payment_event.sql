-- Events of payments: how others hear of them, and whether they are as they were
-- written (src/payment/outbox.c, src/payment/verify.c).

CREATE FUNCTION customers.events_since("cursor" text = null, max_count int = 1000)
RETURNS TABLE (payment_id customers.payment_id, sequence int, event text, from_status text, to_status text, actor text,
               commit_id customers.commit_id, value customers.amount, detail text, at timestamptz, next_cursor text)
LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'events_since';
COMMENT ON FUNCTION customers.events_since(text, int) IS
  'the merchant''s events after a cursor, in an order in which none comes in between later';
REVOKE ALL ON FUNCTION customers.events_since(text, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.events_since(text, int) TO customers_merchant, customers_processor;

CREATE FUNCTION customers.verify_payment(payment customers.payment_id) RETURNS bool
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'verify_payment';
COMMENT ON FUNCTION customers.verify_payment(customers.payment_id) IS
  'whether a payment and its events are as the operations have written them';
REVOKE ALL ON FUNCTION customers.verify_payment(customers.payment_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.verify_payment(customers.payment_id)
  TO customers_merchant, customers_processor, customers_analyst;

CREATE FUNCTION customers.payment_faults(payment customers.payment_id) RETURNS TABLE (sequence int, fault text)
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'payment_faults';
COMMENT ON FUNCTION customers.payment_faults(customers.payment_id) IS
  'what verify_payment() finds wrong: with an event, or where the sequence is null with the payment''s row';
REVOKE ALL ON FUNCTION customers.payment_faults(customers.payment_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.payment_faults(customers.payment_id)
  TO customers_merchant, customers_processor, customers_analyst;
