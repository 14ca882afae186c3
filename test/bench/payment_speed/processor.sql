-- What workers of the processor call of schema plain.
CREATE FUNCTION plain.claim_commits(the_merchant uuid, max_count int, lease interval)
RETURNS TABLE (commit_id uuid, payment_id uuid, customer_id uuid, reference text, status text, value int8, currency text, capture text,
               payment_method_id uuid, kind text, token text, save_method bool, attempt int, lease_until timestamptz,
               provider_reference text, created_at timestamptz) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  now timestamptz := clock_timestamp();
BEGIN
  RETURN QUERY WITH taken AS MATERIALIZED (
    SELECT c.commit_id FROM plain.payment_commit c JOIN plain.payment p ON p.merchant_id = the_merchant AND p.payment_id = c.payment_id
     WHERE c.merchant_id = the_merchant AND c.status IN ('submitted', 'requires_action', 'unknown') AND c.claimable_at <= now
     ORDER BY c.claimable_at LIMIT max_count FOR NO KEY UPDATE OF p, c SKIP LOCKED)
  UPDATE plain.payment_commit c SET claimable_at = now + lease, attempt = c.attempt + 1
    FROM taken t, plain.payment p, plain.payment_method m
   WHERE c.merchant_id = the_merchant AND c.commit_id = t.commit_id AND p.merchant_id = the_merchant AND p.payment_id = c.payment_id
     AND m.merchant_id = the_merchant AND m.payment_method_id = c.payment_method_id
  RETURNING c.commit_id, c.payment_id, p.customer_id, p.reference, c.status, c.value, c.currency, p.capture, c.payment_method_id, m.kind, m.token,
            c.save_method, c.attempt, c.claimable_at, c.provider_reference, c.created_at;
  -- Money is taken for these: no crash may lose them.
  IF FOUND THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
END $$;

CREATE FUNCTION plain.resolve_commit(the_merchant uuid, the_commit uuid, outcome text, the_value int8 = NULL, code text = NULL, class text = NULL,
                                     the_reference text = NULL, the_sequence int8 = NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  p plain.payment;
  c plain.payment_commit;
  now timestamptz;
  the_event text;
  moved int8;
  was_status text;
  hash bytea;
BEGIN
  SELECT * INTO p FROM plain.payment
   WHERE merchant_id = the_merchant
     AND payment_id = (SELECT payment_id FROM plain.payment_commit WHERE merchant_id = the_merchant AND commit_id = the_commit) FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE 'commit "%" does not exist', the_commit;
  END IF;
  SELECT * INTO c FROM plain.payment_commit WHERE merchant_id = the_merchant AND commit_id = the_commit;
  now := clock_timestamp();
  -- Late, overtaken and repeated reports change nothing.
  IF the_sequence <= c.provider_sequence OR (c.status NOT IN ('submitted', 'requires_action', 'unknown')
      AND NOT (c.status = 'authorized' AND outcome IN ('succeeded', 'voided', 'cancelled', 'expired'))) THEN
    IF outcome <> c.status THEN
      UPDATE plain.payment_commit SET late_outcome = outcome, late_value = the_value, late_reference = the_reference, late_at = now
       WHERE merchant_id = the_merchant AND commit_id = the_commit;
    END IF;
    RETURN p.status;
  END IF;
  was_status := p.status;
  moved := coalesce(the_value, c.value);
  CASE outcome
    WHEN 'requires_action' THEN
      the_event := 'require_action';
    WHEN 'unknown' THEN
      the_event := 'mark_unknown';
    WHEN 'authorized' THEN
      the_event := 'authorize';
      c.authorized := moved;
      p.authorized := p.authorized + moved;
      p.decline_class := NULL;
      p.status := 'authorized';
    WHEN 'succeeded' THEN
      the_event := 'succeed';
      p.authorized := p.authorized - c.authorized;
      p.received := p.received + moved;
      c.authorized := 0;
      c.received := moved;
      p.decline_class := NULL;
      p.status := CASE WHEN p.received > p.amount THEN 'over_paid' WHEN p.received = p.amount THEN 'paid'
                       WHEN p.commits_used >= p.commits_limit THEN 'partially_paid' ELSE 'pending' END;
    ELSE
      the_event := 'decline';
      p.authorized := p.authorized - c.authorized;
      c.authorized := 0;
      IF outcome = 'declined' THEN
        p.decline_class := class;
        p.declined := c.value;
      END IF;
      p.status := CASE WHEN p.commits_used < p.commits_limit THEN CASE WHEN p.received > 0 THEN 'pending' ELSE 'attempted' END
                       WHEN p.received > 0 THEN 'partially_paid' ELSE 'failed' END;
  END CASE;
  IF p.status IN ('paid', 'over_paid', 'partially_paid', 'failed') THEN
    p.closed_at := coalesce(p.closed_at, now);
  END IF;
  p.event_position := greatest(pg_current_xact_id()::text::int8, p.event_position);
  hash := sha256(p.event_hash || convert_to(ROW(the_merchant, p.payment_id, p.customer_id, p.version + 1, the_event, was_status, p.status, 'processor',
                                                the_commit, moved, p.currency, code, now, p.event_position)::text, 'UTF8'));
  WITH resolved AS (
    UPDATE plain.payment_commit
       SET status = outcome, authorized = c.authorized, received = c.received, decline_code = code, decline_class = class,
           provider_reference = coalesce(the_reference, provider_reference), provider_sequence = coalesce(the_sequence, provider_sequence),
           resolved_at = CASE WHEN outcome NOT IN ('requires_action', 'unknown') THEN coalesce(resolved_at, now) END
     WHERE merchant_id = the_merchant AND commit_id = the_commit),
  event AS (
    INSERT INTO plain.payment_event VALUES (the_merchant, p.payment_id, p.customer_id, p.version + 1, the_event, was_status, p.status, 'processor', the_commit,
                                            moved, p.currency, code, now, p.event_position, NULL, hash))
  UPDATE plain.payment
     SET status = p.status, version = p.version + 1, authorized = p.authorized, received = p.received, decline_class = p.decline_class,
         declined = p.declined, closed_at = p.closed_at, updated_at = now, event_position = p.event_position, event_hash = hash,
         row_hash = sha256(hash || convert_to(ROW(p.status, p.version + 1, p.amount, p.authorized, p.received, p.returned, p.commits_used,
             p.payment_method_id, p.decline_class, p.declined, p.event_position)::text, 'UTF8'))
   WHERE merchant_id = the_merchant AND payment_id = p.payment_id;
  IF p.closed_at IS NOT NULL AND EXISTS (SELECT FROM plain.payment_method WHERE merchant_id = the_merchant AND payment_id = p.payment_id) THEN
    UPDATE plain.payment_method SET removed_at = now, token = NULL WHERE merchant_id = the_merchant AND payment_id = p.payment_id;
  END IF;
  RETURN p.status;
END $$;
