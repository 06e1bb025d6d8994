/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_CAPTURE_CONFINE_H
#define MAILTLS_CAPTURE_CONFINE_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * The confinement that packets are read in.  Whoever took over the dissector
 * with one would be an unprivileged user without capabilities or the means to
 * get any, who can not be debugged by others of that user, can start no
 * process, and, where the kernel has Landlock, can open no file but what is
 * named here and use no TCP.  What was opened before stays open.
 *
 * Order of calls: confine_prepare, any number of confine_allow, confine_enter.
 */

enum {
	CONFINE_MESSAGE_MAX = 256,
};

struct confine {
	bool change; /* become another user */
	uid_t uid;
	gid_t gid;
	int ruleset; /* Landlock's, or -1 */
	unsigned abi;
};

enum confine_access {
	CONFINE_READ,  /* files in it */
	CONFINE_WRITE, /* and make, write, rename and remove them */
};

/*
 * confine_prepare finds out whom to become: user `name`, or, if that is NULL,
 * `mailtls` or else `nobody`; without root, nobody else.  It returns 0, or
 * -errno and a sentence in `message`.
 */
int confine_prepare(struct confine *confine, const char *name,
    char message[CONFINE_MESSAGE_MAX]);

/* confine_allow lets files in the folder that `path`, a file or a folder, is in
 * or is itself, be opened later.  Without Landlock that is up to their
 * permissions alone.  It returns 0 or -errno. */
int confine_allow(
    struct confine *confine, const char *path, enum confine_access access);

/* confine_enter confines this process for good; it returns 0, or -errno and a
 * sentence in `message`, and then nothing must be read. */
int confine_enter(struct confine *confine, char message[CONFINE_MESSAGE_MAX]);

/* confine_capabilities gives up all capabilities but those of which there are
 * bits in `keep`, for good; it returns 0 or -errno. */
int confine_capabilities(unsigned long long keep);

#endif
