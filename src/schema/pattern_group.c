/*-------------------------------------------------------------------------
 *
 * pattern_group.c
 *	  Capturing groups of a pattern, and references to them.
 *
 * Groups get numbers only: their names stay behind.
 *
 * In ECMA-262 each pass of a repetition forgets what the groups inside it
 * matched before; in PCRE2 it doesn't.  So a reference means the same only
 * if its group has certainly matched in the pass that the reference looks
 * at.  These flags tell of a group, as far as the pattern has been read:
 *
 *	uncertain	some match of what encloses it leaves it out
 *	doubted		it was uncertain when a reference to it was read
 *	stale		a repetition that encloses it may end with an older match
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/pattern_parse.h"

#define BAD_NAME "the name of a group has letters, digits, \"_\" and \"$\" only, and no digit first"
#define STALE_REFERENCE "a reference to a group that a repetition may leave out is not supported"

/*
 * group_name_length returns the length of the name at text, up to its >; 0 if
 * there is none.  Characters beyond ASCII are taken as letters.
 */
int
group_name_length(const char *text, const char *end)
{
	const char *c;

	for (c = text; c < end && *c != '>'; c++)
	{
		bool		letter = ((*c | 0x20) >= 'a' && (*c | 0x20) <= 'z') || *c == '_' || *c == '$' ||
			IS_HIGHBIT_SET(*c);

		if (!letter && (c == text || *c < '0' || *c > '9'))
			return 0;
	}
	return c < end ? c - text : 0;
}

/* find_group_name returns the number of a group from 1, or 0. */
static int
find_group_name(Translation *t, int count, const char *name, int length)
{
	int			i;

	for (i = 0; i < count; i++)
	{
		if (t->groups[i].name_length == length && memcmp(t->groups[i].name, name, length) == 0)
			return i + 1;
	}
	return 0;
}

/* skip_class_text returns where a class ends, after its opening bracket. */
static const char *
skip_class_text(const char *text, const char *end)
{
	for (; text < end && *text != ']'; text++)
	{
		if (*text == '\\' && text + 1 < end)
			text++;
	}
	return text;
}

/*
 * find_groups counts the groups of a pattern and notes their names, since a
 * reference may come before its group.  It leaves t where it was.
 */
bool
find_groups(Translation *t)
{
	const char *c;
	int			room = 0;

	for (c = t->next; c < t->end; c++)
		room += *c == '(';
	t->groups = palloc0(sizeof(PatternGroup) * Max(room, 1));
	for (c = t->next; c < t->end; c++)
	{
		PatternGroup *group = &t->groups[t->group_count];

		if (*c == '\\')
			c++;
		else if (*c == '[')
			c = skip_class_text(c + 1, t->end);
		else if (*c == '(' && (c + 1 == t->end || c[1] != '?'))
			t->group_count++;
		else if (*c == '(' && t->end - c > 3 && c[2] == '<' && c[3] != '=' && c[3] != '!')
		{
			group->name_length = group_name_length(c + 3, t->end);
			if (group->name_length == 0)
				return refuse_pattern(t, BAD_NAME);
			if (find_group_name(t, t->group_count, c + 3, group->name_length) > 0)
				return refuse_pattern(t, "two groups have the same name");
			group->name = c + 3;
			t->group_count++;
		}
	}
	return true;
}

/* leave_alternatives: each group opened since the first is in one of several. */
void
leave_alternatives(Translation *t, int first_group)
{
	int			i;

	for (i = first_group; i < t->opened; i++)
		t->groups[i].uncertain = true;
}

/*
 * leave_repetition: what the groups opened since the first are in repeats.  A
 * pass that matches nothing counts in PCRE2 but not in ECMA-262.
 */
void
leave_repetition(Translation *t, int first_group, bool may_be_empty)
{
	int			i;

	for (i = first_group; i < t->opened; i++)
	{
		PatternGroup *group = &t->groups[i];

		if (group->doubted)
			t->unsupported = STALE_REFERENCE;
		if (group->uncertain || may_be_empty)
			group->stale = true;
	}
}

/*
 * translate_reference translates a reference to a group, by its number from 1.
 * It is in parentheses of its own since PCRE2 10.42, with JIT, finds no match
 * when a reference to a group that has not matched is repeated.
 */
bool
translate_reference(Translation *t, int number)
{
	PatternGroup *group;

	if (number > t->group_count)
		return refuse_pattern(t, "there is no group that a reference means");
	group = &t->groups[number - 1];
	if (t->lookbehinds > 0)
		t->unsupported = "a reference in a lookbehind is not supported";
	else if (group->stale)
		t->unsupported = STALE_REFERENCE;

	/* A group that has not matched yet matches the empty string. */
	if (!group->closed)
		appendStringInfoString(t->result, "(?:)");
	else
		appendStringInfo(t->result, "(?:\\g{%d})", number);
	if (group->uncertain)
		group->doubted = true;
	return true;
}

/* translate_named_reference translates what follows \k. */
bool
translate_named_reference(Translation *t)
{
	const char *name = t->next + 1;
	int			length = t->next < t->end && *t->next == '<' ? group_name_length(name, t->end) : 0;
	int			number = length > 0 ? find_group_name(t, t->group_count, name, length) : 0;

	if (number == 0)
		return refuse_pattern(t, "there is no group that a reference means");
	t->next = name + length + 1;
	return translate_reference(t, number);
}
