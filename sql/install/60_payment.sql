-- Payments (src/payment): what the merchant, the customer and the processor do.

CREATE FUNCTION customers.create_payment(customer customers.customer_id, prices customers.amount[], reference text = null,
                                         base_reference text = null, amount_mode text = 'strict',
                                         min_amounts customers.amount[] = null, max_amounts customers.amount[] = null,
                                         capture text = 'automatic', commits_limit int = 5,
                                         expires_in interval = '24 hours', idempotency_key text = null,
                                         presets customers.amount[] = null)
RETURNS customers.payment_id
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'create_payment';
COMMENT ON FUNCTION customers.create_payment(customers.customer_id, customers.amount[], text, text, text, customers.amount[], customers.amount[], text, int, interval, text, customers.amount[]) IS
  'asks a customer for a payment, at a price in one or several currencies; the first is the amount until another is chosen';
REVOKE ALL ON FUNCTION customers.create_payment(customers.customer_id, customers.amount[], text, text, text, customers.amount[], customers.amount[], text, int, interval, text, customers.amount[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.create_payment(customers.customer_id, customers.amount[], text, text, text, customers.amount[], customers.amount[], text, int, interval, text, customers.amount[])
  TO customers_merchant;

CREATE FUNCTION customers.capture_payment(payment customers.payment_id, value customers.amount = null, final bool = true,
                                          idempotency_key text = null) RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'capture_payment';
COMMENT ON FUNCTION customers.capture_payment(customers.payment_id, customers.amount, bool, text) IS
  'takes a value of what is authorized, by default all; a final capture releases the rest; returns the status';
REVOKE ALL ON FUNCTION customers.capture_payment(customers.payment_id, customers.amount, bool, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.capture_payment(customers.payment_id, customers.amount, bool, text)
  TO customers_merchant;

CREATE FUNCTION customers.record_return(payment customers.payment_id, value customers.amount, reference text) RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'record_return';
COMMENT ON FUNCTION customers.record_return(customers.payment_id, customers.amount, text) IS
  'records that a value was returned to the customer, once for each reference; returns the status';
REVOKE ALL ON FUNCTION customers.record_return(customers.payment_id, customers.amount, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.record_return(customers.payment_id, customers.amount, text)
  TO customers_merchant;

CREATE FUNCTION customers.choose_currency(payment customers.payment_id, currency text) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'choose_currency';
COMMENT ON FUNCTION customers.choose_currency(customers.payment_id, text) IS
  'chooses the price to pay by its currency, as long as no money is held';
REVOKE ALL ON FUNCTION customers.choose_currency(customers.payment_id, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.choose_currency(customers.payment_id, text) TO customers_merchant;

CREATE FUNCTION customers.choose_payment_method(payment customers.payment_id, method customers.payment_method_id)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'choose_payment_method';
COMMENT ON FUNCTION customers.choose_payment_method(customers.payment_id, customers.payment_method_id) IS
  'chooses the method that commits of the payment use unless they name another';
REVOKE ALL ON FUNCTION customers.choose_payment_method(customers.payment_id, customers.payment_method_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.choose_payment_method(customers.payment_id, customers.payment_method_id)
  TO customers_merchant;

CREATE FUNCTION customers.change_amount(payment customers.payment_id, value customers.amount) RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'change_amount';
COMMENT ON FUNCTION customers.change_amount(customers.payment_id, customers.amount) IS
  'changes the amount, as far as the payment''s amount mode and limits allow; returns the status';
REVOKE ALL ON FUNCTION customers.change_amount(customers.payment_id, customers.amount) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.change_amount(customers.payment_id, customers.amount)
  TO customers_merchant;

CREATE FUNCTION customers.cancel_payment(payment customers.payment_id, reason text = 'requested_by_customer') RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'cancel_payment';
COMMENT ON FUNCTION customers.cancel_payment(customers.payment_id, text) IS
  'ends a payment and releases what is authorized; what was received stays; returns the status';
REVOKE ALL ON FUNCTION customers.cancel_payment(customers.payment_id, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.cancel_payment(customers.payment_id, text) TO customers_merchant;

CREATE FUNCTION customers.commit_payment(payment customers.payment_id, method customers.payment_method_id = null,
                                         value customers.amount = null, save_method bool = false,
                                         idempotency_key text = null) RETURNS customers.commit_id
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'commit_payment';
COMMENT ON FUNCTION customers.commit_payment(customers.payment_id, customers.payment_method_id, customers.amount, bool, text) IS
  'decides to pay a value with a method: by default all that is left to pay, with the chosen or else the default method; save_method records the customer''s consent to keep the method';
REVOKE ALL ON FUNCTION customers.commit_payment(customers.payment_id, customers.payment_method_id, customers.amount, bool, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.commit_payment(customers.payment_id, customers.payment_method_id, customers.amount, bool, text)
  TO customers_merchant;

CREATE FUNCTION customers.claim_commits(max_count int, lease interval)
RETURNS TABLE (commit_id customers.commit_id, payment_id customers.payment_id, customer_id customers.customer_id,
               reference text, status text, value customers.amount, capture text,
               payment_method_id customers.payment_method_id, kind text, token text, save_method bool, attempt int,
               lease_until timestamptz, provider_reference text, created_at timestamptz)
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'claim_commits';
COMMENT ON FUNCTION customers.claim_commits(int, interval) IS
  'hands open commits to a worker, the oldest first, each with its method''s token; no other worker gets one until the lease runs out';
REVOKE ALL ON FUNCTION customers.claim_commits(int, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.claim_commits(int, interval) TO customers_processor;

CREATE FUNCTION customers.resolve_commit("commit" customers.commit_id, outcome text, value customers.amount = null,
                                         code text = null, provider_reference text = null,
                                         provider_sequence bigint = null) RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'resolve_commit';
COMMENT ON FUNCTION customers.resolve_commit(customers.commit_id, text, customers.amount, text, text, bigint) IS
  'records what the provider answered to a commit; a late or repeated report changes nothing, which a warning or a notice says; returns the payment''s status';
REVOKE ALL ON FUNCTION customers.resolve_commit(customers.commit_id, text, customers.amount, text, text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.resolve_commit(customers.commit_id, text, customers.amount, text, text, bigint)
  TO customers_processor, customers_admin;

CREATE FUNCTION customers.late_outcomes(since timestamptz = null)
RETURNS TABLE (late_at timestamptz, payment_id customers.payment_id, commit_id customers.commit_id, late_outcome text,
               late_value customers.amount, late_reference text, status text, received customers.amount,
               provider_reference text)
LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'late_outcomes';
COMMENT ON FUNCTION customers.late_outcomes(timestamptz) IS
  'the outcomes that were reported too late to count, the oldest first: money may have been taken that belongs to no payment';
REVOKE ALL ON FUNCTION customers.late_outcomes(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.late_outcomes(timestamptz)
  TO customers_merchant, customers_processor, customers_analyst;

CREATE FUNCTION customers.decline_codes() RETURNS TABLE (code text, class text)
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 60 AS 'MODULE_PATHNAME', 'decline_codes_rows';
COMMENT ON FUNCTION customers.decline_codes() IS
  'the codes of declines that have a class unless the merchant says otherwise; every other code is of class unknown';

CREATE FUNCTION customers.expire_payments(max_count int = 1000) RETURNS int
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'expire_payments';
COMMENT ON FUNCTION customers.expire_payments(int) IS
  'records that payments have expired, but those with an open commit; returns how many';
REVOKE ALL ON FUNCTION customers.expire_payments(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.expire_payments(int) TO customers_processor, customers_admin;

CREATE PROCEDURE customers.expire_all_payments()
LANGUAGE c AS 'MODULE_PATHNAME', 'expire_all_payments';
COMMENT ON PROCEDURE customers.expire_all_payments() IS
  'records for all merchants that payments have expired, but those with an open commit; commits in batches';
REVOKE ALL ON PROCEDURE customers.expire_all_payments() FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE customers.expire_all_payments() TO customers_admin;

CREATE FUNCTION customers.next_steps(payment customers.payment_id) RETURNS jsonb
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'next_steps';
COMMENT ON FUNCTION customers.next_steps(customers.payment_id) IS
  'what the customer of a payment can do now, what not and why, for a checkout and for who reports a decline';
REVOKE ALL ON FUNCTION customers.next_steps(customers.payment_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.next_steps(customers.payment_id) TO customers_merchant, customers_processor;

CREATE FUNCTION customers.payment_prices(payment customers.payment_id)
RETURNS TABLE (currency text, price customers.amount, min_amount customers.amount, max_amount customers.amount,
               presets customers.amount[], chosen bool)
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'payment_prices';
COMMENT ON FUNCTION customers.payment_prices(customers.payment_id) IS
  'the prices of a payment, the limits of a change, and the amounts to suggest, the first price first';
REVOKE ALL ON FUNCTION customers.payment_prices(customers.payment_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.payment_prices(customers.payment_id) TO customers_merchant;

CREATE FUNCTION customers.order_summary(base_reference text)
RETURNS TABLE (currency text, payments bigint, open_payments bigint, amount customers.amount,
               authorized customers.amount, received customers.amount, returned customers.amount,
               balance customers.amount)
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'order_summary';
COMMENT ON FUNCTION customers.order_summary(text) IS
  'the payments that a base reference joins, summed up by currency';
REVOKE ALL ON FUNCTION customers.order_summary(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.order_summary(text) TO customers_merchant, customers_analyst;

CREATE FUNCTION customers.payment_events(payment customers.payment_id)
RETURNS TABLE (sequence int, event text, from_status text, to_status text, actor text,
               commit_id customers.commit_id, value customers.amount, detail text, at timestamptz)
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'payment_events';
COMMENT ON FUNCTION customers.payment_events(customers.payment_id) IS 'what happened to a payment, in order';
REVOKE ALL ON FUNCTION customers.payment_events(customers.payment_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.payment_events(customers.payment_id)
  TO customers_merchant, customers_processor, customers_analyst;
