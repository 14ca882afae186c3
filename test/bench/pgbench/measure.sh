# Measures pgbench scripts on the server that PGHOST names: source this file, after
# shop.sql has run in the database.
set -euo pipefail
export LC_ALL=C PGUSER=postgres PGDATABASE=${PGDATABASE:-postgres} PGOPTIONS=

# What a client runs first, unmeasured, until its caches and plans are there.
warm=${WARM:-50}

# say TEXT: a line of the result.
say() { printf 'NOTICE:  %s\n' "$*"; }

# query SQL
query() { psql -XAtqc "$1"; }

# Where others work on the machine, REALTIME=1 (as root) lets them wait, so that they
# don't take the caches from what is measured.
if [ -n "${REALTIME:-}" ]; then
  chrt --rr -p 1 $$
  chrt --rr -p 1 "$(head -1 "$(query 'SHOW data_directory')/postmaster.pid")"
fi

# measure SCRIPT CLIENTS CALLS SETTINGS [VARIABLE=VALUE...]: runs the script as role shop, CALLS
# times in all beside warming up, and prints microseconds of CPU a call, calls a
# second and bytes of WAL a call.  A client's calls have :i from 1, of :per_client.
measure() {
  local script=$1 clients=$2 per_client=$(($3 / $2 + warm)) settings=$4 variable variables=() wal_before tps
  shift 4
  for variable in "$@"; do variables+=(-D "$variable"); done
  {
    printf '%s\n' '\set i :i + 1' "\\if :i = $((warm + 1))" 'SELECT bench.process_cpu() AS begun \gset' '\endif'
    cat "$script"
    printf '%s\n' '\if :i = :per_client' 'INSERT INTO bench.cpu SELECT bench.process_cpu() - :begun;' '\endif'
  } >measured.pgbench
  query 'TRUNCATE bench.cpu'
  wal_before=$(query "SELECT pg_current_wal_insert_lsn() - '0/0'")
  PGUSER=shop PGOPTIONS="-c client_min_messages=warning $settings" pgbench -n -M prepared -f measured.pgbench -c "$clients" -j 2 -t "$per_client" \
    -D i=0 -D per_client="$per_client" "${variables[@]}" >measured.out 2>measured.err && [ ! -s measured.err ] || {
    say "$script: $(head -1 measured.err)" >&2
    return 1
  }
  tps=$(sed -n 's/^tps = \([0-9]*\).*/\1/p' measured.out)
  query "SELECT round(sum(taken) / 1000.0 / ($((per_client - warm)) * $clients), 1) || ' $tps '
                || (pg_current_wal_insert_lsn() - '0/0' - $wal_before)::int8 / ($per_client * $clients)
           FROM bench.cpu" | tr -d '\n'
  echo
}

# calls CLIENTS CALLS: how many calls measure makes.
calls() { echo $((($2 / $1 + warm) * $1)); }

# median: of each column.
median() { awk '{for (i = 1; i <= NF; i++) a[i, NR] = $i}
  END {for (i = 1; i <= NF; i++) {for (j = 1; j <= NR; j++) for (k = j + 1; k <= NR; k++) if (a[i, k] + 0 < a[i, j] + 0)
  {t = a[i, k]; a[i, k] = a[i, j]; a[i, j] = t} printf "%s ", a[i, int((NR + 1) / 2)]} print ""}'; }

# say_load: how busy the machine is, as others' work costs caches.
say_load() { say "load $(cut -d' ' -f1-3 /proc/loadavg) on $(nproc) cores"; }
