-- The store: ordinary tables in schema customers that are no members of the
-- extension, so that pg_dump dumps them and DROP EXTENSION refuses.
--
-- install() runs the steps customers.store_*() that the store does not have,
-- in the order of src/merchant/install.c, and records them in store_step.  A
-- released step is never edited: a later layout is a later step.
--
-- A view reads with the privileges of its owner, but current_merchant() in a
-- policy is that of whoever queries the view.  So the policies ask as well
-- whether that role may read the table itself: else a role that acts for a
-- merchant could read through another merchant's view what it is not granted.
-- Where analysts are granted columns, a restrictive policy asks of the views of
-- those who may read all columns that the role may do so too.

CREATE FUNCTION customers.invalidate_caches() RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'invalidate_caches';
COMMENT ON FUNCTION customers.invalidate_caches() IS
  'trigger of the tables that backends cache: tells every backend that rows have changed';
REVOKE ALL ON FUNCTION customers.invalidate_caches() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.invalidate_caches() TO customers_owner;

CREATE FUNCTION customers.guard_append_only() RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'guard_append_only';
COMMENT ON FUNCTION customers.guard_append_only() IS
  'trigger of the tables that only grow: refuses every change of a row';
REVOKE ALL ON FUNCTION customers.guard_append_only() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.guard_append_only() TO customers_owner;

CREATE FUNCTION customers.guard_pruned() RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'guard_pruned';
COMMENT ON FUNCTION customers.guard_pruned() IS
  'trigger of the tables whose old rows are pruned: lets nothing else delete a row but the operations made for it';
REVOKE ALL ON FUNCTION customers.guard_pruned() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.guard_pruned() TO customers_owner;

CREATE FUNCTION customers.install() RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS 'MODULE_PATHNAME', 'install';
COMMENT ON FUNCTION customers.install() IS
  'creates the store, or brings an older or restored one to the current layout; repeating it changes nothing';
REVOKE ALL ON FUNCTION customers.install() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.install() TO customers_admin;
