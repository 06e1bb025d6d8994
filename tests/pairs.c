/* SPDX-License-Identifier: ISC */
#include "tests/pairs.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/kit.h"

static void
name_of(int fd, uint8_t ip[16], uint16_t *port)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);
	const struct sockaddr_in *v4 = (const void *)&address;
	const struct sockaddr_in6 *v6 = (const void *)&address;

	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	memset(ip, 0, 16);
	if (address.ss_family == AF_INET) {
		memcpy(ip, &v4->sin_addr, 4);
		*port = ntohs(v4->sin_port);
	} else {
		memcpy(ip, &v6->sin6_addr, 16);
		*port = ntohs(v6->sin6_port);
	}
}

bool
pair_open(struct pair *pair, int family)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr *address =
	    family == AF_INET ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
	socklen_t len = family == AF_INET ? sizeof(v4) : sizeof(v6);
	struct netlink_ends *c = &pair->client_ends, *s = &pair->server_ends;

	memset(pair, 0, sizeof(*pair));
	pair->listener = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(pair->listener, address, len) != 0 ||
	    listen(pair->listener, 1) != 0 ||
	    getsockname(pair->listener, address, &len) != 0) {
		close(pair->listener);
		return false;
	}
	pair->client = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(pair->client, address, len), 0);
	pair->server = accept(pair->listener, NULL, NULL);
	c->ipv6 = s->ipv6 = family == AF_INET6;
	name_of(pair->client, c->own_ip, &c->own_port);
	name_of(pair->server, s->own_ip, &s->own_port);
	memcpy(c->other_ip, s->own_ip, 16);
	memcpy(s->other_ip, c->own_ip, 16);
	c->other_port = s->own_port;
	s->other_port = c->own_port;
	return true;
}

void
pair_close(const struct pair *pair)
{
	close(pair->client);
	close(pair->server);
	close(pair->listener);
}

uint32_t
pair_inode(int fd)
{
	struct stat status;

	assert_int_equal(fstat(fd, &status), 0);
	return (uint32_t)status.st_ino;
}
