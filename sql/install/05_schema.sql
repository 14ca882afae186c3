-- The script makes the schema itself, so that nobody can have prepared it.
-- Everything below is qualified: search_path holds pg_catalog and pg_temp only.
CREATE SCHEMA customers AUTHORIZATION customers_owner;
COMMENT ON SCHEMA customers IS 'the customer side of payments: customers, context fields, metadata, lists and payments';

-- Types, operators and JSON Schema are for anyone; each operation is granted by itself.
GRANT USAGE ON SCHEMA customers TO PUBLIC;
