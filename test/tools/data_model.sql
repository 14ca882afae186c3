-- Writes the data model of the store as a Mermaid diagram, from the catalogue:
--   psql -X -At -v columns=true -f test/tools/data_model.sql
-- with columns=false only the tables and their relations.
--
-- A relation is a foreign key, or, dashed, an id without one: its type says
-- which table's it is.  Tables belong to their merchant by way of the tables
-- that they refer to; only those that refer to none have a line to merchant.
WITH store AS (
  SELECT c.oid, c.relname::text AS name
    FROM pg_class c
   WHERE c.relnamespace = 'customers'::regnamespace AND c.relkind = 'r'
), key AS (
  -- Columns that are unique together, but for the merchant.
  SELECT i.indrelid AS owner, i.indisprimary AS primary_key, array_agg(a.attname::text ORDER BY a.attname) AS columns,
         min(a.atttypid) AS type
    FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
   WHERE i.indisunique AND i.indpred IS NULL AND a.attname <> 'merchant_id'
   GROUP BY i.indexrelid, i.indrelid, i.indisprimary
), foreign_key AS (
  SELECT DISTINCT k.confrelid AS parent, k.conrelid AS child, a.attname::text AS column, a.attnotnull AS needed
    FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
   WHERE k.contype = 'f' AND a.attname <> 'merchant_id' AND k.conrelid IN (SELECT oid FROM store)
), id AS (
  -- The tables whose rows the types of ids name.
  SELECT owner, type FROM key
   WHERE primary_key AND cardinality(columns) = 1
     AND type IN (SELECT oid FROM pg_type WHERE typnamespace = 'customers'::regnamespace AND typname LIKE '%\_id')
     AND NOT EXISTS (SELECT FROM foreign_key WHERE child = owner AND "column" = columns[1])
), reference AS (
  SELECT parent, child, "column", needed, true AS enforced FROM foreign_key
   UNION ALL
  SELECT id.owner, a.attrelid, a.attname, a.attnotnull, false
    FROM pg_attribute a JOIN id ON id.type = a.atttypid AND id.owner <> a.attrelid
   WHERE a.attrelid IN (SELECT oid FROM store) AND a.attnum > 0 AND NOT a.attisdropped
     AND NOT EXISTS (SELECT FROM foreign_key WHERE child = a.attrelid AND "column" = a.attname)
), relation AS (
  SELECT parent, child, "column", needed, enforced,
         EXISTS (SELECT FROM key WHERE owner = child AND columns = ARRAY["column"]) AS single
    FROM reference
   UNION ALL
  SELECT 'customers.merchant'::regclass, a.attrelid, a.attname, a.attnotnull, false, false
    FROM pg_attribute a
   WHERE a.attrelid IN (SELECT oid FROM store) AND a.attname = 'merchant_id' AND a.attrelid <> 'customers.merchant'::regclass
     AND NOT EXISTS (SELECT FROM reference WHERE child = a.attrelid)
), line AS (
  SELECT 1 AS part, name AS first, 0 AS second, '    ' || name || ' {' AS text
    FROM store WHERE :columns
   UNION ALL
  SELECT 1, s.name, a.attnum,
         '        '
         || replace(replace(format_type(a.atttypid, a.atttypmod), 'customers.', ''), 'timestamp with time zone', 'timestamptz')
         || ' ' || a.attname
         || coalesce(' ' || nullif(concat_ws(', ',
              CASE WHEN EXISTS (SELECT FROM pg_index WHERE indrelid = s.oid AND indisprimary AND a.attnum = ANY (indkey)) THEN 'PK' END,
              CASE WHEN EXISTS (SELECT FROM foreign_key WHERE child = s.oid AND "column" = a.attname) THEN 'FK' END), ''), '')
    FROM store s JOIN pg_attribute a ON a.attrelid = s.oid
   WHERE :columns AND a.attnum > 0 AND NOT a.attisdropped
   UNION ALL
  SELECT 1, name, 10000, '    }' FROM store WHERE :columns
   UNION ALL
  SELECT 2, p.name || ' ' || c.name || ' ' || "column", 0,
         '    ' || p.name || ' ' || CASE WHEN needed THEN '||' ELSE '|o' END || CASE WHEN enforced THEN '--' ELSE '..' END
         || CASE WHEN single THEN 'o|' ELSE 'o{' END || ' ' || c.name
         || ' : "' || CASE WHEN :columns THEN "column" ELSE '' END || '"'
    FROM relation JOIN store p ON p.oid = parent JOIN store c ON c.oid = child
)
SELECT 'erDiagram'
 UNION ALL
(SELECT text FROM line ORDER BY part, first COLLATE "C", second);
