-- What a person may ask for: to be forgotten, and to see all that is held
-- (src/customer/erasure.c, export*.c; doc/erasure.md).

CREATE FUNCTION customers.erase_customer(customer customers.customer_id) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'erase_customer';
COMMENT ON FUNCTION customers.erase_customer(customers.customer_id) IS
  'destroys what says who a customer is, for good: key, metadata, context, reference, payment methods, comments; payments stay';
REVOKE ALL ON FUNCTION customers.erase_customer(customers.customer_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.erase_customer(customers.customer_id) TO customers_merchant;

-- VOLATILE, as it reads metadata, which leaves a row in metadata_access.
CREATE FUNCTION customers.export_customer(customer customers.customer_id) RETURNS jsonb
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'export_customer';
COMMENT ON FUNCTION customers.export_customer(customers.customer_id) IS
  'all that is held about a customer as one JSON document, metadata in plain, without the tokens of payment methods';
REVOKE ALL ON FUNCTION customers.export_customer(customers.customer_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.export_customer(customers.customer_id) TO customers_metadata;
