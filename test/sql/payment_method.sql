\set ECHO none
\getenv test_directory PG_ABS_SRCDIR
\set helper :test_directory /sql/helper/payment.psql
\i :helper
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- Payment methods: saved once for each fingerprint and kind, one default.
SELECT pg_temp.try($$customers.create_customer('mia')$$);
CREATE FUNCTION pg_temp.methods(currency text = null) RETURNS text LANGUAGE sql AS
  $$ SELECT string_agg(concat_ws(' ', (SELECT s.token FROM pg_temp.saved s
       WHERE s.payment_method_id = m.payment_method_id ORDER BY s.number DESC LIMIT 1), m.kind, m.display,
       m.expires_on, m.currencies, CASE WHEN m.is_default THEN 'default' END), ', ')
     FROM customers.payment_methods(pg_temp.cus('mia'), methods.currency) m $$;
SELECT pg_temp.try($$customers.payment_methods(pg_temp.cus('mia'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok_1', '{"last4": "4242"}', 'finger', '2099-12-31')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok_2', '{"last4": "1111"}')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'iban', 'tok_3', fingerprint => 'finger')$$);
SELECT pg_temp.methods();
-- the same card again: the same method, with the new token
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok_1b', '{"last4": "4242"}', 'finger', '2199-12-31')$$);
SELECT pg_temp.pm('tok_1') = pg_temp.pm('tok_1b');
SELECT pg_temp.methods();
SELECT columns.attname FROM pg_attribute columns WHERE attrelid = 'customers.payment_method'::regclass AND attnum > 0
   AND NOT has_column_privilege('customers_merchant', attrelid, attnum, 'SELECT');
SELECT pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('mia'), pg_temp.pm('tok_3'))$$);
SELECT pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('mia'), pg_temp.pm('tok_3'))$$);
SELECT pg_temp.methods();
-- a new default when the default is removed; removing again changes nothing
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_3'))$$);
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_3'))$$);
SELECT pg_temp.methods();
SELECT pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('mia'), pg_temp.pm('tok_3'))$$);
-- saved again after its removal, it is a new one
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'iban', 'tok_3b', fingerprint => 'finger')$$);
SELECT pg_temp.pm('tok_3') <> pg_temp.pm('tok_3b');
SELECT pg_temp.methods();
-- expired ones are not listed, and no default
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok_old', expires_on => '2020-01-31')$$);
SELECT pg_temp.methods();
SELECT pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('mia'), pg_temp.pm('tok_old'))$$);
-- a method is usable on its last day
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok_today', expires_on => (now() AT TIME ZONE 'UTC')::date)$$);
SELECT pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('mia'), pg_temp.pm('tok_today'))$$);
-- all removed: no default, but still there to be read
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_today'))$$);
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_1b'))$$);
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_3b'))$$);
SELECT pg_temp.methods();
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_2'))$$);
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_old'))$$);
SELECT count(*), count(*) FILTER (WHERE is_default) FROM customers.payment_method m
 WHERE m.customer_id = pg_temp.cus('mia');

-- A default that has expired gives way to the newest usable one when a method is kept, so that one can be paid with.
SELECT pg_temp.try($$customers.create_customer('olga')$$);
CREATE FUNCTION pg_temp.default_of(reference text) RETURNS text LANGUAGE sql AS
  $$ SELECT string_agg(s.token, ', ') FROM customers.payment_method m JOIN pg_temp.saved s USING (payment_method_id)
     WHERE m.customer_id = pg_temp.cus($1) AND m.is_default $$;
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('olga'), 'card', 'tok_past', expires_on => '2020-01-31')$$);
SELECT pg_temp.default_of('olga');
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('olga'), '{10.00 EUR}', 'expired-default')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('expired-default'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('olga'), 'card', 'tok_once', for_payment => pg_temp.pay('expired-default'))$$);
SELECT pg_temp.default_of('olga');
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('olga'), 'card', 'tok_now')$$);
SELECT pg_temp.default_of('olga');
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('expired-default'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('olga'), 'card', 'tok_more')$$);
SELECT pg_temp.default_of('olga');
-- also when one is kept with consent
UPDATE customers.payment_method SET expires_on = '2020-01-31' WHERE payment_method_id = pg_temp.pm('tok_now');
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('expired-default'), 'declined')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('expired-default'), pg_temp.pm('tok_once'), save_method => true)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('expired-default'), 'succeeded')$$);
SELECT pg_temp.default_of('olga');

