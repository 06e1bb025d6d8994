/* SPDX-License-Identifier: ISC */
#include "report/hostname.h"

#include <string.h>
#include <strings.h>

enum {
	EHLO_MIN = 3,
	CONTAINER_ID_LEN = 12, /* what Docker calls a container's host */
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))
#define DIGITS       "0123456789"
#define HEX_DIGITS   DIGITS "abcdefABCDEF"
#define LETTERS      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

const char *
name_source_word(enum name_source source)
{
	static const char *const words[] = {
		[NAME_ALIAS] = "alias",
		[NAME_LEASE] = "lease",
		[NAME_DHCP] = "dhcp",
		[NAME_MDNS] = "mdns",
		[NAME_LLMNR] = "llmnr",
		[NAME_NETBIOS] = "netbios",
		[NAME_EHLO] = "ehlo",
	};

	return (size_t)source < COUNT(words) ? words[source] : NULL;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Is `c` a byte that continues a character (RFC 3629 3)? */
static bool
continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t
copy(const char *name, size_t len, char out[HOSTNAME_MAX])
{
	while (len > 0 && is_blank(*name)) {
		name++;
		len--;
	}
	if (len >= HOSTNAME_MAX) {
		len = HOSTNAME_MAX - 1;
		while (len > 0 && continues(name[len]))
			len--;
	}
	while (len > 0 && is_blank(name[len - 1]))
		len--;
	memset(out, 0, HOSTNAME_MAX);
	memcpy(out, name, len);
	return len;
}

size_t
hostname_copy(const char *name, char out[HOSTNAME_MAX])
{
	return copy(name, strlen(name), out);
}

static bool
is_one_of(const char *name, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcasecmp(name, words[i]) == 0)
			return true;
	}
	return false;
}

static bool
is_only(const char *name, const char *characters)
{
	return name[strspn(name, characters)] == '\0';
}

/* RFC 9562 4: hexadecimal digits and hyphens, 8-4-4-4-12. */
static bool
is_uuid(const char *name)
{
	static const size_t lens[] = { 8, 4, 4, 4, 12 };

	for (size_t i = 0; i < COUNT(lens); i++) {
		bool last = i == COUNT(lens) - 1;

		if (strspn(name, HEX_DIGITS) != lens[i] ||
		    name[lens[i]] != (last ? '\0' : '-'))
			return false;
		name += lens[i] + !last;
	}
	return true;
}

bool
hostname_read(const char *name, char out[HOSTNAME_MAX])
{
	/* What programs send that know no name, or look for a service. */
	static const char *const none[] = { "*", "-", "(none)", "(null)",
		"localhost", "none", "null", "unknown", "isatap", "wpad" };
	bool address = is_only(name, DIGITS ".") || strchr(name, ':') != NULL;

	if (copy(name, strcspn(name, "."), out) > 0 && !address &&
	    !is_uuid(out) && !is_one_of(out, none, COUNT(none)))
		return true;
	memset(out, 0, HOSTNAME_MAX);
	return false;
}

/* Words that tell nothing about the device. */
static const char *const generic[] = { "android", "client", "computer",
	"debian", "default", "desktop", "docker", "domain", "ehlo", "example",
	"friend", "helo", "hello", "home", "host", "ipad", "iphone", "laptop",
	"linux", "local", "localdomain", "localhost6", "mac", "mail", "mailer",
	"notebook", "server", "smtp", "test", "there", "ubuntu", "user",
	"windows", "workgroup", "world" };

/* Domains that home routers give out, and those kept for homes: RFC 8375,
 * and private-use "internal". */
static const char *const home_domains[] = { "fritz.box", "home", "home.arpa",
	"internal", "lan", "localdomain", "speedport.ip" };

bool
hostname_read_ehlo(const char *argument, char out[HOSTNAME_MAX])
{
	size_t label = strcspn(argument, ".");
	const char *domain = argument + label;

	memset(out, 0, HOSTNAME_MAX);
	if (*domain == '.' &&
	    !is_one_of(domain + 1, home_domains, COUNT(home_domains)))
		return false;
	if (label < EHLO_MIN || label >= HOSTNAME_MAX ||
	    strspn(argument, LETTERS DIGITS "-_") != label)
		return false;
	if (hostname_read(argument, out) && !is_only(out, DIGITS "-") &&
	    !(label == CONTAINER_ID_LEN && is_only(out, HEX_DIGITS)) &&
	    !is_one_of(out, generic, COUNT(generic)))
		return true;
	memset(out, 0, HOSTNAME_MAX);
	return false;
}
