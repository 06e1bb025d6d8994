/* SPDX-License-Identifier: ISC */
#include "anyport.h"

#include "report/certificate.h"
#include "report/mailhost.h"

/* name_of returns what the server of `c` is called: what the client asks for,
 * else what it had looked up; or "". */
static const char *
name_of(const struct anyport *anyport, const struct connection *c)
{
	return c->offer.server_name[0] != '\0'
		   ? c->offer.server_name
		   : directory_server(anyport->known->directory, c);
}

void
anyport_hello(const struct anyport *anyport, struct connection *c)
{
	const char *name;

	if (!anyport->on || c->evidence == EVIDENCE_PORT)
		return;
	name = name_of(anyport, c);
	c->by_name = mailhost_judge(anyport->known->providers, name);
	c->by_past.mail =
	    familiar_server(&anyport->familiar, c, name, &c->by_past.protocol);
	if (c->by_past.protocol == MAIL_UNKNOWN)
		c->by_past.protocol =
		    familiar_domain(&anyport->familiar, c, name);
}

struct search {
	const struct providers *providers;
	struct opinion *opinion;
};

/* One certificate may do for servers of several protocols. */
static void
judge_name(void *arg, const char *name)
{
	struct search *search = arg;

	if (mailhost_judge(search->providers, name).mail)
		search->opinion->mail = true;
}

void
anyport_certificate(
    const struct anyport *anyport, struct connection *c, struct bytes list)
{
	struct search search = { anyport->known->providers, &c->by_name };

	if (c->evidence != EVIDENCE_PORT && !c->by_name.mail)
		certificate_names(list, judge_name, &search);
}

/* recognize looks for what shows that an unproven connection is mail: of one
 * whose server speaks first, as in mail, less will do. */
static enum evidence
recognize(const struct anyport *anyport, const struct connection *c)
{
	const struct familiar *familiar = &anyport->familiar;
	const char *name = name_of(anyport, c);
	enum mail_protocol protocol;

	if (familiar_server(familiar, c, name, &protocol))
		return EVIDENCE_SERVER;
	if (!c->server_first)
		return EVIDENCE_NONE;
	if (familiar_domain(familiar, c, name) != MAIL_UNKNOWN)
		return EVIDENCE_SERVER;
	return familiar_program(familiar, c) ? EVIDENCE_PROGRAM : EVIDENCE_NONE;
}

/* complete finds out the protocol by other connections. */
static void
complete(const struct anyport *anyport, struct connection *c)
{
	const char *name = name_of(anyport, c);

	if (c->protocol != MAIL_UNKNOWN || c->evidence == EVIDENCE_PORT)
		return;
	familiar_server(&anyport->familiar, c, name, &c->protocol);
	if (c->protocol == MAIL_UNKNOWN)
		c->protocol = familiar_domain(&anyport->familiar, c, name);
}

void
anyport_meet(struct anyport *anyport, struct connection *c)
{
	if (!anyport->on)
		return;
	complete(anyport, c);
	familiar_meet(&anyport->familiar, c, name_of(anyport, c));
}

bool
anyport_keeps(struct anyport *anyport, struct connection *c)
{
	if (!anyport->on)
		return true;
	if (c->evidence == EVIDENCE_NONE)
		c->evidence = recognize(anyport, c);
	if (c->evidence == EVIDENCE_NONE)
		return false;
	anyport_meet(anyport, c);
	return true;
}
