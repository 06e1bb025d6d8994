/* SPDX-License-Identifier: ISC */
/*
 * The store's life: its file, its lock, what waits in memory, and when that is
 * written.  What is written is in report/store_put.c.
 */
#include "report/store_private.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "report/calendar.h"
#include "report/schema.h"

enum {
	FILE_MODE = 0640, /* who reads mail when is nobody else's business */
};

#define SECOND_US INT64_C(1000000)

struct store_options
store_defaults(const char *path)
{
	return (struct store_options){
		.path = path,
		.record_days = STORE_RECORD_DAYS,
		.sum_days = STORE_SUM_DAYS,
		.commit_s = STORE_COMMIT_S,
		.size_max = STORE_SIZE_MAX,
	};
}

void
store_say(const struct store *store, const char *format, ...)
{
	char text[STORE_MESSAGE_MAX], sentence[STORE_MESSAGE_MAX];
	va_list args;

	if (store->options.say == NULL)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(sentence, sizeof(sentence), "%.300s: %.200s",
	    store->options.path, text);
	store->options.say(store->options.arg, sentence);
}

const char *
store_words(int error)
{
	switch (error) {
	case -EBADMSG:
		return "the store is damaged, or no store at all";
	case -EPROTO:
		return "the store is of a newer mailtls";
	case -EINVAL:
		return "this is a database of something else";
	case -ESTALE:
		return "the store is of an older mailtls: what writes to it "
		       "next will bring it up to date";
	default:
		return strerror(-error);
	}
}

/*
 * The lock.
 */

/* Says who has the lock, as far as that is known. */
static void
name_holder(const char *path, int lock, char message[STORE_MESSAGE_MAX])
{
	char pid[16] = "";
	ssize_t len = pread(lock, pid, sizeof(pid) - 1, 0);

	pid[len > 0 ? strspn(pid, "0123456789") : 0] = '\0';
	snprintf(message, STORE_MESSAGE_MAX,
	    "%.300s: process %s is writing to this store", path,
	    pid[0] != '\0' ? pid : "another");
}

static int
take_lock(struct store *store, char message[STORE_MESSAGE_MAX])
{
	char path[STORE_PATH_MAX + sizeof("-lock")];
	struct stat before;
	int error;

	snprintf(path, sizeof(path), "%s-lock", store->options.path);
	store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
	if (store->lock < 0) {
		error = -errno;
		snprintf(message, STORE_MESSAGE_MAX, "%.300s: %s", path,
		    strerror(errno));
		return error;
	}
	if (flock(store->lock, LOCK_EX | LOCK_NB) != 0) {
		error = errno == EWOULDBLOCK ? -EBUSY : -errno;
		name_holder(store->options.path, store->lock, message);
		return error;
	}
	store->was_store =
	    fstat(store->lock, &before) == 0 && before.st_size > 0;
	/* Always as long, so that nothing of the one before remains. */
	dprintf(store->lock, "%-10ld\n", (long)getpid());
	return 0;
}

/*
 * The file.
 */

/* Makes the file, if need be. */
static int
make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);

	int error;

	if (fd < 0)
		return errno == EEXIST ? 0 : -errno;
	/* Whatever the umask. */
	error = fchmod(fd, FILE_MODE) != 0 ? -errno : 0;
	close(fd);
	return error;
}

int
store_attach(struct store *store)
{
	int error = make_file(store->options.path);

	if (error == 0)
		error = db_open(store->options.path, DB_WRITE, &store->db);
	if (error != 0)
		return error;
	/* FULL: a transaction that is over is on the disk. */
	db_run(store->db, "PRAGMA auto_vacuum = INCREMENTAL;"
			  "PRAGMA journal_mode = WAL;"
			  "PRAGMA synchronous = FULL;"
			  "PRAGMA journal_size_limit = 4194304;"
			  "PRAGMA cache_size = -2000;"
			  "PRAGMA temp_store = MEMORY");
	error = db_error(store->db);
	if (error == 0)
		error = schema_upgrade(store->db, schema_steps, schema_version);
	store_prepare(store);
	store->newest_day =
	    (int32_t)db_number(store->db, "SELECT max(day) FROM daily");
	if (error == 0)
		error = db_error(store->db);
	if (error != 0)
		store_detach(store);
	return error;
}

void
store_detach(struct store *store)
{
	db_close(store->db);
	store->db = NULL;
}

static void *
xcalloc(size_t count, size_t size)
{
	void *new = calloc(count, size);

	if (new == NULL)
		err(EXIT_FAILURE, NULL);
	return new;
}

static void
free_store(struct store *store)
{
	store_detach(store);
	if (store->lock >= 0)
		close(store->lock);
	free(store->waiting);
	free(store);
}

static int
fail(struct store *store, int error, struct store **out,
    char message[STORE_MESSAGE_MAX])
{
	if (message[0] == '\0')
		snprintf(message, STORE_MESSAGE_MAX, "%.300s: %s",
		    store->options.path, store_words(error));
	free_store(store);
	*out = NULL;
	return error;
}

int
store_open(const struct store_options *options, struct store **out,
    char message[STORE_MESSAGE_MAX])
{
	struct store *store = xcalloc(1, sizeof(*store));
	int error;

	tzset();
	message[0] = '\0';
	store->options = *options;
	store->waiting = xcalloc(STORE_WAITING_MAX, sizeof(*store->waiting));
	error = take_lock(store, message);
	if (error == 0)
		error = store_attach(store);
	/* A file that never was a store is the user's, and left alone. */
	if (error == -EBADMSG && store->was_store)
		error = store_rescue(store);
	if (error != 0)
		return fail(store, error, out, message);
	*out = store;
	return 0;
}

