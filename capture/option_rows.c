/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "capture/option_rows.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
	PORT_MAX = 65535,
	BUFFER_MIN = 1 << 16, /* the largest frame, more or less */
	ROTATE_MIN = 1 << 16,
	BUFFER_MAX = 1 << 30, /* libpcap counts it in an int */
	DAYS_MAX = 36500,
	JOBS_NUMBER_MAX = 1024,
	INTERVAL_MAX = 86400, /* a day, in seconds */
	SIZE_MIN = 1 << 20,   /* of a store */
};

/* --- setters --------------------------------------------------------------- */

/* find returns the index of `word` in `words`, which NULL ends, or -1. */
static int
find(const char *const *words, const char *word)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

static const char *
set_format(struct options *o, const char *argument)
{
	static const char *const words[] = { "text", "ndjson", "json", "html",
		"csv", "mail", "prometheus", "zeek", NULL };
	int i = find(words, argument);

	if (i < 0)
		return "not one of text, html, mail, json, csv, prometheus, "
		       "ndjson, zeek";
	o->format = (enum format)i;
	return NULL;
}

static const char *
set_live_format(struct options *o, const char *argument)
{
	static const char *const words[] = { "text", "ndjson", NULL };
	int i = find(words, argument);

	if (i < 0)
		return "not one of text, ndjson";
	o->format = (enum format)i;
	return NULL;
}

static const char *
set_colour(struct options *o, const char *argument)
{
	static const char *const words[] = { "auto", "always", "never", NULL };
	int i = find(words, argument);

	if (i < 0)
		return "not one of auto, always, never";
	o->colour = (enum colour)i;
	return NULL;
}

static const char *
set_min_version(struct options *o, const char *argument)
{
	static const char *const words[] = { "1.0", "1.1", "1.2", "1.3", NULL };
	int i = find(words, argument);

	if (i < 0)
		return "not one of 1.0, 1.1, 1.2, 1.3";
	o->min_version = (uint16_t)(TLS_1_0 + i);
	return NULL;
}

static const char *
set_output(struct options *o, const char *argument)
{
	o->output = strcmp(argument, "-") == 0 ? NULL : argument;
	return NULL;
}

static const char *
add_interface(struct options *o, const char *argument)
{
	if (o->interface_count == OPTIONS_INTERFACES_MAX)
		return "more interfaces than can be captured at once";
	for (size_t i = 0; i < o->interface_count; i++)
		if (strcmp(o->interfaces[i], argument) == 0)
			return "named twice";
	o->interfaces[o->interface_count++] = argument;
	return NULL;
}

/* read_number reads digits at the start of `text`, up to `max`, and returns
 * what follows, or NULL when there are none or too many. */
static const char *
read_number(const char *text, unsigned long max, unsigned long *out)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return NULL;
	errno = 0;
	*out = strtoul(text, &end, 10);
	return errno != 0 || *out > max ? NULL : end;
}

/* set_port_range reads `143` or `100-200` and returns what follows, or NULL
 * when that is none. */
static const char *
set_port_range(uint8_t ports[MD_PORT_MAP_LEN], const char *text)
{
	unsigned long first, last;

	text = read_number(text, PORT_MAX, &first);
	if (text == NULL || first == 0)
		return NULL;
	last = first;
	if (*text == '-')
		text = read_number(text + 1, PORT_MAX, &last);
	if (text == NULL || last < first)
		return NULL;
	for (unsigned long port = first; port <= last; port++)
		ports[port / 8] |= (uint8_t)(1u << port % 8);
	return text;
}

static const char *
set_ports(struct options *o, const char *argument)
{
	static char problem[96];
	const char *text = argument;

	memset(o->ports, 0, sizeof(o->ports));
	for (;;) {
		const char *rest = set_port_range(o->ports, text);

		if (rest != NULL && *rest == '\0')
			return NULL;
		if (rest == NULL || *rest != ',')
			break;
		text = rest + 1;
	}
	snprintf(problem, sizeof(problem),
	    "'%.*s' is no port or range of ports from 1 to 65535",
	    (int)(strcspn(text, ",") < 32 ? strcspn(text, ",") : 32), text);
	return problem;
}

