-- Checkouts (src/payment/checkout*.c): tokens by which a customer-facing service
-- works on one payment, as role customers_checkout.

CREATE FUNCTION customers.open_checkout(payment customers.payment_id, valid_for interval = '1 hour') RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'open_checkout';
COMMENT ON FUNCTION customers.open_checkout(customers.payment_id, interval) IS
  'makes a token with which a checkout works on this payment and its customer''s methods, and on nothing else; it is shown only once';
REVOKE ALL ON FUNCTION customers.open_checkout(customers.payment_id, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.open_checkout(customers.payment_id, interval) TO customers_merchant;

CREATE FUNCTION customers.close_checkout(payment customers.payment_id, token text = null) RETURNS int
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'close_checkout';
COMMENT ON FUNCTION customers.close_checkout(customers.payment_id, text) IS
  'ends a token of a payment, or all of them; returns how many it ended';
REVOKE ALL ON FUNCTION customers.close_checkout(customers.payment_id, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.close_checkout(customers.payment_id, text) TO customers_merchant;

CREATE FUNCTION customers.sweep_checkouts(max_count int = 10000) RETURNS int
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sweep_checkouts';
COMMENT ON FUNCTION customers.sweep_checkouts(int) IS
  'forgets the checkout tokens of all merchants that have ended by the clock; returns how many';
REVOKE ALL ON FUNCTION customers.sweep_checkouts(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.sweep_checkouts(int) TO customers_admin;

CREATE FUNCTION customers.checkout() RETURNS jsonb
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'checkout';
COMMENT ON FUNCTION customers.checkout() IS
  'what a page shows of the payment of the checkout token: amounts, prices, the chosen method, and what next_steps() says';
REVOKE ALL ON FUNCTION customers.checkout() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.checkout() TO customers_merchant, customers_checkout;

-- What a customer decides.
GRANT EXECUTE ON FUNCTION
  customers.choose_currency(customers.payment_id, text),
  customers.choose_payment_method(customers.payment_id, customers.payment_method_id),
  customers.change_amount(customers.payment_id, customers.amount),
  customers.cancel_payment(customers.payment_id, text),
  customers.commit_payment(customers.payment_id, customers.payment_method_id, customers.amount, bool, text),
  customers.next_steps(customers.payment_id),
  customers.payment_prices(customers.payment_id),
  customers.payment_methods(customers.customer_id, text),
  customers.save_payment_method(customers.customer_id, text, text, jsonb, text, date, text[], customers.payment_id),
  customers.set_default_payment_method(customers.customer_id, customers.payment_method_id),
  customers.remove_payment_method(customers.payment_method_id)
  TO customers_checkout;
