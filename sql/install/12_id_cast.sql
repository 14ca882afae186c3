-- Casts of ids.
--
-- Clients bind ids as uuid, text or varchar: each becomes an id by itself, in
-- arguments and comparisons too.  The way back to uuid is by assignment only:
-- were it implicit, an id could be compared with an id of another type.

CREATE CAST (pg_catalog.uuid AS customers.merchant_id) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (pg_catalog.uuid AS customers.merchant_id) IS 'the same 16 bytes';
CREATE CAST (customers.merchant_id AS pg_catalog.uuid) WITHOUT FUNCTION AS ASSIGNMENT;
COMMENT ON CAST (customers.merchant_id AS pg_catalog.uuid) IS 'the same 16 bytes';
CREATE CAST (pg_catalog.text AS customers.merchant_id) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.text AS customers.merchant_id) IS 'reads the text form';
CREATE CAST (pg_catalog.varchar AS customers.merchant_id) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.varchar AS customers.merchant_id) IS 'reads the text form';

CREATE CAST (pg_catalog.uuid AS customers.customer_id) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (pg_catalog.uuid AS customers.customer_id) IS 'the same 16 bytes';
CREATE CAST (customers.customer_id AS pg_catalog.uuid) WITHOUT FUNCTION AS ASSIGNMENT;
COMMENT ON CAST (customers.customer_id AS pg_catalog.uuid) IS 'the same 16 bytes';
CREATE CAST (pg_catalog.text AS customers.customer_id) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.text AS customers.customer_id) IS 'reads the text form';
CREATE CAST (pg_catalog.varchar AS customers.customer_id) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.varchar AS customers.customer_id) IS 'reads the text form';

CREATE CAST (pg_catalog.uuid AS customers.list_id) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (pg_catalog.uuid AS customers.list_id) IS 'the same 16 bytes';
CREATE CAST (customers.list_id AS pg_catalog.uuid) WITHOUT FUNCTION AS ASSIGNMENT;
COMMENT ON CAST (customers.list_id AS pg_catalog.uuid) IS 'the same 16 bytes';
CREATE CAST (pg_catalog.text AS customers.list_id) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.text AS customers.list_id) IS 'reads the text form';
CREATE CAST (pg_catalog.varchar AS customers.list_id) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.varchar AS customers.list_id) IS 'reads the text form';

CREATE CAST (pg_catalog.uuid AS customers.payment_method_id) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (pg_catalog.uuid AS customers.payment_method_id) IS 'the same 16 bytes';
CREATE CAST (customers.payment_method_id AS pg_catalog.uuid) WITHOUT FUNCTION AS ASSIGNMENT;
COMMENT ON CAST (customers.payment_method_id AS pg_catalog.uuid) IS 'the same 16 bytes';
CREATE CAST (pg_catalog.text AS customers.payment_method_id) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.text AS customers.payment_method_id) IS 'reads the text form';
CREATE CAST (pg_catalog.varchar AS customers.payment_method_id) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.varchar AS customers.payment_method_id) IS 'reads the text form';

CREATE CAST (pg_catalog.uuid AS customers.payment_id) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (pg_catalog.uuid AS customers.payment_id) IS 'the same 16 bytes';
CREATE CAST (customers.payment_id AS pg_catalog.uuid) WITHOUT FUNCTION AS ASSIGNMENT;
COMMENT ON CAST (customers.payment_id AS pg_catalog.uuid) IS 'the same 16 bytes';
CREATE CAST (pg_catalog.text AS customers.payment_id) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.text AS customers.payment_id) IS 'reads the text form';
CREATE CAST (pg_catalog.varchar AS customers.payment_id) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.varchar AS customers.payment_id) IS 'reads the text form';

CREATE CAST (pg_catalog.uuid AS customers.commit_id) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (pg_catalog.uuid AS customers.commit_id) IS 'the same 16 bytes';
CREATE CAST (customers.commit_id AS pg_catalog.uuid) WITHOUT FUNCTION AS ASSIGNMENT;
COMMENT ON CAST (customers.commit_id AS pg_catalog.uuid) IS 'the same 16 bytes';
CREATE CAST (pg_catalog.text AS customers.commit_id) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.text AS customers.commit_id) IS 'reads the text form';
CREATE CAST (pg_catalog.varchar AS customers.commit_id) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.varchar AS customers.commit_id) IS 'reads the text form';
