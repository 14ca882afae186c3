-- What a person may ask for: to be forgotten (src/customer/erasure.c).

CREATE FUNCTION customers.erase_customer(customer customers.customer_id) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'erase_customer';
COMMENT ON FUNCTION customers.erase_customer(customers.customer_id) IS
  'destroys what says who a customer is, for good: key, metadata, context, reference, payment methods, comments; payments stay';
REVOKE ALL ON FUNCTION customers.erase_customer(customers.customer_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.erase_customer(customers.customer_id) TO customers_merchant;
