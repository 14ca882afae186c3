-- Properties of every object of the extension and of the store, which new ones
-- must have too.  A list here changes when an object is added or altered: then
-- look whether its privileges and properties are meant to be so.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
RESET client_min_messages;

-- The members of the extension, but what comes with another by itself: arrays
-- and the rows of views, which PostgreSQL 17 counts as members.
CREATE TEMP VIEW member AS
  SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
  WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'customers'
    AND NOT EXISTS (SELECT FROM pg_type t WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid
                    AND (t.typcategory = 'A' OR t.typrelid IN (SELECT oid FROM pg_class WHERE relkind <> 'c')));
CREATE TEMP VIEW member_function AS
  SELECT p.* FROM pg_proc p JOIN member m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid;
CREATE TEMP VIEW store_table AS
  SELECT c.oid, c.relname, c.relrowsecurity, c.relacl, c.relowner FROM pg_class c
  WHERE c.relnamespace = 'customers'::regnamespace AND c.relkind IN ('r', 'p')
    AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid);

-- Functions that a type, an operator, a cast, an index or an aggregate is made of.
CREATE TEMP VIEW support_function AS
  SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend, typmodin, typmodout]::oid[]) AS oid FROM pg_type
  UNION SELECT oprcode FROM pg_operator
  UNION SELECT castfunc FROM pg_cast
  UNION SELECT amproc FROM pg_amproc
  UNION SELECT unnest(ARRAY[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn,
                            aggmtransfn, aggminvtransfn, aggmfinalfn]::oid[]) FROM pg_aggregate;

-- Everything has a comment.
SELECT pg_describe_object(classid, objid, 0) AS uncommented FROM member
WHERE obj_description(objid, classid::regclass::name) IS NULL
ORDER BY pg_describe_object(classid, objid, 0) COLLATE "C";
SELECT oid::regclass AS uncommented FROM store_table WHERE obj_description(oid, 'pg_class') IS NULL ORDER BY 1;
SELECT c.oid::regclass || '.' || a.attname AS uncommented
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'customers'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'c')
  AND col_description(c.oid, a.attnum) IS NULL
ORDER BY c.relname, a.attname;

-- What anybody may execute: pure functions, and what says for whom the session acts.
SELECT oid::regprocedure AS anybody FROM member_function
WHERE has_function_privilege('public', oid, 'execute') AND oid NOT IN (SELECT oid FROM support_function)
ORDER BY oid::regprocedure::text COLLATE "C";
SELECT oid::regprocedure AS not_anybody FROM member_function
WHERE NOT has_function_privilege('public', oid, 'execute') AND oid IN (SELECT oid FROM support_function)
ORDER BY oid::regprocedure::text COLLATE "C";

-- Who may execute the others.
SELECT p.oid::regprocedure AS operation,
       string_agg(a.grantee::regrole::text, ', ' ORDER BY a.grantee::regrole::text COLLATE "C") AS roles
FROM member_function p LEFT JOIN LATERAL aclexplode(p.proacl) a ON a.grantee <> p.proowner
WHERE NOT has_function_privilege('public', p.oid, 'execute')
GROUP BY 1 ORDER BY p.oid::regprocedure::text COLLATE "C";

-- Who may do what with the tables, but their owner.
SELECT t.relname, string_agg(a.grantee::regrole || ' ' || lower(a.privilege_type), ', '
                             ORDER BY a.grantee::regrole::text COLLATE "C", a.privilege_type COLLATE "C") AS privileges
FROM store_table t, aclexplode(t.relacl) a WHERE a.grantee <> t.relowner GROUP BY 1 ORDER BY 1;
SELECT t.relname, a.grantee::regrole, lower(a.privilege_type) AS privilege, string_agg(c.attname, ', ' ORDER BY c.attnum) AS columns
FROM store_table t JOIN pg_attribute c ON c.attrelid = t.oid, aclexplode(c.attacl) a GROUP BY t.relname, a.grantee, a.privilege_type ORDER BY t.relname, a.grantee::regrole::text COLLATE "C", a.privilege_type COLLATE "C";

