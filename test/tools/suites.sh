# The suites of tests: source this file after private_server.sh.
#
#   test/sql/NAME.sql      pg_regress, against expected/NAME.out
#   test/specs/NAME.spec   pg_isolation_regress, against expected/NAME.out
#   test/t/NAME.pl         TAP, with PostgreSQL::Test
#   test/suites/NAME       any executable: 0 is passed, 77 skipped, else failed
#
# Each file is one test.  The functions run_* print a line for each and, of one
# that fails, all there is to see; they count in passed and failed, and a suite
# that could not run, or ran fewer tests than it has, has failed tests.
#
# They work in $workshop, a copy of the checkout that belongs to the server user,
# with the programs in $PG_BIN.  Some tests read data that is no part of the
# project, in folders of $CUSTOMERS_SHARED, by default ../shared; it is copied too,
# and without it they are skipped.

passed=0
failed=0
workshop=

# The C library fills what is freed, so that a server that still reads it shows.
export MALLOC_PERTURB_=165

# make_workshop ROOT: copies the checkout to ROOT/checkout.
make_workshop() {
  local shared=${CUSTOMERS_SHARED:-$checkout/../shared} directory
  workshop=$1/checkout
  mkdir "$workshop" "$1/shared"
  tar -C "$checkout" --exclude=./.git --exclude=./results --exclude='*.o' --exclude='*.so' -cf - . |
    tar -C "$workshop" --no-same-owner -xf -
  for directory in bench chinook json-schema-test-suite typeid; do
    [ ! -d "$shared/$directory" ] || cp -R "$shared/$directory" "$1/shared/"
  done
  export CUSTOMERS_SHARED=$1/shared
  chmod -R u+w,a+rX "$workshop" "$1/shared"
}

# test_names DIRECTORY SUFFIX: the tests of a suite.
test_names() {
  local file
  for file in "$checkout/test/$1"/*"$2"; do
    if [ -f "$file" ]; then basename "$file" "$2"; fi
  done
}

# report VERDICT TEST [REMARK]: counts a test and prints its line.
report() {
  case $1 in
    passed) passed=$((passed + 1)) ;;
    FAILED) failed=$((failed + 1)) ;;
  esac
  printf '%-8s%s%s\n' "$1" "$2" "${3:+  ($3)}"
}

# in_workshop COMMAND...: runs COMMAND there as the server user.  In the
# background, since bash handles a signal only when a foreground command has ended.
in_workshop() {
  as_server_user env -C "$workshop" "$@" </dev/null &
  wait $!
}

# run_regress SUITE PROGRAM OUTPUT NAME...: runs tests with PROGRAM, which is
# pg_regress or its like, on the server whose socket is in $server_socket.
run_regress() {
  local suite=$1 program=$2 output=$3 name log
  shift 3
  log=$workshop/$suite.log
  mkdir -p "$workshop/$output"
  give_to_server_user "$workshop/$output"
  in_workshop "$(dirname "$("$pg_config" --pgxs)")/../test/$program" \
    --inputdir=test --outputdir="$output" --bindir="$PG_BIN" --encoding=UTF8 --no-locale \
    --host="$server_socket" --user=postgres "$@" >"$log" 2>&1 || true
  for name in "$@"; do
    # PostgreSQL 15 prints "test NAME ... ok", later ones TAP: "ok 1 - NAME".
    if grep -Eq "^(test $name +\.\.\. ok|ok [0-9]+ +[-+] $name) " "$log"; then
      report passed "$suite/$name"
    else
      report FAILED "$suite/$name"
      # What is not in the differences: it never ran, or there is no expected file.
      grep -Eq "^(test $name +\.\.\. FAILED|not ok [0-9]+ +[-+] $name) " "$log" &&
        [ -s "$workshop/$output/regression.diffs" ] || cat "$log"
    fi
  done
  cat "$workshop/$output/regression.diffs" 2>/dev/null || true
}

run_sql() {
  if [ $# -gt 0 ]; then run_regress sql regress/pg_regress . "$@"; fi
}

run_specs() {
  if [ $# -gt 0 ]; then run_regress specs isolation/pg_isolation_regress output_iso "$@"; fi
}

# run_tap ROOT NAME...: each file starts its own servers, with its own settings.
run_tap() {
  local root=$1 name log perl
  shift
  perl=$(dirname "$("$pg_config" --pgxs)")/../test
  for name in "$@"; do
    mkdir -p "$root/tap/$name"
    give_to_server_user "$root/tap"
    log=$root/tap/$name.log
    if in_workshop env PATH="$PG_BIN:$PATH" TESTDIR="$root/tap/$name" TESTDATADIR="$root/tap/$name/tmp_check" \
        TESTLOGDIR="$root/tap/$name/log" TMPDIR="$root/tap" PG_REGRESS="$perl/regress/pg_regress" PG_CONFIG="$PG_BIN/pg_config" \
        prove --norc --verbose --merge --nocolor -I "$perl/perl" -I test/t "test/t/$name.pl" >"$log" 2>&1; then
      if grep -q '^Result: NOTESTS' "$log"; then
        report skipped "t/$name" "$(sed -n 's/.*skipped: //p' "$log" | head -n 1)"
      else
        report passed "t/$name" "$(grep -c '^ok ' "$log") assertions"
      fi
    else
      report FAILED "t/$name"
      cat "$log"
      # What the servers said may tell more.
      find "$root/tap/$name" \( -name '*.log' -o -name 'regress_log_*' \) -exec tail -n 50 {} +
    fi
  done
}

# run_suites NAME...
run_suites() {
  local name log status
  for name in "$@"; do
    log=$workshop/suite.log
    status=0
    in_workshop env PATH="$PG_BIN:$PATH" PG_CONFIG="$(command -v "$PG_CONFIG")" PGHOST="$server_socket" PGUSER=postgres \
      "test/suites/$name" >"$log" 2>&1 || status=$?
    case $status in
      0) report passed "suites/$name" "$(tail -n 1 "$log")" ;;
      77) report skipped "suites/$name" "$(tail -n 1 "$log")" ;;
      *) report FAILED "suites/$name"; cat "$log" ;;
    esac
  done
}

# check_server_log LOG: a server that crashed or leaked has failed, whatever the tests say.
check_server_log() {
  local signs='terminated by signal|TRAP:|PANIC:|WARNING:.*(leak|not closed|still referenced)'
  if grep -Eq "$signs" "$1"; then
    report FAILED "server log"
    grep -E -B 5 -A 5 "$signs" "$1"
  else
    report passed "server log"
  fi
}
