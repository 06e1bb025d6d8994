/* SPDX-License-Identifier: ISC */
#include "dissect/dhcp.h"

enum {
	HARDWARE_ETHERNET = 1, /* IANA arp-parameters */
	MAC_LEN = 6,
	IPV4_LEN = 4,
	IPV6_LEN = 16,

	DHCP_FROM_CLIENT = 1, /* op, RFC 2131 2 */
	DHCP_MAGIC = 0x63825363,
	DHCP_REQUEST = 3, /* message types, RFC 2132 9.6 */
	DHCP_ACK = 5,
	DHCP_PAD = 0,
	DHCP_END = 255,

	FQDN_WIRE_FORMAT = 4, /* flag E, RFC 4702 2.1 */

	DUID_LLT = 1, /* RFC 8415 11.2, 11.4 */
	DUID_LL = 3,

	ND_NEIGHBOR_ADVERTISEMENT = 136, /* RFC 4861 4 */
	ND_ROUTER_SOLICITATION = 133,
	ND_SOURCE_LINK_ADDRESS = 1, /* RFC 4861 4.6.1 */
	ND_TARGET_LINK_ADDRESS = 2,

	ETHERTYPE_IPV4 = 0x0800,
};

static void
set_mac(struct sighting *s, struct bytes mac)
{
	s->has_mac = mac.len == MAC_LEN;
	if (s->has_mac)
		bytes_copy(mac, s->mac, MAC_LEN);
}

/* set_ip sets the address, unless it is the one that stands for none. */
static void
set_ip(struct sighting *s, struct bytes ip)
{
	static const uint8_t none[IPV6_LEN];

	if (!bytes_ok(ip) || bytes_equal(ip, bytes_of(none, ip.len)))
		return;
	memset(s->ip, 0, sizeof(s->ip));
	s->has_ip = true;
	s->ipv6 = ip.len == IPV6_LEN;
	bytes_copy(ip, s->ip, sizeof(s->ip));
}

static void
set_name(struct sighting *s, struct bytes name)
{
	memset(s->name, 0, sizeof(s->name));
	bytes_copy(name, s->name, sizeof(s->name) - 1);
}

/* set_wire_name reads a name in DNS format without compression (RFC 1035
 * 3.1); it may lack its end when it is not fully qualified. */
static void
set_wire_name(struct sighting *s, struct bytes name)
{
	size_t len = 0;

	memset(s->name, 0, sizeof(s->name));
	while (name.len > 0) {
		struct bytes label = bytes_vec8(&name);

		if (label.len == 0 || label.len + 1 >= sizeof(s->name) - len)
			break;
		if (len > 0)
			s->name[len++] = '.';
		len +=
		    bytes_copy(label, s->name + len, sizeof(s->name) - 1 - len);
	}
}

static void
read_host_name(struct sighting *s, struct bytes body)
{
	if (s->name[0] == '\0')
		set_name(s, body);
}

static void
read_vendor_class(struct sighting *s, struct bytes body)
{
	bytes_copy(body, s->vendor_class, sizeof(s->vendor_class) - 1);
}

static void
read_parameters(struct sighting *s, struct bytes body)
{
	s->parameter_count =
	    (uint8_t)bytes_copy(body, s->parameters, sizeof(s->parameters));
}

static void
read_fqdn(struct sighting *s, struct bytes body)
{
	uint8_t flags = bytes_u8(&body);

	bytes_take(&body, 2); /* RCODE1, RCODE2 */
	if (body.len == 0)
		return;
	if (flags & FQDN_WIRE_FORMAT)
		set_wire_name(s, body);
	else
		set_name(s, body);
}

static const struct {
	uint8_t code; /* RFC 2132 */
	void (*read)(struct sighting *s, struct bytes body);
} client_options[] = {
	{ 12, read_host_name },
	{ 55, read_parameters },
	{ 60, read_vendor_class },
	{ 81, read_fqdn },
};

static void
read_client_option(struct sighting *s, uint8_t code, struct bytes body)
{
	size_t rows = sizeof(client_options) / sizeof(client_options[0]);

	for (size_t i = 0; i < rows; i++)
		if (client_options[i].code == code)
			client_options[i].read(s, body);
}

/* What the options say besides names. */
struct dhcp {
	bool from_client;
	uint8_t type;           /* option 53 */
	struct bytes requested; /* option 50 */
};

static void
read_options(struct sighting *s, struct dhcp *dhcp, struct bytes options)
{
	while (options.len > 0) {
		uint8_t code = bytes_u8(&options);
		struct bytes body;

		if (code == DHCP_PAD)
			continue;
		if (code == DHCP_END)
			return;
		body = bytes_vec8(&options);
		if (!bytes_ok(body))
			return;
		if (code == 53)
			dhcp->type = bytes_u8(&body);
		else if (code == 50 && body.len == IPV4_LEN)
			dhcp->requested = body;
		else if (dhcp->from_client)
			read_client_option(s, code, body);
	}
}

