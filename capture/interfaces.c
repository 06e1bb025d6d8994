/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/interfaces.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PATH_LEN = 128,
	LINE_MAX_LEN = 256,
};

/* --- what there is --------------------------------------------------------- */

/* has_file tells whether the kernel has the file `what` for interface `name`. */
static bool
has_file(const char *name, const char *what)
{
	char path[PATH_LEN];
	struct stat status;

	snprintf(path, sizeof(path), "/sys/class/net/%s/%s", name, what);
	return stat(path, &status) == 0;
}

/* read_master: the bridge is where the link brport/bridge leads to */
static void
read_master(struct interface *one)
{
	char path[PATH_LEN], target[PATH_LEN];
	const char *name;
	ssize_t len;

	snprintf(
	    path, sizeof(path), "/sys/class/net/%s/brport/bridge", one->name);
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return;
	target[len] = '\0';
	name = strrchr(target, '/');
	snprintf(one->master, sizeof(one->master), "%.15s",
	    name != NULL ? name + 1 : target);
}

static struct interface *
find_or_add(struct interfaces *all, const char *name)
{
	struct interface *one;

	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->rows[i].name, name) == 0)
			return &all->rows[i];
	if (all->count == INTERFACES_MAX || strlen(name) >= INTERFACE_NAME_MAX)
		return NULL;
	one = &all->rows[all->count++];
	*one = (struct interface){ .up = false };
	memcpy(one->name, name, strlen(name));
	one->bridge = has_file(name, "bridge");
	one->wireless = has_file(name, "wireless");
	read_master(one);
	return one;
}

/* read_routes marks where default routes lead. */
static void
read_routes(struct interfaces *all)
{
	FILE *routes = fopen("/proc/net/route", "re");
	char line[LINE_MAX_LEN], name[INTERFACE_NAME_MAX];
	unsigned destination, gateway, flags;

	while (routes != NULL && fgets(line, sizeof(line), routes) != NULL) {
		if (sscanf(line, "%15s %x %x %x", name, &destination, &gateway,
			&flags) != 4 ||
		    destination != 0)
			continue;
		for (size_t i = 0; i < all->count; i++)
			if (strcmp(all->rows[i].name, name) == 0)
				all->rows[i].way_out = true;
	}
	if (routes != NULL)
		fclose(routes);
}

static bool
read_forwards(void)
{
	FILE *file = fopen("/proc/sys/net/ipv4/ip_forward", "re");
	bool forwards = file != NULL && fgetc(file) == '1';

	if (file != NULL)
		fclose(file);
	return forwards;
}

int
interfaces_read(struct interfaces *out)
{
	static const uint8_t none[4];
	struct ifaddrs *list;

	*out = (struct interfaces){ .forwards = read_forwards() };
	if (getifaddrs(&list) != 0)
		return -errno;
	for (const struct ifaddrs *at = list; at != NULL; at = at->ifa_next) {
		struct interface *one = find_or_add(out, at->ifa_name);
		const struct sockaddr_in *address = (void *)at->ifa_addr;

		if (one == NULL)
			continue;
		one->up = (at->ifa_flags & IFF_UP) != 0;
		one->loopback = (at->ifa_flags & IFF_LOOPBACK) != 0;
		if (address != NULL && address->sin_family == AF_INET &&
		    memcmp(one->ip, none, sizeof(none)) == 0)
			memcpy(one->ip, &address->sin_addr, sizeof(one->ip));
	}
	freeifaddrs(list);
	read_routes(out);
	return 0;
}

/* --- what to make of it ---------------------------------------------------- */

/* is_container: what virtual machines and containers are attached to */
static bool
is_container(const char *name)
{
	static const char *const begins[] = { "docker", "podman", "virbr",
		"lxcbr", "lxdbr", "veth", "cni", "vnet" };

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (strncmp(name, begins[i], strlen(begins[i])) == 0)
			return true;
	/* Docker's other networks: br- and 12 hexadecimal digits. */
	return strncmp(name, "br-", 3) == 0 && strlen(name) == 15 &&
	       strspn(name + 3, "0123456789abcdef") == 12;
}

static bool
is_private(const uint8_t ip[4])
{
	return ip[0] == 10 || (ip[0] == 172 && ip[1] >> 4 == 1) ||
	       (ip[0] == 192 && ip[1] == 168);
}

const char *
interfaces_advice(
    const struct interfaces *all, const struct interface *one, bool *listen)
{
	*listen = false;
	if (!one->up)
		return "is not up";
	if (one->loopback)
		return "what programs of this machine say to each other";
	if (one->master[0] != '\0')
		return "a part of a bridge: listen rather";
	if (is_container(one->name))
		return "containers and virtual machines of this machine";
	if (!all->forwards) {
		*listen = one->way_out;
		return one->way_out ? "the mail of this machine" : "";
	}
	if (one->way_out)
		return "the way out: behind address translation, all devices "
		       "look like one";
	*listen = one->bridge || is_private(one->ip);
	return *listen ? "the devices of this network" : "";
}

void
interfaces_print(const struct interfaces *all, FILE *out)
{
	static const uint8_t none[4];

	for (size_t i = 0; i < all->count; i++) {
		const struct interface *one = &all->rows[i];
		char address[INET_ADDRSTRLEN] = "";
		bool listen;
		const char *advice = interfaces_advice(all, one, &listen);

		if (memcmp(one->ip, none, sizeof(none)) != 0)
			inet_ntop(AF_INET, one->ip, address, sizeof(address));
		fprintf(out, "%c %-15s  %-15s  %s%s%s\n", listen ? '*' : ' ',
		    one->name, address, advice,
		    one->master[0] != '\0' ? " on " : "", one->master);
	}
	fprintf(out, "  %-15s  %-15s  %s\n", "any", "",
	    "all of them at once, if nothing else fits");
	fprintf(out, "* is where to listen.\n");
}
