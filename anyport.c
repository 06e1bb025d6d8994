/* SPDX-License-Identifier: ISC */
#include "anyport.h"

#include "report/certificate.h"
#include "report/mailhost.h"

void
anyport_hello(const struct anyport *anyport, struct connection *c)
{
	if (c->evidence != EVIDENCE_PORT)
		c->by_name = mailhost_judge(
		    anyport->known->providers, c->offer.server_name);
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

/* looked_for_mail tells whether the client asked for no name, but had looked up
 * one for this address that is a mail server's. */
static bool
looked_for_mail(const struct anyport *anyport, const struct connection *c)
{
	const struct device_sources *known = anyport->known;

	return c->offer.server_name[0] == '\0' &&
	       mailhost_judge(
		   known->providers, directory_server(known->directory, c))
		   .mail;
}

/* recognize looks for what shows that an unproven connection is mail. */
static enum evidence
recognize(const struct anyport *anyport, struct connection *c)
{
	if (familiar_server(&anyport->familiar, c, &c->protocol))
		return EVIDENCE_SERVER;
	if (looked_for_mail(anyport, c))
		return EVIDENCE_NAME;
	if (c->server_first && familiar_program(&anyport->familiar, c))
		return EVIDENCE_PROGRAM;
	return EVIDENCE_NONE;
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
	if (c->protocol == MAIL_UNKNOWN && c->evidence != EVIDENCE_PORT)
		familiar_server(&anyport->familiar, c, &c->protocol);
	familiar_meet(&anyport->familiar, c);
	return true;
}