/* read_size reads a number of bytes, perhaps with a unit, and returns NULL, or
 * what is wrong with it. */
static const char *
read_size(const char *argument, size_t *out)
{
	static const char units[] = "kmg";
	const char *unit;
	unsigned long n;
	unsigned shift = 0;

	argument = read_number(argument, ULONG_MAX, &n);
	if (argument == NULL)
		return "not a size, such as 32M";
	if (*argument != '\0') {
		unit = strchr(units, tolower((unsigned char)*argument));
		if (unit == NULL || argument[1] != '\0')
			return "not a size, such as 32M";
		shift = 10 * (unsigned)(unit - units + 1);
	}
	if (n > SIZE_MAX >> shift)
		return "more than this machine can address";
	*out = (size_t)n << shift;
	return NULL;
}

static const char *
set_memory(struct options *o, const char *argument)
{
	size_t size;
	const char *problem = read_size(argument, &size);

	if (problem != NULL)
		return problem;
	if (size < MD_SIZE_MIN)
		return "less than the minimum, 1M";
	o->memory = size;
	return NULL;
}

static const char *
set_jobs(struct options *o, const char *argument)
{
	unsigned long jobs;
	const char *rest = read_number(argument, JOBS_NUMBER_MAX, &jobs);

	if (rest == NULL || *rest != '\0' || jobs == 0)
		return "not a number of threads, from 1 to 1024";
	o->jobs = (unsigned)jobs;
	return NULL;
}

static const char *
set_buffer(struct options *o, const char *argument)
{
	size_t size;
	const char *problem = read_size(argument, &size);

	if (problem != NULL)
		return problem;
	if (size < BUFFER_MIN || size > BUFFER_MAX)
		return "not from 64K to 1G";
	o->buffer = size;
	return NULL;
}

static const char *
set_rotate(struct options *o, const char *argument)
{
	size_t size;
	const char *problem = read_size(argument, &size);

	if (problem != NULL)
		return problem;
	if (size < ROTATE_MIN)
		return "less than the minimum, 64K";
	o->rotate = size;
	return NULL;
}

static const char *
set_period(struct options *o, const char *argument)
{
	static const char *const words[] = { "week", "day", "month", "all",
		NULL };
	int i = find(words, argument);

	if (i < 0)
		return "not one of day, week, month, all";
	o->period = (enum stretch)i;
	o->has_period = true;
	return NULL;
}

static const char *
read_days(const char *argument, unsigned long min, int *out)
{
	unsigned long days;
	const char *rest = read_number(argument, DAYS_MAX, &days);

	if (rest == NULL || *rest != '\0' || days < min)
		return "not a number of days";
	*out = (int)days;
	return NULL;
}

static const char *
set_keep_records(struct options *o, const char *argument)
{
	return read_days(argument, 0, &o->keep_records);
}

static const char *
set_keep_days(struct options *o, const char *argument)
{
	return read_days(argument, 1, &o->keep_days);
}

static const char *
set_commit_interval(struct options *o, const char *argument)
{
	unsigned long seconds;
	const char *rest = read_number(argument, INTERVAL_MAX, &seconds);

	if (rest == NULL || *rest != '\0' || seconds == 0)
		return "not a number of seconds, from 1 to 86400";
	o->commit_interval = (int)seconds;
	return NULL;
}

static const char *
set_max_size(struct options *o, const char *argument)
{
	size_t size;
	const char *problem = read_size(argument, &size);

	if (problem != NULL)
		return problem;
	if (size < SIZE_MIN)
		return "less than the minimum, 1M";
	o->max_size = size;
	return NULL;
}

static const char *
set_verbose(struct options *o, const char *argument)
{
	(void)argument;
	o->verbose++;
	return NULL;
}

/* --- tables ---------------------------------------------------------------- */

#define MEMBER(name) NULL, offsetof(struct options, name)

enum {
	NONE = 1 << COMMAND_NONE,
	ANALYZE = 1 << COMMAND_ANALYZE,
	CAPTURE = 1 << COMMAND_CAPTURE,
	REPORT = 1 << COMMAND_REPORT,
	STORE = 1 << COMMAND_STORE,
	BOTH = ANALYZE | CAPTURE,
	PEOPLE = BOTH | REPORT, /* write for people */
	KEEPING = BOTH | STORE, /* write to a store */
	ALL = NONE | PEOPLE | STORE,
};

