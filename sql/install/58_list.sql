-- Lists (src/list).

-- Pure, but for the time zone of a date without one: anyone may call it.
CREATE FUNCTION customers.rule_matches(rule jsonpath, document jsonb) RETURNS bool
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'rule_matches';
COMMENT ON FUNCTION customers.rule_matches(jsonpath, jsonb) IS
  'whether the rule of a dynamic list matches a document: its predicate is true, or its path yields an item';

-- What the store asks of rules: pure.
CREATE FUNCTION customers.rule_reads_payments(rule jsonpath) RETURNS bool
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'rule_reads_payments';
COMMENT ON FUNCTION customers.rule_reads_payments(jsonpath) IS
  'whether the rule of a dynamic list reads the totals of payments';

CREATE FUNCTION customers.rule_lists(rule jsonpath) RETURNS text[]
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'rule_lists';
COMMENT ON FUNCTION customers.rule_lists(jsonpath) IS
  'the names of the fixed lists that the rule of a dynamic list refers to';

CREATE FUNCTION customers.preview_list(rule jsonpath) RETURNS int8
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'preview_list';
COMMENT ON FUNCTION customers.preview_list(jsonpath) IS
  'how many customers a dynamic list with that rule would have now';
REVOKE ALL ON FUNCTION customers.preview_list(jsonpath) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.preview_list(jsonpath) TO customers_merchant;

CREATE FUNCTION customers.create_list(name text, rule jsonpath = null, effect text = 'none')
RETURNS customers.list_id
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'create_list';
COMMENT ON FUNCTION customers.create_list(text, jsonpath, text) IS
  'creates a list: fixed, or dynamic if it has a rule; effect: none, block_payments or block_payouts';
