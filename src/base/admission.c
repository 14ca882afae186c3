/*-------------------------------------------------------------------------
 *
 * admission.c
 *	  For which merchant a role acts.
 *
 * The current merchant is the one that customers.merchant names, or else the
 * only one that the role is bound to.  A role may act for the merchants that
 * merchant_role binds it to; a superuser and a member of customers_admin for
 * any.  The binding is the role's own: members of a bound role don't have it.
 *
 * Answers are cached by role and setting, so that a pooled connection that
 * serves many merchants asks the store once for each.  A change of merchant or
 * merchant_role empties the cache.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"

#include "base/admission.h"
#include "base/invalidation.h"
#include "base/setting.h"
#include "base/statement.h"

/* Longer settings can't name a merchant, so they are never in the cache. */
#define SETTING_SIZE 40

/* Emptied when full: a backend serves few merchants at a time. */
#define ADMISSIONS_MAX 1024

typedef struct AdmissionKey
{
	Oid			role;
	char		setting[SETTING_SIZE];	/* padded with NULs */
} AdmissionKey;

typedef struct Admission
{
	AdmissionKey key;
	bool		bound;			/* else only an admin is admitted */
	pg_uuid_t	merchant;
} Admission;

static HTAB *admissions = NULL;
static uint64 merchant_generation;
static uint64 role_generation;

bool
is_admin(Oid role)
{
	Oid			admins = get_role_oid("customers_admin", true);

	return superuser_arg(role) || (OidIsValid(admins) && has_privs_of_role(role, admins));
}

/*
 * parse_merchant reads a merchant's id as input of type merchant_id does.
 */
static Datum
parse_merchant(const char *setting)
{
	Oid			type = DatumGetObjectId(DirectFunctionCall1(regtypein,
															CStringGetDatum("customers.merchant_id")));
	Oid			input;
	Oid			parameter;

	getTypeInputInfo(type, &input, &parameter);
	return OidInputFunctionCall(input, pstrdup(setting), parameter, -1);
}

/* find_chosen looks up the merchant that the setting names. */
static void
find_chosen(Oid role, const char *setting, Admission *admission)
{
	static Statement find = {
		.sql = "SELECT m.merchant_id, EXISTS (SELECT FROM customers.merchant_role r"
		" WHERE r.merchant_id OPERATOR(pg_catalog.=) m.merchant_id"
		" AND r.role OPERATOR(pg_catalog.=) $2)"
		" FROM customers.merchant m"
		" WHERE m.merchant_id OPERATOR(pg_catalog.=) $1",
		.types = {"customers.merchant_id", "pg_catalog.regrole"},
		.latest = true,
	};
	bool		found;

	found = statement_run(&find, (NullableDatum[]) {
		bind(parse_merchant(setting)), bind(ObjectIdGetDatum(role))
	}) > 0;
	admission->bound = found && DatumGetBool(statement_get(0, 1));

	/* A merchant that isn't theirs looks to others like one that isn't. */
	if (!admission->bound && !is_admin(role))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("role \"%s\" is not bound to merchant \"%s\"",
						GetUserNameFromId(role, false), setting),
				 errhint("An admin binds a role with customers.bind_role().")));
	if (!found)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("merchant \"%s\" does not exist", setting)));
	admission->merchant = *DatumGetUUIDP(statement_get(0, 0));
}

/* find_only looks up the only merchant that the role is bound to. */
static void
find_only(Oid role, Admission *admission)
{
	static Statement find = {
		.sql = "SELECT merchant_id FROM customers.merchant_role"
		" WHERE role OPERATOR(pg_catalog.=) $1 LIMIT 2",
		.types = {"pg_catalog.regrole"},
		.latest = true,
	};
	uint64		count = statement_run(&find, (NullableDatum[]) {
		bind(ObjectIdGetDatum(role))
	});

	if (count == 0 && !is_admin(role))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("role \"%s\" is not bound to a merchant",
						GetUserNameFromId(role, false)),
				 errhint("An admin binds a role with customers.bind_role().")));
	if (count != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("no merchant is chosen"),
				 count == 0 ? errdetail("An admin may act for any merchant.")
				 : errdetail("Role \"%s\" is bound to several merchants.",
							 GetUserNameFromId(role, false)),
				 errhint("Choose one with customers.use_merchant() or SET LOCAL customers.merchant.")));
	admission->bound = true;
	admission->merchant = *DatumGetUUIDP(statement_get(0, 0));
}

/* forget_stale_admissions empties the cache when it may be wrong, or is full. */
static void
forget_stale_admissions(void)
{
	HASHCTL		control = {.keysize = sizeof(AdmissionKey),.entrysize = sizeof(Admission)};
	uint64		merchants;
	uint64		roles;

	/*
	 * Within a transaction nothing else need have locked a table since
	 * another session unbound the role: hear of it now, not one call later.
	 */
	AcceptInvalidationMessages();
	merchants = table_generation(WATCHED_MERCHANT);
	roles = table_generation(WATCHED_MERCHANT_ROLE);

	if (admissions && merchants == merchant_generation && roles == role_generation &&
		hash_get_num_entries(admissions) < ADMISSIONS_MAX)
		return;

	if (admissions)
	{
		HTAB	   *stale = admissions;

		admissions = NULL;
		hash_destroy(stale);
	}
	admissions = hash_create("customers admissions", 16, &control, HASH_ELEM | HASH_BLOBS);
	merchant_generation = merchants;
	role_generation = roles;
}

pg_uuid_t
admit(Oid role)
{
	const char *setting = setting_merchant;
	Admission	found = {0};
	Admission  *cached;

	forget_stale_admissions();

	found.key.role = role;
	strlcpy(found.key.setting, setting, SETTING_SIZE);
	cached = hash_search(admissions, &found.key, HASH_FIND, NULL);
	if (cached && strlen(setting) < SETTING_SIZE && (cached->bound || is_admin(role)))
		return cached->merchant;

	if (setting[0] == '\0')
		find_only(role, &found);
	else
		find_chosen(role, setting, &found);

	if (caching_allowed())
		*(Admission *) hash_search(admissions, &found.key, HASH_ENTER, NULL) = found;
	return found.merchant;
}
