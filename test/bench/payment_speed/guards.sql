-- The guards on the tables of schema plain that no CHECK can be: what an UPDATE may
-- change.  One condition each, as PL/pgSQL pays by the statement.
CREATE FUNCTION plain.guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'created' THEN
      RAISE 'a new payment can''t have the status "%"', NEW.status;
    END IF;
  ELSIF (NEW.status <> OLD.status AND NEW.status <> ALL (CASE OLD.status
      WHEN 'created' THEN '{processing,cancelled,expired}'::text[]
      WHEN 'attempted' THEN '{processing,cancelled,expired}'
      WHEN 'processing' THEN '{attempted,authorized,pending,paid,over_paid,partially_paid,failed,cancelled,expired}'
      WHEN 'authorized' THEN '{processing,pending,paid,over_paid,partially_paid,cancelled}'
      WHEN 'pending' THEN '{processing,paid,over_paid,partially_paid}'
      WHEN 'paid' THEN '{over_paid}'
      WHEN 'partially_paid' THEN '{paid,over_paid}'
      ELSE '{}' END))
    OR NEW.merchant_id <> OLD.merchant_id OR NEW.payment_id <> OLD.payment_id OR NEW.customer_id <> OLD.customer_id
    OR NEW.reference IS DISTINCT FROM OLD.reference OR NEW.base_reference IS DISTINCT FROM OLD.base_reference
    OR NEW.amount_mode <> OLD.amount_mode OR NEW.capture <> OLD.capture OR NEW.created_at <> OLD.created_at
    OR (NEW.currency <> OLD.currency AND (OLD.authorized <> 0 OR OLD.received <> 0))
    OR NEW.received < OLD.received OR NEW.returned < OLD.returned OR NEW.version NOT IN (OLD.version, OLD.version + 1) THEN
    RAISE 'payment "%" can''t be changed like this', OLD.payment_id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_payment BEFORE INSERT OR UPDATE ON plain.payment FOR EACH ROW EXECUTE FUNCTION plain.guard_payment();

CREATE FUNCTION plain.guard_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'submitted' THEN
      RAISE 'a new commit can''t have the status "%"', NEW.status;
    END IF;
  ELSIF (NEW.status <> OLD.status AND NEW.status <> ALL (CASE OLD.status
      WHEN 'submitted' THEN '{requires_action,unknown,authorized,succeeded,declined,voided,cancelled,expired}'::text[]
      WHEN 'requires_action' THEN '{unknown,authorized,succeeded,declined,voided,cancelled,expired}'
      WHEN 'unknown' THEN '{authorized,succeeded,declined,voided,cancelled,expired}'
      WHEN 'authorized' THEN '{succeeded,voided,cancelled,expired}'
      WHEN 'succeeded' THEN '{}'
      ELSE '{succeeded}' END))
    OR NEW.merchant_id <> OLD.merchant_id OR NEW.commit_id <> OLD.commit_id OR NEW.payment_id <> OLD.payment_id
    OR NEW.payment_method_id <> OLD.payment_method_id OR NEW.value <> OLD.value OR NEW.currency <> OLD.currency
    OR NEW.save_method <> OLD.save_method OR NEW.created_at <> OLD.created_at OR NEW.received < OLD.received THEN
    RAISE 'commit "%" can''t be changed like this', OLD.commit_id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_commit BEFORE INSERT OR UPDATE ON plain.payment_commit FOR EACH ROW EXECUTE FUNCTION plain.guard_commit();

CREATE FUNCTION plain.guard_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE 'rows of table "%" are never changed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER guard_append_only BEFORE UPDATE OR DELETE ON plain.payment_event FOR EACH ROW EXECUTE FUNCTION plain.guard_append_only();
CREATE TRIGGER guard_append_only BEFORE UPDATE OR DELETE ON plain.payment_price FOR EACH ROW EXECUTE FUNCTION plain.guard_append_only();
