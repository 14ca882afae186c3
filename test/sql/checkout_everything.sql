-- Whatever there is, tried by a role that is customers_checkout only: without a
-- token, and with one of a payment, on this payment and on another.  The lists are
-- of what is not refused with 42501: when a function is added, look whether it is meant
-- to be there.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
CREATE ROLE everything_page IN ROLE customers_checkout;
SELECT customers.create_merchant('Everything') AS shop \gset
SELECT customers.use_merchant(:'shop');
-- Bound to the merchant, who is chosen: it makes no difference.
SELECT customers.bind_role('everything_page', :'shop');

CREATE TABLE public.ids (whose text, type regtype, id text);
GRANT SELECT ON public.ids TO PUBLIC;
CREATE FUNCTION public.make(owner text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  customer customers.customer_id := customers.create_customer(owner);
  payment customers.payment_id := customers.create_payment(customer, '{10.00 EUR}', amount_mode => 'editable');
  list customers.list_id := customers.create_list(owner);
BEGIN
  INSERT INTO public.ids VALUES (owner, 'customers.customer_id', customer), (owner, 'customers.payment_id', payment),
    (owner, 'customers.list_id', list),
    (owner, 'customers.payment_method_id', customers.save_payment_method(customer, 'card', 'tok'));
  IF owner = 'another' THEN
    INSERT INTO public.ids VALUES ('another', 'customers.commit_id', customers.commit_payment(payment));
  END IF;
END
$$;
SELECT public.make('own'), public.make('another');
INSERT INTO public.ids SELECT w, 'customers.merchant_id', :'shop' FROM unnest('{own,another}'::text[]) w;
INSERT INTO public.ids SELECT 'own', type, id FROM public.ids WHERE type = 'customers.commit_id'::regtype;
SELECT customers.open_checkout(id::customers.payment_id) AS token FROM public.ids WHERE whose = 'own' AND type = 'customers.payment_id'::regtype \gset

-- What a statement gives: nothing of it stays.
CREATE FUNCTION public.outcome(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RAISE EXCEPTION SQLSTATE 'XDONE';
EXCEPTION
  WHEN SQLSTATE 'XDONE' THEN RETURN 'runs';
  WHEN OTHERS THEN RETURN SQLSTATE;
END
$$;
-- A value of a type, of those that there are.
CREATE FUNCTION public.sample(type oid, owner text) RETURNS text LANGUAGE sql AS $$
  SELECT coalesce((SELECT format('%L::%s', id, i.type) FROM public.ids i WHERE i.type = $1::regtype AND whose = $2),
    CASE $1::regtype::text WHEN 'boolean' THEN 'true' WHEN 'jsonb' THEN '''{}''::jsonb' WHEN 'json' THEN '''{}''::json'
      WHEN 'text' THEN '''EUR''::text' WHEN 'integer' THEN '1' WHEN 'bigint' THEN '1::bigint' WHEN 'interval' THEN '''25 hours''::interval'
      WHEN 'timestamp with time zone' THEN 'now()' WHEN 'customers.amount' THEN '''10.00 EUR''::customers.amount'
      WHEN 'regrole' THEN '''everything_page''::regrole' WHEN 'regclass' THEN '''public.ids''::regclass'
      WHEN 'jsonpath' THEN '''$.a == 1''::jsonpath' WHEN 'customers.json_schema' THEN '''{}''::customers.json_schema'
      WHEN 'jsonb[]' THEN '''{}''::jsonb[]' WHEN 'customers.amount[]' THEN '''{10.00 EUR}''::customers.amount[]'
      WHEN 'customers.customer_id[]' THEN '''{}''::customers.customer_id[]' WHEN 'customers.list_id[]' THEN '''{}''::customers.list_id[]'
      ELSE 'NULL::' || CASE WHEN $1::regtype::text IN ('internal', 'cstring', 'anyelement', 'record') THEN 'text' ELSE $1::regtype::text END END)
$$;
CREATE VIEW public.call AS
  SELECT p.oid::regprocedure::text AS signature, p.provolatile, p.prokind, whose,
         CASE p.prokind WHEN 'p' THEN 'CALL ' ELSE 'SELECT ' END || p.oid::regproc || '(' ||
         (SELECT coalesce(string_agg(public.sample(t, whose), ', ' ORDER BY n), '')
          FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY u (t, n)) || ')' AS statement
  FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'customers', unnest('{own,another}'::text[]) whose;
GRANT SELECT ON public.call TO PUBLIC;
CREATE VIEW public.store AS
  SELECT c.oid::regclass::text AS relation, verb, format(verb, c.oid::regclass) AS statement
  FROM pg_class c, unnest('{TABLE %s,SELECT count(*) FROM %s,INSERT INTO %s DEFAULT VALUES,DELETE FROM %s,TRUNCATE %s,LOCK TABLE %s,DROP TABLE %s}'::text[]) verb
  WHERE c.relnamespace = 'customers'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  UNION ALL
  SELECT a.attrelid::regclass::text, 'column', format('SELECT %I FROM %s', attname, a.attrelid::regclass)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  WHERE c.relnamespace = 'customers'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND attnum > 0 AND NOT attisdropped;
GRANT SELECT ON public.store TO PUBLIC;
SELECT count(DISTINCT signature) > 200 AS functions, count(*) FILTER (WHERE whose = 'own') = count(*) FILTER (WHERE whose = 'another') AS both FROM public.call;
SELECT count(DISTINCT relation) > 25 AS relations, count(*) > 300 AS columns FROM public.store;

SET ROLE everything_page;
CREATE TEMP TABLE tried AS
  SELECT signature, provolatile, whose, public.outcome(statement) AS without_token, NULL::text AS with_token FROM public.call;
CREATE TEMP TABLE tried_store AS SELECT *, public.outcome(statement) AS without_token, NULL::text AS with_token FROM public.store;
SET customers.checkout = :'token';
UPDATE tried t SET with_token = public.outcome(statement) FROM public.call c WHERE c.signature = t.signature AND c.whose = t.whose;
UPDATE tried_store t SET with_token = public.outcome(statement);
RESET customers.checkout;

-- Without a token.
SELECT signature, without_token FROM tried
WHERE provolatile <> 'i' AND without_token <> '42501' AND whose = 'own' ORDER BY signature COLLATE "C";
-- With one: the own payment, and another's, which is none.
SELECT t.signature, t.with_token AS own, a.with_token AS another
FROM tried t JOIN tried a ON a.signature = t.signature AND a.whose = 'another'
WHERE t.whose = 'own' AND t.provolatile <> 'i' AND (t.with_token <> '42501' OR a.with_token <> '42501')
ORDER BY t.signature COLLATE "C";
-- Functions that are immutable read nothing; this one is for an index only.
SELECT signature FROM tried WHERE whose = 'own' AND provolatile = 'i' AND (with_token = '42501' OR without_token = '42501') ORDER BY signature COLLATE "C";
-- Tables and views.
SELECT relation, verb, without_token, with_token, count(*) FROM tried_store
WHERE without_token <> '42501' OR with_token <> '42501' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2;
-- What else could be done in the schema.
SET customers.checkout = :'token';
SELECT public.outcome(s) AS outcome, s AS statement FROM unnest(ARRAY[
  'CREATE TABLE customers.t ()', 'CREATE VIEW customers.v AS SELECT 1', 'CREATE FUNCTION customers.f() RETURNS int LANGUAGE sql AS ''SELECT 1''',
  'ALTER FUNCTION customers.checkout() COST 1', 'CREATE TRIGGER t AFTER INSERT ON customers.payment EXECUTE FUNCTION customers.invalidate_caches()',
  'COMMENT ON TABLE customers.payment IS ''x''', 'GRANT customers_merchant TO everything_page',
  'SET LOCAL session_replication_role = replica']) s;
RESET ROLE;
DROP VIEW public.call, public.store;
DROP FUNCTION public.sample, public.outcome, public.make;
DROP TABLE public.ids;
