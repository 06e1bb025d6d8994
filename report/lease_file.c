/* SPDX-License-Identifier: ISC */
/*
 * Lease files, line by line.  Whose file it is shows in its first line that
 * any of the formats knows.  Times are not looked at: a name does not become
 * wrong when its lease ends, and some routers have no clock to write.
 */
#include "report/lease_file.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

enum {
	FIELDS_MAX = 24,
	IP_TEXT_MAX = 64,
	MAC_LEN = 6,
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))
#define BLANKS       " \t\r\n"

/* How a format takes a line; false if it is none of its lines. */
typedef bool line_reader(struct lease_reader *reader, char *line);

struct lease_format {
	line_reader *knows; /* is it a first line?  May take it in */
	line_reader *read;
};

/*
 * Parts of lines.
 */

static int
digit_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = memchr(digits, c | 0x20, sizeof(digits) - 1);

	return c != '\0' && at != NULL ? (int)(at - digits) : -1;
}

bool
lease_set_mac(struct lease *lease, const char *text)
{
	char between = text[0] != '\0' && text[1] != '\0' ? text[2] : '\0';
	uint8_t mac[MAC_LEN];

	if (between != ':' && between != '-')
		between = '\0';
	for (size_t i = 0; i < MAC_LEN; i++) {
		int high = digit_of(text[0]);
		int low = high >= 0 ? digit_of(text[1]) : -1;

		if (low < 0)
			return false;
		mac[i] = (uint8_t)(high << 4 | low);
		text += 2;
		if (i < MAC_LEN - 1 && between != '\0' && *text++ != between)
			return false;
	}
	if (*text != '\0')
		return false;
	lease->has_mac = true;
	memcpy(lease->mac, mac, MAC_LEN);
	return true;
}

bool
lease_set_ip(struct lease *lease, const char *text)
{
	size_t len = strcspn(text, "/");
	char address[IP_TEXT_MAX] = "";
	uint8_t ip[16] = { 0 };
	bool ipv6;

	if (len >= sizeof(address))
		return false;
	memcpy(address, text, len);
	ipv6 = strchr(address, ':') != NULL;
	if (inet_pton(ipv6 ? AF_INET6 : AF_INET, address, ip) != 1)
		return false;
	lease->has_ip = true;
	lease->ipv6 = ipv6;
	memcpy(lease->ip, ip, sizeof(ip));
	return true;
}

/* Cuts `line` into the fields between blanks. */
static size_t
cut_fields(char *line, char *fields[FIELDS_MAX])
{
	size_t count = 0;

	line += strspn(line, BLANKS);
	while (*line != '\0' && count < FIELDS_MAX) {
		fields[count++] = line;
		line += strcspn(line, BLANKS);
		if (*line != '\0')
			*line++ = '\0';
		line += strspn(line, BLANKS);
	}
	return count;
}

