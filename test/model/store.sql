-- A session that drives the real functions, and what the rows say after each call.
SET client_min_messages = notice;
SELECT customers.use_merchant(customers.create_merchant('The model'));
SELECT customers.create_customer('ana');
SELECT customers.save_payment_method(customers.find_customer('ana'), kind, 'tok_' || kind)
  FROM unnest(ARRAY['first', 'second']) AS kind;
-- The first events make what all others share, and would make it again and again if all were rolled back.
SELECT customers.create_payment(customers.find_customer('ana'), '{1 JPY}');

-- The functions are PL/pgSQL, which keeps plans from call to call.

-- What is wrong with the rows of a payment, whatever happened to it before.
CREATE FUNCTION pg_temp.faults(payment customers.payment) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT concat_ws(', ',
    CASE WHEN NOT customers.verify_payment(payment.payment_id) THEN 'verify_payment' END,
    CASE WHEN c.open > 1 THEN 'two open commits' END,
    CASE WHEN (c.open = 1) <> (p.status = 'processing') THEN 'processing' END,
    CASE WHEN c.used <> p.commits_used OR e.used <> p.commits_used OR c.used > p.commits_limit THEN 'commits_used' END,
    CASE WHEN c.received <> p.received OR e.received <> p.received THEN 'received' END,
    CASE WHEN c.authorized <> p.authorized THEN 'authorized' END,
    CASE WHEN e.returned <> p.returned OR p.returned > p.received THEN 'returned' END,
    CASE WHEN e.successes <> e.succeeded THEN 'a success counted twice' END,
    CASE WHEN e.first <> 1 OR e.last <> p.version OR e.number <> p.version THEN 'sequence' END,
    CASE WHEN p.closed <> (p.status IN ('paid', 'over_paid', 'partially_paid', 'cancelled', 'failed', 'expired'))
      THEN 'closed_at' END,
    CASE WHEN NOT CASE p.status
        WHEN 'processing' THEN true
        WHEN 'authorized' THEN p.authorized > 0 AND p.received < p.amount
        ELSE p.authorized = 0 AND CASE p.status
          WHEN 'paid' THEN p.received = p.amount
          WHEN 'over_paid' THEN p.received > p.amount
          WHEN 'pending' THEN p.received > 0 AND p.received < p.amount
          WHEN 'partially_paid' THEN p.received > 0 AND p.received < p.amount
          ELSE p.received = 0 END END
      THEN 'status' END)
  FROM (SELECT payment.status, payment.version, payment.commits_used, payment.commits_limit,
        payment.closed_at IS NOT NULL AS closed, customers.minor_units(payment.amount) AS amount,
        customers.minor_units(payment.authorized) AS authorized, customers.minor_units(payment.received) AS received,
        customers.minor_units(payment.returned) AS returned) p,
    LATERAL (SELECT count(*) AS used, count(*) FILTER (WHERE status IN ('submitted', 'requires_action', 'unknown')) AS open,
        coalesce(sum(customers.minor_units(received)), 0) AS received,
        coalesce(sum(customers.minor_units(authorized)), 0) AS authorized
      FROM customers.payment_commit WHERE merchant_id = payment.merchant_id AND payment_id = payment.payment_id) c,
    LATERAL (SELECT count(*) AS number, min(sequence) AS first, max(sequence) AS last,
        count(*) FILTER (WHERE event = 'commit') AS used,
        count(*) FILTER (WHERE event = 'succeed') AS successes,
        count(DISTINCT commit_id) FILTER (WHERE event = 'succeed') AS succeeded,
        coalesce(sum(customers.minor_units(value)) FILTER (WHERE event IN ('succeed', 'capture')), 0) AS received,
        coalesce(sum(customers.minor_units(value)) FILTER (WHERE event = 'return'), 0) AS returned
      FROM customers.payment_event WHERE merchant_id = payment.merchant_id AND payment_id = payment.payment_id) e);
END $$;

-- The payment as the model pictures it, its commits' ids, and its faults.
CREATE FUNCTION pg_temp.look(id customers.payment_id,
  OUT picture jsonb, OUT commits text[], OUT faults text) LANGUAGE plpgsql STABLE AS $$
BEGIN
  WITH method AS (SELECT payment_method_id, kind FROM customers.payment_method WHERE merchant_id = customers.current_merchant()),
  commit AS (
    SELECT commit_id, row_number() OVER (ORDER BY created_at, commit_id) - 1 AS number, to_jsonb(ARRAY[kind, value::text, status,
        authorized::text, received::text, decline_class, provider_sequence::text, provider_reference,
        late_outcome, late_value::text, late_reference]) AS picture
      FROM customers.payment_commit JOIN method USING (payment_method_id)
     WHERE merchant_id = customers.current_merchant() AND payment_id = id),
  event AS (
    SELECT jsonb_build_array(event, from_status, to_status, actor, number, value, detail) AS picture
      FROM customers.payment_event LEFT JOIN commit USING (commit_id)
     WHERE merchant_id = customers.current_merchant() AND payment_id = id ORDER BY sequence DESC LIMIT 1)
  SELECT jsonb_build_object('status', p.status, 'amount', p.amount, 'authorized', p.authorized, 'received', p.received,
      'returned', p.returned, 'commits_used', p.commits_used, 'decline_class', p.decline_class, 'declined', p.declined,
      'method', m.kind, 'version', p.version, 'event', (SELECT event.picture FROM event),
      'commits', (SELECT coalesce(jsonb_agg(commit.picture ORDER BY number), '[]') FROM commit)),
    (SELECT array_agg(commit_id::text ORDER BY number) FROM commit),
    pg_temp.faults(p)
  INTO picture, commits, faults
  FROM customers.payment p LEFT JOIN method m ON m.payment_method_id = p.payment_method_id
  WHERE p.merchant_id = customers.current_merchant() AND p.payment_id = id;
END $$;

-- Calls an operation: how it is refused, or how the payment looks then.  What is refused is rolled back here, so that
-- there is nothing to look at.
CREATE FUNCTION pg_temp.call(id customers.payment_id, operation text,
  OUT refused text, OUT picture jsonb, OUT commits text[], OUT faults text) LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    EXECUTE operation;
  EXCEPTION WHEN OTHERS THEN
    refused := SQLSTATE;
    RETURN;
  END;
  SELECT look.picture, look.commits, look.faults INTO picture, commits, faults FROM pg_temp.look(id);
END $$;

-- The same for each of many operations, whose effect is rolled back; a notice begins each.
CREATE FUNCTION pg_temp.call_each(id customers.payment_id, operations text[],
  OUT refused text, OUT picture jsonb, OUT commits text[], OUT faults text) RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
  operation text;
BEGIN
  FOREACH operation IN ARRAY operations LOOP
    RAISE NOTICE 'next';
    BEGIN
      SELECT c.* INTO refused, picture, commits, faults FROM pg_temp.call(id, operation) c;
      RAISE EXCEPTION 'rolled back' USING ERRCODE = 'MODEL';
    EXCEPTION WHEN SQLSTATE 'MODEL' THEN
      NULL;
    END;
    RETURN NEXT;
  END LOOP;
END $$;
