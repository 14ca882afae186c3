#!/bin/bash
# The part of payment_events.sql that needs several clients: lives a second, with
# notifications (on) and without, one after the other, twice.
cat >life.sql <<'LIFE'
SELECT customers.create_payment(customers.find_customer('c'), '{10.00 EUR}') AS payment \gset
SELECT customers.commit_payment(:payment) AS commit \gset
SELECT customers.resolve_commit(:commit, 'succeeded');
LIFE
pgbench=$(command -v pgbench || echo "$(pg_config --bindir)/pgbench")
for synchronous in on off; do
  for notify in off on off on; do
    lives=$(PGOPTIONS="-c synchronous_commit=$synchronous -c customers.notify=$notify" \
      "$pgbench" -n -M prepared -c 8 -j 2 -T 3 -f life.sql postgres 2>life.err | sed -n 's/^tps = \([0-9]*\).*/\1/p')
    echo "NOTICE:  8 clients, synchronous_commit $synchronous, notify $notify: ${lives:-$(head -1 life.err)} lives a second"
  done
done
