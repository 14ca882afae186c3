# customers: the customer side of payments inside PostgreSQL.
#
#   make, make install, make installcheck    as for every PGXS extension
#   make demo [INPUT=file.jsonl]             a merchant's day on a private server
#   make demo-stop                           stops and removes that server
#   make test                                every test there is, on private servers
#   make test-load [SECONDS=60] [SEED=n]     16 clients work on the same payments
#   make test-crash [CRASHES=50] [SEED=n]    the same, while the server is killed
#   make test-model [DEPTH=6] [SEED=n]       the payment functions against a model, in every state
#   make fuzz [SECONDS=60]                   looks for inputs that break the JSON Schema engine
#   make key FILE=path                       writes a root key file, or appends a key to it
#
# demo, the tests and fuzz install the packages they miss (apt) and need nothing
# else; none touches the system's PostgreSQL.

EXTENSION  = customers
EXTVERSION = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" $(CURDIR)/customers.control)

PG_CONFIG ?= pg_config

MODULE_big = customers
OBJS       = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/*/*.c)))
ALL_HEADERS = $(wildcard src/*/*.h)
DATA_built = sql/customers--$(EXTVERSION).sql
FRAGMENTS  = $(sort $(wildcard sql/install/*.sql))

# Every test file is found by its name, so that none is forgotten.  What they
# print depends on the database's encoding and order, whatever the server's are.
TEST_DATABASE  = --encoding=UTF8 --no-locale
REGRESS        = $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
REGRESS_OPTS   = --inputdir=test $(TEST_DATABASE)
ISOLATION      = $(patsubst test/specs/%.spec,%,$(sort $(wildcard test/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test $(TEST_DATABASE)

# PostgreSQL's headers are not ours to keep free of warnings.
PG_CPPFLAGS = -Isrc -isystem $(shell $(PG_CONFIG) --includedir-server)
PG_CFLAGS   = -Wall -Wextra $(WERROR)
# PostgreSQL loads libraries with RTLD_GLOBAL: without -Bsymbolic a function of
# another library with the same name would be called instead of ours.
SHLIB_LINK  = -Wl,-Bsymbolic -lsodium -lpcre2-8 -lidn2
EXTRA_CLEAN = sql/customers--*.sql test/modules/*/*.o test/modules/*/*.so

# Bitcode would only serve JIT inlining, which pays for none of these functions.
override with_llvm = no

# These targets set up what the build below needs, so they come before it.
SETUP_TARGETS = demo demo-stop test test-load test-crash test-model fuzz key
ifneq ($(filter $(SETUP_TARGETS),$(MAKECMDGOALS)),)

.PHONY: $(SETUP_TARGETS)
demo:
	test/tools/setup
	test/demo/run "$(INPUT)"
demo-stop:
	test/demo/stop
test:
	test/tools/setup --tests
	test/run
test-load:
	test/tools/setup --tests
	test/crash/run load "$(SECONDS)" "$(SEED)"
test-crash:
	test/tools/setup --tests
	test/crash/run crash "$(CRASHES)" "$(SEED)"
test-model:
	test/tools/setup --tests
	test/model/run --depth "$(or $(DEPTH),6)" --walks 1000 $(if $(SEED),--seed $(SEED))
fuzz:
	test/tools/setup --fuzz
	test/fuzz/run $(SECONDS)
key:
	test/tools/key "$(FILE)"

else

PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

$(OBJS): $(ALL_HEADERS)

sql/customers--$(EXTVERSION).sql: $(FRAGMENTS)
	cat $^ > $@

endif
