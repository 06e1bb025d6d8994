/* SPDX-License-Identifier: ISC */
/*
 * What is no mail, or never becomes any.
 */
#include "tests/bench/gen_bulk.h"

#include <stdio.h>

#include "tests/bench/gen_mail.h"
#include "tests/bench/gen_tls.h"

enum {
	DEVICES = 120,
	PORTS = 45000,
	PACKETS_MAX = 60000,
	DATAGRAM_LEN = 1372,
	SEGMENT_LEN = 1348,
	UDP_LEN = 8,
	HTTPS = 443,
};

static struct gen_buffer scratch;

static struct gen_buffer *
empty(void)
{
	scratch.len = 0;
	return &scratch;
}

static void
send_scratch(struct gen_session *s, enum gen_side from)
{
	gen_data(s, from, scratch.data, scratch.len);
}

static void
open_https(struct gen_session *s, uint32_t id)
{
	char name[64];
	unsigned version;

	snprintf(
	    name, sizeof(name), "www%u.cdn%u.example.com", id % 977, id % 31);
	gen_client_hello(
	    empty(), &gen_programs[gen_below(6)], name, RECORD_MAX);
	send_scratch(s, CLIENT);
	version = gen_below(4) > 0 ? TLS_13 : TLS_12;
	gen_server_flight(empty(), version, &gen_programs[1], RECORD_MAX);
	send_scratch(s, SERVER);
	gen_client_finish(empty(), version, &gen_programs[1]);
	send_scratch(s, CLIENT);
}

static void
open_http(struct gen_session *s)
{
	gen_text(empty(), "GET /big HTTP/1.1\r\nHost: dl.example.com\r\n"
			  "User-Agent: curl/8\r\n\r\n");
	send_scratch(s, CLIENT);
	gen_text(empty(),
	    "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
	    "Content-Length: 99999999\r\n\r\n");
	send_scratch(s, SERVER);
}

/* Many short flows and few very long ones. */
static uint64_t
draw_packets(void)
{
	double share = (gen_below(1000000) + 1) / 1e6;
	double packets = 40 / (share * share * 0.2 + 0.0004);

	return (packets > PACKETS_MAX ? PACKETS_MAX : (uint64_t)packets) + 6;
}

static uint16_t
draw_port(bool udp)
{
	static const uint16_t ports[] = { HTTPS, HTTPS, HTTPS, HTTPS, HTTPS, 80,
		8080, 5223 };

	if (!udp)
		return ports[gen_below(8)];
	return gen_below(3) > 0 ? HTTPS : (uint16_t)(3478 + gen_below(20000));
}

void
gen_bulk(struct gen_session *s, uint32_t id)
{
	gen_session_init(s);
	s->bulk = true;
	s->udp = gen_below(100) < 35;
	gen_set32(s->ip[CLIENT], 0xC0A8000Au + id % DEVICES);
	gen_set32(
	    s->ip[SERVER], 0x17000000u + (uint32_t)(gen_chance() & 0xffffff));
	s->port[CLIENT] = (uint16_t)(20000 + id / DEVICES % PORTS);
	s->port[SERVER] = draw_port(s->udp);
	s->left = draw_packets();
	if (s->udp)
		return;
	gen_handshake(s);
	if (s->port[SERVER] == HTTPS)
		open_https(s, id);
	else
		open_http(s);
}

static uint32_t
datagram(struct gen_session *s, const uint8_t *noise, uint8_t *out)
{
	struct gen_buffer *b = empty();

	gen_u16(b, s->port[SERVER]);
	gen_u16(b, s->port[CLIENT]);
	gen_u16(b, UDP_LEN + DATAGRAM_LEN);
	gen_u16(b, 0);
	gen_put(b, noise, DATAGRAM_LEN);
	/* QUIC's short header, RFC 9000 section 17.3 */
	b->data[UDP_LEN] = (uint8_t)(0x40 | (b->data[UDP_LEN] & 0x3f));
	return gen_ip(s, SERVER, GEN_UDP, b->data, (uint32_t)b->len, out);
}

uint32_t
gen_bulk_packet(struct gen_session *s, uint8_t *out)
{
	const uint8_t *noise = gen_noise_at(4096);
	struct gen_segment g = { .flags = ACK };
	uint32_t len;

	s->left--;
	if (!s->udp && ++s->since_ack == 3) {
		s->since_ack = 0;
		g.from = CLIENT;
		g.seq = s->seq[CLIENT];
		len = gen_tcp(s, &g, out);
		s->time_us += 20;
		return len;
	}
	if (s->udp) {
		len = datagram(s, noise, out);
	} else {
		g.from = SERVER;
		g.seq = s->seq[SERVER];
		g.data = noise;
		g.len = SEGMENT_LEN;
		len = gen_tcp(s, &g, out);
		s->seq[SERVER] += SEGMENT_LEN;
	}
	s->time_us += 40 + gen_below(4000);
	return len;
}

static void
greet(struct gen_session *s)
{
	static const char greeting[] = "220 mail.example.net ESMTP\r\n";

	gen_send(s, SERVER, ACK | PSH, (const uint8_t *)greeting,
	    sizeof(greeting) - 1);
	gen_send(s, CLIENT, ACK, NULL, 0);
}

void
gen_open_flow(struct gen_session *s, uint32_t id)
{
	static const uint16_t ports[] = { 25, 587, 143, 110, 993, 995, 465 };
	uint32_t kind;

	gen_session_init(s);
	gen_set32(s->ip[CLIENT], 0x64400000u + id); /* 100.64.0.0/10 */
	gen_set32(s->ip[SERVER], gen_mail_server_ip(gen_below(GEN_SERVERS)));
	s->port[CLIENT] = (uint16_t)(1024 + gen_below(60000));
	s->port[SERVER] = ports[gen_below(7)];
	kind = gen_below(12);
	if (kind < 6) {
		gen_send(s, CLIENT, SYN, NULL, 0);
		return;
	}
	gen_handshake(s);
	if (kind == 11) {
		greet(s);
	} else if (kind >= 9) {
		gen_client_hello(empty(),
		    &gen_programs[gen_below(GEN_PROGRAMS)], "mail.example.net",
		    RECORD_MAX);
		gen_send(s, CLIENT, ACK | PSH, scratch.data, 100);
	}
}
