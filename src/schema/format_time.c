/*-------------------------------------------------------------------------
 *
 * format_time.c
 *	  Dates and times as RFC 3339 writes them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/format.h"

/* read_digits reads exactly so many digits; -1 if there are others. */
static int
read_digits(const char *text, int count)
{
	int			value = 0;
	int			i;

	for (i = 0; i < count; i++)
	{
		if (!in_class(text[i], CLASS_DIGIT))
			return -1;
		value = value * 10 + text[i] - '0';
	}
	return value;
}

bool
is_date(const char *text, int length)
{
	static const int8 days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int			year;
	int			month;
	int			day;
	bool		leap;

	if (length != 10 || text[4] != '-' || text[7] != '-')
		return false;
	year = read_digits(text, 4);
	month = read_digits(text + 5, 2);
	day = read_digits(text + 8, 2);
	if (year < 0 || month < 1 || month > 12 || day < 1)
		return false;
	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* is_time: a time with its offset; second 60 only where UTC may have one. */
bool
is_time(const char *text, int length)
{
	int			hour;
	int			minute;
	int			second;
	int			offset = 0;
	int			utc;

	if (length < 9 || text[2] != ':' || text[5] != ':')
		return false;
	hour = read_digits(text, 2);
	minute = read_digits(text + 3, 2);
	second = read_digits(text + 6, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
		return false;
	text += 8;
	length -= 8;

	if (text[0] == '.')
	{
		int			digits = 1;

		while (digits < length && in_class(text[digits], CLASS_DIGIT))
			digits++;
		if (digits == 1)
			return false;
		text += digits;
		length -= digits;
	}
	if (length == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':')
	{
		int			offset_hour = read_digits(text + 1, 2);
		int			offset_minute = read_digits(text + 4, 2);

		if (offset_hour < 0 || offset_hour > 23 || offset_minute < 0 || offset_minute > 59)
			return false;
		offset = (offset_hour * 60 + offset_minute) * (text[0] == '-' ? -1 : 1);
	}
	else if (length != 1 || (text[0] != 'Z' && text[0] != 'z'))
		return false;

	utc = (hour * 60 + minute - offset + 2 * 24 * 60) % (24 * 60);
	return second < 60 || utc == 24 * 60 - 1;
}

bool
is_date_time(const char *text, int length)
{
	return length > 11 && (text[10] == 'T' || text[10] == 't') &&
		is_date(text, 10) && is_time(text + 11, length - 11);
}

/*
 * read_units reads numbers, each followed by its unit.  It may begin with any
 * unit, but must not leave one out afterwards.  It returns the number of
 * bytes, 0 if there is nothing.
 */
static int
read_units(const char *text, int length, const char *units)
{
	int			at = 0;

	for (;;)
	{
		int			digits = at;
		const char *unit;

		while (digits < length && in_class(text[digits], CLASS_DIGIT))
			digits++;
		if (digits == at || digits == length)
			return at;
		unit = strchr(units, text[digits]);
		if (text[digits] == '\0' || unit == NULL || (at > 0 && unit != units))
			return at;
		units = unit + 1;
		at = digits + 1;
	}
}

/* is_duration: ISO 8601 as in appendix A of RFC 3339. */
bool
is_duration(const char *text, int length)
{
	int			date;

	if (length < 3 || text[0] != 'P')
		return false;
	text++;
	length--;
	date = read_units(text, length, "W");
	if (date == length)
		return true;
	date = read_units(text, length, "YMD");
	if (date == length)
		return true;
	if (text[date] != 'T' || date + 1 == length)
		return false;
	return read_units(text + date + 1, length - date - 1, "HMS") == length - date - 1;
}
