-- What benchmarks by pgbench need in a database: a merchant, the role shop that acts for
-- it, and the functions of test/modules/bench.
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
CREATE SCHEMA bench;
CREATE FUNCTION bench.process_cpu() RETURNS int8 LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS '$libdir/customers_bench', 'process_cpu';
CREATE FUNCTION bench.number_id(n int8) RETURNS uuid LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS '$libdir/customers_bench', 'number_id';
CREATE FUNCTION bench.nth_id(n int8) RETURNS uuid LANGUAGE c STABLE STRICT PARALLEL SAFE AS '$libdir/customers_bench', 'nth_id';
-- What measure (measure.sh) reads: nanoseconds of each client's backend.
CREATE TABLE bench.cpu (taken int8 NOT NULL);
-- The file that nth_id() reads.
SELECT current_setting('data_directory') || '/bench_ids.' || oid AS ids_file FROM pg_database WHERE datname = current_database() \gset

SELECT customers.use_merchant(customers.create_merchant('Bench'));
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop') AS is_new \gset
\if :is_new
CREATE ROLE shop LOGIN IN ROLE customers_merchant, customers_processor;
\endif
SELECT customers.bind_role('shop', customers.current_merchant());
SELECT customers.define_context_field('email', '{"type": "string"}', 'commit');
GRANT USAGE ON SCHEMA bench TO shop;
GRANT INSERT ON bench.cpu TO shop;
