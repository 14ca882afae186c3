# Private servers for the demo and the tests: source this file.
#
# The extension is installed into a private copy of PostgreSQL, never into the
# system's.  PostgreSQL finds its files relative to its own binaries, so a copy
# below another root works, and `make install DESTDIR=` fills exactly that root.
# PostgreSQL refuses to run as root: then the postgres user runs it.

set -euo pipefail

pg_config=${PG_CONFIG:-pg_config}
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# as_server_user COMMAND...: runs COMMAND as the user who owns the servers.
as_server_user() {
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups \
      env -u XDG_RUNTIME_DIR HOME=/tmp USER=postgres LOGNAME=postgres LC_ALL=C.UTF-8 "$@")
  else
    env LC_ALL=C.UTF-8 "$@"
  fi
}

# give_to_server_user PATH...: lets that user own PATH.
give_to_server_user() {
  if [ "$(id -u)" -eq 0 ]; then
    chown -R postgres: "$@"
  fi
}

# build: compiles the extension; output only when it fails.
build() {
  local log
  log=$(mktemp)
  make -C "$checkout" -j2 WERROR=-Werror "$@" >"$log" 2>&1 || {
    cat "$log" >&2
    rm -f "$log"
    return 1
  }
  rm -f "$log"
}

# make_private_tree ROOT: copies PostgreSQL below ROOT and installs the
# extension there.  Sets PG_BIN, the copy's directory of programs.
make_private_tree() {
  local root=$1 directory
  for directory in "$("$pg_config" --bindir)" "$("$pg_config" --pkglibdir)" "$("$pg_config" --sharedir)"; do
    mkdir -p "$root$directory"
    cp -a "$directory/." "$root$directory/"
  done
  make -C "$checkout" install DESTDIR="$root" >/dev/null
  PG_BIN=$root$("$pg_config" --bindir)
  give_to_server_user "$root"
}

# start_server ROOT [SETTING...]: initialises a cluster in ROOT/data if there is
# none and starts it on a socket in ROOT/socket, with a fresh root key.
start_server() {
  local root=$1 setting
  shift
  if [ ! -d "$root/data" ]; then
    mkdir -p "$root/socket"
    [ -e "$root/root.key" ] || "$checkout/test/tools/key" "$root/root.key" >/dev/null
    give_to_server_user "$root/socket" "$root/root.key" "$root"
    as_server_user "$PG_BIN/initdb" -D "$root/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null
    as_server_user tee -a "$root/data/postgresql.conf" >/dev/null <<EOF
listen_addresses = ''
unix_socket_directories = '$root/socket'
shared_preload_libraries = 'customers'
customers.key_file = '$root/root.key'
fsync = off
EOF
  fi
  for setting in "$@"; do
    echo "$setting" | as_server_user tee -a "$root/data/postgresql.conf" >/dev/null
  done
  as_server_user "$PG_BIN/pg_ctl" -D "$root/data" -l "$root/server.log" -w start >/dev/null || {
    cat "$root/server.log" >&2
    return 1
  }
}

# stop_server ROOT
stop_server() {
  as_server_user "$PG_BIN/pg_ctl" -D "$1/data" -m fast -w stop >/dev/null
}