void
dhcp_read(struct bytes message, const struct sighting *heard,
    sighting_hook *hook, void *arg)
{
	struct sighting s = *heard;
	struct dhcp dhcp = { .from_client =
				 bytes_u8(&message) == DHCP_FROM_CLIENT };
	uint8_t hardware = bytes_u8(&message);
	uint8_t mac_len = bytes_u8(&message);
	struct bytes client_ip, your_ip, mac;

	bytes_take(&message, 9); /* hops, xid, secs, flags */
	client_ip = bytes_take(&message, IPV4_LEN);
	your_ip = bytes_take(&message, IPV4_LEN);
	bytes_take(&message, 8); /* siaddr, giaddr */
	mac = bytes_take(&message, MAC_LEN);
	bytes_take(&message, 10 + 64 + 128); /* chaddr's rest, sname, file */
	if (bytes_u32(&message) != DHCP_MAGIC ||
	    hardware != HARDWARE_ETHERNET || mac_len != MAC_LEN)
		return;
	set_mac(&s, mac);
	s.has_ip = false; /* not that of the sender, who may be the server */
	read_options(&s, &dhcp, message);
	set_ip(&s, client_ip);
	if (dhcp.type == DHCP_REQUEST && dhcp.requested.len > 0)
		set_ip(&s, dhcp.requested);
	if (!dhcp.from_client && dhcp.type == DHCP_ACK)
		set_ip(&s, your_ip);
	if (dhcp.from_client || dhcp.type == DHCP_ACK)
		hook(arg, &s);
}

static void
read_duid(struct sighting *s, struct bytes body)
{
	uint16_t type = bytes_u16(&body);
	uint16_t hardware = bytes_u16(&body);

	if (type == DUID_LLT)
		bytes_take(&body, 4); /* time */
	if ((type == DUID_LLT || type == DUID_LL) &&
	    hardware == HARDWARE_ETHERNET && body.len == MAC_LEN)
		set_mac(s, body);
}

static void
read_fqdn6(struct sighting *s, struct bytes body)
{
	bytes_u8(&body); /* flags */
	set_wire_name(s, body);
}

/* read_ia takes the first address that a client says it has or wants. */
static void
read_ia(struct sighting *s, struct bytes body)
{
	enum {
		OPTION_IAADDR = 5
	};

	bytes_take(&body, 12); /* IAID, T1, T2 */
	while (body.len > 0) {
		uint16_t code = bytes_u16(&body);
		struct bytes option = bytes_vec16(&body);

		if (code == OPTION_IAADDR && !s->has_ip)
			set_ip(s, bytes_take(&option, IPV6_LEN));
	}
}

static const struct {
	uint16_t code; /* RFC 8415 21 */
	void (*read)(struct sighting *s, struct bytes body);
} options6[] = {
	{ 1, read_duid },
	{ 3, read_ia },
	{ 39, read_fqdn6 },
};

void
dhcpv6_read(struct bytes message, const struct sighting *heard,
    sighting_hook *hook, void *arg)
{
	/* Solicit, Request, Confirm, Renew, Rebind, Release, Decline,
	 * Information-request: what clients send, RFC 8415 7.3 */
	static const uint8_t from_client[] = { 1, 3, 4, 5, 6, 8, 9, 11 };
	struct sighting s = *heard;
	uint8_t type = bytes_u8(&message);

	if (memchr(from_client, type, sizeof(from_client)) == NULL)
		return;
	s.has_ip = false;
	bytes_take(&message, 3); /* transaction-id */
	while (message.len > 0) {
		uint16_t code = bytes_u16(&message);
		struct bytes body = bytes_vec16(&message);

		for (size_t i = 0; i < sizeof(options6) / sizeof(*options6);
		     i++)
			if (options6[i].code == code && bytes_ok(body))
				options6[i].read(&s, body);
	}
	if (s.has_mac)
		hook(arg, &s);
}

void
arp_read(struct bytes packet, const struct sighting *heard, sighting_hook *hook,
    void *arg)
{
	struct sighting s = *heard;
	uint16_t hardware = bytes_u16(&packet);
	uint16_t protocol = bytes_u16(&packet);
	uint8_t mac_len = bytes_u8(&packet);
	uint8_t ip_len = bytes_u8(&packet);
	struct bytes mac, ip;

	bytes_u16(&packet); /* operation: both name their sender */
	mac = bytes_take(&packet, MAC_LEN);
	ip = bytes_take(&packet, IPV4_LEN);
	if (hardware != HARDWARE_ETHERNET || protocol != ETHERTYPE_IPV4 ||
	    mac_len != MAC_LEN || ip_len != IPV4_LEN || !bytes_ok(ip))
		return;
	s.has_ip = false;
	set_mac(&s, mac);
	set_ip(&s, ip);
	if (s.has_ip)
		hook(arg, &s);
}

void
nd_read(struct bytes packet, const struct sighting *heard, sighting_hook *hook,
    void *arg)
{
	/* Router and neighbour messages, with the length of what comes before
	 * their options (RFC 4861 4.1 to 4.4). */
	static const uint8_t fixed_len[] = { 4, 12, 20, 20 };
	uint8_t type = bytes_u8(&packet);
	struct sighting s = *heard;
	struct bytes fixed;

	if (type < ND_ROUTER_SOLICITATION || type > ND_NEIGHBOR_ADVERTISEMENT)
		return;
	bytes_take(&packet, 3); /* code, checksum */
	fixed = bytes_take(&packet, fixed_len[type - ND_ROUTER_SOLICITATION]);
	if (type == ND_NEIGHBOR_ADVERTISEMENT) {
		bytes_take(&fixed, 4); /* flags */
		set_ip(&s, fixed);
	}
	while (packet.len > 0) {
		uint8_t option = bytes_u8(&packet);
		size_t len = (size_t)bytes_u8(&packet) * 8;
		struct bytes body =
		    bytes_take(&packet, len < 2 ? SIZE_MAX : len - 2);

		if (option != (type == ND_NEIGHBOR_ADVERTISEMENT
				      ? ND_TARGET_LINK_ADDRESS
				      : ND_SOURCE_LINK_ADDRESS) ||
		    body.len != MAC_LEN || !s.has_ip)
			continue;
		set_mac(&s, body);
		hook(arg, &s);
	}
}
