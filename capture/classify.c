/* SPDX-License-Identifier: ISC */
/*
 * nDPI 4.2 to 5.0.  The NDPI_HAS_ macros come from build-aux/ndpi-probes.c, of
 * which configure compiles one part for each; NDPI_MAJOR is not looked at.
 *
 * nDPI keeps copies of what it reads in the structure of the flow and on the
 * heap, and leaves some on the stack.  The structure and the stack are ours to
 * wipe; for the heap, nDPI frees through wipe_free.
 */
#include "capture/classify.h"

#include "config.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* It is not written for warnings as ours. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wvariadic-macros"
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wundef"
#include <ndpi_api.h>
#pragma GCC diagnostic pop

enum {
	STACK_USED = 32768, /* by nDPI, more than it was seen to */
};

struct classify {
	struct ndpi_detection_module_struct *module;
};

struct classify_flow {
	ndpi_protocol said; /* the latest that it said */
	struct ndpi_flow_struct flow;
};

/* --- memory ---------------------------------------------------------------- */

static void
wipe_free(void *block)
{
	if (block == NULL)
		return;
	explicit_bzero(block, malloc_usable_size(block));
	free(block);
}

/* wipe_stack overwrites what was called before from where this is called. */
static void __attribute__((noinline)) wipe_stack(void)
{
	char used[STACK_USED];

	explicit_bzero(used, sizeof(used));
}

#ifdef NDPI_HAS_SET_ALLOCATORS
static void *
wipe_realloc(void *old, size_t size)
{
	size_t had = old != NULL ? malloc_usable_size(old) : 0;
	void *new = malloc(size);

	if (new == NULL)
		return NULL;
	memcpy(new, old != NULL ? old : "", had < size ? had : size);
	wipe_free(old);
	return new;
}
#endif

static void
set_allocator(void)
{
#ifdef NDPI_HAS_SET_ALLOCATORS
	ndpi_set_memory_alloction_functions(malloc, wipe_free, calloc,
	    wipe_realloc, NULL, NULL, malloc, wipe_free);
#else
	set_ndpi_malloc(malloc);
	set_ndpi_free(wipe_free);
#endif
}

/* --- starting -------------------------------------------------------------- */

const char *
classify_version(void)
{
	static char text[CLASSIFY_NAME_MAX];

	snprintf(text, sizeof(text), "nDPI %s", ndpi_revision());
	return text;
}

static struct ndpi_detection_module_struct *
new_module(void)
{
#ifdef NDPI_HAS_PREFS
	return ndpi_init_detection_module(ndpi_no_prefs);
#else
	return ndpi_init_detection_module(NULL);
#endif
}

/* enable_all: up to 4.14 no protocol is looked for unless it is asked for. */
static void
enable_all(struct ndpi_detection_module_struct *module)
{
#ifdef NDPI_HAS_BITMASK
	NDPI_PROTOCOL_BITMASK all;

	NDPI_BITMASK_SET_ALL(all);
	ndpi_set_protocol_detection_bitmask2(module, &all);
#else
	(void)module;
#endif
}

static bool
finalize(struct ndpi_detection_module_struct *module)
{
#ifdef NDPI_HAS_FINALIZE_RESULT
	return ndpi_finalize_initialization(module) == 0;
#else
	ndpi_finalize_initialization(module);
	return true;
#endif
}

int
classify_open(struct classify **out)
{
	struct classify *new;

	*out = NULL;
	/* A header of another version than the library would be fatal. */
	if (ndpi_detection_get_sizeof_ndpi_flow_struct() !=
	    sizeof(struct ndpi_flow_struct))
		return -EPROTO;
	set_allocator();
	new = calloc(1, sizeof(*new));
	if (new != NULL)
		new->module = new_module();
	if (new == NULL || new->module == NULL) {
		free(new);
		return -ENOMEM;
	}
	enable_all(new->module);
	if (!finalize(new->module)) {
		classify_close(new);
		return -ENOMEM;
	}
	*out = new;
	return 0;
}

void
classify_close(struct classify *classify)
{
	if (classify == NULL)
		return;
	ndpi_exit_detection_module(classify->module);
	free(classify);
}

/* --- one connection -------------------------------------------------------- */

struct classify_flow *
classify_begin(void)
{
	return calloc(1, sizeof(struct classify_flow));
}

void
classify_end(struct classify_flow *flow)
{
	if (flow == NULL)
		return;
	ndpi_free_flow_data(&flow->flow);
	wipe_free(flow);
}

static ndpi_protocol
process(struct classify *classify, struct classify_flow *flow,
    const uint8_t *packet, size_t len, int64_t time_us)
{
	uint64_t time_ms = (uint64_t)(time_us / 1000);

#ifdef NDPI_HAS_INPUT_INFO
	return ndpi_detection_process_packet(classify->module, &flow->flow,
	    packet, (unsigned short)len, time_ms, NULL);
#else
	return ndpi_detection_process_packet(classify->module, &flow->flow,
	    packet, (unsigned short)len, time_ms);
#endif
}

