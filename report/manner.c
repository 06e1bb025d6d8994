/* SPDX-License-Identifier: ISC */
#include "report/manner.h"

#include <string.h>

#include "report/iptext.h"

static bool
is_address(const char *text, size_t len)
{
	size_t dots = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '.')
			dots++;
		else if (text[i] < '0' || text[i] > '9')
			return false;
	}
	return dots == 3;
}

bool
manner_is_same(const char *a, const char *b)
{
	while (*a != '\0' && (*a | 0x20) == (*b | 0x20)) {
		a++;
		b++;
	}
	return *a == '\0' && *b == '\0';
}

/* literal_class classes an address literal (RFC 5321 4.1.3). */
static const char *
literal_class(const struct connection *c)
{
	char own[IPTEXT_MAX];
	const char *inner = c->ehlo + 1;
	size_t len = strlen(inner);
	size_t own_len = iptext_write(c->end[CLIENT].ip, c->ipv6, own);

	if (len == 0 || inner[len - 1] != ']')
		return "[?]";
	len--;
	if (len == own_len && strncmp(inner, own, len) == 0)
		return "[own]";
	if (strncmp(inner, "127.", 4) == 0 && is_address(inner, len))
		return "[loop]";
	if (is_address(inner, len))
		return "[ip]";
	return strncmp(inner, "IPv6:", 5) == 0 ? "[ip6]" : "[?]";
}

/* ehlo_class returns what kind of name the client gives itself. */
static const char *
ehlo_class(const struct connection *c)
{
	/* What programs say that do not look for a name. */
	static const char *const said[] = { "localhost",
		"localhost.localdomain", "mail.example.com" };
	size_t len = strlen(c->ehlo);
	const char *dot = strchr(c->ehlo, '.');

	if (len == 0)
		return "none";
	if (c->ehlo[0] == '[')
		return literal_class(c);
	if (is_address(c->ehlo, len))
		return "ip";
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		if (manner_is_same(c->ehlo, said[i]))
			return said[i];
	if (manner_is_same(c->ehlo, c->offer.server_name))
		return "server";
	return dot != NULL && dot[1] != '\0' ? "fqdn" : "host";
}

/* hello_end returns where the first EHLO, HELO or LHLO of `talk` ends. */
static const char *
hello_end(const char *talk)
{
	static const char *const hellos[] = { "EHLO", "HELO", "LHLO" };

	for (; talk != NULL; talk = strchr(talk, ',')) {
		char word[5] = "";

		talk += *talk == ',';
		memcpy(word, talk, strnlen(talk, 4));
		for (size_t i = 0; i < 3; i++)
			if (manner_is_same(word, hellos[i]))
				return talk + 4;
	}
	return NULL;
}

/* add appends `len` bytes at `text`, as far as there is room. */
static size_t
add(char manner[MANNER_MAX], size_t at, const char *text, size_t len)
{
	if (len > MANNER_MAX - 1 - at)
		len = MANNER_MAX - 1 - at;
	memcpy(manner + at, text, len);
	return at + len;
}

void
manner_of(const struct connection *c, char manner[MANNER_MAX])
{
	size_t len = strnlen(c->talk, sizeof(c->talk)), at;
	const char *end = c->protocol == MAIL_SMTP || c->protocol == MAIL_LMTP
			      ? hello_end(c->talk)
			      : NULL;
	const char *class;

	if (end == NULL) {
		at = add(manner, 0, c->talk, len);
	} else {
		class = ehlo_class(c);
		at = add(manner, 0, c->talk, (size_t)(end - c->talk));
		at = add(manner, at, " ", 1);
		at = add(manner, at, class, strlen(class));
		at = add(manner, at, end, strlen(end));
	}
	manner[at] = '\0';
}
