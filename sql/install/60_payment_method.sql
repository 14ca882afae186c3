-- Payment methods (src/payment/method*.c).

CREATE FUNCTION customers.save_payment_method(customer customers.customer_id, kind text, token text, display jsonb = '{}',
                                              fingerprint text = null, expires_on date = null,
                                              currencies text[] = null, for_payment customers.payment_id = null)
RETURNS customers.payment_method_id
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'save_payment_method';
COMMENT ON FUNCTION customers.save_payment_method(customers.customer_id, text, text, jsonb, text, date, text[], customers.payment_id) IS
  'saves the provider''s token of a method, for all payments of the customer or for one only; of one with the same kind and fingerprint it renews token, display, expiry and currencies';
REVOKE ALL ON FUNCTION customers.save_payment_method(customers.customer_id, text, text, jsonb, text, date, text[], customers.payment_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.save_payment_method(customers.customer_id, text, text, jsonb, text, date, text[], customers.payment_id)
  TO customers_merchant;

CREATE FUNCTION customers.payment_methods(customer customers.customer_id, currency text = null)
RETURNS TABLE (payment_method_id customers.payment_method_id, kind text, display jsonb, expires_on date,
               currencies text[], is_default bool, created_at timestamptz)
LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'payment_methods';
COMMENT ON FUNCTION customers.payment_methods(customers.customer_id, text) IS
  'the methods that a customer can pay with, the default first, then the newest';
REVOKE ALL ON FUNCTION customers.payment_methods(customers.customer_id, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.payment_methods(customers.customer_id, text) TO customers_merchant;

CREATE FUNCTION customers.set_default_payment_method(customer customers.customer_id, method customers.payment_method_id)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'set_default_payment_method';
COMMENT ON FUNCTION customers.set_default_payment_method(customers.customer_id, customers.payment_method_id) IS
  'makes a method the one that the customer pays with unless another is chosen';
REVOKE ALL ON FUNCTION customers.set_default_payment_method(customers.customer_id, customers.payment_method_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.set_default_payment_method(customers.customer_id, customers.payment_method_id)
  TO customers_merchant;

CREATE FUNCTION customers.remove_payment_method(method customers.payment_method_id) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'remove_payment_method';
COMMENT ON FUNCTION customers.remove_payment_method(customers.payment_method_id) IS
  'removes a method: it can''t be used any more; if it was the default, the newest one left becomes it';
REVOKE ALL ON FUNCTION customers.remove_payment_method(customers.payment_method_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.remove_payment_method(customers.payment_method_id)
  TO customers_merchant;
