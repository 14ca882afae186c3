-- Keys of merchants and the root keys that seal them (src/merchant/*key*.c).
--
-- For admins only: a rotation is work for the whole server, and which root keys
-- there are concerns all merchants.

CREATE PROCEDURE customers.rotate_root_key()
LANGUAGE c AS 'MODULE_PATHNAME', 'rotate_root_key';
COMMENT ON PROCEDURE customers.rotate_root_key() IS
  'has the current root key seal the keys of all merchants; commits in batches';
REVOKE ALL ON PROCEDURE customers.rotate_root_key() FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE customers.rotate_root_key() TO customers_admin;

CREATE PROCEDURE customers.rotate_merchant_key()
LANGUAGE c AS 'MODULE_PATHNAME', 'rotate_merchant_key';
COMMENT ON PROCEDURE customers.rotate_merchant_key() IS
  'gives the merchant a new key, has it seal the keys of all customers and destroys the old one; commits in batches, and goes on where it was stopped';
REVOKE ALL ON PROCEDURE customers.rotate_merchant_key() FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE customers.rotate_merchant_key() TO customers_admin;

CREATE FUNCTION customers.key_status()
RETURNS TABLE (level text, merchant customers.merchant_id, key_id text, in_force bool, available bool, uses int8, sealed_by text, created_at timestamptz)
LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'key_status';
COMMENT ON FUNCTION customers.key_status() IS
  'the root keys and the keys of the merchants, and how many keys each of them seals';
REVOKE ALL ON FUNCTION customers.key_status() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.key_status() TO customers_admin;