REVOKE ALL ON FUNCTION customers.create_list(text, jsonpath, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.create_list(text, jsonpath, text) TO customers_merchant, customers_analyst;

CREATE FUNCTION customers.add_to_list(list customers.list_id, customers customers.customer_id[], expires_at timestamptz = null, comment text = null)
RETURNS int
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'add_to_list';
COMMENT ON FUNCTION customers.add_to_list(customers.list_id, customers.customer_id[], timestamptz, text) IS
  'adds customers to a fixed list, all or none, and returns how many of them were not members yet; the others stay as they were';
REVOKE ALL ON FUNCTION customers.add_to_list(customers.list_id, customers.customer_id[], timestamptz, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.add_to_list(customers.list_id, customers.customer_id[], timestamptz, text) TO customers_merchant, customers_analyst;

CREATE FUNCTION customers.remove_from_list(list customers.list_id, customers customers.customer_id[])
RETURNS int
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'remove_from_list';
COMMENT ON FUNCTION customers.remove_from_list(customers.list_id, customers.customer_id[]) IS
  'removes customers from a fixed list and returns how many of them were members';
REVOKE ALL ON FUNCTION customers.remove_from_list(customers.list_id, customers.customer_id[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.remove_from_list(customers.list_id, customers.customer_id[]) TO customers_merchant, customers_analyst;

CREATE FUNCTION customers.sweep_list_items(max_count int = 1000) RETURNS int
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sweep_list_items';
COMMENT ON FUNCTION customers.sweep_list_items(int) IS
  'deletes items of fixed lists that have expired, the oldest first, and returns how many';
REVOKE ALL ON FUNCTION customers.sweep_list_items(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.sweep_list_items(int) TO customers_merchant, customers_analyst;

CREATE FUNCTION customers.require_payouts_allowed(customer customers.customer_id) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'require_payouts_allowed';
COMMENT ON FUNCTION customers.require_payouts_allowed(customers.customer_id) IS
  'raises an error if the customer may not be paid out to now: erased, archived, payouts not allowed, or on a list that blocks them';
REVOKE ALL ON FUNCTION customers.require_payouts_allowed(customers.customer_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.require_payouts_allowed(customers.customer_id) TO customers_merchant;

CREATE FUNCTION customers.drop_list(list customers.list_id)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'drop_list';
COMMENT ON FUNCTION customers.drop_list(customers.list_id) IS
  'drops a list; refused while a rule refers to it';
REVOKE ALL ON FUNCTION customers.drop_list(customers.list_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.drop_list(customers.list_id) TO customers_merchant, customers_analyst;

CREATE FUNCTION customers.list_members(list customers.list_id)
RETURNS SETOF customers.customer_id
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'list_members';
COMMENT ON FUNCTION customers.list_members(customers.list_id) IS
  'the customers that are on a list now';
REVOKE ALL ON FUNCTION customers.list_members(customers.list_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.list_members(customers.list_id) TO customers_merchant, customers_analyst;

CREATE FUNCTION customers.lists_of(customer customers.customer_id)
RETURNS SETOF customers.list_id
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'lists_of';
COMMENT ON FUNCTION customers.lists_of(customers.customer_id) IS
  'the lists that a customer is on now, fixed and dynamic ones';
REVOKE ALL ON FUNCTION customers.lists_of(customers.customer_id) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.lists_of(customers.customer_id) TO customers_merchant, customers_analyst;

CREATE FUNCTION customers.list_union(lists customers.list_id[])
RETURNS SETOF customers.customer_id
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'union_of_lists';
COMMENT ON FUNCTION customers.list_union(customers.list_id[]) IS
  'the customers that are on any of the lists';
REVOKE ALL ON FUNCTION customers.list_union(customers.list_id[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.list_union(customers.list_id[]) TO customers_merchant, customers_analyst;

CREATE FUNCTION customers.list_intersection(lists customers.list_id[])
RETURNS SETOF customers.customer_id
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'intersection_of_lists';
COMMENT ON FUNCTION customers.list_intersection(customers.list_id[]) IS
  'the customers that are on all of the lists';
REVOKE ALL ON FUNCTION customers.list_intersection(customers.list_id[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.list_intersection(customers.list_id[]) TO customers_merchant, customers_analyst;

CREATE FUNCTION customers.list_difference(lists customers.list_id[])
RETURNS SETOF customers.customer_id
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'difference_of_lists';
COMMENT ON FUNCTION customers.list_difference(customers.list_id[]) IS
  'the customers that are on the first list and on none of the others';
REVOKE ALL ON FUNCTION customers.list_difference(customers.list_id[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.list_difference(customers.list_id[]) TO customers_merchant, customers_analyst;

CREATE FUNCTION customers.list_overlap(lists customers.list_id[])
RETURNS TABLE (list customers.list_id, name text, other customers.list_id, other_name text, customers int8)
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'list_overlap';
COMMENT ON FUNCTION customers.list_overlap(customers.list_id[]) IS
  'how many customers are on both of two lists, for each pair of the lists and each list with itself';
REVOKE ALL ON FUNCTION customers.list_overlap(customers.list_id[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.list_overlap(customers.list_id[]) TO customers_merchant, customers_analyst;

CREATE FUNCTION customers.list_report(lists customers.list_id[], since timestamptz, until timestamptz)
RETURNS TABLE (list customers.list_id, name text, customers int8, customers_with_payment int8, payments int8,
               paid int8, conversion numeric, declined jsonb, volume customers.amount[])
LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'list_report';
COMMENT ON FUNCTION customers.list_report(customers.list_id[], timestamptz, timestamptz) IS
  'what the customers of each list paid: payments created from since until before until (null: no bound), the paid share of them, declines by their class, and what was received per currency';
REVOKE ALL ON FUNCTION customers.list_report(customers.list_id[], timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.list_report(customers.list_id[], timestamptz, timestamptz) TO customers_merchant, customers_analyst;

-- For admins only: maintenance of the whole store.
CREATE PROCEDURE customers.compact_lists()
LANGUAGE c AS 'MODULE_PATHNAME', 'compact_lists';
COMMENT ON PROCEDURE customers.compact_lists() IS
  'prepares large fixed lists of all merchants for being read fast; commits after each list';
REVOKE ALL ON PROCEDURE customers.compact_lists() FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE customers.compact_lists() TO customers_admin;
