-- The schema and the customers that the benchmark checks: tables source, valid
-- and invalid.
CREATE TABLE source (name text PRIMARY KEY, source jsonb);
INSERT INTO source VALUES ('whole', $${
  "type": "object", "additionalProperties": false,
  "required": ["number", "email", "given_name", "family_name", "status", "country", "address"],
  "properties": {
    "number": {"type": "string", "pattern": "^cus_[0-9]{10}$"},
    "email": {"type": "string", "format": "email", "minLength": 6, "maxLength": 254},
    "given_name": {"type": "string", "minLength": 1, "maxLength": 80},
    "family_name": {"type": "string", "minLength": 1, "maxLength": 80},
    "phone": {"type": "string", "pattern": "^\\+[1-9][0-9]{6,14}$"},
    "status": {"type": "string", "enum": ["active", "inactive", "blocked", "pending"]},
    "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
    "birth_date": {"type": "string", "format": "date", "minLength": 10, "maxLength": 10},
    "score": {"type": "integer", "minimum": 0, "maximum": 100},
    "balance": {"type": "number", "minimum": 0, "maximum": 1000000},
    "newsletter": {"type": "boolean"},
    "address": {
      "type": "object", "additionalProperties": false,
      "required": ["street", "city", "postal_code"],
      "properties": {
        "street": {"type": "string", "minLength": 1, "maxLength": 120},
        "building": {"type": "string", "maxLength": 120},
        "city": {"type": "string", "minLength": 1, "maxLength": 80},
        "postal_code": {"type": "string", "pattern": "^[0-9A-Z -]{3,10}$"},
        "country": {"type": "string", "enum": ["FR", "DE", "ES", "IT", "GB", "US"]}}}}}$$);

-- without NAME: the schema without a keyword, wherever it is.
CREATE FUNCTION pg_temp.without(source jsonb, keyword text) RETURNS jsonb LANGUAGE sql
  RETURN regexp_replace(source::text, format('"%s": "[^"]*", |, "%1$s": "[^"]*"', keyword), '', 'g')::jsonb;
INSERT INTO source SELECT 'without patterns', pg_temp.without(source, 'pattern') FROM source WHERE name = 'whole';
INSERT INTO source SELECT 'without patterns and formats', pg_temp.without(source, 'format')
  FROM source WHERE name = 'without patterns';

CREATE TABLE valid AS
SELECT jsonb_build_object(
         'number', 'cus_' || lpad(n::text, 10, '0'),
         'email', 'user' || n || '@example.com',
         'given_name', (ARRAY['Ana', 'Jean', 'Maria', 'Peter', 'Zoë'])[1 + n % 5],
         'family_name', 'Dupont' || n % 977,
         'phone', '+336' || lpad((n % 100000000)::text, 8, '0'),
         'status', (ARRAY['active', 'inactive', 'blocked', 'pending'])[1 + n % 4],
         'country', (ARRAY['FR', 'DE', 'ES', 'IT'])[1 + n % 4],
         'birth_date', to_char(date '1960-01-01' + n % 18000, 'YYYY-MM-DD'),
         'score', n % 101,
         'balance', round((n % 99991) / 100.0, 2),
         'newsletter', n % 2 = 0,
         'address', jsonb_build_object('street', n % 300 || ' rue de la Paix', 'city', 'Paris',
                                       'postal_code', lpad((n % 95000)::text, 5, '0'), 'country', 'FR')) AS doc
  FROM generate_series(1, 100000) AS n;

-- One fault each, in turn: format, bound, required, additionalProperties, and a pattern further down.
CREATE TABLE invalid AS
SELECT CASE row_number() OVER () % 5
         WHEN 0 THEN doc || '{"email": "nobody.example.com"}'
         WHEN 1 THEN doc || '{"score": 101}'
         WHEN 2 THEN doc - 'address'
         WHEN 3 THEN doc || '{"nickname": "Jo"}'
         ELSE jsonb_set(doc, '{address,postal_code}', '"#"') END AS doc
  FROM valid;
VACUUM ANALYZE valid, invalid;
