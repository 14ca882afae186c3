-- What does commit_payment() cost with many payments present, beside few?
-- Two databases of one server, with 10,000 payments and with $SIZE (10,000,000, which
-- take 19 GB and, on a busy machine, half an hour); commits of open payments that lie scattered
-- over all, in turn here and there.  Of the few at most half can be open.
--
-- CPU is that of the backends, WAL is without full pages.
SET client_min_messages = warning;
ALTER SYSTEM SET full_page_writes = off;
ALTER SYSTEM SET autovacuum = off;
SELECT pg_reload_conf();
\set size `echo ${SIZE:-10000000}`
\set open `echo $(((${COUNT:-600} + ${WARM:-50}) * ${ROUNDS:-5}))`
CREATE DATABASE few;
CREATE DATABASE many;
\c few
\set payments 10000
\ir payment_scale/fill.sql
\c many
\set payments :size
\ir payment_scale/fill.sql
\c postgres
CHECKPOINT;
\! "$BENCH/payment_scale/run"
