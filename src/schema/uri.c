/*-------------------------------------------------------------------------
 *
 * uri.c
 *	  URI references against a base (RFC 3986, section 5.2).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/memutils.h"

#include "schema/compile.h"

/* The components of a URI reference; NULL where one is not there. */
typedef struct Uri
{
	char	   *scheme;
	char	   *authority;
	char	   *path;			/* never NULL */
	char	   *query;
	char	   *fragment;
} Uri;

/* split_uri takes a reference apart; it writes into text. */
static void
split_uri(char *text, Uri *uri)
{
	size_t		length;

	memset(uri, 0, sizeof(*uri));
	uri->fragment = strchr(text, '#');
	if (uri->fragment != NULL)
		*uri->fragment++ = '\0';
	uri->query = strchr(text, '?');
	if (uri->query != NULL)
		*uri->query++ = '\0';

	length = strcspn(text, ":/");
	if (length > 0 && text[length] == ':')
	{
		uri->scheme = text;
		text[length] = '\0';
		text += length + 1;
	}
	if (text[0] == '/' && text[1] == '/')
	{
		char	   *end = text + 2 + strcspn(text + 2, "/");

		uri->authority = pnstrdup(text + 2, end - text - 2);
		text = end;
	}
	uri->path = text;
}

/* remove_dot_segments does as section 5.2.4 says. */
static char *
remove_dot_segments(const char *path)
{
	char	   *result = palloc(strlen(path) + 2);
	size_t		used = 0;

	while (*path != '\0')
	{
		size_t		segment = strcspn(path + (*path == '/'), "/") + (*path == '/');

		if (strncmp(path, "../", 3) == 0)
			path += 3;
		else if (strncmp(path, "./", 2) == 0)
			path += 2;
		else if (strncmp(path, "/./", 3) == 0)
			path += 2;
		else if (strncmp(path, "/../", 4) == 0 || strcmp(path, "/..") == 0)
		{
			while (used > 0 && result[--used] != '/')
				;
			path += 3;
			if (*path == '\0')
				result[used++] = '/';
		}
		else if (strcmp(path, "/.") == 0)
		{
			result[used++] = '/';
			path += 2;
		}
		else if (strcmp(path, ".") == 0 || strcmp(path, "..") == 0)
			path += strlen(path);
		else
		{
			memcpy(result + used, path, segment);
			used += segment;
			path += segment;
		}
	}
	result[used] = '\0';
	return result;
}

/* merge_paths does as section 5.2.3 says. */
static char *
merge_paths(const Uri *base, const char *path)
{
	const char *slash = strrchr(base->path, '/');

	if (base->authority != NULL && base->path[0] == '\0')
		return psprintf("/%s", path);
	if (slash == NULL)
		return pstrdup(path);
	return psprintf("%.*s%s", (int) (slash - base->path + 1), base->path, path);
}

/* join_uri does as section 5.2.2 says, and leaves parts behind in memory. */
static char *
join_uri(const char *base, const char *reference)
{
	Uri			from;
	Uri			to;
	StringInfoData result;

	split_uri(pstrdup(base), &from);
	split_uri(pstrdup(reference), &to);

	if (to.scheme != NULL || to.authority != NULL)
		to.path = remove_dot_segments(to.path);
	else if (to.path[0] == '\0')
	{
		to.path = from.path;
		if (to.query == NULL)
			to.query = from.query;
		to.authority = from.authority;
	}
	else
	{
		if (to.path[0] != '/')
			to.path = merge_paths(&from, to.path);
		if (from.scheme != NULL || to.path[0] == '/')
			to.path = remove_dot_segments(to.path);
		to.authority = from.authority;
	}
	if (to.scheme == NULL)
		to.scheme = from.scheme;

	initStringInfo(&result);
	if (to.scheme != NULL)
		appendStringInfo(&result, "%s:", to.scheme);
	if (to.authority != NULL)
		appendStringInfo(&result, "//%s", to.authority);
	appendStringInfoString(&result, to.path);
	if (to.query != NULL)
		appendStringInfo(&result, "?%s", to.query);
	if (to.fragment != NULL)
		appendStringInfo(&result, "#%s", to.fragment);
	return result.data;
}

/* resolve_uri returns what a reference means where base is the base URI. */
char *
resolve_uri(const char *base, const char *reference)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext scratch = AllocSetContextCreate(caller, "JSON Schema URI", ALLOCSET_SMALL_SIZES);
	char	   *joined;
	char	   *result;

	MemoryContextSwitchTo(scratch);
	joined = join_uri(base, reference);
	MemoryContextSwitchTo(caller);
	result = pstrdup(joined);
	MemoryContextDelete(scratch);
	return result;
}

static int
hexadecimal_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* percent_decode decodes %XX in place; %00 and what is no code stays as it is. */
static void
percent_decode(char *text)
{
	char	   *result = text;
	int			length = strlen(text);
	int			used = 0;
	int			i;

	for (i = 0; i < length; i++)
	{
		int			high = i + 2 < length ? hexadecimal_digit(text[i + 1]) : -1;
		int			low = i + 2 < length ? hexadecimal_digit(text[i + 2]) : -1;

		if (text[i] == '%' && high >= 0 && low >= 0 && high + low > 0)
		{
			result[used++] = (char) (high * 16 + low);
			i += 2;
		}
		else
			result[used++] = text[i];
	}
	result[used] = '\0';
}

/* to_server converts UTF-8 to the server's encoding; NULL if it has no such text. */
static char *
to_server(char *utf8)
{
	int			encoding = GetDatabaseEncoding();
	int			length = strlen(utf8);
	char	   *result;
	Oid			conversion;

	if (!pg_verify_mbstr(PG_UTF8, utf8, length, true))
		return NULL;
	if (encoding == PG_UTF8 || encoding == PG_SQL_ASCII)
		return utf8;
	conversion = FindDefaultConversionProc(PG_UTF8, encoding);
	if (!OidIsValid(conversion))
		return NULL;
	result = palloc(length * MAX_CONVERSION_GROWTH + 1);
	if (pg_do_encoding_conversion_buf(conversion, PG_UTF8, encoding, (unsigned char *) utf8, length,
									  (unsigned char *) result, length * MAX_CONVERSION_GROWTH + 1, true) != length)
		return NULL;
	return result;
}

/*
 * decode_fragment decodes a fragment.  Its codes are bytes of UTF-8 (RFC 3986,
 * section 2.5); NULL if they make no text that a name here could be.
 */
char *
decode_fragment(const char *fragment)
{
	char	   *copy = pstrdup(fragment);

	if (strchr(fragment, '%') == NULL)
		return copy;
	copy = pg_server_to_any(copy, strlen(copy), PG_UTF8);
	percent_decode(copy);
	return to_server(copy);
}
