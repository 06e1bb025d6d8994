/* SPDX-License-Identifier: ISC */
#include "dissect/stranger.h"

#include "dissect/limits.h"
#include "dissect/sniff.h"

/* Ports of something else, by IANA or by wide custom: those on which there is
 * TLS from the first byte, and those by which most of a network's data goes. */
static const uint16_t taken[] = {
	22,                                    /* SSH */
	139, 445, 548, 873, 2049, 3260,        /* files and disks */
	80, 443, 8000, 8008, 8080, 8081, 8443, /* HTTP */
	563,                                   /* NNTP */
	636, 3269,                             /* LDAP */
	853,                                   /* DNS */
	989, 990,                              /* FTP */
	992,                                   /* Telnet */
	994, 6679, 6697,                       /* IRC */
	5061,                                  /* SIP */
	5223, 5228, 5269,                      /* XMPP, push to phones */
	5671, 8883,                            /* AMQP, MQTT */
	6514,                                  /* syslog */
};

bool
stranger_port_is_taken(uint16_t port)
{
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (taken[i] == port)
			return true;
	return false;
}

void
stranger_taken_ports(uint8_t ports[MD_PORT_MAP_LEN])
{
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		ports[taken[i] / 8] |= (uint8_t)(1u << taken[i] % 8);
}

/* Two opinions that name the protocol are worth more than a port; one that
 * says no more than whose server it is, is not: there is webmail. */
static bool
is_believed(const struct opinion *opinion, bool port_is_taken)
{
	return opinion->mail &&
	       (!port_is_taken || opinion->protocol != MAIL_UNKNOWN);
}

enum stranger
stranger_offer(const struct connection *c)
{
	bool port_is_taken = stranger_port_is_taken(c->end[SERVER].port);

	if (c->offer.alpn_protocol != MAIL_UNKNOWN)
		return STRANGER_MAIL;
	if (c->offer.alpn)
		return STRANGER_OTHER;
	if (is_believed(&c->by_name, port_is_taken) ||
	    is_believed(&c->by_past, port_is_taken) ||
	    is_believed(&c->by_hint, port_is_taken))
		return STRANGER_NAMED;
	return port_is_taken ? STRANGER_OTHER : STRANGER_UNKNOWN;
}

static enum stranger
weigh_tls(const struct session *s, const struct connection *c)
{
	if (c->encryption == ENCRYPTION_STARTTLS)
		return c->protocol != MAIL_UNKNOWN ? STRANGER_MAIL
						   : STRANGER_OTHER;
	if ((c->incomplete & INCOMPLETE_NOT_TLS) != 0 ||
	    s->tls.turn.first == TURN_CLIENT)
		return STRANGER_OTHER;
	return stranger_offer(c);
}

enum stranger
stranger_weigh(
    const struct session *s, const struct connection *c, uint64_t len)
{
	if (dialogue_is_mail(&s->dialogue))
		return STRANGER_MAIL;
	if (c->tls)
		return weigh_tls(s, c);
	if (dialogue_is_foreign(&s->dialogue) || len > LIMIT_STRANGER_BYTES)
		return STRANGER_OTHER;
	return STRANGER_UNKNOWN;
}

bool
stranger_turn_is_due(const struct session *s, const struct connection *c)
{
	return c->answer.established && c->answer.version != SSL_2_0 &&
	       s->tls.turn.first == TURN_NONE;
}

static bool
begins_with(struct bytes payload, const char *word)
{
	struct bytes head = bytes_take(&payload, strlen(word));

	return bytes_equal(head, bytes_of(word, strlen(word)));
}

/* Most packets of a capture come here, and leave after their first byte. */
bool
stranger_begins(struct bytes payload)
{
	struct bytes rest = payload;

	switch (bytes_u8(&rest)) {
	case RECORD_HANDSHAKE:
		rest = bytes_take(&payload, SNIFF_LEN);
		return sniff_head(CLIENT, rest) == SNIFF_TLS;
	case '2':
		return begins_with(rest, "20 ") || begins_with(rest, "20-");
	case '*':
		return begins_with(rest, " OK ");
	case '+':
		return begins_with(rest, "OK ");
	case 'E':
	case 'L':
		return begins_with(rest, "HLO ");
	case 'H':
		return begins_with(rest, "ELO ");
	default:
		return false;
	}
}
