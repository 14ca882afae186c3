-- JSON Schema: the same answers in databases of other encodings than UTF-8.
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/encoding.psql
\set own_database :DBNAME
CREATE DATABASE customers_latin1 ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0;
CREATE DATABASE customers_euc_jp ENCODING 'EUC_JP' LOCALE 'C' TEMPLATE template0;
\c customers_latin1
\i :helper
\c customers_euc_jp
\set ECHO none
\i :helper
\set ECHO all
\c :own_database
DROP DATABASE customers_latin1;
DROP DATABASE customers_euc_jp;
