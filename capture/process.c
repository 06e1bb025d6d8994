/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/process.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	LINK_LEN = 64,
	ARGUMENTS_LEN = 4096,
	PIDS_MAX = 8192, /* processes looked at, the youngest */
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* --- names ----------------------------------------------------------------- */

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* Programs that run others, and which of their options are followed by a word
 * that is no script, by what they run, or by a script in the argument. */
static const struct interpreter {
	const char *name; /* and a version after it, perhaps */
	const char *skip, *runs, *inline_script;
} interpreters[] = {
	{ "python", " -W -X ", " -m ", " -c " },
	{ "pypy", " -W -X ", " -m ", " -c " },
	{ "perl", " ", " ", " -e -E " },
	{ "ruby", " -I -r -C -E ", " ", " -e " },
	{ "node", " -r --require --import ", " ", " -e --eval -p --print " },
	{ "nodejs", " -r --require --import ", " ", " -e --eval " },
	{ "php", " -d -c ", " -f ", " -r " },
	{ "java", " -cp -classpath --class-path -p --module-path ",
	    " -jar -m --module ", " " },
	{ "sh", " -o ", " ", " -c " },
	{ "bash", " -o -O ", " ", " -c " },
	{ "dash", " -o ", " ", " -c " },
	{ "ash", " -o ", " ", " -c " },
	{ "zsh", " -o ", " ", " -c " },
	{ "lua", " -l ", " ", " -e " },
	{ "tclsh", " ", " ", " " },
};

static const struct interpreter *
find_interpreter(const char *name)
{
	for (size_t i = 0; i < COUNT(interpreters); i++) {
		size_t len = strlen(interpreters[i].name);

		if (strncmp(name, interpreters[i].name, len) == 0 &&
		    name[len + strspn(name + len, "0123456789.")] == '\0')
			return &interpreters[i];
	}
	return NULL;
}

/* is_among tells whether `word` is one of `words`, which have blanks around
 * them. */
static bool
is_among(const char *words, const char *word)
{
	char wanted[LINK_LEN];
	int len = snprintf(wanted, sizeof(wanted), " %s ", word);

	return len > 0 && (size_t)len < sizeof(wanted) &&
	       strstr(words, wanted) != NULL;
}

/* find_script returns what an interpreter runs, or NULL. */
static const char *
find_script(const struct interpreter *interpreter, const char *const *argv)
{
	for (size_t i = 1; argv[0] != NULL && argv[i] != NULL; i++) {
		if (argv[i][0] != '-')
			return argv[i];
		if (is_among(interpreter->inline_script, argv[i]))
			return NULL;
		if (is_among(interpreter->runs, argv[i]))
			return argv[i + 1];
		if (is_among(interpreter->skip, argv[i]) && argv[i + 1] != NULL)
			i++;
	}
	return NULL;
}

void
process_name(
    const char *executable, const char *const *argv, char out[PROCESS_NAME_MAX])
{
	const char *name = base_name(executable);
	const struct interpreter *interpreter = find_interpreter(name);
	const char *script = NULL;

	if (interpreter != NULL)
		script = find_script(interpreter, argv);
	if (script != NULL && base_name(script)[0] != '\0')
		name = base_name(script);
	/* One file for many programs, which go by what they are called. */
	if (strcmp(name, "busybox") == 0 && argv[0] != NULL)
		name = base_name(argv[0]);
	snprintf(out, PROCESS_NAME_MAX, "%s", name);
}

/* --- processes ------------------------------------------------------------- */

