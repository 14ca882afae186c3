/*-------------------------------------------------------------------------
 *
 * effect.c
 *	  What lists forbid their members, and what else a customer may not do.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/inval.h"
#include "utils/timestamp.h"

#include "base/argument.h"
#include "base/merchant_cache.h"
#include "base/row.h"
#include "customer/customer.h"
#include "list/document.h"
#include "list/list.h"

PG_FUNCTION_INFO_V1(require_payouts_allowed);

/* Is list l a dynamic one with effect $4?  Has the form of index list_effect. */
#define DYNAMIC_WITH_EFFECT \
	"l.merchant_id OPERATOR(pg_catalog.=) $1" \
	" AND l.effect OPERATOR(pg_catalog.=) $4" \
	" AND l.effect OPERATOR(pg_catalog.<>) 'none' AND l.rule IS NOT NULL"

/* What an effect forbids. */
typedef struct EffectName
{
	const char *name;
	const char *forbids;		/* NULL: nothing */
} EffectName;

static const EffectName effects[] = {
	[EFFECT_NONE] = {"none", NULL},
	[EFFECT_BLOCK_PAYMENTS] = {"block_payments", "payments"},
	[EFFECT_BLOCK_PAYOUTS] = {"block_payouts", "payouts"},
};

void
require_effect(const char *name)
{
	for (size_t i = 0; i < lengthof(effects); i++)
		if (strcmp(effects[i].name, name) == 0)
			return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid effect of a list: \"%s\"", name),
			 errhint("The effects are none, block_payments and block_payouts.")));
}

/* What has to be known to ask the dynamic lists with an effect. */
typedef enum DynamicLists
{
	DYNAMIC_NONE,				/* there are none */
	DYNAMIC_ROW,				/* the customer's row */
	DYNAMIC_MORE				/* payments or lists, too */
} DynamicLists;

/*
 * find_fixed_list returns the name of a fixed list with that effect that the
 * customer is on, or NULL; it also looks what the dynamic ones read.
 */
static char *
find_fixed_list(const Caller *caller, const Id *customer, const EffectName *effect,
				DynamicLists *dynamic)
{
	static Statement find = {
		.sql = "SELECT l.name, NULL FROM customers.list_item i, customers.list l"
		" WHERE i.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND i.customer_id OPERATOR(pg_catalog.=) $2"
		" AND " ITEM_IN_FORCE
		" AND l.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND l.list_id OPERATOR(pg_catalog.=) i.list_id"
		" AND l.effect OPERATOR(pg_catalog.=) $4"
		" UNION ALL"
		" SELECT NULL, " READS_MORE("l.rule") " FROM customers.list l"
		" WHERE " DYNAMIC_WITH_EFFECT,
		.types = {"customers.merchant_id", "customers.customer_id",
			"pg_catalog.timestamptz", "pg_catalog.text"},
	};
	char	   *name = NULL;
	uint64		count;

	count = statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind(TimestampTzGetDatum(GetCurrentTimestamp())), bind_string(effect->name)
	});
	*dynamic = DYNAMIC_NONE;
	for (uint64 i = 0; i < count; i++)
	{
		bool		is_fixed;
		bool		more = DatumGetBool(statement_value(i, 1, &is_fixed));

		if (is_fixed)
			name = statement_string(i, 0);
		else
			*dynamic = Max(*dynamic, more ? DYNAMIC_MORE : DYNAMIC_ROW);
	}
	return name;
}

#define DYNAMIC_LISTS "SELECT l.name, l.rule FROM customers.list l WHERE " DYNAMIC_WITH_EFFECT

/* find_dynamic_list is find_fixed_list for dynamic ones, of which there are some. */
static char *
find_dynamic_list(const Caller *caller, const Id *customer, const EffectName *effect,
				  DynamicLists dynamic)
{
	static Statement statements[] = {
		[DYNAMIC_ROW] = {
			.sql = "SELECT m.name FROM (" MATCHES_OF_ROWS(DYNAMIC_LISTS, CUSTOMER_2) ") AS m LIMIT 1",
			.types = {"customers.merchant_id", "customers.customer_id",
				"pg_catalog.timestamptz", "pg_catalog.text"},
		},
		[DYNAMIC_MORE] = {
			.sql = "SELECT m.name FROM (" MATCHES_OF(DYNAMIC_LISTS, CUSTOMER_2) ") AS m LIMIT 1",
			.types = {"customers.merchant_id", "customers.customer_id",
				"pg_catalog.timestamptz", "pg_catalog.text"},
		},
	};
	int			level = begin_rules();
	uint64		count;

	count = statement_run(&statements[dynamic], (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer),
			bind(TimestampTzGetDatum(GetCurrentTimestamp())), bind_string(effect->name)
	});
	end_rules(level);
	return count > 0 ? statement_string(0, 0) : NULL;
}