-- A hard decline bars the card on that payment, also when it is removed and saved again.
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('olga'), '{10.00 EUR}', 'barred')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('olga'), '{10.00 EUR}', 'not-barred')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('olga'), 'card', 'tok_lost', fingerprint => 'lost')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('barred'), pg_temp.pm('tok_lost'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('barred'), 'declined', code => 'lost_card')$$);
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_lost'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('olga'), 'card', 'tok_again', fingerprint => 'lost')$$);
SELECT pg_temp.pm('tok_again') <> pg_temp.pm('tok_lost');
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('barred'), pg_temp.pm('tok_again'))$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('barred'), pg_temp.pm('tok_again'))$$);
SELECT customers.next_steps(pg_temp.pay('barred')) -> 'barred_methods' @> jsonb_build_array(pg_temp.pm('tok_again'), pg_temp.pm('tok_lost'));
-- but not another kind of the same fingerprint, nor another card, nor on another payment
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('olga'), 'iban', 'tok_iban', fingerprint => 'lost')$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('barred'), pg_temp.pm('tok_iban'))$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('barred'), pg_temp.pm('tok_more'))$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('not-barred'), pg_temp.pm('tok_again'))$$);

-- Currencies: where a method is restricted, it is listed and used for those only.
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'sepa_debit', 'tok_eur', currencies => '{EUR}')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok_both', currencies => '{EUR,USD}')$$);
SELECT pg_temp.methods();
SELECT pg_temp.methods('EUR');
SELECT pg_temp.methods('USD');
SELECT pg_temp.methods('CHF');
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('mia'), '{10.00 USD,9.00 EUR}', 'dollars')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('dollars'))$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('dollars'), pg_temp.pm('tok_eur'))$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('dollars'), pg_temp.pm('tok_both'))$$);
SELECT pg_temp.try($$customers.choose_currency(pg_temp.pay('dollars'), 'EUR')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('dollars'), pg_temp.pm('tok_eur'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok', currencies => '{}')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok', currencies => '{EUR,EUR}')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok', currencies => '{eur}')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok', currencies => '{EUR,null}')$$);

-- A method for one payment only: used for that one alone, and not listed.
SELECT pg_temp.try($$customers.create_customer('ida')$$);
CREATE FUNCTION pg_temp.all_methods() RETURNS text LANGUAGE sql AS
  $$ SELECT string_agg(concat_ws(' ', s.token, CASE WHEN m.payment_id IS NULL THEN 'kept' ELSE 'once' END,
       CASE WHEN m.is_default THEN 'default' END, CASE WHEN m.removed_at IS NOT NULL THEN 'removed' END,
       CASE WHEN m.token IS NULL THEN 'no token' END, m.fingerprint), ', ' ORDER BY m.created_at)
     FROM customers.payment_method m,
          LATERAL (SELECT s.token FROM pg_temp.saved s WHERE s.payment_method_id = m.payment_method_id ORDER BY s.number DESC LIMIT 1) s
     WHERE m.customer_id = pg_temp.cus('ida') $$;
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('ida'), '{10.00 EUR}', 'once')$$);
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('ida'), '{10.00 EUR}', 'else')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok_o', fingerprint => 'o', for_payment => pg_temp.pay('once'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok_p', fingerprint => 'o', for_payment => pg_temp.pay('once'))$$);
SELECT pg_temp.pm('tok_o') = pg_temp.pm('tok_p');
SELECT count(*) FROM customers.payment_methods(pg_temp.cus('ida'));
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('else'), pg_temp.pm('tok_o'))$$);
SELECT pg_temp.try($$customers.choose_payment_method(pg_temp.pay('else'), pg_temp.pm('tok_o'))$$);
SELECT pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('ida'), pg_temp.pm('tok_o'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok', for_payment => pg_temp.pay('once'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok', for_payment => 'pay_7zzzzzzzzzzzzzzzzzzzzzzzzz')$$);
-- a decline leaves it for another try; without consent it goes with the payment
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('once'), pg_temp.pm('tok_o'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok', for_payment => pg_temp.pay('once'))$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('once'), 'declined', code => 'insufficient_funds')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('once'), pg_temp.pm('tok_o'))$$);
SELECT pg_temp.all_methods();
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('once'), 'succeeded')$$);
SELECT pg_temp.all_methods();
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok', for_payment => pg_temp.pay('once'))$$);
-- with consent it is kept once money came, not before
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok_q', fingerprint => 'q', for_payment => pg_temp.pay('else'))$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('else'), pg_temp.pm('tok_q'), save_method => true)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('else'), 'declined', code => 'try_again_later')$$);
SELECT pg_temp.all_methods();
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('else'), pg_temp.pm('tok_q'), save_method => true)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('else'), 'succeeded', '4.00 EUR')$$);
SELECT pg_temp.all_methods();
-- where the same one is kept, saving it for a payment gives that one
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok_r', fingerprint => 'q', for_payment => pg_temp.pay('else'))$$);
SELECT pg_temp.pm('tok_r') = pg_temp.pm('tok_q');
-- saved for a payment first and then for good: that is kept, and the other goes
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok_s', fingerprint => 's', for_payment => pg_temp.pay('else'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok_t', fingerprint => 's')$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('else'), pg_temp.pm('tok_s'), save_method => true)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('else'), 'succeeded')$$);
SELECT pg_temp.all_methods();
-- an authorization is the provider's yes, too; whatever ends a payment removes the rest
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('ida'), '{10.00 EUR}', 'held', capture => 'manual')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok_u', for_payment => pg_temp.pay('held'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok_v', for_payment => pg_temp.pay('held'))$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('held'), pg_temp.pm('tok_u'), save_method => true)$$);
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('held'), 'authorized')$$);
SELECT pg_temp.all_methods();
SELECT pg_temp.try($$customers.cancel_payment(pg_temp.pay('held'))$$);
SELECT pg_temp.all_methods();
-- one that was removed before serves the open commit, and loses its token in the end as well
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('ida'), '{10.00 EUR}', 'left')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok_y', fingerprint => 'y', for_payment => pg_temp.pay('left'))$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('left'), pg_temp.pm('tok_y'), save_method => true)$$);
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_y'))$$);
SELECT kind, token, value FROM customers.claim_commits(10, '1 minute') WHERE payment_id = pg_temp.pay('left');
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('left'), 'succeeded')$$);
SELECT removed_at IS NOT NULL AS removed, removed_at < updated_at AS before, token IS NULL AND fingerprint IS NULL AS destroyed
  FROM customers.payment_method WHERE payment_method_id = pg_temp.pm('tok_y');
