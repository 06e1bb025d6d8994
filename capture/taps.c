/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/taps.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "capture/log.h"

enum {
	WATCH_US = 1000000,
};

/* open_sources opens the one for all frames, and the one for SYNs. */
static int
open_sources(struct tap *tap, const struct source_tap *how, bool openings,
    char reason[SOURCE_MESSAGE_MAX])
{
	struct source_tap other = *how;
	int error = source_open_tap(how, &tap->source, reason);

	other.openings = true;
	if (error == 0 && openings)
		error = source_open_tap(&other, &tap->openings, reason);
	return error;
}

static int
open_tap(struct tap *tap, struct netlink *netlink, const struct source_tap *how,
    bool openings, char message[SOURCE_MESSAGE_MAX])
{
	char reason[SOURCE_MESSAGE_MAX];
	struct netlink_link link;
	int error = open_sources(tap, how, openings, reason);

	tap->name = how->interface;
	tap->any = strcmp(tap->name, "any") == 0;
	tap->up = true;
	if (error == 0 && !md_link_known(source_link(tap->source))) {
		error = -EPROTONOSUPPORT;
		snprintf(reason, sizeof(reason),
		    "link type %d (%s) is none that can be read",
		    source_link(tap->source),
		    source_link_name(source_link(tap->source)));
	}
	if (error == 0 && !tap->any) {
		error = netlink_link(netlink, tap->name, &link);
		snprintf(reason, sizeof(reason), "%s", strerror(-error));
		tap->index = link.index;
		tap->kind = link.kind;
		tap->last_missed = link.missed;
	}
	if (error != 0)
		snprintf(message, SOURCE_MESSAGE_MAX, "%s: %.256s", tap->name,
		    reason);
	return error;
}

int
taps_open(struct taps *taps, const struct options *options, bool openings,
    char message[SOURCE_MESSAGE_MAX])
{
	static uint8_t names[MD_PORT_MAP_LEN], others[MD_PORT_MAP_LEN];
	struct source_tap how = {
		.buffer = options->buffer,
		.promiscuous = options->promiscuous,
		.ports = { .tcp = options->ports, .udp = names },
	};
	int error = 0;

	*taps = (struct taps){ .netlink = netlink_open(NETLINK_ABOUT_LINKS) };
	if (taps->netlink == NULL) {
		error = -errno;
		snprintf(message, SOURCE_MESSAGE_MAX, "netlink: %s",
		    strerror(-error));
		return error;
	}
	md_name_ports(names);
	md_taken_ports(others);
	if (options->any_port)
		how.ports.others = others;
	for (size_t i = 0; error == 0 && i < options->interface_count; i++) {
		how.interface = options->interfaces[i];
		error = open_tap(&taps->taps[taps->count++], taps->netlink,
		    &how, openings, message);
	}
	return error;
}

void
taps_close(struct taps *taps)
{
	for (size_t i = 0; i < taps->count; i++) {
		source_close(taps->taps[i].source);
		source_close(taps->taps[i].openings);
	}
	netlink_close(taps->netlink);
	*taps = (struct taps){ .count = 0 };
}

static void
add_fd(const struct source *source, struct pollfd *fds, nfds_t *count)
{
	if (source != NULL)
		fds[(*count)++] = (struct pollfd){
			.fd = source_fd(source),
			.events = POLLIN,
		};
}

nfds_t
taps_fds(
    const struct taps *taps, bool openings, struct pollfd fds[TAPS_FDS_MAX])
{
	nfds_t count = 0;

	for (size_t i = 0; i < taps->count; i++) {
		if (taps->taps[i].failed)
			continue;
		add_fd(taps->taps[i].source, fds, &count);
		if (openings)
			add_fd(taps->taps[i].openings, fds, &count);
	}
	return count;
}

static bool
is_of_openings(const struct taps *taps, int fd)
{
	for (size_t i = 0; i < taps->count; i++)
		if (taps->taps[i].openings != NULL &&
		    source_fd(taps->taps[i].openings) == fd)
			return true;
	return false;
}

