/* SPDX-License-Identifier: ISC */
/*
 * The way to the helper is a socket pair, one message a question and one an
 * answer; both have a fixed size, and nothing in them is trusted for more than
 * what it is.
 */
#include "config.h"

#include "capture/owner.h"

#include <errno.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "capture/confine.h"
#include "capture/namespaces.h"

/* --- the helper ------------------------------------------------------------ */

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
owner_look(const struct owner_question *question, struct owner_answer *out)
{
	static const enum owner_finding findings[] = {
		[PROCESS_NONE] = OWNER_NONE,
		[PROCESS_ONE] = OWNER_ONE,
		[PROCESS_SEVERAL] = OWNER_SEVERAL,
	};
	struct netlink_socket socket;

	memset(out, 0, sizeof(*out));
	out->number = question->number;
	out->finding = OWNER_FOREIGN;
	if (!namespaces_socket(&question->ends, &socket))
		return;
	out->uid = socket.uid;
	out->finding =
	    socket.inode == 0
		? OWNER_NONE
		: findings[process_of_socket(socket.inode, &out->process)];
	if (now_ms() - question->asked_ms > OWNER_LATE_MS)
		out->finding = OWNER_NONE;
}

/* confine_helper leaves it what it takes to look at any process and into its
 * network namespace; what it has not got, it does without. */
static void
confine_helper(void)
{
	static const unsigned long long keep = 1ull << CAP_SYS_PTRACE |
					       1ull << CAP_DAC_READ_SEARCH |
					       1ull << CAP_SYS_ADMIN;
	static const struct rlimit none = { 0, 0 };

	confine_capabilities(keep);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_NPROC, &none);
}

/* help answers questions until nobody can ask any more. */
static void
help(int fd)
{
	struct owner_question question;
	struct owner_answer answer;

	prctl(PR_SET_NAME, "mailtls-owner", 0, 0, 0);
	/* A signal from the terminal is for who asks; it ends us by leaving. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	confine_helper();
	while (recv(fd, &question, sizeof(question), 0) ==
	       (ssize_t)sizeof(question)) {
		owner_look(&question, &answer);
		if (send(fd, &answer, sizeof(answer), MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0);
}

/* --- who asks -------------------------------------------------------------- */

int
owner_start(struct owner *owner)
{
	int ends[2];
	pid_t child;

	*owner = (struct owner){ .fd = -1 };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return -errno;
	child = fork();
	if (child == 0) {
		close(ends[0]);
		help(ends[1]);
	}
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return -errno;
	}
	owner->fd = ends[0];
	owner->child = child;
	return 0;
}

void
owner_stop(struct owner *owner)
{
	if (owner->fd < 0)
		return;
	close(owner->fd);
	owner->fd = -1;
	waitpid(owner->child, NULL, 0);
}

static bool
is_same(const struct owner_connection *a, const struct owner_connection *b)
{
	const struct netlink_ends *x = &a->ends, *y = &b->ends;

	return x->own_port == y->own_port && x->other_port == y->other_port &&
	       x->ipv6 == y->ipv6 &&
	       memcmp(x->own_ip, y->own_ip, sizeof(x->own_ip)) == 0 &&
	       memcmp(x->other_ip, y->other_ip, sizeof(x->other_ip)) == 0 &&
	       llabs(a->first_us - b->first_us) <= OWNER_SAME_US;
}

static struct owner_known *
find_known(struct owner *owner, const struct owner_connection *connection)
{
	for (size_t i = 0; i < OWNER_KNOWN_MAX && owner->known[i].used; i++)
		if (is_same(&owner->known[i].connection, connection))
			return &owner->known[i];
	return NULL;
}

/* find_asked returns the place of a question, or of none for number 0. */
static struct owner_asked *
find_asked(struct owner *owner, uint32_t number)
{
	for (size_t i = 0; i < OWNER_ASKED_MAX; i++)
		if (owner->asked[i].number == number)
			return &owner->asked[i];
	return NULL;
}

/* count_asked returns how many answers are to come, and tells whether one of
 * them is on `connection`. */
static size_t
count_asked(const struct owner *owner,
    const struct owner_connection *connection, bool *among)
{
	size_t count = 0;

	*among = false;
	for (size_t i = 0; i < OWNER_ASKED_MAX; i++) {
		if (owner->asked[i].number == 0)
			continue;
		count++;
		if (is_same(&owner->asked[i].connection, connection))
			*among = true;
	}
	return count;
}

/* is_waited_for tells whether any answer is to come. */
static bool
is_waited_for(const struct owner *owner)
{
	for (size_t i = 0; i < OWNER_ASKED_MAX; i++)
		if (owner->asked[i].number != 0)
			return true;
	return false;
}

/* hear takes in the answers that have come. */
static void
hear(struct owner *owner)
{
	struct owner_answer answer;

	if (!is_waited_for(owner))
		return;
	while (owner->fd >= 0 && recv(owner->fd, &answer, sizeof(answer),
				     MSG_DONTWAIT) == (ssize_t)sizeof(answer)) {
		struct owner_known *known = &owner->known[owner->next_known];
		struct owner_asked *asked =
		    answer.number != 0 ? find_asked(owner, answer.number)
				       : NULL;

		if (asked == NULL)
			continue;
		owner->next_known = (owner->next_known + 1) % OWNER_KNOWN_MAX;
		*known =
		    (struct owner_known){ true, asked->connection, answer };
		asked->number = 0;
	}
}

bool
owner_is_full(const struct owner *owner, int64_t now_us)
{
	return now_us / 1000000 == owner->second &&
	       owner->in_second >= OWNER_RATE_MAX;
}

/* is_in_time tells whether one more question, at `now_us`, can be afforded. */
static bool
is_in_time(struct owner *owner, int64_t now_us)
{
	int64_t second = now_us / 1000000;

	if (second != owner->second) {
		owner->second = second;
		owner->in_second = 0;
	}
	return owner->in_second++ < OWNER_RATE_MAX;
}

void
owner_ask(struct owner *owner, const struct owner_connection *connection)
{
	struct owner_question question;
	struct owner_asked *asked;
	bool already;

	hear(owner);
	asked = find_asked(owner, 0);
	count_asked(owner, connection, &already);
	/* With so many questions open an answer would come too late. */
	if (owner->fd < 0 || asked == NULL || already ||
	    find_known(owner, connection) != NULL ||
	    !is_in_time(owner, connection->first_us))
		return;
	if (++owner->number == 0)
		owner->number = 1;
	memset(&question, 0, sizeof(question));
	question.number = owner->number;
	question.asked_ms = now_ms();
	question.ends = connection->ends;
	if (send(owner->fd, &question, sizeof(question),
		MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return;
	asked->number = question.number;
	asked->connection = *connection;
}

const struct owner_answer *
owner_find(struct owner *owner, const struct owner_connection *connection)
{
	struct pollfd fd = { .fd = owner->fd, .events = POLLIN };
	const struct owner_known *known;
	bool among;

	hear(owner);
	if (count_asked(owner, connection, &among) == 1 && among &&
	    poll(&fd, 1, OWNER_WAIT_MS) > 0)
		hear(owner);
	known = find_known(owner, connection);
	return known != NULL && known->answer.finding == OWNER_ONE
		   ? &known->answer
		   : NULL;
}
