/* SPDX-License-Identifier: ISC */
/*
 * Questions to the kernel, one datagram each, and one in answer: rtnetlink(7)
 * about interfaces, sock_diag(7) about sockets.
 */
#include "config.h"

#include "capture/netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/inet_diag.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
	ANSWER_MAX = 1 << 15, /* bytes: links of some kinds have much to say */
};

struct netlink {
	struct mnl_socket *socket;
	uint32_t sequence;
	_Alignas(struct nlmsghdr) char buffer[ANSWER_MAX];
};

struct netlink *
netlink_open(enum netlink_about about)
{
	struct netlink *netlink = calloc(1, sizeof(*netlink));

	if (netlink == NULL)
		return NULL;
	netlink->socket = mnl_socket_open2(
	    about == NETLINK_ABOUT_LINKS ? NETLINK_ROUTE : NETLINK_SOCK_DIAG,
	    SOCK_CLOEXEC);
	if (netlink->socket != NULL &&
	    mnl_socket_bind(netlink->socket, 0, MNL_SOCKET_AUTOPID) == 0)
		return netlink;
	netlink_close(netlink);
	return NULL;
}

void
netlink_close(struct netlink *netlink)
{
	if (netlink == NULL)
		return;
	if (netlink->socket != NULL)
		mnl_socket_close(netlink->socket);
	free(netlink);
}

/* question begins one of message type `type`. */
static struct nlmsghdr *
question(struct netlink *netlink, uint16_t type)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(netlink->buffer);

	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST;
	header->nlmsg_seq = ++netlink->sequence;
	return header;
}

/* ask sends the question and hands the answer to `read`; it returns 0 or
 * -errno, which may be the kernel's. */
static int
ask(struct netlink *netlink, const struct nlmsghdr *header, mnl_cb_t read,
    void *arg)
{
	ssize_t len;

	if (mnl_socket_sendto(netlink->socket, header, header->nlmsg_len) < 0)
		return -errno;
	len = mnl_socket_recvfrom(
	    netlink->socket, netlink->buffer, sizeof(netlink->buffer));
	if (len < 0)
		return -errno;
	errno = 0;
	if (mnl_cb_run(netlink->buffer, (size_t)len, netlink->sequence,
		mnl_socket_get_portid(netlink->socket), read, arg) < 0)
		return errno != 0 ? -errno : -EPROTO;
	return 0;
}

/* --- interfaces ------------------------------------------------------------ */

static int
read_link_attribute(const struct nlattr *attribute, void *arg)
{
	struct netlink_link *out = arg;
	struct rtnl_link_stats64 stats = { 0 };

	if (mnl_attr_get_type(attribute) != IFLA_STATS64 ||
	    mnl_attr_get_payload_len(attribute) <
		offsetof(struct rtnl_link_stats64, rx_missed_errors) +
		    sizeof(stats.rx_missed_errors))
		return MNL_CB_OK;
	memcpy(&stats, mnl_attr_get_payload(attribute),
	    offsetof(struct rtnl_link_stats64, rx_missed_errors) +
		sizeof(stats.rx_missed_errors));
	out->missed = stats.rx_missed_errors + stats.rx_fifo_errors;
	return MNL_CB_OK;
}

static int
read_link(const struct nlmsghdr *header, void *arg)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(header);
	struct netlink_link *out = arg;

	out->index = info->ifi_index;
	out->kind = info->ifi_type;
	out->up = (info->ifi_flags & IFF_UP) != 0;
	return mnl_attr_parse(header, sizeof(*info), read_link_attribute, out);
}

int
netlink_link(
    struct netlink *netlink, const char *name, struct netlink_link *out)
{
	struct nlmsghdr *header = question(netlink, RTM_GETLINK);
	struct ifinfomsg *info;
	int error;

	memset(out, 0, sizeof(*out));
	if (strlen(name) >= IFNAMSIZ)
		return -ENODEV;
	info = mnl_nlmsg_put_extra_header(header, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	mnl_attr_put_strz(header, IFLA_IFNAME, name);
	error = ask(netlink, header, read_link, out);
	if (error == 0 && out->index == 0)
		return -ENODEV;
	return error;
}

/* --- sockets --------------------------------------------------------------- */

static int
read_socket(const struct nlmsghdr *header, void *arg)
{
	const struct inet_diag_msg *message = mnl_nlmsg_get_payload(header);
	struct netlink_socket *out = arg;

	if (mnl_nlmsg_get_payload_len(header) < sizeof(*message))
		return MNL_CB_ERROR;
	out->inode = message->idiag_inode;
	out->uid = message->idiag_uid;
	return MNL_CB_OK;
}

int
netlink_socket(struct netlink *netlink, const struct netlink_ends *ends,
    struct netlink_socket *out)
{
	struct nlmsghdr *header = question(netlink, SOCK_DIAG_BY_FAMILY);
	struct inet_diag_req_v2 *request =
	    mnl_nlmsg_put_extra_header(header, sizeof(*request));

	memset(out, 0, sizeof(*out));
	request->sdiag_family = ends->ipv6 ? AF_INET6 : AF_INET;
	request->sdiag_protocol = IPPROTO_TCP;
	request->idiag_states = UINT32_MAX;
	request->id.idiag_sport = htons(ends->own_port);
	request->id.idiag_dport = htons(ends->other_port);
	memcpy(request->id.idiag_src, ends->own_ip, 16);
	memcpy(request->id.idiag_dst, ends->other_ip, 16);
	request->id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
	request->id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	return ask(netlink, header, read_socket, out);
}
