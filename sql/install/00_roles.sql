\echo Use "CREATE EXTENSION customers" to load this file. \quit

-- The roles.  Roles belong to the whole cluster: another database may have made
-- them already, and DROP EXTENSION leaves them.
--
-- customers_owner owns the store, and the operations run with its rights.  It is
-- nobody's to log in as and no superuser: what somebody makes the store run, such
-- as a trigger of a table, gets no further than the store.  The others are group
-- roles for those who call operations.
DO $$
DECLARE
  role_name pg_catalog.name;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['customers_owner', 'customers_admin', 'customers_merchant', 'customers_checkout',
                                   'customers_processor', 'customers_metadata', 'customers_analyst']
  LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) role_name) THEN
      EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN', role_name);
    END IF;
  END LOOP;
END
$$;

-- An admin may use any merchant, and do for it what the merchant may.
GRANT customers_merchant TO customers_admin;
