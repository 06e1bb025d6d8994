/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_NOTIFY_H
#define MAILTLS_CAPTURE_NOTIFY_H

#include <stdint.h>

/*
 * Word to the service manager, as sd_notify(3) has it: a line of text in a
 * datagram to the socket that NOTIFY_SOCKET names.  Where there is none, all of
 * this does nothing.
 */

struct notify {
	int fd;              /* -1: nobody is to be told */
	int64_t interval_us; /* how often the watchdog wants to hear, or 0 */
	int64_t last_us;
};

/* notify_open finds out whom to tell, before privileges are dropped. */
void notify_open(struct notify *notify);
void notify_close(struct notify *notify);

/* notify_say says `state`, such as "READY=1". */
void notify_say(const struct notify *notify, const char *state);

/* notify_alive says, when it is time, that we are alive. */
void notify_alive(struct notify *notify, int64_t now_us);

#endif
