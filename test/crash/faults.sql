-- What is wrong in the store, whatever was done: a row for each fault.
WITH event AS (
  SELECT e.*, coalesce(customers.minor_units(e.value), 0) AS units FROM customers.payment_event e
), events AS (
  SELECT payment_id, count(*) AS count, min(sequence) AS first, max(sequence) AS last,
         count(*) FILTER (WHERE event = 'commit') AS commits,
         coalesce(sum(units) FILTER (WHERE event IN ('succeed', 'capture')), 0) AS received,
         coalesce(sum(units) FILTER (WHERE event = 'return'), 0) AS returned
  FROM event GROUP BY payment_id
), commits AS (
  SELECT payment_id, count(*) AS count,
         count(*) FILTER (WHERE status IN ('submitted', 'requires_action', 'unknown')) AS open,
         sum(customers.minor_units(received)) AS received, sum(customers.minor_units(authorized)) AS authorized
  FROM customers.payment_commit GROUP BY payment_id
), total AS (
  SELECT p.*, customers.minor_units(p.received) AS got, e.first, e.last, e.count AS event_count,
         e.commits AS commit_events, e.received AS event_received, e.returned AS event_returned,
         coalesce(c.count, 0) AS commit_count, coalesce(c.open, 0) AS open,
         coalesce(c.received, 0) AS commit_received, coalesce(c.authorized, 0) AS commit_authorized
  FROM customers.payment p JOIN events e USING (payment_id) LEFT JOIN commits c USING (payment_id)
), by_commit AS (
  SELECT c.commit_id, c.status, customers.minor_units(c.received) AS received, p.capture,
         count(*) FILTER (WHERE e.event = 'commit') AS commits,
         count(*) FILTER (WHERE e.event = 'succeed') AS successes,
         count(*) FILTER (WHERE e.event IN ('decline', 'cancel')) AS ends,
         coalesce(sum(e.units) FILTER (WHERE e.event = 'succeed'), 0) AS succeeded
  FROM customers.payment_commit c JOIN customers.payment p USING (payment_id)
  LEFT JOIN event e USING (payment_id, commit_id)
  GROUP BY c.commit_id, c.status, c.received, p.capture
)
SELECT 'payment without events', payment_id::text FROM customers.payment
 WHERE payment_id NOT IN (SELECT payment_id FROM events)
UNION ALL SELECT 'payment does not verify', payment_id::text FROM customers.payment
 WHERE NOT customers.verify_payment(payment_id)
UNION ALL SELECT 'payment has fault ' || f.fault, p.payment_id::text
  FROM customers.payment p, customers.payment_faults(p.payment_id) f
UNION ALL SELECT 'version is not the number of events', payment_id::text FROM total
 WHERE (version, 1, version) <> (event_count, first, last)
UNION ALL SELECT 'commits_used is not the number of commits', payment_id::text FROM total
 WHERE (commits_used, commits_used) <> (commit_count, commit_events)
UNION ALL SELECT 'received is not what commits or events say', payment_id::text FROM total
 WHERE (got, got) <> (commit_received, event_received)
UNION ALL SELECT 'authorized is not what commits say', payment_id::text FROM total
 WHERE customers.minor_units(authorized) <> commit_authorized
UNION ALL SELECT 'returned is not what events say', payment_id::text FROM total
 WHERE customers.minor_units(returned) <> event_returned OR event_returned > event_received
UNION ALL SELECT 'open commits and status disagree', payment_id::text FROM total
 WHERE open <> CASE WHEN status = 'processing' THEN 1 ELSE 0 END
UNION ALL SELECT 'status and money disagree', payment_id::text FROM total
 WHERE status <> 'processing' AND status <> CASE
   WHEN received > amount THEN 'over_paid'
   WHEN received = amount THEN 'paid'
   WHEN customers.minor_units(authorized) > 0 THEN 'authorized'
   WHEN got > 0 THEN CASE WHEN closed_at IS NULL THEN 'pending' ELSE 'partially_paid' END
   ELSE CASE WHEN status IN ('created', 'attempted', 'cancelled', 'failed', 'expired') THEN status END END
UNION ALL SELECT 'commit was not made by one event', commit_id::text FROM by_commit WHERE commits <> 1
UNION ALL SELECT 'commit has succeeded twice', commit_id::text FROM by_commit WHERE successes > 1
UNION ALL SELECT 'commit has come to nothing twice', commit_id::text FROM by_commit WHERE ends > 1
UNION ALL SELECT 'commit has not received what its success says', commit_id::text FROM by_commit
 WHERE received < succeeded OR (capture = 'automatic' AND received <> succeeded)
UNION ALL SELECT 'reference of the provider is there twice', min(commit_id::text) FROM customers.payment_commit
 WHERE provider_reference IS NOT NULL GROUP BY provider_reference HAVING count(*) > 1
UNION ALL SELECT 'return is there twice', payment_id::text FROM event
 WHERE event = 'return' GROUP BY payment_id, detail HAVING count(*) > 1
UNION ALL SELECT 'customer has not exactly one default method', customer_id::text
  FROM customers.payment_method WHERE removed_at IS NULL AND payment_id IS NULL
 GROUP BY customer_id HAVING count(*) FILTER (WHERE is_default) <> 1
UNION ALL SELECT 'payment is closed, and its own methods are not removed', p.payment_id::text
  FROM customers.payment p JOIN customers.payment_method m USING (payment_id)
 WHERE p.closed_at IS NOT NULL AND m.removed_at IS NULL
UNION ALL SELECT 'payment is closed, and its own methods keep their tokens', p.payment_id::text
  FROM customers.payment p JOIN customers.payment_method m USING (payment_id)
 WHERE p.closed_at IS NOT NULL AND m.token IS NOT NULL
UNION ALL SELECT 'another epoch of events', epoch::text FROM customers.event_epoch WHERE epoch > 1
