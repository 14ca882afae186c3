/*-------------------------------------------------------------------------
 *
 * metadata_read.c
 *	  The operations that read the metadata of a customer.
 *
 * Values are for customers_metadata only, and every read of them is recorded
 * before a value is opened.  The names of the keys are no secret.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "base/statement.h"
#include "base/wipe.h"
#include "customer/customer.h"
#include "customer/metadata.h"
#include "customer/metadata_access.h"
#include "customer/metadata_entry.h"
#include "vault/customer_key.h"

PG_FUNCTION_INFO_V1(get_metadata);
PG_FUNCTION_INFO_V1(metadata);
PG_FUNCTION_INFO_V1(metadata_keys);

/*
 * What a read statement returns has the customer's key in column 0, the name
 * of a metadata key in column 1 and its sealed value in column 2; a customer
 * without metadata has one row with NULLs.
 */
#define FROM_CUSTOMER \
	" FROM customers.customer c" \
	" LEFT JOIN customers.customer_key k" \
	" ON k.merchant_id OPERATOR(pg_catalog.=) $1 AND k.customer_id OPERATOR(pg_catalog.=) $2" \
	" LEFT JOIN customers.metadata m" \
	" ON m.merchant_id OPERATOR(pg_catalog.=) $1 AND m.customer_id OPERATOR(pg_catalog.=) $2"
#define WHERE_CUSTOMER \
	" WHERE c.merchant_id OPERATOR(pg_catalog.=) $1 AND c.customer_id OPERATOR(pg_catalog.=) $2"

/* copy_column copies a value of the last run; NULL for NULL. */
static struct varlena *
copy_column(uint64 row, int column)
{
	bool		isnull;
	Datum		value = statement_value(row, column, &isnull);

	return isnull ? NULL : PG_DETOAST_DATUM_COPY(value);
}

/* open_text opens the value of a key as a text of the server's encoding. */
static text *
open_text(const CustomerKey *key, const text *name, const Sealed *sealed)
{
	char	   *server_name = VARDATA_ANY(name);
	int			server_length = VARSIZE_ANY_EXHDR(name);
	char	   *utf8_name = pg_server_to_any(server_name, server_length, PG_UTF8);
	size_t		length = sealed_length(sealed);
	text	   *value = palloc(VARHDRSZ + length + 1);
	char	   *converted;

	open_value(key, utf8_name,
			   utf8_name == server_name ? (size_t) server_length : strlen(utf8_name),
			   sealed, VARDATA(value));
	SET_VARSIZE(value, VARHDRSZ + length);

	converted = pg_any_to_server(VARDATA(value), length, PG_UTF8);
	if (converted != VARDATA(value))
	{
		wipe_memory(value, VARHDRSZ + length);
		value = cstring_to_text(converted);
		wipe_memory(converted, strlen(converted));
	}
	return value;
}

/*
 * recorded_key is the name of a key as the record of a read has it: a longer
 * one than any key has is cut, so that nobody can fill the record or the log.
 */
static Datum
recorded_key(const text *name)
{
	return PointerGetDatum(cstring_to_text_with_len(VARDATA_ANY(name),
													pg_mbcharcliplen(VARDATA_ANY(name),
																	 VARSIZE_ANY_EXHDR(name),
																	 METADATA_KEY_LENGTH_MAX)));
}

/* get_metadata(customer, key) text */
Datum
get_metadata(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT k.wrapped, m.key, m.value"
		FROM_CUSTOMER
		" AND m.key OPERATOR(pg_catalog.=) $3"
		WHERE_CUSTOMER,
		.types = {"customers.merchant_id", "customers.customer_id", "pg_catalog.text"},
	};
	Id		   *customer = DatumGetIdP(PG_GETARG_DATUM(0));
	text	   *name = PG_GETARG_TEXT_PP(1);
	Datum		names[] = {recorded_key(name)};
	Sealed	   *wrapped;
	Sealed	   *sealed;
	text	   *value = NULL;
	Caller		caller;

	enter_store(&caller);
	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(customer), bind_pointer(name)
	}) == 0)
		report_no_such_customer(customer);
	wrapped = copy_column(0, 0);
	sealed = copy_column(0, 2);

	record_metadata_access(&caller, customer,
						   construct_array(names, 1, TEXTOID, -1, false, TYPALIGN_INT));
	if (sealed)
	{
		CustomerKey key;
		MemoryContext inside;

		if (wrapped == NULL)
			refuse_to_open();
		key = open_customer_key(&caller.merchant, customer, wrapped);
		inside = MemoryContextSwitchTo(caller.context);
		value = open_text(&key, name, sealed);
		MemoryContextSwitchTo(inside);
		close_customer_key(&key);
	}
	leave_store(&caller);

	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(value);
}

