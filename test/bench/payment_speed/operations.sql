-- Payments as a careful author of PL/pgSQL writes them: the same rows and the same
-- guards as the extension has, few statements, and nothing in functions of its own
-- that every operation would pay for.  The chain is of sha256() over rows as text, without a key.
-- Ids are the caller's.
CREATE FUNCTION plain.require_payable(the_merchant uuid, the_customer uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  c record;
BEGIN
  SELECT erased_at, archived_at, payments_allowed INTO c FROM plain.customer
   WHERE merchant_id = the_merchant AND customer_id = the_customer FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE 'customer "%" does not exist', the_customer;
  ELSIF c.erased_at IS NOT NULL OR c.archived_at IS NOT NULL OR NOT c.payments_allowed THEN
    RAISE 'customer "%" may not pay', the_customer;
  END IF;
  IF EXISTS (SELECT FROM plain.list_item i JOIN plain.list l USING (merchant_id, list_id)
              WHERE i.merchant_id = the_merchant AND i.customer_id = the_customer
                AND (i.expires_at IS NULL OR i.expires_at > clock_timestamp()) AND l.effect = 'block_payments') THEN
    RAISE 'customer "%" is on a list that blocks payments', the_customer;
  END IF;
END $$;

-- find_method: the given method of the customer, or for NULL the default one; it is usable.
CREATE FUNCTION plain.find_method(p plain.payment, method uuid, today date) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  m record;
BEGIN
  SELECT pm.payment_method_id, pm.removed_at, pm.expires_on, pm.payment_id, pm.currencies, EXISTS (
      SELECT FROM plain.payment_commit c JOIN plain.payment_method b ON b.merchant_id = p.merchant_id AND b.payment_method_id = c.payment_method_id
       WHERE c.payment_id = p.payment_id AND c.merchant_id = p.merchant_id AND c.decline_class = 'never'
         AND (b.payment_method_id = pm.payment_method_id OR (b.kind = pm.kind AND b.fingerprint = pm.fingerprint))) AS barred INTO m
    FROM plain.payment_method pm
   WHERE pm.merchant_id = p.merchant_id AND pm.customer_id = p.customer_id
     AND CASE WHEN method IS NULL THEN pm.is_default ELSE pm.payment_method_id = method END;
  IF NOT FOUND OR m.removed_at IS NOT NULL OR m.expires_on < today OR m.barred OR m.payment_id <> p.payment_id
    OR p.currency <> ALL (m.currencies) THEN
    RAISE 'payment method "%" can''t be used', method;
  END IF;
  RETURN m.payment_method_id;
END $$;

CREATE FUNCTION plain.create_payment(the_merchant uuid, the_payment uuid, the_customer uuid, prices int8[], currencies text[], the_reference text = NULL,
                                     the_base_reference text = NULL, the_mode text = 'strict', the_capture text = 'automatic', the_limit int = 5,
                                     expires_in interval = '24 hours') RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  now timestamptz := clock_timestamp();
  the_position int8 := pg_current_xact_id()::text::int8;
  hash bytea;
BEGIN
  PERFORM plain.require_payable(the_merchant, the_customer);
  IF the_reference IS NOT NULL AND EXISTS (SELECT FROM plain.payment WHERE merchant_id = the_merchant AND reference = the_reference) THEN
    RAISE 'a payment with this reference exists already';
  ELSIF expires_in <= '0' THEN
    RAISE 'expires_in must be greater than zero';
  END IF;
  hash := sha256(convert_to(ROW(the_merchant, the_payment, the_customer, 1, 'create', NULL, 'created', 'merchant', NULL, prices[1],
                                      currencies[1], NULL, now, the_position)::text, 'UTF8'));
  WITH event AS (
    INSERT INTO plain.payment_event VALUES (the_merchant, the_payment, the_customer, 1, 'create', NULL, 'created', 'merchant', NULL, prices[1],
                                            currencies[1], NULL, now, the_position, NULL, hash)),
  price AS (
    INSERT INTO plain.payment_price SELECT the_merchant, the_payment, u.currency, u.place, u.price
      FROM unnest(prices, currencies) WITH ORDINALITY AS u (price, currency, place))
  INSERT INTO plain.payment
  VALUES (the_merchant, the_payment, the_customer, the_reference, the_base_reference, the_mode, the_capture, the_limit, now + expires_in, now,
          currencies[1], prices[1], 0, 0, 0, NULL, NULL, NULL, 'created', NULL, 0, 1, now, the_position, hash,
          sha256(hash || convert_to(ROW('created', 1, prices[1], 0, 0, 0, 0, NULL, NULL, NULL, the_position)::text, 'UTF8')));
  RETURN the_payment;
END $$;

CREATE FUNCTION plain.choose_payment_method(the_merchant uuid, the_payment uuid, method uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  p plain.payment;
  now timestamptz;
  hash bytea;
BEGIN
  SELECT * INTO p FROM plain.payment WHERE merchant_id = the_merchant AND payment_id = the_payment FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE 'payment "%" does not exist', the_payment;
  END IF;
  now := clock_timestamp();
  IF p.expires_at <= now THEN
    RAISE 'payment "%" has expired', the_payment;
  ELSIF p.status NOT IN ('created', 'attempted', 'pending') THEN
    RAISE 'event "choose_payment_method" is not possible for payment "%"', the_payment;
  END IF;
  PERFORM plain.find_method(p, method, now::date);
  IF method = p.payment_method_id THEN
    RETURN;
  END IF;
  p.event_position := greatest(pg_current_xact_id()::text::int8, p.event_position);
  hash := sha256(p.event_hash || convert_to(ROW(the_merchant, the_payment, p.customer_id, p.version + 1, 'choose_payment_method', p.status, p.status,
                                                      'customer', NULL, NULL, NULL, NULL, now, p.event_position)::text, 'UTF8'));
  WITH event AS (
    INSERT INTO plain.payment_event VALUES (the_merchant, the_payment, p.customer_id, p.version + 1, 'choose_payment_method', p.status, p.status, 'customer',
                                            NULL, NULL, NULL, NULL, now, p.event_position, NULL, hash))
  UPDATE plain.payment
     SET payment_method_id = method, version = p.version + 1, updated_at = now, event_position = p.event_position, event_hash = hash,
         row_hash = sha256(hash || convert_to(ROW(p.status, p.version + 1, p.amount, p.authorized, p.received, p.returned, p.commits_used, method,
                                                p.decline_class, p.declined, p.event_position)::text, 'UTF8'))
   WHERE merchant_id = the_merchant AND payment_id = the_payment;
END $$;

CREATE FUNCTION plain.commit_payment(the_merchant uuid, the_payment uuid, the_commit uuid, method uuid = NULL, the_value int8 = NULL,
                                     the_save_method bool = false) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  p plain.payment;
  now timestamptz;
  balance int8;
  hash bytea;
BEGIN
  SELECT * INTO p FROM plain.payment WHERE merchant_id = the_merchant AND payment_id = the_payment FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE 'payment "%" does not exist', the_payment;
  END IF;
  now := clock_timestamp();
  IF p.expires_at <= now THEN
    RAISE 'payment "%" has expired', the_payment;
  ELSIF p.status NOT IN ('created', 'attempted', 'pending', 'authorized') THEN
    RAISE 'event "commit" is not possible for payment "%"', the_payment;
  ELSIF p.commits_used >= p.commits_limit THEN
    RAISE 'payment "%" has no commit left', the_payment;
  END IF;
  PERFORM plain.require_payable(the_merchant, p.customer_id);
  balance := p.amount - p.received - p.authorized;
  IF balance <= 0 THEN
    RAISE 'nothing of payment "%" is left to pay', the_payment;
  ELSIF the_value NOT BETWEEN 1 AND balance THEN
    RAISE 'value is more than is left to pay';
  END IF;
  balance := coalesce(the_value, balance);
  method := plain.find_method(p, coalesce(method, p.payment_method_id), now::date);
  IF EXISTS (SELECT FROM plain.context_field f, plain.customer c
              WHERE f.merchant_id = the_merchant AND f.stage IN ('create', 'commit')
                AND c.merchant_id = the_merchant AND c.customer_id = p.customer_id AND NOT c.context ? f.key) THEN
    RAISE 'customer "%" lacks context fields', p.customer_id;
  END IF;
  p.event_position := greatest(pg_current_xact_id()::text::int8, p.event_position);
  hash := sha256(p.event_hash || convert_to(ROW(the_merchant, the_payment, p.customer_id, p.version + 1, 'commit', p.status, 'processing', 'customer',
                                                the_commit, balance, p.currency, NULL, now, p.event_position)::text, 'UTF8'));
  WITH submitted AS (
    INSERT INTO plain.payment_commit (merchant_id, commit_id, payment_id, payment_method_id, value, authorized, received, currency, status, save_method,
                                      claimable_at, created_at)
    VALUES (the_merchant, the_commit, the_payment, method, balance, 0, 0, p.currency, 'submitted', the_save_method, now, now)),
  event AS (
    INSERT INTO plain.payment_event VALUES (the_merchant, the_payment, p.customer_id, p.version + 1, 'commit', p.status, 'processing', 'customer', the_commit,
                                            balance, p.currency, NULL, now, p.event_position, NULL, hash))
  UPDATE plain.payment
     SET status = 'processing', version = p.version + 1, commits_used = p.commits_used + 1, updated_at = now, event_position = p.event_position,
         event_hash = hash, row_hash = sha256(hash || convert_to(ROW('processing', p.version + 1, p.amount, p.authorized, p.received, p.returned,
             p.commits_used + 1, p.payment_method_id, p.decline_class, p.declined, p.event_position)::text, 'UTF8'))
   WHERE merchant_id = the_merchant AND payment_id = the_payment;
  RETURN the_commit;
END $$;