const struct option_row option_rows[] = {
	{ CAPTURE, "interface", 'i', "NAME",
	    "listen on this network interface, or on any; can be repeated",
	    add_interface, 0 },
	{ CAPTURE, "list", 'l', NULL,
	    "list the interfaces, and which of them to listen on",
	    MEMBER(list) },
	{ REPORT, "period", 0, "PERIOD",
	    "on this day, week (default) or month, or on all that is known",
	    set_period, 0 },
	{ REPORT, "last", 'l', NULL,
	    "on the day, week or month before, which is over", MEMBER(last) },
	{ REPORT, "since", 0, "DAY",
	    "from this day on: 2022-05-16, yesterday, '7 days ago'",
	    MEMBER(since) },
	{ REPORT, "until", 0, "DAY",
	    "up to and with this day, or on the period that it is in, and not "
	    "up to today",
	    MEMBER(until) },
	{ REPORT, "only-changes", 0, NULL,
	    "write nothing when nothing has changed since the period before",
	    MEMBER(only_changes) },
	{ ANALYZE, "format", 'f', "FORMAT",
	    "of a report: text (default), html, mail, json, csv, prometheus; "
	    "of each connection: ndjson, zeek",
	    set_format, 0 },
	{ REPORT, "format", 'f', "FORMAT",
	    "text (default), html, mail, json, csv, prometheus", set_format,
	    0 },
	{ CAPTURE, "format", 'f', "FORMAT",
	    "text (default) or ndjson, a line for each connection",
	    set_live_format, 0 },
	{ ALL & ~NONE, "output", 'o', "FILE",
	    "write to FILE, not to standard output", set_output, 0 },
	{ CAPTURE, "save", 'w', "FILE",
	    "keep the packets of the handshakes in FILE, a capture",
	    MEMBER(save) },
	{ CAPTURE, "rotate", 0, "SIZE",
	    "once FILE has SIZE bytes, go on in FILE.1, then in FILE again",
	    set_rotate, 0 },
	{ ANALYZE | REPORT, "check", 'c', NULL,
	    "exit with 3 when something below the minimum version was seen",
	    MEMBER(check) },
	{ PEOPLE, "min-version", 'm', "VERSION",
	    "what is below VERSION is old: 1.0, 1.1, 1.2 (default), 1.3",
	    set_min_version, 0 },
	{ BOTH, "any-port", 0, NULL,
	    "look for mail on all other ports of servers as well",
	    MEMBER(any_port) },
	{ BOTH, "ports", 'p', "LIST",
	    "look at these server ports, not the usual ones of mail: "
	    "143,8000-8100",
	    set_ports, 0 },
	{ ANALYZE, "filter", 0, "EXPRESSION",
	    "read only packets that match, in the language of pcap-filter(7)",
	    MEMBER(filter) },
	{ BOTH, "ca", 0, "FILE",
	    "trust the authorities in FILE (PEM), or in none, not the system's",
	    MEMBER(ca) },
	{ PEOPLE, "devices", 0, "FILE",
	    "names of devices, a line each: a MAC or IP address, and the name",
	    MEMBER(devices) },
	{ PEOPLE, "leases", 0, "FILE",
	    "names of devices from the leases of a DHCP server (dnsmasq, "
	    "odhcpd, ISC, Kea)",
	    MEMBER(leases) },
	{ PEOPLE, "oui", 0, "FILE",
	    "vendors by MAC from FILE (IEEE's CSV), not from the system's lists",
	    MEMBER(oui) },
	{ PEOPLE, "providers", 0, "FILE",
	    "what is known of mail providers, before what is compiled in",
	    MEMBER(providers) },
	{ PEOPLE, "lang", 0, "CODE",
	    "language of what people read: en, de, ja; else the locale's",
	    MEMBER(lang) },
	{ ANALYZE | REPORT, "mail-to", 0, "ADDRESS",
	    "whom a report in the format mail is for", MEMBER(mail_to) },
	{ ANALYZE | REPORT, "mail-from", 0, "ADDRESS",
	    "whom it is from, not who runs this", MEMBER(mail_from) },
	{ BOTH, "store", 0, "FILE",
	    "keep what is seen in FILE, see --help of store", MEMBER(store) },
	{ CAPTURE, "commit-interval", 0, "SECONDS",
	    "how long it may wait to be written there (default 60)",
	    set_commit_interval, 0 },
	{ REPORT | STORE, "store", 0, "FILE",
	    "the store (default: $STATE_DIRECTORY/store.db, "
	    "$XDG_STATE_HOME/mailtls/store.db)",
	    MEMBER(store) },
	{ KEEPING, "keep-records", 0, "DAYS",
	    "how long every connection is kept (default 30)", set_keep_records,
	    0 },
	{ KEEPING, "keep-days", 0, "DAYS",
	    "how long daily sums are kept (default 400)", set_keep_days, 0 },
	{ KEEPING, "max-size", 0, "SIZE",
	    "how large the store may become (default 256M)", set_max_size, 0 },
	{ BOTH, "memory", 0, "SIZE",
	    "for all connections together (default 32M)", set_memory, 0 },
	{ ANALYZE, "jobs", 'j', "N",
	    "work with so many threads (default: as there are cores)", set_jobs,
	    0 },
	{ CAPTURE, "buffer", 0, "SIZE",
	    "for packets that wait, of each interface (default 512K)",
	    set_buffer, 0 },
	{ CAPTURE, "promiscuous", 0, NULL,
	    "listen to frames for others, too: on a mirror port",
	    MEMBER(promiscuous) },
	{ CAPTURE, "no-programs", 0, NULL,
	    "do not look up which program of this machine it is",
	    MEMBER(no_programs) },
	{ CAPTURE, "user", 'u', "NAME",
	    "whom to run as, once listening (default mailtls, else nobody)",
	    MEMBER(user) },
	{ PEOPLE, "colour", 0, "WHEN", "auto (default), always or never",
	    set_colour, 0 },
	{ BOTH, "stats", 's', NULL,
	    "afterwards, print on standard error what was counted",
	    MEMBER(stats) },
	{ ANALYZE, "quiet", 'q', NULL, "show no progress", MEMBER(quiet) },
	{ CAPTURE, "quiet", 'q', NULL, "print no lines: for --save",
	    MEMBER(quiet) },
	{ ALL & ~NONE, "verbose", 'v', NULL, "say more; twice, yet more",
	    set_verbose, 0 },
	{ ALL, "help", 'h', NULL, "say this", MEMBER(help) },
	{ ALL, "version", 'V', NULL, "say which version this is",
	    MEMBER(version) },
	{ 0, NULL, 0, NULL, NULL, NULL, 0 },
};

