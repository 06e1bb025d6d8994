/* SPDX-License-Identifier: ISC */
/*
 * By capabilities(7), prctl(2), landlock(7) and setrlimit(2).  What Landlock
 * knows is written out here, as the kernel's headers are often older than the
 * kernel.
 */
#include "config.h"

#include "capture/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	FILES_MAX = 256, /* open at a time */
	CAPABILITIES_MAX = 64,
};

static int
fail(char message[CONFINE_MESSAGE_MAX], int error, const char *what)
{
	snprintf(
	    message, CONFINE_MESSAGE_MAX, "%s: %s", what, strerror(-error));
	return error;
}

/* --- who ------------------------------------------------------------------- */

static int
find_user(struct confine *confine, const char *name,
    char message[CONFINE_MESSAGE_MAX])
{
	const char *const names[] = { name != NULL ? name : "mailtls",
		"nobody" };
	const struct passwd *user = NULL;

	for (size_t i = 0; user == NULL && i < (name != NULL ? 1 : 2); i++)
		user = getpwnam(names[i]);
	if (user == NULL) {
		snprintf(message, CONFINE_MESSAGE_MAX,
		    "--user: '%.64s': there is no such user",
		    name != NULL ? name : "nobody");
		return -ENOENT;
	}
	confine->change = true;
	confine->uid = user->pw_uid;
	confine->gid = user->pw_gid;
	return 0;
}

static int
become(const struct confine *confine)
{
	if (!confine->change)
		return 0;
	if (setgroups(0, NULL) != 0 ||
	    setresgid(confine->gid, confine->gid, confine->gid) != 0 ||
	    setresuid(confine->uid, confine->uid, confine->uid) != 0)
		return -errno;
	/* The way back must be shut. */
	return confine->uid != 0 && setuid(0) == 0 ? -EPERM : 0;
}

/* --- capabilities ---------------------------------------------------------- */

int
confine_capabilities(unsigned long long keep)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = { { 0 } };

	/* Those that a program started by us could have; this takes a
	 * privilege, and without it there are none to lose. */
	for (unsigned long i = 0; i < CAPABILITIES_MAX; i++)
		if ((keep >> i & 1) == 0)
			prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capget, &header, data) != 0)
		return -errno;
	for (int i = 0; i < 2; i++) {
		data[i].permitted &= (uint32_t)(keep >> 32 * i);
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	return syscall(SYS_capset, &header, data) == 0 ? 0 : -errno;
}

/* --- Landlock -------------------------------------------------------------- */

/* Rights to files, and the ABI that has them first. */
enum {
	MAY_EXECUTE = 1 << 0,
	MAY_WRITE = 1 << 1,
	MAY_READ = 1 << 2,
	MAY_LIST = 1 << 3,
	MAY_REMOVE_FOLDER = 1 << 4,
	MAY_REMOVE = 1 << 5,
	MAY_MAKE = 1 << 8, /* a regular file */
	ALL_ABI_1 = (1 << 13) - 1,
	MAY_REFER = 1 << 13,    /* 2 */
	MAY_TRUNCATE = 1 << 14, /* 3 */
	MAY_CONTROL = 1 << 15,  /* 5: ioctl(2) on devices */
};

enum {
	TCP_BIND_AND_CONNECT = 3,        /* ABI 4 */
	OUTSIDE_SOCKETS_AND_SIGNALS = 3, /* ABI 6 */
};

struct ruleset {
	uint64_t files, network, scope;
};

struct beneath {
	uint64_t rights;
	int32_t parent;
} __attribute__((packed));

#ifdef SYS_landlock_create_ruleset

static void
make_ruleset(struct confine *confine)
{
	struct ruleset ruleset = { .files = ALL_ABI_1 };
	size_t size = sizeof(ruleset.files);
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);

	confine->ruleset = -1;
	if (abi < 1)
		return;
	confine->abi = (unsigned)abi;
	if (abi >= 2)
		ruleset.files |= MAY_REFER;
	if (abi >= 3)
		ruleset.files |= MAY_TRUNCATE;
	if (abi >= 4) {
		ruleset.network = TCP_BIND_AND_CONNECT;
		size = offsetof(struct ruleset, scope);
	}
	if (abi >= 5)
		ruleset.files |= MAY_CONTROL;
	if (abi >= 6) {
		ruleset.scope = OUTSIDE_SOCKETS_AND_SIGNALS;
		size = sizeof(ruleset);
	}
	confine->ruleset =
	    (int)syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
}