bool
taps_have_openings(
    const struct taps *taps, const struct pollfd *fds, nfds_t count)
{
	bool some = false;

	for (nfds_t i = 0; i < count; i++) {
		if (fds[i].revents == 0)
			continue;
		if (fds[i].revents != POLLIN ||
		    !is_of_openings(taps, fds[i].fd))
			return false;
		some = true;
	}
	return some;
}

void
taps_take_openings(struct taps *taps, source_hook *hook, void *arg)
{
	for (size_t i = 0; i < taps->count; i++) {
		struct tap *tap = &taps->taps[i];

		if (!tap->failed && tap->openings != NULL &&
		    source_take(tap->openings, hook, arg) < 0)
			taps->changed = true;
	}
}

size_t
taps_take(struct taps *taps, source_hook *hook, void *arg)
{
	size_t frames = 0;

	for (size_t i = 0; i < taps->count; i++) {
		struct tap *tap = &taps->taps[i];
		int count;

		if (tap->failed)
			continue;
		count = source_take(tap->source, hook, arg);
		if (count < 0) {
			taps->changed = true;
			continue;
		}
		tap->frames += (uint64_t)count;
		frames += (size_t)count;
	}
	return frames;
}

/* --- comings and goings ---------------------------------------------------- */

static void
go(struct tap *tap, const char *how)
{
	if (!tap->up)
		return;
	tap->up = false;
	log_warnx("%s: the interface is %s; waiting for it", tap->name, how);
}

/* give_up: what comes now would be read as what it is not. */
static void
give_up(struct tap *tap, const char *why)
{
	tap->failed = true;
	log_warnx("%s: the interface is back, but %s", tap->name, why);
}

/* rebind has both sources listen on the interface with number `index`. */
static int
rebind(struct tap *tap, int index)
{
	int error = source_rebind(tap->source, index);

	if (error == 0 && tap->openings != NULL)
		error = source_rebind(tap->openings, index);
	return error;
}

static void
come_back(struct tap *tap, const struct netlink_link *link)
{
	int error = 0;

	if (tap->up && link->index == tap->index)
		return;
	if (link->kind != tap->kind) {
		give_up(tap, "of another kind; start again");
		return;
	}
	if (link->index != tap->index) {
		error = rebind(tap, link->index);
		tap->last_missed = 0; /* it counts from the start */
	}
	if (error == -ENODEV || error == -ENETDOWN)
		return; /* and gone again */
	if (error != 0) {
		give_up(tap, strerror(-error));
		return;
	}
	tap->index = link->index;
	tap->up = true;
	log_warnx("%s: the interface is back", tap->name);
}

static void
look_after(struct tap *tap, struct netlink *netlink)
{
	struct netlink_link link;
	int error = netlink_link(netlink, tap->name, &link);

	if (error == -ENODEV)
		go(tap, "gone");
	if (error != 0)
		return;
	if (!link.up) {
		go(tap, "down");
		return;
	}
	come_back(tap, &link);
	if (link.missed > tap->last_missed)
		tap->missed += link.missed - tap->last_missed;
	tap->last_missed = link.missed;
}

static void
read_drops(struct tap *tap)
{
	uint32_t dropped = source_dropped(tap->source);

	tap->dropped += (uint32_t)(dropped - tap->last_dropped);
	tap->last_dropped = dropped;
	if (tap->dropped == 0 || tap->dropping)
		return;
	tap->dropping = true;
	log_warnx("%s: packets are lost, as there is no room for them to "
		  "wait; a larger --buffer may help",
	    tap->name);
}

bool
taps_watch(struct taps *taps, int64_t now_us)
{
	bool left = false;

	if (taps->changed || now_us - taps->watched_us >= WATCH_US) {
		taps->changed = false;
		taps->watched_us = now_us;
		for (size_t i = 0; i < taps->count; i++) {
			if (taps->taps[i].failed)
				continue;
			if (!taps->taps[i].any)
				look_after(&taps->taps[i], taps->netlink);
			read_drops(&taps->taps[i]);
		}
	}
	for (size_t i = 0; i < taps->count; i++)
		left = left || !taps->taps[i].failed;
	return left;
}

uint64_t
taps_lost(const struct taps *taps)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < taps->count; i++)
		lost += taps->taps[i].dropped + taps->taps[i].missed;
	return lost;
}
