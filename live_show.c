/* SPDX-License-Identifier: ISC */
/* Connections, as they come: whose they are, and a line for each. */
#include "config.h"

#include <string.h>

#include "listener.h"

enum {
	OPENING_LATE_US = 500000,
};

struct listener *
listener_of(struct run *run)
{
	return (struct listener *)run;
}

void
live_shift(const struct listener *l, struct connection *c)
{
	c->first_us = clock_system(&l->clock, c->first_us);
	c->last_us = clock_system(&l->clock, c->last_us);
}

/* --- programs -------------------------------------------------------------- */

/* owned_of returns what the owner of `c` is asked for by. */
static struct owner_connection
owned_of(const struct connection *c)
{
	struct owner_connection owned = {
		.ends = { .ipv6 = c->ipv6,
		    .own_port = c->end[CLIENT].port,
		    .other_port = c->end[SERVER].port },
		.first_us = c->first_us,
	};

	memcpy(owned.ends.own_ip, c->end[CLIENT].ip, 16);
	memcpy(owned.ends.other_ip, c->end[SERVER].ip, 16);
	return owned;
}

void
show_opening(void *arg, const struct source_frame *frame)
{
	struct listener *l = arg;
	struct owner_connection owned;
	struct md_opening opening;

	/* Those that had to wait are not worth a question any more. */
	if (clock_steady(&l->clock, frame->time_us) <
		l->clock.steady_us - OPENING_LATE_US ||
	    !md_opening(
		frame->link, bytes_of(frame->data, frame->len), &opening))
		return;
	owned = (struct owner_connection){
		.ends = { .ipv6 = opening.ipv6,
		    .own_port = opening.port[CLIENT],
		    .other_port = opening.port[SERVER] },
		.first_us = clock_steady(&l->clock, frame->time_us),
	};
	memcpy(owned.ends.own_ip, opening.ip[CLIENT], 16);
	memcpy(owned.ends.other_ip, opening.ip[SERVER], 16);
	owner_ask(&l->owner, &owned);
}

void
show_begun(struct run *run, const struct connection *c)
{
	struct listener *l = listener_of(run);
	struct owner_connection owned = owned_of(c);

	owner_ask(&l->owner, &owned);
}

void
show_process(
    struct listener *l, const struct connection *c, struct process *out)
{
	struct owner_connection owned = owned_of(c);
	const struct owner_answer *answer = owner_find(&l->owner, &owned);

	*out = (struct process){ .known = answer != NULL };
	if (answer == NULL)
		return;
	out->pid = answer->process.pid;
	out->uid = answer->uid;
	snprintf(out->name, sizeof(out->name), "%s", answer->process.name);
	snprintf(out->executable, sizeof(out->executable), "%s",
	    answer->process.executable);
}

/* --- connections ----------------------------------------------------------- */

/* show prints a connection, once. */
static void
show(struct listener *l, const struct connection *c, const struct identity *who)
{
	struct connection shown = *c;
	struct identity named = *who;
	int error;

	if (l->run.options->quiet)
		return;
	show_process(l, c, &named.process);
	live_shift(l, &shown);
	if (l->run.options->format == FORMAT_NDJSON) {
		run_write(&l->run, &shown, &named);
		return;
	}
	error = ticker_print(
	    &l->ticker, &shown, &named, verdict_saw_old(&l->run.judge, c));
	if (error != 0)
		run_output_failed(&l->run, -error);
}

void
show_judged(struct run *run, struct connection *c, const struct identity *who)
{
	show(listener_of(run), c, who);
}

void
show_over(struct run *run, struct connection *c, const struct identity *who)
{
	struct listener *l = listener_of(run);

	if (!c->judged)
		show(l, c, who);
	keep_connection(l, c, who);
	hints_connection(&l->hints, c->end[CLIENT].ip, c->ipv6);
}
