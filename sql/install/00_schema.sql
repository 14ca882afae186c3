\echo Use "CREATE EXTENSION customers" to load this file. \quit

-- The script makes the schema itself, so that nobody can have prepared it.
-- Everything below is qualified: search_path holds pg_catalog and pg_temp only.
CREATE SCHEMA customers;
COMMENT ON SCHEMA customers IS 'the customer side of payments: customers, context fields, metadata, lists and payments';
