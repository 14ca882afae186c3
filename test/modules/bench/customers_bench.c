/*-------------------------------------------------------------------------
 *
 * customers_bench.c
 *	  What benchmarks measure with, and ids that cost a statement next to nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fmgr.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "storage/fd.h"
#include "utils/uuid.h"

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(process_cpu);
PG_FUNCTION_INFO_V1(number_id);
PG_FUNCTION_INFO_V1(nth_id);

/* What COPY (FORMAT binary) writes of one column of ids: a header, then rows. */
#define COPY_HEADER 19
#define COPY_ROW (6 + UUID_LEN)

/* process_cpu() int8: nanoseconds of CPU that this backend has taken */
Datum
process_cpu(PG_FUNCTION_ARGS)
{
	struct timespec taken;

	(void) fcinfo;
	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &taken) != 0)
		elog(ERROR, "could not read the process's CPU time: %m");
	PG_RETURN_INT64((int64) taken.tv_sec * 1000000000 + taken.tv_nsec);
}

/* number_id(n int8) uuid: the number as an id; higher numbers are higher ids */
Datum
number_id(PG_FUNCTION_ARGS)
{
	uint64		number = pg_hton64((uint64) PG_GETARG_INT64(0));
	pg_uuid_t  *id = palloc0(sizeof(pg_uuid_t));

	memcpy(&id->data[UUID_LEN - sizeof(number)], &number, sizeof(number));
	PG_RETURN_UUID_P(id);
}

/* map_ids maps the database's file of ids, for as long as the backend lives. */
static const unsigned char *
map_ids(size_t *size)
{
	char		path[MAXPGPATH];
	struct stat status;
	void	   *ids;
	int			file;

	snprintf(path, sizeof(path), "bench_ids.%u", MyDatabaseId);
	file = OpenTransientFile(path, O_RDONLY | PG_BINARY);
	if (file < 0 || fstat(file, &status) != 0)
		elog(ERROR, "could not open \"%s\": %m", path);
	*size = status.st_size;
	ids = mmap(NULL, *size, PROT_READ, MAP_SHARED, file, 0);
	if (ids == MAP_FAILED)
		elog(ERROR, "could not map \"%s\": %m", path);
	CloseTransientFile(file);
	return ids;
}

/*
 * nth_id(n int8) uuid: the nth id, from 1, of the file bench_ids.OID in the data
 * directory, which COPY ... TO (FORMAT binary) wrote of one column; OID is the database's
 */
Datum
nth_id(PG_FUNCTION_ARGS)
{
	static const unsigned char *ids = NULL;
	static size_t size;
	int64		place = PG_GETARG_INT64(0) - 1;
	pg_uuid_t  *id = palloc(sizeof(pg_uuid_t));

	if (ids == NULL)
		ids = map_ids(&size);
	if (place < 0 || place >= ((int64) size - COPY_HEADER) / COPY_ROW)
		elog(ERROR, "there is no id " INT64_FORMAT, place + 1);
	memcpy(id, ids + COPY_HEADER + place * COPY_ROW + COPY_ROW - UUID_LEN, UUID_LEN);
	PG_RETURN_UUID_P(id);
}
