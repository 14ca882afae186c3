-- Customers (src/customer/customer*.c, import.c).

CREATE FUNCTION customers.create_customer(reference text = null, context jsonb = '{}', metadata jsonb = null,
                                          idempotency_key text = null) RETURNS customers.customer_id
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'create_customer';
COMMENT ON FUNCTION customers.create_customer(text, jsonb, jsonb, text) IS
  'creates a customer whose context the schema in force accepts at stage create';
REVOKE ALL ON FUNCTION customers.create_customer(text, jsonb, jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.create_customer(text, jsonb, jsonb, text) TO customers_merchant;

CREATE FUNCTION customers.ensure_customer(reference text, context jsonb = '{}', metadata jsonb = null,
                                          OUT customer customers.customer_id, OUT created bool)
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'ensure_customer';
COMMENT ON FUNCTION customers.ensure_customer(text, jsonb, jsonb) IS
  'the customer with this reference, created with the context and metadata if there is none';
REVOKE ALL ON FUNCTION customers.ensure_customer(text, jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.ensure_customer(text, jsonb, jsonb) TO customers_merchant;

CREATE FUNCTION customers.update_customer(customer customers.customer_id, patch jsonb, expected_version int = null)
RETURNS int
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'update_customer';
COMMENT ON FUNCTION customers.update_customer(customers.customer_id, jsonb, int) IS
  'applies a JSON merge patch (RFC 7396) to the context; returns the new version';
REVOKE ALL ON FUNCTION customers.update_customer(customers.customer_id, jsonb, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.update_customer(customers.customer_id, jsonb, int)
  TO customers_merchant;

CREATE FUNCTION customers.find_customer(reference text) RETURNS customers.customer_id
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'find_customer';
COMMENT ON FUNCTION customers.find_customer(text) IS 'the customer with this reference; null if there is none';
REVOKE ALL ON FUNCTION customers.find_customer(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.find_customer(text) TO customers_merchant, customers_analyst;

CREATE FUNCTION customers.archive_customer(customer customers.customer_id) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'archive_customer';
COMMENT ON FUNCTION customers.archive_customer(customers.customer_id) IS
  'archives a customer: it stays readable, and no payment can be created or committed for it';
REVOKE ALL ON FUNCTION customers.archive_customer(customers.customer_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.archive_customer(customers.customer_id) TO customers_merchant;

CREATE FUNCTION customers.unarchive_customer(customer customers.customer_id) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'unarchive_customer';
COMMENT ON FUNCTION customers.unarchive_customer(customers.customer_id) IS 'ends what archive_customer() began';
REVOKE ALL ON FUNCTION customers.unarchive_customer(customers.customer_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.unarchive_customer(customers.customer_id) TO customers_merchant;

CREATE FUNCTION customers.allow_payments(customer customers.customer_id, allowed bool) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'allow_payments';
COMMENT ON FUNCTION customers.allow_payments(customers.customer_id, bool) IS
  'says whether payments may be created and committed for a customer';
REVOKE ALL ON FUNCTION customers.allow_payments(customers.customer_id, bool) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.allow_payments(customers.customer_id, bool) TO customers_merchant;

CREATE FUNCTION customers.allow_payouts(customer customers.customer_id, allowed bool) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'allow_payouts';
COMMENT ON FUNCTION customers.allow_payouts(customers.customer_id, bool) IS
  'says whether payouts may be made to a customer';
REVOKE ALL ON FUNCTION customers.allow_payouts(customers.customer_id, bool) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.allow_payouts(customers.customer_id, bool) TO customers_merchant;

CREATE FUNCTION customers.import_customers(documents jsonb[])
RETURNS TABLE (ordinal int, customer customers.customer_id, error text)
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'import_customers';
COMMENT ON FUNCTION customers.import_customers(jsonb[]) IS
  'creates a customer of each document {"reference", "context", "metadata"}: a row for each, with the customer or the error';
REVOKE ALL ON FUNCTION customers.import_customers(jsonb[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.import_customers(jsonb[]) TO customers_merchant;

CREATE FUNCTION customers.customer_as_of(customer customers.customer_id, at timestamptz) RETURNS jsonb
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'customer_as_of';
COMMENT ON FUNCTION customers.customer_as_of(customers.customer_id, timestamptz) IS
  'the customer as it was at a time; null: nothing is known of that time, as it was not created yet, erased since or pruned';
REVOKE ALL ON FUNCTION customers.customer_as_of(customers.customer_id, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.customer_as_of(customers.customer_id, timestamptz) TO customers_merchant;

CREATE FUNCTION customers.customer_activity(customer customers.customer_id, since timestamptz = null, max_count int = 1000)
RETURNS TABLE (at timestamptz, kind text, subject text, detail jsonb)
LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'customer_activity';
COMMENT ON FUNCTION customers.customer_activity(customers.customer_id, timestamptz, int) IS
  'the first things that happened with a customer after a time, in order: changes, payments, methods, lists, reads of metadata';
REVOKE ALL ON FUNCTION customers.customer_activity(customers.customer_id, timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.customer_activity(customers.customer_id, timestamptz, int) TO customers_merchant;

CREATE FUNCTION customers.prune_customer_history(before timestamptz, max_count int8 = 10000) RETURNS int8
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'prune_customer_history';
COMMENT ON FUNCTION customers.prune_customer_history(timestamptz, int8) IS
  'deletes the states of customers that were replaced first, up to a number of those replaced before a time; returns how many';
REVOKE ALL ON FUNCTION customers.prune_customer_history(timestamptz, int8) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.prune_customer_history(timestamptz, int8) TO customers_admin;

CREATE PROCEDURE customers.import_staged(staging regclass, INOUT created bigint = null, INOUT existing bigint = null,
                                         INOUT refused bigint = null)
LANGUAGE c AS 'MODULE_PATHNAME', 'import_staged';
COMMENT ON PROCEDURE customers.import_staged(regclass, bigint, bigint, bigint) IS
  'imports the documents of a staging table (ordinal, document, error) and writes there what is wrong with them; commits in batches, and can be called again';
REVOKE ALL ON PROCEDURE customers.import_staged(regclass, bigint, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE customers.import_staged(regclass, bigint, bigint, bigint) TO customers_merchant;
