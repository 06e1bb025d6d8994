/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "capture/log.h"

/* connect_to returns a socket that is connected to `path`, or -1. */
static int
connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd;

	if ((path[0] != '/' && path[0] != '@') ||
	    len >= sizeof(address.sun_path)) {
		errno = EINVAL;
		return -1;
	}
	memcpy(address.sun_path, path, len);
	if (path[0] == '@')
		address.sun_path[0] = '\0'; /* a name that is no file */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 &&
	    connect(fd, (struct sockaddr *)&address,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* watchdog_us: half of the time that is allowed, if it is us who are watched */
static int64_t
watchdog_us(void)
{
	const char *allowed = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");

	if (allowed == NULL)
		return 0;
	if (pid != NULL && strtoll(pid, NULL, 10) != getpid())
		return 0;
	return strtoll(allowed, NULL, 10) / 2;
}

void
notify_open(struct notify *notify)
{
	const char *path = getenv("NOTIFY_SOCKET");

	*notify = (struct notify){ .fd = -1 };
	if (path == NULL)
		return;
	notify->fd = connect_to(path);
	if (notify->fd < 0)
		log_warn("NOTIFY_SOCKET: %s", path);
	notify->interval_us = watchdog_us();
}

void
notify_close(struct notify *notify)
{
	if (notify->fd >= 0)
		close(notify->fd);
	notify->fd = -1;
}

/* What can not be said now is not worth waiting for. */
void
notify_say(const struct notify *notify, const char *state)
{
	if (notify->fd >= 0 && write(notify->fd, state, strlen(state)) < 0)
		log_debug(
		    "the service manager does not hear: %s", strerror(errno));
}

void
notify_alive(struct notify *notify, int64_t now_us)
{
	if (notify->interval_us == 0 ||
	    now_us - notify->last_us < notify->interval_us)
		return;
	notify->last_us = now_us;
	notify_say(notify, "WATCHDOG=1");
}
