# Which PostgreSQL to build for: source this file.  Sets pg_version, its major
# version, and exports PG_CONFIG, the pg_config that belongs to it.
#
# PG_CONFIG of the environment decides, then the pg_config in PATH, then the
# newest server that Debian's packages installed, then the version of Debian 12.
# Before the packages are installed there may be no pg_config, or a wrapper of
# Debian's that only complains.

# find_postgresql: see above.
find_postgresql() {
  local directory
  if [[ "$("${PG_CONFIG:-pg_config}" --version 2>/dev/null)" =~ ^PostgreSQL\ ([0-9]+) ]]; then
    pg_version=${BASH_REMATCH[1]}
  else
    pg_version=
    for directory in /usr/lib/postgresql/*/; do
      [ -x "$directory/bin/postgres" ] && [[ "$directory" =~ /([0-9]+)/$ ]] || continue
      [ "${BASH_REMATCH[1]}" -gt "${pg_version:-0}" ] && pg_version=${BASH_REMATCH[1]}
    done
    pg_version=${pg_version:-15}
  fi

  # One that is asked for by name, or complete, is not second-guessed.
  if [ -z "${PG_CONFIG:-}" ]; then
    PG_CONFIG=pg_config
    postgresql_is_complete || PG_CONFIG=/usr/lib/postgresql/$pg_version/bin/pg_config
  fi
  export PG_CONFIG
}

# postgresql_is_complete: has the chosen PostgreSQL both a server and what
# building an extension needs?  (Debian has the makefiles in another package
# than the headers.)
postgresql_is_complete() {
  local bindir pgxs headers
  bindir=$("$PG_CONFIG" --bindir 2>/dev/null) && [ -x "$bindir/postgres" ] &&
    pgxs=$("$PG_CONFIG" --pgxs 2>/dev/null) && [ -f "$pgxs" ] &&
    headers=$("$PG_CONFIG" --includedir-server 2>/dev/null) && [ -f "$headers/postgres.h" ]
}

find_postgresql