/* part returns the two numbers of a protocol: TLS and whose, say. */
static void
parts(const ndpi_protocol *said, uint16_t out[2])
{
#ifdef NDPI_HAS_NESTED_PROTOCOL
	out[0] = said->proto.master_protocol;
	out[1] = said->proto.app_protocol;
#else
	out[0] = said->master_protocol;
	out[1] = said->app_protocol;
#endif
}

static bool
is_final(struct classify *classify, struct classify_flow *flow)
{
#ifdef NDPI_HAS_STATE
	(void)classify;
	return flow->said.state == NDPI_STATE_CLASSIFIED;
#else
	uint16_t part[2];

	parts(&flow->said, part);
	if (part[0] == NDPI_PROTOCOL_UNKNOWN &&
	    part[1] == NDPI_PROTOCOL_UNKNOWN)
		return false;
	return !ndpi_extra_dissection_possible(classify->module, &flow->flow);
#endif
}

/* --- what it means --------------------------------------------------------- */

/* mail_of returns the mail protocol that a number stands for. */
static enum mail_protocol
mail_of(uint16_t part)
{
	static const struct {
		uint16_t theirs;
		enum mail_protocol ours;
	} table[] = {
		{ NDPI_PROTOCOL_MAIL_SMTP, MAIL_SMTP },
		{ NDPI_PROTOCOL_MAIL_SMTPS, MAIL_SMTP },
		{ NDPI_PROTOCOL_MAIL_IMAP, MAIL_IMAP },
		{ NDPI_PROTOCOL_MAIL_IMAPS, MAIL_IMAP },
		{ NDPI_PROTOCOL_MAIL_POP, MAIL_POP3 },
		{ NDPI_PROTOCOL_MAIL_POPS, MAIL_POP3 },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].theirs == part)
			return table[i].ours;
	return MAIL_UNKNOWN;
}

static const char *
name_of(struct classify *classify, uint16_t part)
{
	const char *name = ndpi_get_proto_name(classify->module, part);

	return name != NULL ? name : "";
}

/* Services have numbers that come and go, and names that stay. */
static const char *
service_of(const char *name)
{
	static const struct {
		const char *name, *domain;
	} table[] = {
		{ "GMail", "gmail.com" },
		{ "Hotmail", "hotmail.com" },
		{ "Outlook", "outlook.com" },
		{ "Microsoft365", "office365.com" },
		{ "AppleiCloud", "icloud.com" },
		{ "Yahoo", "yahoo.com" },
		{ "YahooMail", "yahoo.com" },
		{ "GMX", "gmx.net" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].name, name) == 0)
			return table[i].domain;
	return "";
}

static struct opinion
opinion_of(const ndpi_protocol *said)
{
	struct opinion opinion = { .mail = said->category ==
					   NDPI_PROTOCOL_CATEGORY_MAIL };
	uint16_t part[2];

	parts(said, part);
	for (int i = 0; i < 2; i++) {
		if (opinion.protocol == MAIL_UNKNOWN)
			opinion.protocol = mail_of(part[i]);
		if (part[i] != NDPI_PROTOCOL_UNKNOWN)
			opinion.other = true;
	}
	if (opinion.protocol != MAIL_UNKNOWN)
		opinion.mail = true;
	/* Of TLS, that is not known. */
	if (opinion.mail || part[0] == NDPI_PROTOCOL_TLS ||
	    part[1] == NDPI_PROTOCOL_TLS)
		opinion.other = false;
	return opinion;
}

void
classify_packet(struct classify *classify, struct classify_flow *flow,
    const uint8_t *packet, size_t len, int64_t time_us,
    struct classify_answer *out)
{
	uint16_t part[2];

	flow->said = process(classify, flow, packet, len, time_us);
	wipe_stack();
	parts(&flow->said, part);
	memset(out, 0, sizeof(*out));
	out->final = is_final(classify, flow);
	out->opinion = opinion_of(&flow->said);
	for (int i = 0; i < 2 && out->service[0] == '\0'; i++)
		snprintf(out->service, sizeof(out->service), "%s",
		    service_of(name_of(classify, part[i])));
}

void
classify_details(struct classify *classify, const struct classify_flow *flow,
    struct classify_details *out)
{
	uint16_t part[2];

	parts(&flow->said, part);
	snprintf(out->protocol, sizeof(out->protocol), "%s.%s",
	    name_of(classify, part[0]), name_of(classify, part[1]));
	snprintf(out->server_name, sizeof(out->server_name), "%s",
	    flow->flow.host_server_name);
	out->tls_version = flow->flow.protos.tls_quic.ssl_version;
#ifdef NDPI_HAS_JA3
	snprintf(out->ja3, sizeof(out->ja3), "%s",
	    flow->flow.protos.tls_quic.ja3_client);
#else
	out->ja3[0] = '\0';
#endif
}
