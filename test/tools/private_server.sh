# Private servers for the demo and the tests: source this file.
#
# The extension is installed into a private copy of PostgreSQL, never into the
# system's.  PostgreSQL finds its files relative to its own binaries, so a copy
# below another root works, and `make install DESTDIR=` fills exactly that root.
# PostgreSQL refuses to run as root: then the postgres user runs it, or nobody.

set -euo pipefail
umask 022

# What would lead to other servers, or change how make and programs behave.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES XDG_RUNTIME_DIR LANGUAGE
for variable in "${!PG@}" "${!PSQL@}"; do
  [ "$variable" = PG_CONFIG ] || unset "$variable"
done
export LC_ALL=C.UTF-8

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$checkout/test/tools/postgresql.sh"
pg_config=$PG_CONFIG

if [ "$(id -u)" -ne 0 ]; then
  server_user=$(id -un)
elif id postgres >/dev/null 2>&1; then
  server_user=postgres
else
  server_user=nobody
fi

# as_server_user COMMAND...: runs COMMAND as the user who owns the servers, in
# the root directory, since that user may not be able to enter this one.
as_server_user() {
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && exec setpriv --reuid="$server_user" --regid="$(id -g "$server_user")" --clear-groups \
      env HOME=/nonexistent USER="$server_user" LOGNAME="$server_user" "$@")
  else
    (cd / && exec "$@")
  fi
}

# give_to_server_user PATH...: lets that user own PATH.
give_to_server_user() {
  if [ "$(id -u)" -eq 0 ]; then
    chown -R -h "$server_user:" "$@"
  fi
}

# build [ARGUMENT...]: compiles the extension; output only when it fails.
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

# make_private_tree ROOT [SOURCE]: copies PostgreSQL below ROOT and installs the
# extension there, as built in SOURCE.  Sets PG_BIN, the copy's directory of programs.
make_private_tree() {
  local root=$1 source=${2:-$checkout} directory
  for directory in "$("$pg_config" --bindir)" "$("$pg_config" --pkglibdir)" "$("$pg_config" --sharedir)"; do
    mkdir -p "$root$directory"
    cp -a "$directory/." "$root$directory/"
  done
  make -C "$source" install DESTDIR="$root" >/dev/null
  PG_BIN=$root$("$pg_config" --bindir)
}

# install_modules ROOT [SOURCE]: installs there the modules that only tests and
# benchmarks use, and that SQL finds as $libdir/NAME; SOURCE is built already.
install_modules() {
  local root=$1 source=${2:-$checkout} module log
  log=$(mktemp)
  for module in "$source"/test/modules/*/; do
    make -C "$module" WERROR=-Werror >"$log" 2>&1 || {
      cat "$log" >&2
      rm -f "$log"
      return 1
    }
    cp "$module"/*.so "$root$("$pg_config" --pkglibdir)/"
  done
  rm -f "$log"
}

# start_server ROOT [SETTING...]: initialises a cluster in ROOT/data if there is
# none and starts it on a socket in ROOT/socket, with a fresh root key.
start_server() {
  local root=$1 setting
  shift
  if [ ! -d "$root/data" ]; then
    mkdir -p "$root/socket" "$root/data"
    touch "$root/server.log"
    [ -e "$root/root.key" ] || "$checkout/test/tools/key" "$root/root.key" >/dev/null
    give_to_server_user "$root/socket" "$root/data" "$root/server.log" "$root/root.key"
    as_server_user "$PG_BIN/initdb" -D "$root/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null
    cat >>"$root/data/postgresql.conf" <<SETTINGS
listen_addresses = ''
unix_socket_directories = '$root/socket'
shared_preload_libraries = 'customers'
customers.key_file = '$root/root.key'
fsync = off
SETTINGS
  fi
  for setting in "$@"; do
    echo "$setting" >>"$root/data/postgresql.conf"
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

# end_children PID: ends the processes that PID has started and that still run.
end_children() {
  local child
  for child in $(cat "/proc/$1/task"/*/children 2>/dev/null); do
    end_children "$child"
    kill "$child" 2>/dev/null || true
  done
}

# remove_root ROOT: ends what this script has started, also the servers that
# still run below ROOT, and removes ROOT.
remove_root() {
  local pid_file pid
  end_children "$$"
  [ -d "$1" ] || return 0
  while read -r pid_file; do
    pid=$(head -n 1 "$pid_file" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null || continue
    while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
  done <<<"$(find "$1" -name postmaster.pid 2>/dev/null)"
  rm -rf "$1"
}