static int
allow_beneath(const struct confine *confine, int folder, uint64_t rights)
{
	struct beneath beneath = { rights, folder };

	return syscall(
		   SYS_landlock_add_rule, confine->ruleset, 1, &beneath, 0) == 0
		   ? 0
		   : -errno;
}

static int
enforce(const struct confine *confine)
{
	if (confine->ruleset < 0)
		return 0;
	return syscall(SYS_landlock_restrict_self, confine->ruleset, 0) == 0
		   ? 0
		   : -errno;
}

#else

static void
make_ruleset(struct confine *confine)
{
	confine->ruleset = -1;
}

static int
allow_beneath(const struct confine *confine, int folder, uint64_t rights)
{
	(void)confine;
	(void)folder;
	(void)rights;
	return 0;
}

static int
enforce(const struct confine *confine)
{
	(void)confine;
	return 0;
}

#endif

/* open_folder opens `path`, or the folder that it is in. */
static int
open_folder(const char *path)
{
	char folder[4096];
	const char *slash = strrchr(path, '/');
	struct stat status;

	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return open(path, O_PATH | O_CLOEXEC);
	if (slash == NULL)
		return open(".", O_PATH | O_CLOEXEC);
	snprintf(folder, sizeof(folder), "%.*s",
	    slash == path ? 1 : (int)(slash - path), path);
	return open(folder, O_PATH | O_CLOEXEC);
}

int
confine_allow(
    struct confine *confine, const char *path, enum confine_access access)
{
	uint64_t rights = MAY_READ;
	int folder, error;

	if (confine->ruleset < 0)
		return 0;
	if (access == CONFINE_WRITE)
		rights |= MAY_WRITE | MAY_LIST | MAY_REMOVE | MAY_MAKE;
	if (access == CONFINE_WRITE && confine->abi >= 3)
		rights |= MAY_TRUNCATE;
	folder = open_folder(path);
	if (folder < 0)
		return -errno;
	error = allow_beneath(confine, folder, rights);
	close(folder);
	return error;
}

/* --- all of it ------------------------------------------------------------- */

int
confine_prepare(struct confine *confine, const char *name,
    char message[CONFINE_MESSAGE_MAX])
{
	int error = 0;

	*confine = (struct confine){ .ruleset = -1 };
	if (geteuid() == 0)
		error = find_user(confine, name, message);
	else if (name != NULL)
		error = fail(message, -EPERM, "--user");
	if (error == 0)
		make_ruleset(confine);
	return error;
}

static int
limit(void)
{
	const struct rlimit none = { 0, 0 };
	const struct rlimit files = { FILES_MAX, FILES_MAX };

	/* A core would hold packets. */
	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    setrlimit(RLIMIT_NPROC, &none) != 0 ||
	    setrlimit(RLIMIT_NOFILE, &files) != 0)
		return -errno;
	return 0;
}

int
confine_enter(struct confine *confine, char message[CONFINE_MESSAGE_MAX])
{
	int error = limit();

	if (error != 0)
		return fail(message, error, "resource limits");
	/* While there is a capability to lower their bounds with. */
	if (geteuid() == 0)
		for (unsigned long i = 0; i < CAPABILITIES_MAX; i++)
			prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	error = become(confine);
	if (error != 0)
		return fail(message, error, "an unprivileged user");
	error = confine_capabilities(0);
	if (error != 0)
		return fail(message, error, "capabilities");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return fail(message, -errno, "no new privileges");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return fail(message, -errno, "not dumpable");
	error = enforce(confine);
	if (error != 0)
		return fail(message, error, "Landlock");
	if (confine->ruleset >= 0)
		close(confine->ruleset);
	confine->ruleset = -1;
	return 0;
}