int
store_open_reader(
    const char *path, struct store **out, char message[STORE_MESSAGE_MAX])
{
	struct store *store = xcalloc(1, sizeof(*store));
	int error;

	tzset();
	message[0] = '\0';
	store->options = store_defaults(path);
	store->lock = -1;
	error = db_open(path, DB_READ, &store->db);
	if (error == 0)
		error = schema_check(store->db);
	if (error != 0)
		return fail(store, error, out, message);
	*out = store;
	return 0;
}

int64_t
store_when(const struct store *store)
{
	return store->now_us != 0 ? store->now_us
				  : (int64_t)time(NULL) * SECOND_US;
}

/*
 * Writing.
 */

static bool
put_waiting(struct store *store, const struct waiting *waiting)
{
	char text[NDJSON_LINE_MAX];
	struct store_line line = {
		.device = &waiting->who.device,
		.text = text,
	};
	size_t len =
	    ndjson_format(&waiting->c, &waiting->who, text, sizeof(text));

	text[len - 1] = '\0'; /* for the newline */
	facts_of(&waiting->c, &waiting->who, &line.facts);
	return store_put_line(store, &line);
}

/* Writes all that waits, or nothing of it. */
static int
write_all(struct store *store)
{
	uint64_t added = 0;
	int error;

	db_begin(store->db);
	for (size_t i = 0; i < store->waiting_count; i++)
		added += put_waiting(store, &store->waiting[i]);
	for (size_t i = 0; i < store->name_count; i++)
		store_put_device(store, &store->names[i], store->newest_us,
		    store->newest_us);
	for (size_t i = 0; i < store->run_count; i++)
		store_put_run(store, &store->runs[i]);
	error = db_commit(store->db);
	if (error != 0)
		return error;
	store->stats.added += added;
	store->stats.known += store->waiting_count - added;
	store->waiting_count = store->name_count = store->run_count = 0;
	return 0;
}

/* Says once that writing fails, and once that it does not any more. */
static void
tell(struct store *store, int error)
{
	if (error != 0 && !store->failing)
		store_say(store,
		    "%s; up to %d connections wait until it can be written "
		    "again",
		    store_words(error), STORE_WAITING_MAX);
	if (error == 0 && store->failing)
		store_say(store,
		    "written again; connections lost up to now: %llu",
		    (unsigned long long)store->stats.dropped);
	store->failing = error != 0;
}

static int
flush(struct store *store)
{
	int error = 0;

	if (store->waiting_count + store->name_count + store->run_count == 0)
		return 0;
	/* It is not there if putting it aside was as far as it got. */
	if (store->db == NULL)
		error = store_attach(store);
	if (error == 0)
		error = write_all(store);
	if (error == -EBADMSG) {
		error = store_rescue(store);
		if (error == 0)
			error = write_all(store);
	}
	tell(store, error);
	return error;
}

void
store_add(
    struct store *store, const struct connection *c, const struct identity *who)
{
	bool full = store->waiting_count == STORE_WAITING_MAX;

	/* While writing fails, not every connection is a reason to try. */
	if (full &&
	    (!store->failing || store->stats.dropped % STORE_WAITING_MAX == 0))
		flush(store);
	if (store->waiting_count == STORE_WAITING_MAX) {
		store->stats.dropped++;
		return;
	}
	store->waiting[store->waiting_count].c = *c;
	store->waiting[store->waiting_count++].who = *who;
}

void
store_name(struct store *store, const struct device_name *device)
{
	if (store->name_count == STORE_NAMES_MAX)
		flush(store);
	if (store->name_count < STORE_NAMES_MAX)
		store->names[store->name_count++] = *device;
}

/* The run in memory that `run` takes the place of, else a new one; the last if
 * there is no room. */
static struct history_run *
place_of(struct store *store, const struct history_run *run)
{
	for (size_t i = 0; i < store->run_count; i++) {
		struct history_run *other = &store->runs[i];

		if (other->start_us == run->start_us &&
		    strcmp(other->source, run->source) == 0)
			return other;
	}
	if (store->run_count == STORE_RUNS_MAX)
		flush(store);
	if (store->run_count < STORE_RUNS_MAX)
		store->run_count++;
	return &store->runs[store->run_count - 1];
}

void
store_run(struct store *store, const struct history_run *run)
{
	*place_of(store, run) = *run;
}

void
store_tick(struct store *store, int64_t now_us)
{
	int wait_s = store->failing ? STORE_RETRY_S : store->options.commit_s;

	store->now_us = now_us;
	/* At the first tick, and when the clock was set back. */
	if (store->written_us == 0 || now_us < store->written_us)
		store->written_us = now_us;
	if (now_us - store->written_us < wait_s * SECOND_US)
		return;
	store->written_us = now_us;
	if (flush(store) == 0)
		store_clean(store, false);
}

struct store_stats
store_statistics(const struct store *store)
{
	struct store_stats stats = store->stats;

	stats.waiting = store->waiting_count;
	return stats;
}

int
store_close(struct store *store, int64_t now_us)
{
	int error = 0;

	if (store == NULL)
		return 0;
	store->now_us = now_us;
	if (store->lock >= 0) {
		error = flush(store);
		if (error == 0)
			error = store_clean(store, true);
		store->stats.dropped += store->waiting_count;
		if (store->stats.dropped > 0)
			store_say(store, "connections not stored: %llu",
			    (unsigned long long)store->stats.dropped);
	}
	free_store(store);
	return error;
}
