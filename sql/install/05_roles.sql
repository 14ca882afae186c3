-- The group roles.  Roles belong to the whole cluster: another database may
-- have made them already, and DROP EXTENSION leaves them.
DO $$
DECLARE
  role_name pg_catalog.name;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['customers_admin', 'customers_merchant', 'customers_checkout',
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

-- Types, operators and JSON Schema are for anyone; each operation is granted by itself.
GRANT USAGE ON SCHEMA customers TO PUBLIC;