static bool
is_number(const char *text)
{
	return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* Hands over `lease` with the host in `name`, if that is one. */
static void
add(struct lease_reader *reader, struct lease *lease, const char *name)
{
	if (hostname_read(name, lease->name))
		reader->add(reader->arg, lease);
}

/*
 * dnsmasq, src/lease.c: `EXPIRY MAC IP HOST CLIENT-ID`, `duid HEX`, and then
 * `EXPIRY [T]IAID IP HOST DUID`.  A MAC that is not Ethernet's has its type
 * before it, as in `06-00:...`; no host is `*`.
 */

static bool
dnsmasq_read(struct lease_reader *reader, char *line)
{
	static const char *const others[] = { "duid", "vendorclass",
		"agent-info" };
	struct lease lease = { .has_mac = false };
	char *fields[FIELDS_MAX];
	size_t count = cut_fields(line, fields);

	for (size_t i = 0; count > 0 && i < COUNT(others); i++) {
		if (strcmp(fields[0], others[i]) == 0)
			return true;
	}
	if (count < 4 || !is_number(fields[0]) ||
	    !lease_set_ip(&lease, fields[2]))
		return false;
	if (!lease.ipv6)
		lease_set_mac(&lease, fields[1]);
	add(reader, &lease, fields[3]);
	return true;
}

/*
 * odhcpd, src/statefiles.c: `# IFACE DUID IAID HOST EXPIRY ID LENGTH ADDRESS/
 * LENGTH ...`, or `# IFACE MAC ipv4 HOST EXPIRY ID 32 ADDRESS/32`; and lines as
 * in a hosts file.  A host that is not fit for DNS has `broken\x20` before it.
 */

static bool
odhcpd_read_lease(struct lease_reader *reader, char *fields[], size_t count)
{
	enum {
		DUID = 2,
		IAID,
		HOST,
		EXPIRY,
		ID,
		LENGTH,
		ADDRESS,
	};
	static const char broken[] = "broken\\x20";
	struct lease lease = { .has_mac = false };
	const char *host = fields[HOST];

	if (count < ADDRESS || !is_number(fields[LENGTH]) ||
	    fields[DUID][strspn(fields[DUID], "0123456789abcdefABCDEF")] !=
		'\0')
		return false;
	if (strcmp(fields[IAID], "ipv4") == 0 &&
	    !lease_set_mac(&lease, fields[DUID]))
		return false;
	if (strncmp(host, broken, sizeof(broken) - 1) == 0)
		host += sizeof(broken) - 1;
	for (size_t i = ADDRESS; i < count; i++) {
		if (lease_set_ip(&lease, fields[i]))
			add(reader, &lease, host);
	}
	if (count == ADDRESS && lease.has_mac)
		add(reader, &lease, host);
	return true;
}

static bool
odhcpd_knows(struct lease_reader *reader, char *line)
{
	char *fields[FIELDS_MAX] = { NULL };
	size_t count = cut_fields(line, fields);

	return count > 0 && strcmp(fields[0], "#") == 0 &&
	       odhcpd_read_lease(reader, fields, count);
}

static bool
odhcpd_read(struct lease_reader *reader, char *line)
{
	struct lease lease = { .has_mac = false };
	char *fields[FIELDS_MAX] = { NULL };
	size_t count = cut_fields(line, fields);

	if (count > 0 && strcmp(fields[0], "#") == 0)
		return odhcpd_read_lease(reader, fields, count);
	if (count < 2 || !lease_set_ip(&lease, fields[0]))
		return false;
	add(reader, &lease, fields[count - 1]);
	return true;
}

/*
 * ISC's dhcpd, dhcpd.leases(5): `lease ADDRESS {`, statements, `}`, of which
 * each is on a line of its own as the server writes it.
 */

static void
isc_end(struct lease_reader *reader)
{
	/* Its address may be somebody else's by now. */
	if (reader->released)
		reader->block.has_ip = false;
	if (reader->block.has_mac || reader->block.has_ip)
		add(reader, &reader->block, reader->host);
	reader->in_block = false;
}

static bool
isc_begin(struct lease_reader *reader, char *fields[], size_t count)
{
	memset(&reader->block, 0, sizeof(reader->block));
	reader->host[0] = '\0';
	reader->released = false;
	reader->in_block = count == 3 && strcmp(fields[2], "{") == 0 &&
			   lease_set_ip(&reader->block, fields[1]);
	return reader->in_block;
}

/* Takes off quotes, or the semicolon that ends a word. */
static char *
unquote(char *text)
{
	const char *end = *text == '"' ? "\"" : ";";

	text += *text == '"';
	text[strcspn(text, end)] = '\0';
	return text;
}

static bool
isc_statement(struct lease_reader *reader, char *fields[], size_t count)
{
	struct lease *block = &reader->block;

	if (count == 3 && strcmp(fields[0], "hardware") == 0)
		return lease_set_mac(block, unquote(fields[2])) ||
		       strcmp(fields[1], "ethernet") != 0;
	if (count == 3 && strcmp(fields[0], "binding") == 0)
		reader->released = strcmp(unquote(fields[2]), "active") != 0;
	return true;
}

/* Takes the host, in which there may be blanks. */
static bool
isc_host(struct lease_reader *reader, char *line)
{
	char *quote = strchr(line, '"');

	if (quote == NULL)
		return false;
	hostname_copy(unquote(quote), reader->host);
	return true;
}

static bool
isc_read(struct lease_reader *reader, char *line)
{
	static const char host[] = "client-hostname ";
	char *fields[FIELDS_MAX];
	size_t count;

	line += strspn(line, BLANKS);
	if (reader->in_block && strncmp(line, host, sizeof(host) - 1) == 0)
		return isc_host(reader, line);
	count = cut_fields(line, fields);
	if (count == 0)
		return true;
	if (strcmp(fields[0], "lease") == 0)
		return isc_begin(reader, fields, count);
	if (!reader->in_block)
		return true;
	if (strcmp(fields[0], "}") != 0)
		return isc_statement(reader, fields, count);
	isc_end(reader);
	return true;
}

static bool
isc_knows(struct lease_reader *reader, char *line)
{
	static const char *const first[] = { "authoring-byte-order",
		"server-duid", "failover", "lease" };
	size_t len;

	line += strspn(line, BLANKS);
	len = strcspn(line, BLANKS);
	for (size_t i = 0; i < COUNT(first); i++) {
		if (len == strlen(first[i]) &&
		    strncmp(line, first[i], len) == 0)
			return isc_read(reader, line);
	}
	return false;
}

/*
 * Kea, kea-leases4.csv and kea-leases6.csv: a line that names the columns, then
 * values, in which a comma is `&#x2c`.  A lease that is not state 0, or has
 * come to last 0 seconds, has ended.
 */

enum column {
	KEA_ADDRESS,
	KEA_HWADDR,
	KEA_HOSTNAME,
	KEA_STATE,
	KEA_LIFETIME,
};

static size_t
cut_columns(char *line, char *fields[FIELDS_MAX])
{
	size_t count = 0;

	line[strcspn(line, "\r\n")] = '\0';
	while (count < FIELDS_MAX) {
		size_t len = strcspn(line, ",");

		fields[count++] = line;
		if (line[len] == '\0')
			break;
		line[len] = '\0';
		line += len + 1;
	}
	return count;
}

static bool
kea_knows(struct lease_reader *reader, char *line)
{
	static const char *const names[LEASE_COLUMNS] = {
		[KEA_ADDRESS] = "address",
		[KEA_HWADDR] = "hwaddr",
		[KEA_HOSTNAME] = "hostname",
		[KEA_STATE] = "state",
		[KEA_LIFETIME] = "valid_lifetime",
	};
	char *fields[FIELDS_MAX];
	size_t count;

	if (strncmp(line, "address,", strlen("address,")) != 0)
		return false;
	count = cut_columns(line, fields);
	for (size_t column = 0; column < LEASE_COLUMNS; column++) {
		reader->columns[column] = -1;
		for (size_t i = 0; i < count; i++) {
			if (strcmp(fields[i], names[column]) == 0)
				reader->columns[column] = (int)i;
		}
	}
	return true;
}

static const char *
kea_value(const struct lease_reader *reader, char *fields[], size_t count,
    enum column column)
{
	int at = reader->columns[column];

	return at >= 0 && (size_t)at < count ? fields[at] : "";
}

static bool
kea_read(struct lease_reader *reader, char *line)
{
	struct lease lease = { .has_mac = false };
	char *fields[FIELDS_MAX];
	size_t count = cut_columns(line, fields);
	const char *state = kea_value(reader, fields, count, KEA_STATE);
	const char *lifetime = kea_value(reader, fields, count, KEA_LIFETIME);

	/* Once more, where two files were put together. */
	if (strcmp(fields[0], "address") == 0)
		return true;
	if (!lease_set_ip(
		&lease, kea_value(reader, fields, count, KEA_ADDRESS)))
		return false;
	lease_set_mac(&lease, kea_value(reader, fields, count, KEA_HWADDR));
	lease.has_ip = (*state == '\0' || strcmp(state, "0") == 0) &&
		       strcmp(lifetime, "0") != 0;
	if (lease.has_mac || lease.has_ip)
		add(reader, &lease,
		    kea_value(reader, fields, count, KEA_HOSTNAME));
	return true;
}

/*
 * All of them.
 */

static const struct lease_format formats[] = {
	{ kea_knows, kea_read },
	{ odhcpd_knows, odhcpd_read },
	{ isc_knows, isc_read },
	{ dnsmasq_read, dnsmasq_read },
};

/* Finds the format that knows `line`, and lets it take it.  A line is tried
 * by copies, as formats cut it up. */
static void
read_first(struct lease_reader *reader, const char *line)
{
	enum {
		FIRST_MAX = 1024,
	};
	size_t len = strnlen(line, FIRST_MAX - 1);

	for (size_t i = 0; i < COUNT(formats); i++) {
		char copy[FIRST_MAX];

		memcpy(copy, line, len);
		copy[len] = '\0';
		if (formats[i].knows(reader, copy)) {
			reader->format = &formats[i];
			return;
		}
	}
	reader->bad += line[strspn(line, BLANKS)] != '#';
}

void
lease_reader_line(struct lease_reader *reader, char *line)
{
	if (line[strspn(line, BLANKS)] == '\0')
		return;
	if (reader->format == NULL)
		read_first(reader, line);
	else if (!reader->format->read(reader, line))
		reader->bad += line[strspn(line, BLANKS)] != '#';
}

bool
lease_reader_between(const struct lease_reader *reader)
{
	return !reader->in_block;
}