-- of a customer who was erased in between nothing is kept
SELECT pg_temp.try($$customers.create_payment(pg_temp.cus('ida'), '{10.00 EUR}', 'gone')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('ida'), 'card', 'tok_w', for_payment => pg_temp.pay('gone'))$$);
SELECT pg_temp.try($$customers.commit_payment(pg_temp.pay('gone'), pg_temp.pm('tok_w'), save_method => true)$$);
SELECT pg_temp.try($$customers.erase_customer(pg_temp.cus('ida'))$$);
SELECT kind, token, value FROM customers.claim_commits(10, '1 minute') WHERE payment_id = pg_temp.pay('gone');
SELECT pg_temp.try($$customers.resolve_commit(pg_temp.cmt('gone'), 'succeeded')$$);
SELECT removed_at IS NOT NULL, token IS NULL FROM customers.payment_method WHERE payment_method_id = pg_temp.pm('tok_w');

-- As many as the merchant allows, 20 unless it says else; what is removed or has expired takes no place.
SELECT pg_temp.try($$customers.create_customer('max')$$);
SELECT count(customers.save_payment_method(pg_temp.cus('max'), 'card', 'tok', fingerprint => n::text)) FROM generate_series(1, 19) n;
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('max'), 'card', 'tok_x', expires_on => '2020-01-31')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('max'), 'card', 'tok_y')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('max'), 'card', 'tok_z')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('max'), 'card', 'tok_z', fingerprint => '7')$$);
SELECT pg_temp.try($$customers.remove_payment_method(pg_temp.pm('tok_y'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('max'), 'card', 'tok_z')$$);
SELECT customers.set_merchant_settings(:'merchant', '{"payment_methods_per_customer": 21}');
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('max'), 'card', 'tok_z')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('max'), 'card', 'tok_z')$$);
SELECT customers.set_merchant_settings(:'merchant', '{}');

-- Refused.
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), '', 'tok')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), repeat('x', 65), 'tok')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', '')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', repeat('x', 4097))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), null, 'tok')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok', '[]')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok', fingerprint => '')$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok', '{"number": "4242 4242 4242 4242"}')$$);
SELECT pg_temp.try($$customers.save_payment_method('cus_7zzzzzzzzzzzzzzzzzzzzzzzzz', 'card', 'tok')$$);
SELECT pg_temp.try($$customers.payment_methods('cus_7zzzzzzzzzzzzzzzzzzzzzzzzz')$$);
SELECT pg_temp.try($$customers.payment_methods(pg_temp.cus('mia'), 'XYZ')$$);
SELECT pg_temp.try($$customers.remove_payment_method('pm_7zzzzzzzzzzzzzzzzzzzzzzzzz')$$);
SELECT pg_temp.try($$customers.set_default_payment_method(pg_temp.cus('mia'), 'pm_7zzzzzzzzzzzzzzzzzzzzzzzzz')$$);
SELECT pg_temp.try($$customers.set_default_payment_method(customers.create_customer('nils'), pg_temp.pm('tok_2'))$$);
SELECT pg_temp.try($$customers.archive_customer(pg_temp.cus('mia'))$$);
SELECT pg_temp.try($$customers.save_payment_method(pg_temp.cus('mia'), 'card', 'tok')$$);