-- v(olatile), s(table), i(mmutable); parallel u(nsafe), r(estricted), s(afe).
SELECT oid::regprocedure AS function, provolatile AS volatile, proparallel AS parallel, proisstrict AS strict
FROM member_function WHERE oid NOT IN (SELECT oid FROM support_function) AND prokind <> 'a'
ORDER BY oid::regprocedure::text COLLATE "C";
-- What types and operators are made of is pure; what it does with NULL is nothing.
SELECT oid::regprocedure AS not_pure, provolatile, proparallel, proisstrict FROM member_function
WHERE oid IN (SELECT oid FROM support_function) AND NOT (provolatile = 'i' AND proparallel = 's' AND proisstrict)
ORDER BY oid::regprocedure::text COLLATE "C";
-- No function runs with the rights of its owner by declaration: C switches, once the caller is known.
SELECT oid::regprocedure AS definer FROM member_function WHERE prosecdef ORDER BY 1;
SELECT oid::regprocedure AS with_settings, proconfig FROM member_function WHERE proconfig IS NOT NULL ORDER BY 1;
-- Equality is leakproof, so that an index serves below row-level security.
SELECT p.oid::regprocedure AS leaky FROM pg_operator o JOIN member_function p ON p.oid = o.oprcode
WHERE o.oprname = '=' AND NOT p.proleakproof ORDER BY 1;
SELECT oid::regprocedure AS leakproof FROM member_function
WHERE proleakproof AND oid NOT IN (SELECT oprcode FROM pg_operator) ORDER BY oid::regprocedure::text COLLATE "C";
-- Every operator class is valid.
SELECT c.opcname FROM pg_opclass c JOIN member m ON m.classid = 'pg_opclass'::regclass AND m.objid = c.oid
WHERE NOT amvalidate(c.oid) ORDER BY 1;

-- The store can be distributed by merchant: each key begins with merchant_id,
-- each foreign key stays within a merchant and leads not to merchant itself.
SELECT relname AS without_row_security FROM store_table WHERE NOT relrowsecurity ORDER BY 1;
SELECT relname AS without_primary_key FROM store_table t
WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = t.oid AND contype = 'p') ORDER BY 1;
SELECT i.indexrelid::regclass AS unique_across_merchants
FROM store_table t JOIN pg_index i ON i.indrelid = t.oid
LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
WHERE (i.indisunique OR i.indisexclusion) AND a.attname IS DISTINCT FROM 'merchant_id' ORDER BY 1;
SELECT k.conname AS foreign_key_across_merchants
FROM pg_constraint k JOIN store_table t ON t.oid = k.conrelid
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
WHERE k.contype = 'f' AND (a.attname <> 'merchant_id' OR b.attname <> 'merchant_id'
                           OR k.confrelid = 'customers.merchant'::regclass) ORDER BY 1;
SELECT relname AS without_merchant FROM store_table t
WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = t.oid AND attname = 'merchant_id' AND attnotnull
                  AND atttypid = 'customers.merchant_id'::regtype) ORDER BY 1;
SELECT c.oid::regclass AS sequence FROM pg_class c
WHERE c.relnamespace = 'customers'::regnamespace AND c.relkind = 'S' ORDER BY 1;
SELECT a.attrelid::regclass, a.attname AS identity FROM pg_attribute a JOIN store_table t ON t.oid = a.attrelid
WHERE a.attidentity <> '' ORDER BY 1;
SELECT oid::regtype AS enum FROM pg_type WHERE typnamespace = 'customers'::regnamespace AND typtype = 'e' ORDER BY 1;
-- No default that another node would compute differently.
SELECT d.adrelid::regclass AS relation, a.attname, pg_get_expr(d.adbin, d.adrelid) AS default
FROM pg_attrdef d JOIN store_table t ON t.oid = d.adrelid
JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE pg_get_expr(d.adbin, d.adrelid) ~ '\(' ORDER BY 1, 2;

-- Policies: each is for reading, and says the merchant and that the role may
-- read the table; but the admins', and those of tables with columns for analysts.
SELECT tablename, policyname, cmd, roles, qual, with_check FROM pg_policies
WHERE schemaname = 'customers' AND (cmd <> 'SELECT' OR permissive <> 'PERMISSIVE'
      OR qual <> format('((merchant_id = customers.current_merchant()) AND has_any_column_privilege((%L::regclass)::oid, ''SELECT''::text))',
                        'customers.' || tablename))
ORDER BY 1, 2;
SELECT relname AS without_policy FROM store_table t
WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = t.oid) ORDER BY 1;

-- The store belongs to a role that is nobody's and can do nothing else, and what
-- a table's trigger does in an operation, it does as that role.
SELECT DISTINCT relowner::regrole AS owner FROM store_table;
SELECT rolsuper, rolcanlogin, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles
WHERE rolname = 'customers_owner';
SELECT customers.use_merchant(customers.create_merchant('Triggers'));
CREATE FUNCTION pg_temp.tell() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE NOTICE 'a trigger runs as %', current_user; RETURN NULL; END$$;
CREATE TRIGGER tell AFTER INSERT ON customers.customer EXECUTE FUNCTION pg_temp.tell();
SELECT customers.create_customer('told') IS NOT NULL AS created;
DROP TRIGGER tell ON customers.customer;
