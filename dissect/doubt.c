/* SPDX-License-Identifier: ISC */
#include "dissect/doubt.h"

#include "dissect/conversation.h"
#include "dissect/limits.h"
#include "dissect/stranger.h"

static bool
is_same(enum mail_protocol said, enum mail_protocol found)
{
	return said == MAIL_UNKNOWN || found == MAIL_UNKNOWN || said == found ||
	       (said == MAIL_SMTP && found == MAIL_LMTP);
}

void
doubt_end(struct tcp *tcp, const struct flow *flow)
{
	const struct conversation *talk = conversation_of(tcp, flow);
	const struct md_hooks *hooks = &tcp->config->hooks;
	const struct opinion *hint = &talk->c.by_hint;
	bool mail =
	    flow->standing == STANDING_MAIL || flow->standing == STANDING_NAMED;

	if (talk->asking && hooks->no_hint != NULL)
		hooks->no_hint(hooks->arg, talk->number);
	if (hint->mail)
		tcp->stats->hints++;
	if (hint->mail ? !mail || !is_same(hint->protocol, talk->c.protocol)
		       : hint->other && mail)
		tcp->stats->hints_refuted++;
}

/* ask_for_hint shows `run`, the latest that `side` said, to whoever has an
 * opinion. */
static void
ask_for_hint(struct tcp *tcp, const struct flow *flow,
    struct conversation *talk, enum side side, struct bytes run)
{
	const struct md_hooks *hooks = &tcp->config->hooks;
	struct md_piece piece = {
		.connection = talk->number,
		.from = side,
		.time_us = flow->last_us,
		.at = flow->bytes[side] - run.len,
		.bytes = run,
		.last = talk->asked + 1 == LIMIT_STRANGER_PIECES,
	};

	if (hooks->hint == NULL || run.len == 0 ||
	    (talk->asked > 0 && !talk->asking) ||
	    stranger_port_is_taken(flow->port[SERVER]))
		return;
	talk->asked++;
	talk->asking = hooks->hint(hooks->arg, &talk->c, &piece) && !piece.last;
	session_take_hint(&talk->session, talk->c.by_hint.protocol);
}

/* evidence_of returns the best of the opinions that say that it is mail. */
static enum evidence
evidence_of(const struct connection *c)
{
	if (c->by_name.mail)
		return EVIDENCE_NAME;
	return c->by_past.mail ? EVIDENCE_SERVER : EVIDENCE_HINT;
}

/* protocol_by returns the protocol of TLS from the first byte, as far as
 * anybody knows it. */
static enum mail_protocol
protocol_by(const struct connection *c)
{
	const enum mail_protocol known[] = { c->offer.alpn_protocol,
		c->by_name.protocol, c->by_past.protocol, c->by_hint.protocol };
	size_t i = 0;

	while (i + 1 < sizeof(known) / sizeof(known[0]) &&
	       known[i] == MAIL_UNKNOWN)
		i++;
	return known[i];
}

/* take_up takes the flow for mail. */
static void
take_up(struct tcp *tcp, struct flow *flow, struct connection *c,
    enum standing standing, enum evidence evidence)
{
	bool was_stranger = flow->standing == STANDING_STRANGER;

	flow->standing = (uint8_t)standing;
	if (was_stranger) {
		tcp->strangers--;
		tcp->stats->others_mail++;
		conversation_use(tcp, flow);
	}
	c->evidence = evidence;
	if (c->protocol == MAIL_UNKNOWN)
		c->protocol = protocol_by(c);
}

static void
reject(struct tcp *tcp, struct flow *flow)
{
	if (flow->standing == STANDING_NAMED) {
		tcp->stats->others_mail--;
		flow->standing = STANDING_REJECTED;
	}
	conversation_forget(tcp, flow);
}

/* learn_protocol makes what it can of the rhythm of what is said. */
static void
learn_protocol(const struct flow *flow, struct conversation *talk, bool ended)
{
	if (flow->standing == STANDING_NAMED &&
	    talk->c.protocol == MAIL_UNKNOWN)
		talk->c.protocol =
		    rhythm_protocol(&talk->session.tls.turn.rhythm, ended);
}

bool
doubt_consider(
    struct tcp *tcp, struct flow *flow, enum side side, struct bytes run)
{
	struct conversation *talk = conversation_of(tcp, flow);
	uint64_t len = flow->bytes[CLIENT] + flow->bytes[SERVER];
	struct connection *c = &talk->c;
	enum stranger is = stranger_weigh(&talk->session, c, len);

	if (is != STRANGER_OTHER || flow->standing == STANDING_MAIL) {
		ask_for_hint(tcp, flow, talk, side, run);
		is = stranger_weigh(&talk->session, c, len);
	}
	if (flow->standing == STANDING_MAIL)
		return true;
	if (is == STRANGER_OTHER)
		reject(tcp, flow);
	if (is == STRANGER_MAIL)
		take_up(tcp, flow, c, STANDING_MAIL, EVIDENCE_CONTENT);
	if (is == STRANGER_NAMED)
		take_up(tcp, flow, c, STANDING_NAMED, evidence_of(c));
	learn_protocol(flow, talk, false);
	return is != STRANGER_OTHER;
}

bool
doubt_listens(const struct flow *flow, const struct conversation *talk)
{
	const struct turn *turn = &talk->session.tls.turn;

	return flow->standing == STANDING_NAMED && !flow->reset &&
	       talk->c.protocol == MAIL_UNKNOWN && turn->first == TURN_SERVER &&
	       !turn->rhythm.lost &&
	       flow->bytes[CLIENT] + flow->bytes[SERVER] < LIMIT_RHYTHM_BYTES;
}

void
doubt_conclude(const struct flow *flow, struct conversation *talk)
{
	learn_protocol(flow, talk, true);
}

bool
doubt_remains(const struct flow *flow, const struct conversation *talk)
{
	return flow->standing != STANDING_MAIL &&
	       stranger_turn_is_due(&talk->session, &talk->c);
}
