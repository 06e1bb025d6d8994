/* SPDX-License-Identifier: ISC */
#include "dissect/hear.h"

#include "dissect/dhcp.h"
#include "dissect/dns.h"

enum {
	UDP_LEN_AND_SUM = 4, /* bytes: length and checksum, RFC 768 */
};

typedef void reader(struct bytes message, const struct sighting *heard,
    sighting_hook *hook, void *arg);

/* An answer comes from the service's port, or goes to it by multicast. */
static const struct service {
	uint16_t port;
	enum sighting_source source;
	reader *read;
} services[] = {
	{ 53, SIGHTING_DNS, dns_read },
	{ 67, SIGHTING_DHCP, dhcp_read },
	{ 68, SIGHTING_DHCP, dhcp_read },
	{ 137, SIGHTING_NETBIOS, dns_read },
	{ 547, SIGHTING_DHCPV6, dhcpv6_read },
	{ 5353, SIGHTING_MDNS, dns_read },
	{ 5355, SIGHTING_LLMNR, dns_read },
};

void
hear_ports(uint8_t *ports)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		ports[services[i].port / 8] |=
		    (uint8_t)(1u << services[i].port % 8);
}

/* heard_of returns what the packet itself says: who sent it, and to whom. */
static struct sighting
heard_of(
    const struct packet *packet, int64_t time_us, enum sighting_source source)
{
	struct sighting s = { .time_us = time_us, .source = source };

	s.has_mac = packet->has_mac[0];
	memcpy(s.mac, packet->mac[0], sizeof(s.mac));
	s.has_ip = true;
	s.ipv6 = packet->ipv6;
	memcpy(s.ip, packet->ip[0], sizeof(s.ip));
	if (source != SIGHTING_DNS)
		return s;
	s.asker_has_mac = packet->has_mac[1];
	memcpy(s.asker_mac, packet->mac[1], sizeof(s.asker_mac));
	s.asker_ipv6 = packet->ipv6;
	memcpy(s.asker_ip, packet->ip[1], sizeof(s.asker_ip));
	return s;
}

static void
hear_udp(const struct packet *packet, int64_t time_us, sighting_hook *hook,
    void *arg)
{
	struct bytes data = packet->payload;
	uint16_t from = bytes_u16(&data), to = bytes_u16(&data);

	bytes_take(&data, UDP_LEN_AND_SUM);
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		const struct service *service = &services[i];
		struct sighting heard;

		if (service->port != from && service->port != to)
			continue;
		heard = heard_of(packet, time_us, service->source);
		service->read(data, &heard, hook, arg);
		return;
	}
}

void
hear_packet(const struct packet *packet, int64_t time_us, sighting_hook *hook,
    void *arg)
{
	struct sighting heard;

	if (packet->protocol == IP_PROTO_UDP)
		hear_udp(packet, time_us, hook, arg);
	if (packet->protocol != IP_PROTO_ICMPV6)
		return;
	heard = heard_of(packet, time_us, SIGHTING_ND);
	nd_read(packet->payload, &heard, hook, arg);
}

void
hear_arp(const struct packet *packet, int64_t time_us, sighting_hook *hook,
    void *arg)
{
	struct sighting heard = heard_of(packet, time_us, SIGHTING_ARP);

	arp_read(packet->payload, &heard, hook, arg);
}