static_assert(sizeof(option_rows) / sizeof(option_rows[0]) <= OPTION_ROWS_MAX,
    "the tables of getopt_long(3) have room for all rows");

const struct option_command option_commands[] = {
	[COMMAND_NONE] = { NULL, "COMMAND ...", NULL,
	    "Finds programs and devices that still speak old TLS to mail "
	    "servers." },
	[COMMAND_ANALYZE] = { "analyze", "FILE...", "read captures and report",
	    "Reads captures (pcap, pcapng; also in gzip or zstd), folders of "
	    "them, or\nstandard input (-), and reports which mail "
	    "connections used which TLS." },
	[COMMAND_CAPTURE] = { "capture", "", "listen, and tell at once",
	    "Listens on network interfaces, as root, and says of each mail "
	    "connection which\nTLS it uses, as soon as that is seen." },
	[COMMAND_REPORT] = { "report", "", "tell a period from a store",
	    "Tells from a store which mail connections used which TLS in a "
	    "day, week or\nmonth, and what has changed since the one "
	    "before." },
	[COMMAND_STORE] = { "store", "check|export|import|merge [FILE...]",
	    "look after a store",
	    "Looks through a store (check), writes it as JSON, a line each "
	    "(export), and\ntakes such lines (import; - is standard input) or "
	    "another store (merge) in.\nNothing counts twice." },
};

const int option_command_count =
    sizeof(option_commands) / sizeof(option_commands[0]);
