-- Checkouts: what a service that faces customers can do by a token, and what not.
-- checkout_everything tries all else that there is.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customers;
SELECT customers.install();
RESET client_min_messages;
\set VERBOSITY terse
SET timezone = 'UTC';
-- What an expression gives, or how it is refused, without ids.
CREATE FUNCTION public.try(expression text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  EXECUTE 'SELECT ' || expression INTO result;
  RETURN result;
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || regexp_replace(SQLERRM, '_0[0-9a-z]+', '_#', 'g');
END
$$;
CREATE FUNCTION public.make_old(merchant customers.merchant_id) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL session_replication_role = replica;
  UPDATE customers.checkout SET expires_at = opened_at WHERE merchant_id = $1 AND opened_at = (SELECT max(opened_at) FROM customers.checkout WHERE merchant_id = $1);
  SET LOCAL session_replication_role = origin;
END
$$;
CREATE ROLE checkout_page IN ROLE customers_checkout;
CREATE ROLE checkout_shop IN ROLE customers_merchant;
SELECT customers.create_merchant('Checkout') AS shop \gset
SELECT customers.create_merchant('Another checkout') AS another \gset
SELECT customers.bind_role('checkout_shop', :'shop');
SELECT customers.use_merchant(:'another');
SELECT customers.create_customer('eve') AS eve \gset
SELECT customers.create_payment(:'eve', '{7.00 EUR}') AS eves \gset
SELECT customers.open_checkout(:'eves') AS eves_token \gset
SET ROLE checkout_shop;
RESET customers.merchant;
SELECT customers.create_customer('ana') AS ana \gset
SELECT customers.create_customer('bob') AS bob \gset
SELECT customers.save_payment_method(:'ana', 'card', 'tok_ana') AS card \gset
SELECT customers.save_payment_method(:'bob', 'card', 'tok_bob') AS bobs_card \gset
SELECT customers.create_payment(:'ana', '{10.00 EUR, 12.00 USD}', amount_mode => 'editable', min_amounts => '{5.00 EUR, 6.00 USD}') AS payment \gset
SELECT customers.create_payment(:'ana', '{20.00 EUR}') AS other \gset
SELECT customers.create_payment(:'bob', '{30.00 EUR}') AS bobs \gset
SELECT customers.save_payment_method(:'ana', 'card', 'tok_once', for_payment => :'other') AS once \gset

-- Opening.  A token is prefix, merchant and 256 bits, for a URL and a header.
SELECT customers.open_checkout(:'payment') AS token \gset
SELECT customers.open_checkout(:'payment', '31 days') AS token2 \gset
SELECT customers.open_checkout(:'bobs') AS bobs_token \gset
SELECT :'token' ~ '^chk_[A-Za-z0-9_-]{64}$' AS form, left(:'token', 24) = left(:'token2', 24) AS names_merchant, :'token' <> :'token2' AS differ;
SELECT payment_id = :'payment' AS payment, expires_at - opened_at AS valid_for FROM customers.checkout ORDER BY expires_at - opened_at, 1;
SELECT * FROM customers.checkout;
SELECT customers.open_checkout(NULL);
SELECT customers.open_checkout(:'payment', NULL);
SELECT customers.open_checkout(:'payment', '0');
SELECT customers.open_checkout(:'payment', '-1 hour');
SELECT customers.open_checkout(:'payment', '31 days 1 second');
SELECT customers.open_checkout('pay_00000000000000000000000001');
SELECT public.try(format($$customers.open_checkout(%L)$$, :'eves'));
SELECT customers.create_payment(:'ana', '{1.00 EUR}') AS overdue \gset
SELECT customers.create_payment(:'ana', '{1.00 EUR}') AS cancelled \gset
SELECT customers.cancel_payment(:'cancelled');
RESET ROLE;
UPDATE customers.payment SET expires_at = created_at WHERE payment_id = :'overdue';
SET ROLE checkout_shop;
SELECT public.try(format($$customers.open_checkout(%L)$$, :'overdue'));
SELECT public.try(format($$customers.open_checkout(%L)$$, :'cancelled'));

-- The digest of a token is what is kept of it, and only that.
RESET ROLE;
SELECT count(*) AS rows, bool_and(strpos(c::text, substr(:'token', 29)) = 0) AS secret FROM customers.checkout c WHERE payment_id = :'payment';
UPDATE customers.checkout SET expires_at = expires_at + '1 year' WHERE payment_id = :'payment';

-- Without a token, a page can do nothing, bound to the merchant or not.
SET ROLE checkout_page;
SELECT customers.checkout();
SELECT customers.next_steps(:'payment');
SELECT customers.commit_payment(:'payment');
RESET ROLE;
SELECT customers.bind_role('checkout_page', :'shop');
SET ROLE checkout_page;
SELECT customers.next_steps(:'payment');
SELECT customers.payment_methods(:'ana');
SELECT customers.save_payment_method(:'ana', 'card', 'x');
SELECT customers.open_checkout(:'payment');
SELECT * FROM customers.checkout;

-- With one, a customer's operations on that payment.
BEGIN;
SELECT set_config('customers.checkout', :'token', true);
SHOW customers.checkout;
SELECT current_setting('customers.checkout') AS shown;
SELECT count(*) AS in_view FROM pg_settings WHERE name = 'customers.checkout';
SELECT key, replace(replace(value::text, :'payment', 'PAYMENT'), :'ana', 'ANA') AS value FROM jsonb_each(customers.checkout())
WHERE key NOT IN ('expires_at', 'token_expires_at') ORDER BY key COLLATE "C";
SELECT (customers.checkout() ->> 'expires_at')::timestamptz > now() AS payment_lasts, (customers.checkout() ->> 'token_expires_at')::timestamptz > now() AS token_lasts;
SELECT customers.choose_currency(:'payment', 'USD');
SELECT customers.change_amount(:'payment', '8.00 USD');
SELECT customers.change_amount(:'payment', '5.00 USD');
ROLLBACK;
BEGIN;
SELECT set_config('customers.checkout', :'token', true);
SELECT customers.save_payment_method(:'ana', 'card', 'tok_new', '{"last4": "4242"}', for_payment => :'payment') AS new \gset
SELECT customers.choose_payment_method(:'payment', :'new');
SELECT customers.checkout() -> 'payment_method' -> 'display' AS display;
SELECT customers.save_payment_method(:'ana', 'sepa_debit', 'tok_sepa') AS sepa \gset
SELECT customers.set_default_payment_method(:'ana', :'sepa');
SELECT kind, is_default FROM customers.payment_methods((customers.checkout() ->> 'customer_id')::customers.customer_id);
SELECT customers.remove_payment_method(:'card');
SELECT customers.remove_payment_method(:'new');
SELECT kind, is_default FROM customers.payment_methods(:'ana');
ROLLBACK;

-- The token is of the transaction; then there is none again.
SELECT customers.checkout();

-- Nothing else: what is another's is none, whoever's and whether it exists.
SET customers.checkout = :'token';
SELECT public.try(format($$customers.next_steps(%L)$$, :'other'));
SELECT public.try(format($$customers.next_steps(%L)$$, :'bobs'));
SELECT public.try($$customers.next_steps('pay_00000000000000000000000001')$$);
SELECT public.try(format($$customers.choose_currency(%L, 'EUR')$$, :'other'));
SELECT public.try(format($$customers.choose_payment_method(%L, %L)$$, :'other', :'card'));
SELECT public.try(format($$customers.choose_payment_method(%L, %L)$$, :'payment', :'bobs_card'));
SELECT public.try(format($$customers.choose_payment_method(%L, %L)$$, :'payment', :'once'));
SELECT public.try(format($$customers.change_amount(%L, '30.00 EUR')$$, :'bobs'));
SELECT public.try(format($$customers.cancel_payment(%L)$$, :'other'));
SELECT public.try(format($$customers.commit_payment(%L)$$, :'other'));
SELECT public.try(format($$customers.commit_payment(%L, idempotency_key => 'k')$$, :'other'));
SELECT public.try(format($$customers.commit_payment(%L, %L)$$, :'payment', :'bobs_card'));
SELECT public.try(format($$customers.payment_methods(%L)$$, :'bob'));
SELECT public.try($$customers.payment_methods('cus_00000000000000000000000001')$$);
SELECT public.try(format($$customers.save_payment_method(%L, 'card', 'x')$$, :'bob'));
SELECT public.try(format($$customers.save_payment_method(%L, 'card', 'x', for_payment => %L)$$, :'ana', :'other'));
SELECT public.try(format($$customers.save_payment_method(%L, 'card', 'x', for_payment => %L)$$, :'bob', :'payment'));
SELECT public.try(format($$customers.set_default_payment_method(%L, %L)$$, :'bob', :'bobs_card'));
SELECT public.try(format($$customers.set_default_payment_method(%L, %L)$$, :'ana', :'bobs_card'));
SELECT public.try(format($$customers.remove_payment_method(%L)$$, :'bobs_card'));
SELECT public.try(format($$customers.remove_payment_method(%L)$$, :'once'));
SELECT public.try($$customers.remove_payment_method('pm_00000000000000000000000001')$$);

-- Other operations and all tables: no privilege, or no use of it.
SELECT customers.create_customer();
SELECT customers.payment_events(:'payment');
SELECT * FROM customers.payment;
\set VERBOSITY default
SELECT customers.current_merchant();
\set VERBOSITY terse
SELECT customers.use_merchant(:'shop');

-- Whatever is wrong with a token, the error is the same.
\set VERBOSITY default
SET customers.checkout = 'x';
SELECT customers.checkout();
\set VERBOSITY sqlstate
SELECT customers.checkout();
SELECT customers.next_steps(:'payment');
SELECT set_config('customers.checkout', overlay(:'token' placing '0123456789' from 40), false);
SELECT customers.checkout();
SELECT set_config('customers.checkout', :'token' || 'A', false);
SELECT customers.checkout();
SELECT set_config('customers.checkout', 'chk_' || repeat('=', 64), false);
SELECT customers.checkout();
SELECT set_config('customers.checkout', repeat('A', 100000), false);
SELECT customers.checkout();
-- The secret with the name of another merchant.
SELECT set_config('customers.checkout', left(:'eves_token', 25) || substr(:'token', 26), false);
SELECT customers.checkout();
-- A role that is bound takes tokens of its merchants only; one that isn't takes all.
SELECT set_config('customers.checkout', :'eves_token', false);
SELECT customers.checkout();
\set VERBOSITY terse
RESET customers.checkout;
RESET ROLE;
SELECT customers.unbind_role('checkout_page', :'shop');
SET ROLE checkout_page;
SET customers.checkout = :'eves_token';
SELECT customers.checkout() ->> 'balance' AS balance;
SET customers.merchant = :'shop';
SELECT customers.checkout() ->> 'balance' AS balance;
RESET customers.merchant;

-- A token narrows whoever has set it: the merchant, too, and a superuser.
RESET ROLE;
SET ROLE checkout_shop;
SELECT customers.checkout();
SET customers.checkout = :'token';
SELECT customers.checkout() ->> 'balance' AS balance;
SELECT customers.find_customer('ana');
SELECT public.try(format($$customers.commit_payment(%L)$$, :'bobs'));
SELECT count(*) FROM customers.payment;
RESET customers.checkout;
SELECT customers.find_customer('ana') = :'ana' AS found;
RESET ROLE;
SET customers.checkout = :'token';
SELECT customers.create_merchant('M');
SELECT customers.install();
SELECT customers.key_status();
CALL customers.expire_all_payments();
SELECT customers.next_steps(:'payment') ->> 'status' AS status;
RESET customers.checkout;

-- A function of the merchant's own is narrowed as well, unless it says otherwise.
CREATE FUNCTION public.wrapped() RETURNS bool LANGUAGE sql SECURITY DEFINER
  AS $$SELECT customers.find_customer('ana') IS NOT NULL$$;
ALTER FUNCTION public.wrapped() OWNER TO checkout_shop;
SET ROLE checkout_page;
SELECT public.wrapped();
SET customers.checkout = :'token';
SELECT public.wrapped();
RESET ROLE;
ALTER FUNCTION public.wrapped() SET customers.checkout = '';
SET ROLE checkout_page;
SELECT public.wrapped();
RESET ROLE;
DROP FUNCTION public.wrapped();
-- A function that keeps the current setting keeps no token.
CREATE FUNCTION public.kept() RETURNS int LANGUAGE sql SET customers.checkout FROM CURRENT AS 'SELECT 1';
SELECT proconfig FROM pg_proc WHERE proname = 'kept';
DROP FUNCTION public.kept();

-- What the token is at each operation counts, not what it was before.
SET ROLE checkout_page;
BEGIN;
SELECT set_config('customers.checkout', :'token', true);
SAVEPOINT s;
SELECT set_config('customers.checkout', :'bobs_token', true);
SELECT customers.checkout() ->> 'balance' AS balance;
ROLLBACK TO s;
SELECT customers.checkout() ->> 'balance' AS balance;
DECLARE opened CURSOR FOR SELECT kind FROM customers.payment_methods(:'ana');
RESET customers.checkout;
FETCH opened;
ROLLBACK;
RESET customers.checkout;

-- Idempotency keys of a checkout are those of its payment.
RESET ROLE;
SET ROLE checkout_shop;
SELECT customers.commit_payment(:'bobs', idempotency_key => 'same') AS bobs_commit \gset
SET ROLE checkout_page;
SET customers.checkout = :'token';
SELECT customers.commit_payment(:'payment', idempotency_key => 'same') AS commit \gset
SELECT :'commit' <> :'bobs_commit' AS another;
SELECT customers.commit_payment(:'payment', idempotency_key => 'same') = :'commit' AS repeated;
\set VERBOSITY default
SELECT customers.commit_payment(:'payment', value => '1.00 EUR', idempotency_key => 'same');
\set VERBOSITY terse
SET customers.checkout = :'token2';
SELECT customers.commit_payment(:'payment', idempotency_key => 'same') = :'commit' AS by_another_token;

-- The payment ends: by the customer in this transaction, which goes on reading it.
RESET customers.checkout;
RESET ROLE;
SELECT customers.use_merchant(:'shop');
SELECT customers.resolve_commit(:'commit', 'declined', code => 'insufficient_funds');
SET ROLE checkout_page;
BEGIN;
SELECT set_config('customers.checkout', :'token', true);
SELECT customers.cancel_payment(:'payment');
SELECT customers.checkout() ->> 'status' AS status, customers.checkout() -> 'possible' AS possible;
SAVEPOINT s;
SELECT customers.cancel_payment(:'payment');
ROLLBACK TO s;
SELECT customers.next_steps(:'payment');
ROLLBACK TO s;
SELECT customers.save_payment_method(:'ana', 'card', 'x');
ROLLBACK TO s;
SELECT customers.payment_methods(:'ana');
ROLLBACK TO s;
COMMIT;
SET customers.checkout = :'token2';
SELECT customers.checkout() ->> 'status' AS status;
SELECT customers.commit_payment(:'payment');
RESET customers.checkout;
RESET ROLE;
SELECT event, actor FROM customers.payment_events(:'payment');

-- Who has missed the answer repeats the commit by its key, and gets it; all else is
-- refused as before, and claims no key.
SET ROLE checkout_page;
SET customers.checkout = :'token2';
SELECT customers.commit_payment(:'payment', idempotency_key => 'same') = :'commit' AS repeated;
SELECT customers.commit_payment(:'payment', value => '1.00 EUR', idempotency_key => 'same');
SELECT customers.commit_payment(:'payment', idempotency_key => 'new');
SELECT public.try(format($$customers.commit_payment(%L, idempotency_key => 'same')$$, :'bobs'));
RESET customers.checkout;
RESET ROLE;
SELECT key FROM customers.idempotency WHERE operation = 'commit_payment of ' || :'payment';
-- Not by a token that has ended itself.
BEGIN;
SELECT customers.close_checkout(:'payment', :'token2');
SET LOCAL customers.checkout = :'token2';
SELECT customers.commit_payment(:'payment', idempotency_key => 'same');
ROLLBACK;

-- The payment runs out of time, with nobody there to record it.
SELECT customers.create_payment(:'ana', '{1.00 EUR}') AS short \gset
SELECT customers.open_checkout(:'short') AS short_token \gset
SET customers.checkout = :'short_token';
SELECT customers.next_steps(:'short') ->> 'status' AS status;
RESET customers.checkout;
UPDATE customers.payment SET expires_at = created_at WHERE payment_id = :'short';
SET customers.checkout = :'short_token';
SELECT customers.checkout() -> 'refused' ->> 'commit' AS commit;
SELECT customers.payment_methods(:'ana');
RESET customers.checkout;

-- A token runs out of time.
SELECT customers.open_checkout(:'other') AS token \gset
SET customers.checkout = :'token';
SELECT customers.checkout() ->> 'status' AS status;
SELECT public.make_old(:'shop');
SELECT customers.checkout();
RESET customers.checkout;

-- Closing: one, and all; what isn't there is closed.
SELECT customers.open_checkout(:'other') AS one \gset
SELECT customers.open_checkout(:'other') AS two \gset
SELECT customers.close_checkout(:'other', :'one') AS closed, customers.close_checkout(:'other', :'one') AS again;
SELECT customers.close_checkout(:'other', 'x') AS malformed, customers.close_checkout(:'bobs', :'two') AS of_another;
SET customers.checkout = :'one';
SELECT customers.checkout();
SET customers.checkout = :'two';
SELECT customers.checkout() ->> 'status' AS status;
SELECT customers.close_checkout(:'other');
RESET customers.checkout;
SELECT customers.close_checkout(:'other') AS the_rest, customers.close_checkout(:'other') AS again;
SET customers.checkout = :'two';
SELECT customers.checkout();
RESET customers.checkout;
SELECT customers.close_checkout(NULL);
SELECT public.try(format($$customers.close_checkout(%L)$$, :'eves'));

-- The customer is erased, and has nothing to decide any more.
SELECT customers.create_customer('carl') AS carl \gset
SELECT customers.save_payment_method(:'carl', 'card', 'tok_carl') AS carls_card \gset
SELECT customers.create_payment(:'carl', '{2.00 EUR}') AS carls \gset
SELECT customers.open_checkout(:'carls') AS carls_token \gset
SET customers.checkout = :'carls_token';
SELECT customers.commit_payment(:'carls', idempotency_key => 'k') IS NOT NULL AS committed;
RESET customers.checkout;
SELECT customers.erase_customer(:'carl');
SET customers.checkout = :'carls_token';
SELECT customers.checkout();
SELECT customers.next_steps(:'carls');
SELECT customers.commit_payment(:'carls', idempotency_key => 'k');
RESET customers.checkout;
SELECT public.try(format($$customers.open_checkout(%L)$$, :'carls'));
SELECT customers.close_checkout(:'carls') AS closed;

-- What has ended by the clock is swept, and nothing else.
SELECT customers.sweep_checkouts() IS NOT NULL AS swept_before;
SELECT customers.sweep_checkouts(0);
SELECT customers.sweep_checkouts(NULL);
SELECT customers.open_checkout(:'other') IS NOT NULL AS opened;
SELECT public.make_old(:'shop');
SELECT customers.open_checkout(:'other') IS NOT NULL AS opened;
SELECT public.make_old(:'shop');
SELECT customers.sweep_checkouts(1) AS swept, customers.sweep_checkouts() AS the_rest, customers.sweep_checkouts() AS none;
SELECT count(*) FROM customers.checkout WHERE payment_id = :'payment';
SET ROLE checkout_shop;
SELECT customers.sweep_checkouts();
RESET ROLE;
DROP FUNCTION public.try(text);
DROP FUNCTION public.make_old(customers.merchant_id);
