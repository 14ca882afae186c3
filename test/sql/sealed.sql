-- Type sealed: the form of an envelope, as text and in binary.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
RESET client_min_messages;

-- The shortest envelope holds nothing: version 1, key id, nonce, tag.
SELECT ('\x01' || repeat('00', 48))::customers.sealed;
SELECT ('\x01' || repeat('aB', 48))::customers.sealed;

-- Refused: everything that has not the form of an envelope.  No message shows
-- what was given, since it could be a plaintext.
SELECT 'my secret'::customers.sealed;
SELECT ''::customers.sealed;
SELECT '\x'::customers.sealed;
SELECT '\x0'::customers.sealed;
SELECT ('\x01' || repeat('00', 47))::customers.sealed;
SELECT ('\x02' || repeat('00', 48))::customers.sealed;
SELECT ('\x01' || repeat('0g', 48))::customers.sealed;
SELECT ('\x01' || repeat('00', 48) || '0')::customers.sealed;

-- Binary: out and in again.
CREATE TEMPORARY TABLE envelope (position int, value customers.sealed);
INSERT INTO envelope VALUES
  (1, ('\x01' || repeat('00', 48))::customers.sealed),
  (2, ('\x01' || repeat('5c', 5000))::customers.sealed),
  (3, NULL);
SELECT encode(customers.sealed_send(value), 'hex') = substr(value::text, 3) AS same
FROM envelope ORDER BY position;
CREATE TEMPORARY TABLE copied (position int, value customers.sealed);
SELECT current_setting('data_directory') || '/sealed.copy' AS file \gset
COPY envelope TO :'file' (FORMAT binary);
COPY copied FROM :'file' (FORMAT binary);
SELECT count(*) FROM envelope JOIN copied USING (position)
WHERE envelope.value::text IS NOT DISTINCT FROM copied.value::text;

-- Binary input checks the form as well.
COPY (VALUES (1, decode('01' || repeat('00', 47), 'hex'))) TO :'file' (FORMAT binary);
COPY copied FROM :'file' (FORMAT binary);
COPY (VALUES (1, decode('00' || repeat('00', 48), 'hex'))) TO :'file' (FORMAT binary);
COPY copied FROM :'file' (FORMAT binary);
COPY (VALUES (1, ''::bytea)) TO :'file' (FORMAT binary);
COPY copied FROM :'file' (FORMAT binary);

-- Ciphertext has no order and no equality, and is not compressed.
SELECT value = value FROM envelope;
SELECT typstorage FROM pg_type WHERE oid = 'customers.sealed'::regtype;
SELECT pg_column_compression(value) IS NULL AS uncompressed FROM envelope WHERE position = 2;
