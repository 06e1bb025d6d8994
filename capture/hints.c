/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/hints.h"

#include <string.h>

#include "capture/log.h"

enum {
	LINE_LEN = 256,
};

/* In the language of UCI: option NAME 'VALUE', with or without quotes. */
bool
hints_offloads(FILE *config)
{
	char line[LINE_LEN], name[32], value[8];

	while (fgets(line, sizeof(line), config) != NULL)
		if (sscanf(line, " option %31s %7s", name, value) == 2 &&
		    strcmp(name, "flow_offloading_hw") == 0 &&
		    value[strspn(value, "'\"")] == '1')
			return true;
	return false;
}

void
hints_start(struct hints *hints, int64_t now_us)
{
	FILE *firewall = fopen("/etc/config/firewall", "re");

	*hints = (struct hints){ .start_us = now_us, .packet_us = now_us };
	interfaces_read(&hints->here);
	if (firewall == NULL)
		return;
	if (hints_offloads(firewall))
		log_warnx(
		    "the firewall has packets forwarded by hardware "
		    "(flow_offloading_hw), where they can not be seen; if "
		    "connections are missing, switch that off: uci set "
		    "firewall.@defaults[0].flow_offloading_hw=0");
	fclose(firewall);
}

void
hints_packets(struct hints *hints, int64_t now_us)
{
	hints->packet_us = now_us;
}

/* is_ours tells whether `ip` is an address of this machine. */
static bool
is_ours(const struct interfaces *here, const uint8_t ip[4])
{
	for (size_t i = 0; i < here->count; i++)
		if (memcmp(here->rows[i].ip, ip, sizeof(here->rows[i].ip)) == 0)
			return true;
	return false;
}

void
hints_connection(struct hints *hints, const uint8_t client[16], bool ipv6)
{
	if (hints->connections == 0) {
		memcpy(hints->client, client, sizeof(hints->client));
		hints->ipv6 = ipv6;
	}
	hints->connections++;
	if (ipv6 != hints->ipv6 ||
	    memcmp(hints->client, client, sizeof(hints->client)) != 0)
		hints->several = true;
	if (hints->several || hints->said_translated || ipv6 ||
	    hints->connections < HINTS_CLIENTS || !hints->here.forwards ||
	    !is_ours(&hints->here, client))
		return;
	hints->said_translated = true;
	log_warnx("all mail comes from an address of this router, so it seems "
		  "to be captured behind address translation, where all "
		  "devices look like one; listen on the side of the home "
		  "(--list)");
}

void
hints_pass(struct hints *hints, int64_t now_us)
{
	if (!hints->said_quiet && hints->packet_us == hints->start_us &&
	    now_us - hints->start_us >= HINTS_QUIET_US) {
		hints->said_quiet = true;
		log_warnx("not a packet was seen in ten minutes: is it the "
			  "right interface? (--list)");
	}
	if (!hints->said_no_mail && hints->connections == 0 &&
	    now_us - hints->start_us >= HINTS_NO_MAIL_US) {
		hints->said_no_mail = true;
		log_warnx("no mail connection was seen in an hour; programs "
			  "that are connected already will show when they "
			  "connect again: start them anew, or wait for a day");
	}
}
