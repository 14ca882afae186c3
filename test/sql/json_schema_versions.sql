-- A stored program of another version of the layout is compiled again from its source.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
RESET client_min_messages;
SET search_path = customers;

-- The bytes of a json_schema, without its length: magic (2), version (2), root of the program (4), and so on.
SET client_min_messages = warning;
CREATE TYPE public.raw;
CREATE FUNCTION public.raw_in(cstring) RETURNS public.raw LANGUAGE internal IMMUTABLE STRICT AS 'byteain';
CREATE FUNCTION public.raw_out(public.raw) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'byteaout';
CREATE TYPE public.raw (INPUT = public.raw_in, OUTPUT = public.raw_out, INTERNALLENGTH = VARIABLE, ALIGNMENT = double);
CREATE CAST (json_schema AS public.raw) WITHOUT FUNCTION;
CREATE CAST (public.raw AS json_schema) WITHOUT FUNCTION;
RESET client_min_messages;

-- A program of another version, whose root leads nowhere for this one.
CREATE FUNCTION public.of_other_version(schema json_schema) RETURNS json_schema LANGUAGE sql IMMUTABLE AS
  $$ SELECT overlay(schema::public.raw::text PLACING 'ffffffffffff' FROM 7)::public.raw::json_schema $$;
CREATE FUNCTION public.damaged(schema json_schema) RETURNS json_schema LANGUAGE sql IMMUTABLE AS
  $$ SELECT overlay(schema::public.raw::text PLACING 'ffff' FROM 3)::public.raw::json_schema $$;

CREATE TABLE public.old (id int PRIMARY KEY, schema json_schema);
INSERT INTO public.old VALUES (1, public.of_other_version('{"type": "string", "maxLength": 3}')),
  (2, public.of_other_version('{"type": "integer"}')), (3, '{"type": "string", "maxLength": 3}');
SELECT id, schema, schema = '{"type": "integer"}' AS equal, json_schema_hash(schema) = json_schema_hash('{"type": "integer"}') AS alike
  FROM public.old ORDER BY id;

-- One place in a query sees several of them, in turn.
SELECT id, value, is_valid(value, schema), (SELECT count(*) FROM validation_errors(value, schema)) AS errors
  FROM public.old, (VALUES ('"abc"'::jsonb), ('"abcd"'), ('1')) AS documents (value) ORDER BY value, id;

-- Also for many rows, in a constraint.
CREATE TABLE public.checked (value jsonb);
DO $$
BEGIN
  EXECUTE format('ALTER TABLE public.checked ADD CHECK (customers.is_valid(value, %L::public.raw::customers.json_schema))',
                 (SELECT schema::public.raw FROM public.old WHERE id = 1));
END $$;
INSERT INTO public.checked SELECT to_jsonb(n::text) FROM generate_series(1, 999) n;
INSERT INTO public.checked SELECT to_jsonb(n::text) FROM generate_series(998, 1001) n;

-- What is no json_schema at all is told.
SELECT is_valid('1', public.damaged('true'));
SELECT validation_errors('1', public.damaged('true'));