/* read_arguments fills in `argv`, which borrows from `text`. */
static void
read_arguments(int process, char text[ARGUMENTS_LEN],
    const char *argv[PROCESS_ARGUMENTS_MAX + 1])
{
	int file = openat(process, "cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t len = file >= 0 ? read(file, text, ARGUMENTS_LEN - 1) : 0;
	size_t count = 0;

	if (file >= 0)
		close(file);
	text[len > 0 ? len : 0] = '\0';
	for (char *at = text; at < text + len && count < PROCESS_ARGUMENTS_MAX;
	     at += strlen(at) + 1)
		argv[count++] = at;
	argv[count] = NULL;
}

/* describe returns false when the process is gone, or is none of a file. */
static bool
describe(int process, uint32_t pid, struct process_info *out)
{
	static const char deleted[] = " (deleted)";
	const char *argv[PROCESS_ARGUMENTS_MAX + 1];
	char text[ARGUMENTS_LEN];
	char *path = out->executable;
	ssize_t len = readlinkat(process, "exe", path, PROCESS_PATH_MAX - 1);

	if (len <= 0)
		return false;
	path[len] = '\0';
	/* As after an update, while the old program is still running. */
	if ((size_t)len > strlen(deleted) &&
	    strcmp(path + len - strlen(deleted), deleted) == 0)
		path[len - (ssize_t)strlen(deleted)] = '\0';
	out->pid = pid;
	read_arguments(process, text, argv);
	process_name(path, argv, out->name);
	return true;
}

/* holds tells whether one of the process's files is `wanted`. */
static bool
holds(int process, const char *wanted)
{
	int folder = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *files = folder >= 0 ? fdopendir(folder) : NULL;
	const struct dirent *entry;
	bool found = false;

	if (files == NULL) {
		if (folder >= 0)
			close(folder);
		return false;
	}
	while (!found && (entry = readdir(files)) != NULL) {
		char target[LINK_LEN];
		ssize_t len = readlinkat(
		    folder, entry->d_name, target, sizeof(target) - 1);

		target[len > 0 ? len : 0] = '\0';
		found = strcmp(target, wanted) == 0;
	}
	closedir(files);
	return found;
}

/* same_program tells whether two processes that share a socket run the same. */
static bool
same_program(const struct process_info *a, const struct process_info *b)
{
	return strcmp(a->name, b->name) == 0 &&
	       strcmp(a->executable, b->executable) == 0;
}

/* look_at looks whether process `pid` holds `wanted`, and adds it to those
 * that were `found`; it returns false when they are different programs. */
static bool
look_at(int proc, uint32_t pid, const char *wanted, unsigned *found,
    struct process_info *out)
{
	struct process_info one = { .pid = 0 };
	char name[LINK_LEN];
	bool same = true;
	int process;

	snprintf(name, sizeof(name), "%lu", (unsigned long)pid);
	process = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (process < 0)
		return true;
	if (holds(process, wanted) && describe(process, pid, &one)) {
		if (*found == 0)
			*out = one;
		else
			same = same_program(out, &one);
		if (++*found > 1)
			out->pid = 0;
	}
	close(process);
	return same;
}

/* list_processes returns how many there are, of which `pids` gets the last. */
static size_t
list_processes(DIR *proc, uint32_t pids[PIDS_MAX])
{
	const struct dirent *entry;
	size_t count = 0;

	while ((entry = readdir(proc)) != NULL)
		if (isdigit((unsigned char)entry->d_name[0]))
			pids[count++ % PIDS_MAX] =
			    (uint32_t)strtoul(entry->d_name, NULL, 10);
	return count;
}

/* The youngest are looked at first: they may not live long. */
enum process_finding
process_of_socket(uint32_t inode, struct process_info *out)
{
	static uint32_t pids[PIDS_MAX];
	char wanted[LINK_LEN];
	unsigned found = 0;
	bool same = true;
	DIR *proc = opendir("/proc");
	size_t count;

	*out = (struct process_info){ .pid = 0 };
	if (proc == NULL)
		return PROCESS_NONE;
	snprintf(wanted, sizeof(wanted), "socket:[%lu]", (unsigned long)inode);
	count = list_processes(proc, pids);
	for (size_t left = count < PIDS_MAX ? count : PIDS_MAX;
	     same && left > 0; left--)
		same = look_at(
		    dirfd(proc), pids[--count % PIDS_MAX], wanted, &found, out);
	closedir(proc);
	if (!same)
		return PROCESS_SEVERAL;
	return found > 0 ? PROCESS_ONE : PROCESS_NONE;
}
