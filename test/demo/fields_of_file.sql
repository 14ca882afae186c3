-- Defines a context field for each member that the file's contexts have, of
-- the type that most of them have.
SELECT key, schema, customers.define_context_field(key, schema)
  FROM (SELECT DISTINCT ON (key) key,
               CASE WHEN key LIKE '%email%' THEN '{"type": "string", "format": "idn-email"}'
                    ELSE jsonb_build_object('type', jsonb_typeof(value)) END AS schema
          FROM document, jsonb_each(document->'context')
         WHERE jsonb_typeof(document->'context') = 'object' AND key ~ '^[a-z][a-z0-9_]{0,63}$'
         GROUP BY key, jsonb_typeof(value)
         ORDER BY key, count(*) DESC) AS field
 LIMIT 256;
