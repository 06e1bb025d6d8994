/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_OWNER_H
#define MAILTLS_CAPTURE_OWNER_H

#include <sys/types.h>

#include "capture/netlink.h"
#include "capture/process.h"

/*
 * Which program of this machine a connection belongs to.  To know that of all
 * users' programs takes privileges, which the process that reads packets must
 * not have; so there is a helper process with them, which answers this one
 * question, and is told nothing but the ends of a connection.
 *
 * A program that lives for some milliseconds can only be found as its first
 * packet passes.  So one asks then, goes on, and finds the answer later.  Where
 * there is doubt there is none.
 */

enum {
	OWNER_KNOWN_MAX = 1024, /* connections of which something is known */
	OWNER_ASKED_MAX = 64,   /* questions that are not answered yet */
	OWNER_WAIT_MS = 50,     /* for an answer, when it is alone */
	/* Questions in a second.  With more connections than that, to look them
	 * up would take the time that packets have to be read in. */
	OWNER_RATE_MAX = 100,
	/* Who holds a socket so long after its first packet may have inherited
	 * it: what is found later than that is not trusted. */
	OWNER_LATE_MS = 1000,
};

/* How far the times of one connection's first packet may differ, where it is
 * told twice. */
#define OWNER_SAME_US INT64_C(1000000)

/* struct owner_connection is one that is asked for: its ends as the client has
 * them, and when its first packet was seen. */
struct owner_connection {
	struct netlink_ends ends;
	int64_t first_us;
};

struct owner_question {
	uint32_t number;
	int64_t asked_ms; /* by CLOCK_MONOTONIC */
	struct netlink_ends ends;
};

enum owner_finding {
	OWNER_FOREIGN, /* it is of no program here */
	OWNER_NONE,    /* it is, but none was found */
	OWNER_ONE,
	OWNER_SEVERAL,
};

struct owner_answer {
	uint32_t number; /* of the question */
	enum owner_finding finding;
	uint32_t uid;
	struct process_info process;
};

struct owner {
	int fd;      /* of the way to the helper; -1: there is none */
	pid_t child; /* its process */
	uint32_t number;
	struct owner_asked {
		uint32_t number;
		struct owner_connection connection;
	} asked[OWNER_ASKED_MAX];
	struct owner_known {
		bool used;
		struct owner_connection connection;
		struct owner_answer answer;
	} known[OWNER_KNOWN_MAX];
	size_t next_known;
	int64_t second; /* of the latest question, and how many it had */
	unsigned in_second;
};

/*
 * owner_start starts the helper, which must be before this process gives up its
 * privileges, and best before it takes up much memory.  Where that fails,
 * -errno, nothing is ever known.  owner_stop ends it.
 */
int owner_start(struct owner *owner);
void owner_stop(struct owner *owner);

/* owner_is_full tells whether no more questions can be asked in the second of
 * `now_us`, by the time that connections have. */
bool owner_is_full(const struct owner *owner, int64_t now_us);

/* owner_ask asks for the program of a connection, unless that was asked
 * already. */
void owner_ask(struct owner *owner, const struct owner_connection *connection);

/*
 * owner_find returns what is known of a connection, if that is one program, or
 * NULL.  If an answer is still to come, and it is the only one, it waits for
 * it, a little.
 */
const struct owner_answer *owner_find(
    struct owner *owner, const struct owner_connection *connection);

/* owner_look is what the helper does with a question; it is for tests. */
void owner_look(
    const struct owner_question *question, struct owner_answer *out);

#endif
