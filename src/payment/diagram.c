/*-------------------------------------------------------------------------
 *
 * diagram.c
 *	  payment_transitions() and payment_diagram(): the machine for people.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "payment/machine.h"

PG_FUNCTION_INFO_V1(payment_transitions_rows);
PG_FUNCTION_INFO_V1(payment_diagram);

/* payment_transitions() table("from", event, "to", actor) */
Datum
payment_transitions_rows(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int i = 0; i < payment_transition_count; i++)
	{
		const Transition *row = &payment_transitions[i];
		bool		is_first = row->from == PAYMENT_ABSENT;
		Datum		values[4] = {0};
		bool		nulls[4] = {is_first, false, false, false};

		if (!is_first)
			values[0] = CStringGetTextDatum(payment_status_names[row->from]);
		values[1] = CStringGetTextDatum(payment_event_names[row->event]);
		values[2] = CStringGetTextDatum(payment_status_names[row->to]);
		values[3] = CStringGetTextDatum(actor_names[row->actor]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * append_label lists the events from one status to another, each once; false
 * if there are none.
 */
static bool
append_label(StringInfo text, PaymentStatus from, PaymentStatus to)
{
	bool		any = false;

	for (PaymentEvent event = 0; event < PAYMENT_EVENTS; event++)
	{
		for (int i = 0; i < payment_transition_count; i++)
		{
			const Transition *row = &payment_transitions[i];

			if (row->from != from || row->to != to || row->event != event)
				continue;
			appendStringInfo(text, "%s%s", any ? ", " : "", payment_event_names[event]);
			any = true;
			break;
		}
	}
	return any;
}

/* A format: how to write an edge and a final status, and what is around all. */
typedef struct DiagramFormat
{
	const char *name;
	const char *head;
	const char *edge;			/* from, to, label */
	const char *final;			/* says that a status is final */
	const char *absent;			/* the node before the first status */
	const char *foot;
} DiagramFormat;

static const DiagramFormat formats[] = {
	{"mermaid", "stateDiagram-v2\n", "    %s --> %s: %s\n", "    %s --> [*]\n", "[*]", ""},
	{"dot", "digraph payment {\n    begin [shape=point]\n",
		"    %s -> %s [label=\"%s\"]\n", "    %s [peripheries=2]\n", "begin", "}\n"},
};

/* draw writes the diagram in a format. */
static void
draw(StringInfo text, const DiagramFormat *format)
{
	StringInfoData label;

	initStringInfo(&label);
	appendStringInfoString(text, format->head);
	for (PaymentStatus from = 0; from < PAYMENT_STATUSES; from++)
	{
		const char *from_name = from == PAYMENT_ABSENT ? format->absent
			: payment_status_names[from];

		for (PaymentStatus to = PAYMENT_CREATED; to < PAYMENT_STATUSES; to++)
		{
			resetStringInfo(&label);
			if (append_label(&label, from, to))
				appendStringInfo(text, format->edge, from_name, payment_status_names[to],
								 label.data);
		}
		if (payment_status_final(from))
			appendStringInfo(text, format->final, from_name);
	}
	appendStringInfoString(text, format->foot);
}

/* payment_diagram(format) text */
Datum
payment_diagram(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	StringInfoData text;

	for (size_t i = 0; i < lengthof(formats); i++)
	{
		if (strcmp(formats[i].name, name) == 0)
		{
			initStringInfo(&text);
			draw(&text, &formats[i]);
			PG_RETURN_TEXT_P(cstring_to_text_with_len(text.data, text.len));
		}
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown diagram format \"%s\"", name),
			 errhint("The formats are mermaid, dot.")));
}
