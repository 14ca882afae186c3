/*-------------------------------------------------------------------------
 *
 * id_order.c
 *	  Order, hashing and binary form of ids: uuid's own.
 *
 * The SQL functions could be declared LANGUAGE internal, but PostgreSQL looks
 * such a function up by comparing its name with those of all built-in ones,
 * each time that a query starts.  Functions of a module it finds by a hash.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/fmgrprotos.h"

PG_FUNCTION_INFO_V1(id_recv);
PG_FUNCTION_INFO_V1(id_send);
PG_FUNCTION_INFO_V1(id_eq);
PG_FUNCTION_INFO_V1(id_ne);
PG_FUNCTION_INFO_V1(id_lt);
PG_FUNCTION_INFO_V1(id_le);
PG_FUNCTION_INFO_V1(id_gt);
PG_FUNCTION_INFO_V1(id_ge);
PG_FUNCTION_INFO_V1(id_cmp);
PG_FUNCTION_INFO_V1(id_sortsupport);
PG_FUNCTION_INFO_V1(id_hash);
PG_FUNCTION_INFO_V1(id_hash_extended);

Datum
id_recv(PG_FUNCTION_ARGS)
{
	return uuid_recv(fcinfo);
}

Datum
id_send(PG_FUNCTION_ARGS)
{
	return uuid_send(fcinfo);
}

Datum
id_eq(PG_FUNCTION_ARGS)
{
	return uuid_eq(fcinfo);
}

Datum
id_ne(PG_FUNCTION_ARGS)
{
	return uuid_ne(fcinfo);
}

Datum
id_lt(PG_FUNCTION_ARGS)
{
	return uuid_lt(fcinfo);
}

Datum
id_le(PG_FUNCTION_ARGS)
{
	return uuid_le(fcinfo);
}

Datum
id_gt(PG_FUNCTION_ARGS)
{
	return uuid_gt(fcinfo);
}

Datum
id_ge(PG_FUNCTION_ARGS)
{
	return uuid_ge(fcinfo);
}

Datum
id_cmp(PG_FUNCTION_ARGS)
{
	return uuid_cmp(fcinfo);
}

Datum
id_sortsupport(PG_FUNCTION_ARGS)
{
	return uuid_sortsupport(fcinfo);
}

Datum
id_hash(PG_FUNCTION_ARGS)
{
	return uuid_hash(fcinfo);
}

Datum
id_hash_extended(PG_FUNCTION_ARGS)
{
	return uuid_hash_extended(fcinfo);
}
