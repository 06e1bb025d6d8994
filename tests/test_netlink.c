/* SPDX-License-Identifier: ISC */
/* What the kernel says of what this process knows: the loopback interface, and
 * a connection of its own.  */
#include "capture/netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/kit.h"

/* A TCP connection over the loopback interface. */
struct pair {
	int listener, client, server;
	struct netlink_ends client_ends, server_ends;
};

static bool
name_of(int fd, uint8_t ip[16], uint16_t *port)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);
	const struct sockaddr_in *v4 = (const void *)&address;
	const struct sockaddr_in6 *v6 = (const void *)&address;

	if (getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		return false;
	memset(ip, 0, 16);
	if (address.ss_family == AF_INET) {
		memcpy(ip, &v4->sin_addr, 4);
		*port = ntohs(v4->sin_port);
	} else {
		memcpy(ip, &v6->sin6_addr, 16);
		*port = ntohs(v6->sin6_port);
	}
	return true;
}

/* connect_over connects over `family`; it returns false where that can not
 * be, as IPv6 here and there. */
static bool
connect_over(struct pair *pair, int family)
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
	pair->listener = socket(family, SOCK_STREAM, 0);
	if (bind(pair->listener, address, len) != 0 ||
	    listen(pair->listener, 1) != 0 ||
	    getsockname(pair->listener, address, &len) != 0)
		return false;
	pair->client = socket(family, SOCK_STREAM, 0);
	assert_int_equal(connect(pair->client, address, len), 0);
	pair->server = accept(pair->listener, NULL, NULL);
	c->ipv6 = s->ipv6 = family == AF_INET6;
	assert_true(name_of(pair->client, c->own_ip, &c->own_port));
	assert_true(name_of(pair->server, s->own_ip, &s->own_port));
	memcpy(c->other_ip, s->own_ip, 16);
	memcpy(s->other_ip, c->own_ip, 16);
	c->other_port = s->own_port;
	s->other_port = c->own_port;
	return true;
}

static void
hang_up(const struct pair *pair)
{
	close(pair->client);
	close(pair->server);
	close(pair->listener);
}

static uint32_t
inode_of(int fd)
{
	struct stat status;

	assert_int_equal(fstat(fd, &status), 0);
	return (uint32_t)status.st_ino;
}

static void
an_interface_is_known_by_its_name(void **state)
{
	struct netlink *netlink = netlink_open(NETLINK_ABOUT_LINKS);
	struct netlink_link link;

	(void)state;
	assert_non_null(netlink);
	assert_int_equal(netlink_link(netlink, "lo", &link), 0);
	assert_int_equal(link.index, if_nametoindex("lo"));
	assert_int_equal(link.kind, ARPHRD_LOOPBACK);
	netlink_close(netlink);
}

static void
one_that_is_not_there_is_said_not_to_be(void **state)
{
	static const char *const names[] = { "", "mailtls-none",
		"a-name-that-no-interface-can-have" };
	struct netlink *netlink = netlink_open(NETLINK_ABOUT_LINKS);
	struct netlink_link link;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_true(netlink_link(netlink, names[i], &link) < 0);
		assert_int_equal(link.index, 0);
	}
	assert_int_equal(netlink_link(netlink, "mailtls-none", &link), -ENODEV);
	assert_int_equal(netlink_link(netlink, "lo", &link), 0);
	netlink_close(netlink);
}

static void
look_up(int family)
{
	struct netlink *netlink = netlink_open(NETLINK_ABOUT_SOCKETS);
	struct netlink_socket socket;
	struct pair pair;

	assert_non_null(netlink);
	if (!connect_over(&pair, family))
		skip();
	assert_int_equal(
	    netlink_socket(netlink, &pair.client_ends, &socket), 0);
	assert_int_equal(socket.inode, inode_of(pair.client));
	assert_int_equal(socket.uid, geteuid());
	assert_int_equal(
	    netlink_socket(netlink, &pair.server_ends, &socket), 0);
	assert_int_equal(socket.inode, inode_of(pair.server));
	pair.client_ends.other_port ^= 1;
	assert_int_equal(
	    netlink_socket(netlink, &pair.client_ends, &socket), -ENOENT);
	assert_int_equal(socket.inode, 0);
	hang_up(&pair);
	netlink_close(netlink);
}

static void
a_socket_is_known_by_its_four_ends(void **state)
{
	(void)state;
	look_up(AF_INET);
}

static void
over_ipv6_as_well(void **state)
{
	(void)state;
	look_up(AF_INET6);
}

static void
a_socket_that_was_closed_is_nobodys(void **state)
{
	struct netlink *netlink = netlink_open(NETLINK_ABOUT_SOCKETS);
	struct netlink_socket socket;
	struct pair pair;
	int error;

	(void)state;
	assert_true(connect_over(&pair, AF_INET));
	hang_up(&pair);
	error = netlink_socket(netlink, &pair.client_ends, &socket);
	assert_true(error == -ENOENT || (error == 0 && socket.inode == 0));
	netlink_close(netlink);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_interface_is_known_by_its_name),
		cmocka_unit_test(one_that_is_not_there_is_said_not_to_be),
		cmocka_unit_test(a_socket_is_known_by_its_four_ends),
		cmocka_unit_test(over_ipv6_as_well),
		cmocka_unit_test(a_socket_that_was_closed_is_nobodys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
