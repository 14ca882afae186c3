-- Reads customers.jsonl into the table document (ordinal, document).
--
-- A line is a document {"reference", "context", "metadata"}.  A line without a
-- "context" is taken as one flat object: its members become the context, with
-- keys in snake case, and its id the reference.  A line that is no JSON is a
-- document that is null.
CREATE TEMP TABLE incoming (ordinal int GENERATED ALWAYS AS IDENTITY, line text);
-- A delimiter and a quote that JSON never has: every line is one value as it is.
\copy incoming (line) FROM 'customers.jsonl' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')

CREATE FUNCTION pg_temp.parse(line text) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  RETURN line::jsonb;
EXCEPTION WHEN data_exception THEN
  RETURN NULL;
END
$$;

CREATE FUNCTION pg_temp.field_key(key text) RETURNS text LANGUAGE sql AS $$
  SELECT left(regexp_replace(lower(regexp_replace(regexp_replace(key, '([a-z0-9])([A-Z])', '\1_\2', 'g'),
                                                  '[^A-Za-z0-9]+', '_', 'g')), '^([^a-z])', 'f\1'), 64)
$$;

CREATE TEMP TABLE document AS
SELECT ordinal,
       CASE WHEN jsonb_typeof(parsed) IS DISTINCT FROM 'object' OR parsed ? 'context' THEN parsed
            ELSE jsonb_build_object(
                   'reference', coalesce(parsed->>'reference', parsed->>'id',
                                         (SELECT value FROM jsonb_each_text(parsed) WHERE key ~ '(_i|I)d$' LIMIT 1),
                                         'line ' || ordinal),
                   'context', (SELECT jsonb_object_agg(pg_temp.field_key(key), value)
                                 FROM jsonb_each(parsed) WHERE value <> 'null'))
       END AS document
  FROM incoming, pg_temp.parse(line) AS parsed
 WHERE line <> '';
