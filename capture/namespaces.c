/* SPDX-License-Identifier: ISC */
/*
 * A namespace is held open by who uses it, so none is kept here: each is
 * entered by way of a process that is in it, asked, and left.
 */
#include "config.h"

#include "capture/namespaces.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	NAMESPACES_MAX = 64,
	PATH_LEN = 300,
	LIST_MS = 1000, /* for how long a list of them is good */
};

/* A namespace, and a way to it. */
struct place {
	ino_t number;
	char path[PATH_LEN];
};

static struct place places[NAMESPACES_MAX];
static size_t place_count;
static int64_t listed_ms;

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool
is_listed(ino_t number)
{
	for (size_t i = 0; i < place_count; i++)
		if (places[i].number == number)
			return true;
	return false;
}

/* list_places lists the network namespaces that processes are in, our own
 * first. */
static void
list_places(void)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	struct stat status;

	place_count = 0;
	listed_ms = now_ms();
	snprintf(places[0].path, PATH_LEN, "/proc/self/ns/net");
	if (stat(places[0].path, &status) == 0)
		places[place_count++].number = status.st_ino;
	while (proc != NULL && place_count < NAMESPACES_MAX &&
	       (entry = readdir(proc)) != NULL) {
		struct place *place = &places[place_count];

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(
		    place->path, PATH_LEN, "/proc/%s/ns/net", entry->d_name);
		if (stat(place->path, &status) != 0 || is_listed(status.st_ino))
			continue;
		place->number = status.st_ino;
		place_count++;
	}
	if (proc != NULL)
		closedir(proc);
}

static bool
ask_here(const struct netlink_ends *ends, struct netlink_socket *out)
{
	struct netlink *netlink = netlink_open(NETLINK_ABOUT_SOCKETS);
	bool found = netlink != NULL && netlink_socket(netlink, ends, out) == 0;

	netlink_close(netlink);
	return found;
}

/* enter goes to the namespace `place`, if that is still what it was. */
static bool
enter(const struct place *place)
{
	int fd = open(place->path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	bool entered = fd >= 0 && fstat(fd, &status) == 0 &&
		       status.st_ino == place->number &&
		       setns(fd, CLONE_NEWNET) == 0;

	if (fd >= 0)
		close(fd);
	return entered;
}

bool
namespaces_socket(const struct netlink_ends *ends, struct netlink_socket *out)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	struct netlink_socket other;
	bool ours = ask_here(ends, out);
	unsigned found = ours ? 1 : 0;

	if (!ours && (listed_ms == 0 || now_ms() - listed_ms >= LIST_MS))
		list_places();
	for (size_t i = 1; !ours && home >= 0 && i < place_count; i++) {
		if (!enter(&places[i]))
			continue;
		if (ask_here(ends, &other)) {
			found++;
			*out = other;
		}
		if (setns(home, CLONE_NEWNET) != 0)
			break;
	}
	if (home >= 0)
		close(home);
	return found == 1;
}