/*
 * open_all makes one JSON object of keys and sealed values, in the memory
 * context that is given; the texts in between are wiped with the current one.
 */
static Jsonb *
open_all(const CustomerKey *key, Datum *names, Sealed **sealed, int count,
		 MemoryContext context)
{
	JsonbParseState *state = NULL;
	JsonbValue *object;
	MemoryContext inside;
	Jsonb	   *result;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < count; i++)
	{
		text	   *name = DatumGetTextPP(names[i]);
		text	   *value;
		JsonbValue	item = {.type = jbvString};

		item.val.string.val = VARDATA_ANY(name);
		item.val.string.len = VARSIZE_ANY_EXHDR(name);
		pushJsonbValue(&state, WJB_KEY, &item);

		value = open_text(key, name, sealed[i]);
		wipe_at_reset(value, VARSIZE(value));
		item.val.string.val = VARDATA(value);
		item.val.string.len = VARSIZE(value) - VARHDRSZ;
		pushJsonbValue(&state, WJB_VALUE, &item);
	}
	object = pushJsonbValue(&state, WJB_END_OBJECT, NULL);

	inside = MemoryContextSwitchTo(context);
	result = JsonbValueToJsonb(object);
	MemoryContextSwitchTo(inside);
	return result;
}

Jsonb *
read_metadata(const Caller *caller, const Id *customer, bool stable)
{
	static const char find_sql[] =
	"SELECT k.wrapped, m.key, m.value" FROM_CUSTOMER WHERE_CUSTOMER;
	static Statement find = {
		.sql = find_sql,
		.types = {"customers.merchant_id", "customers.customer_id"},
	};
	static Statement find_stable = {
		.sql = find_sql,
		.types = {"customers.merchant_id", "customers.customer_id"},
		.stable = true,
	};
	uint64		rows;
	Sealed	   *wrapped;
	Datum	   *names;
	Sealed	  **sealed;
	int			count = 0;
	CustomerKey key = {0};
	Jsonb	   *result;

	rows = statement_run(stable ? &find_stable : &find, (NullableDatum[]) {
		bind_pointer(&caller->merchant), bind_pointer(customer)
	});
	if (rows == 0)
		report_no_such_customer(customer);

	wrapped = copy_column(0, 0);
	names = palloc(rows * sizeof(Datum));
	sealed = palloc(rows * sizeof(Sealed *));
	for (uint64 row = 0; row < rows; row++)
	{
		sealed[count] = copy_column(row, 2);
		if (sealed[count] == NULL)
			continue;
		names[count++] = PointerGetDatum(copy_column(row, 1));
	}

	record_metadata_access(caller, customer,
						   construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
	if (count > 0)
	{
		if (wrapped == NULL)
			refuse_to_open();
		key = open_customer_key(&caller->merchant, customer, wrapped);
	}
	result = open_all(&key, names, sealed, count, caller->context);
	if (count > 0)
		close_customer_key(&key);
	return result;
}

/* metadata(customer) jsonb */
Datum
metadata(PG_FUNCTION_ARGS)
{
	Jsonb	   *result;
	Caller		caller;

	enter_store(&caller);
	result = read_metadata(&caller, DatumGetIdP(PG_GETARG_DATUM(0)), false);
	leave_store(&caller);
	PG_RETURN_JSONB_P(result);
}

/* metadata_keys(customer) text[] */
Datum
metadata_keys(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT ARRAY(SELECT m.key FROM customers.metadata m"
		" WHERE m.merchant_id OPERATOR(pg_catalog.=) $1 AND m.customer_id OPERATOR(pg_catalog.=) $2"
		" ORDER BY m.key COLLATE pg_catalog.\"C\")"
		" FROM customers.customer c"
		WHERE_CUSTOMER,
		.types = {"customers.merchant_id", "customers.customer_id"},
		.stable = true,
	};
	Id		   *customer = DatumGetIdP(PG_GETARG_DATUM(0));
	Datum		keys;
	Caller		caller;

	enter_store(&caller);
	if (statement_run(&find, (NullableDatum[]) {
		bind_pointer(&caller.merchant), bind_pointer(customer)
	}) == 0)
		report_no_such_customer(customer);
	keys = keep_value(&caller, statement_get(0, 0), false, -1);
	leave_store(&caller);
	PG_RETURN_DATUM(keys);
}
