/* SPDX-License-Identifier: ISC */
#include "dissect/dns.h"

enum {
	DNS_RESPONSE = 0x8000, /* QR, RFC 1035 4.1.1 */

	DNS_A = 1,
	DNS_AAAA = 28, /* RFC 3596 */
	DNS_NB = 32,   /* RFC 1002 4.2.1.3 */

	DNS_POINTER = 0xc0, /* RFC 1035 4.1.4 */
	DNS_LABEL_MAX = 63,

	NETBIOS_GROUP = 0x8000, /* RFC 1002 4.2.1.3: not one machine's name */
	NETBIOS_LABEL = 32,     /* RFC 1001 14.1: two letters a byte */
	NETBIOS_NAME = 15,
	NETBIOS_MACHINE = 0x00, /* last byte: what the name is for */
	NETBIOS_SERVER = 0x20,
};

/* What is wanted of a message; the name of a record, or of the question. */
struct reading {
	struct bytes message;
	const struct sighting *heard;
	sighting_hook *hook;
	void *arg;
	bool asked_for_address; /* of `question`, by DNS */
	char question[SIGHTING_NAME_MAX];
	char name[SIGHTING_NAME_MAX];
};

/* append adds a label to `name`, with a dot before it unless it is first. */
static bool
append(char name[SIGHTING_NAME_MAX], size_t *len, struct bytes label)
{
	if (*len > 0 && *len < SIGHTING_NAME_MAX - 1)
		name[(*len)++] = '.';
	if (label.len >= SIGHTING_NAME_MAX - *len)
		return false;
	*len += bytes_copy(label, name + *len, SIGHTING_NAME_MAX - *len);
	return bytes_ok(label);
}

/*
 * read_name reads a name from the front of `from`, following pointers into
 * `message`.  A pointer must lead further back than the one before, so the
 * walk ends.  A name that is broken or too long is "".
 */
static void
read_name(
    struct bytes message, struct bytes *from, char name[SIGHTING_NAME_MAX])
{
	struct bytes apart; /* where a pointer led */
	struct bytes *at = from;
	size_t len = 0, before = message.len;
	bool whole = false;

	memset(name, 0, SIGHTING_NAME_MAX);
	while (at->len > 0) {
		uint8_t first = bytes_u8(at);

		if (first >= DNS_POINTER) {
			size_t offset = (size_t)(first & ~DNS_POINTER) << 8;

			offset |= bytes_u8(at);
			if (offset >= before)
				break;
			before = offset;
			apart = message;
			bytes_take(&apart, offset);
			at = &apart;
			continue;
		}
		whole = first == 0;
		if (whole || first > DNS_LABEL_MAX ||
		    !append(name, &len, bytes_take(at, first)))
			break;
	}
	if (!whole)
		memset(name, 0, SIGHTING_NAME_MAX);
}

static void
report(const struct reading *r, const char *name, struct bytes ip)
{
	struct sighting s = *r->heard;

	if (name[0] == '\0')
		return;
	memset(s.ip, 0, sizeof(s.ip));
	s.has_ip = true;
	s.ipv6 = ip.len == sizeof(s.ip);
	bytes_copy(ip, s.ip, sizeof(s.ip));
	memcpy(s.name, name, sizeof(s.name));
	r->hook(r->arg, &s);
}

/* decode_netbios turns the first label of `name`, in the letters of RFC 1001
 * 14.1, into what it stands for; "" unless that is a machine's name. */
static void
decode_netbios(char name[SIGHTING_NAME_MAX])
{
	struct bytes label = bytes_of(name, NETBIOS_LABEL);
	uint8_t text[NETBIOS_NAME + 1] = { 0 };
	bool valid = true;
	size_t len = 0;

	for (size_t i = 0; i < sizeof(text); i++) {
		uint8_t high = (uint8_t)(bytes_u8(&label) - 'A');
		uint8_t low = (uint8_t)(bytes_u8(&label) - 'A');

		text[i] = (uint8_t)(high << 4 | (low & 15));
		valid = valid && high <= 15 && low <= 15;
	}
	while (len < NETBIOS_NAME && text[len] > ' ')
		len++;
	memset(name, 0, SIGHTING_NAME_MAX);
	if (valid && (text[NETBIOS_NAME] == NETBIOS_MACHINE ||
			 text[NETBIOS_NAME] == NETBIOS_SERVER))
		memcpy(name, text, len);
}

static void
read_record(struct reading *r, struct bytes *from)
{
	uint16_t type;
	struct bytes data;
	/* Who asked for an alias wants to know it by the name asked for. */
	const char *name = r->asked_for_address ? r->question : r->name;

	read_name(r->message, from, r->name);
	type = bytes_u16(from);
	bytes_take(from, 6); /* class, time to live */
	data = bytes_vec16(from);
	if (type == DNS_A && data.len == 4)
		report(r, name, data);
	if (type == DNS_AAAA && data.len == 16)
		report(r, name, data);
	if (type != DNS_NB || r->heard->source != SIGHTING_NETBIOS)
		return;
	decode_netbios(r->name);
	while (data.len > 0) {
		uint16_t flags = bytes_u16(&data);
		struct bytes ip = bytes_take(&data, 4);

		if (bytes_ok(ip) && !(flags & NETBIOS_GROUP))
			report(r, r->name, ip);
	}
}

void
dns_read(struct bytes message, const struct sighting *heard,
    sighting_hook *hook, void *arg)
{
	struct reading r = { message, heard, hook, arg, false, { 0 }, { 0 } };
	struct bytes b = message;
	uint16_t flags, questions, records;

	bytes_u16(&b); /* ID */
	flags = bytes_u16(&b);
	questions = bytes_u16(&b);
	records = bytes_u16(&b);
	records = (uint16_t)(records + bytes_u16(&b)); /* authority */
	records = (uint16_t)(records + bytes_u16(&b)); /* additional */
	/* A NetBIOS machine that registers its name asks, with the record. */
	if (!(flags & DNS_RESPONSE) && heard->source != SIGHTING_NETBIOS)
		return;
	for (; questions > 0 && b.len > 0; questions--) {
		uint16_t type;

		read_name(message, &b, r.question);
		type = bytes_u16(&b);
		bytes_u16(&b); /* class */
		r.asked_for_address = heard->source == SIGHTING_DNS &&
				      (type == DNS_A || type == DNS_AAAA);
	}
	for (; records > 0 && b.len > 0; records--)
		read_record(&r, &b);
}
