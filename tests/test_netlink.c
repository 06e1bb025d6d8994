/* SPDX-License-Identifier: ISC */
/* What the kernel says of what this process knows: the loopback interface, and
 * a connection of its own.  */
#include "capture/netlink.h"

#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/kit.h"
#include "tests/pairs.h"

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
	if (!pair_open(&pair, family))
		skip();
	assert_int_equal(
	    netlink_socket(netlink, &pair.client_ends, &socket), 0);
	assert_int_equal(socket.inode, pair_inode(pair.client));
	assert_int_equal(socket.uid, geteuid());
	assert_int_equal(
	    netlink_socket(netlink, &pair.server_ends, &socket), 0);
	assert_int_equal(socket.inode, pair_inode(pair.server));
	pair.client_ends.other_port ^= 1;
	assert_int_equal(
	    netlink_socket(netlink, &pair.client_ends, &socket), -ENOENT);
	assert_int_equal(socket.inode, 0);
	pair_close(&pair);
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
	assert_true(pair_open(&pair, AF_INET));
	pair_close(&pair);
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