/* What a backend keeps of a merchant's lists: whether any has an effect. */
typedef struct UsedEffects
{
	pg_uuid_t	merchant;
	bool		used[lengthof(effects)];
} UsedEffects;

/* is_used tells whether any list of the merchant has the effect: most have none. */
static bool
is_used(const Caller *caller, Effect effect)
{
	static MerchantCache cache = {
		.name = "customers effects of lists",
		.table = WATCHED_LIST,
		.entry_size = sizeof(UsedEffects),
	};
	static Statement find = {
		.sql = "SELECT DISTINCT effect FROM customers.list l"
		" WHERE l.merchant_id OPERATOR(pg_catalog.=) $1"
		" AND l.effect OPERATOR(pg_catalog.<>) 'none'",
		.types = {"customers.merchant_id"},
		.latest = true,
	};
	UsedEffects found = {.merchant = caller->merchant};
	UsedEffects *cached;
	uint64		count;

	/* The customer's lock may have been waited for while a list was made. */
	AcceptInvalidationMessages();
	cached = find_cached(&cache, &caller->merchant);
	if (cached)
		return cached->used[effect];
	count = statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller->merchant)
	});
	for (uint64 i = 0; i < count; i++)
	{
		char	   *name = statement_string(i, 0);

		for (size_t known = 0; known < lengthof(effects); known++)
			found.used[known] |= strcmp(name, effects[known].name) == 0;
	}
	return ((UsedEffects *) add_cached(&cache, &found))->used[effect];
}

/* refuse_member refuses a customer who is on any list with that effect. */
static void
refuse_member(const Caller *caller, const Id *customer, const EffectName *effect)
{
	DynamicLists dynamic;
	char	   *name = find_fixed_list(caller, customer, effect, &dynamic);

	if (name == NULL && dynamic != DYNAMIC_NONE)
		name = find_dynamic_list(caller, customer, effect, dynamic);
	if (name)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("customer \"%s\" is on a list that blocks %s",
						id_string(&customer_id_type, customer), effect->forbids),
				 errdetail("The list is \"%s\".", name)));
}

Datum
lock_unblocked_customer(const Caller *caller, const Id *customer, Effect effect)
{
	static RowStatement lock = {
		.table = "customer",
		.keys = 2,
		.columns = {"merchant_id", "customer_id", "context", "erased_at", "archived_at",
		"payments_allowed", "payouts_allowed"},
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.jsonb",
			"pg_catalog.timestamptz", "pg_catalog.timestamptz", "pg_catalog.bool",
		"pg_catalog.bool"},
		.lock = LCS_FORKEYSHARE,
	};
	const char *forbids = effects[effect].forbids;
	NullableDatum row[5];

	if (!row_read(&lock, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer)
	}, row))
		report_no_such_customer(customer);
	if (!row[1].isnull)
		refuse_erased_customer(customer);
	if (!row[2].isnull)
		refuse_archived_customer(customer);
	if (!DatumGetBool(row[effect == EFFECT_BLOCK_PAYOUTS ? 4 : 3].value))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("%s are not allowed for customer \"%s\"", forbids,
						id_string(&customer_id_type, customer)),
				 errhint("allow_%s() allows them.", forbids)));
	if (is_used(caller, effect))
		refuse_member(caller, customer, &effects[effect]);
	return row[0].value;
}

/* require_payouts_allowed(customer) void */
Datum
require_payouts_allowed(PG_FUNCTION_ARGS)
{
	Id		   *customer = DatumGetIdP(PG_GETARG_DATUM(0));
	Caller		caller;

	require_all_arguments(fcinfo);
	enter_store(&caller);
	lock_unblocked_customer(&caller, customer, EFFECT_BLOCK_PAYOUTS);
	leave_store(&caller);
	PG_RETURN_VOID();
}
