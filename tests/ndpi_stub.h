/* SPDX-License-Identifier: ISC */
/*
 * The part of nDPI's interface that capture/classify.c uses, as it was in one
 * version after the other, for tests/ndpi_versions.sh: NDPI_STUB is 402 for 4.2,
 * and 411 for what became 4.12.  Written from the documented interface; what
 * changed when is also in docs/ndpi.md.  Structures have no more members than
 * are asked for, so this is for the compiler alone.
 */
#ifndef MAILTLS_TESTS_NDPI_STUB_H
#define MAILTLS_TESTS_NDPI_STUB_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct ndpi_detection_module_struct;
struct ndpi_global_context;

enum {
	NDPI_PROTOCOL_UNKNOWN = 0,
	NDPI_PROTOCOL_MAIL_POP = 2,
	NDPI_PROTOCOL_MAIL_SMTP = 3,
	NDPI_PROTOCOL_MAIL_IMAP = 4,
	NDPI_PROTOCOL_MAIL_POPS = 23,
	NDPI_PROTOCOL_MAIL_SMTPS = 29,
	NDPI_PROTOCOL_MAIL_IMAPS = 51,
	NDPI_PROTOCOL_TLS = 91,
};

typedef enum {
	NDPI_PROTOCOL_CATEGORY_UNSPECIFIED = 0,
	NDPI_PROTOCOL_CATEGORY_MAIL = 3,
} ndpi_protocol_category_t;

#if NDPI_STUB >= 500
typedef enum {
	NDPI_STATE_INSPECTING,
	NDPI_STATE_PARTIAL,
	NDPI_STATE_MONITORING,
	NDPI_STATE_CLASSIFIED,
} ndpi_classification_state;
#endif

#if NDPI_STUB >= 411
typedef struct {
	u_int16_t master_protocol, app_protocol;
} ndpi_master_app_protocol;

typedef struct ndpi_proto {
	ndpi_master_app_protocol proto;
	ndpi_protocol_category_t category;
#if NDPI_STUB >= 500
	ndpi_classification_state state;
#endif
} ndpi_protocol;
#else
typedef struct ndpi_proto {
	u_int16_t master_protocol, app_protocol;
	ndpi_protocol_category_t category;
} ndpi_protocol;
#endif

struct ndpi_flow_struct {
	char host_server_name[80];
	union {
		struct {
			u_int16_t ssl_version;
#if NDPI_STUB < 414
			char ja3_client[33];
#endif
#if NDPI_STUB >= 410
			char ja4_client[37];
#endif
		} tls_quic;
	} protos;
};

/* --- starting -------------------------------------------------------------- */

#if NDPI_STUB < 410
typedef u_int32_t ndpi_init_prefs;
enum {
	ndpi_no_prefs = 0,
};
struct ndpi_detection_module_struct *ndpi_init_detection_module(
    ndpi_init_prefs prefs);
void ndpi_finalize_initialization(struct ndpi_detection_module_struct *module);
#else
struct ndpi_detection_module_struct *ndpi_init_detection_module(
    struct ndpi_global_context *context);
int ndpi_finalize_initialization(struct ndpi_detection_module_struct *module);
#endif

#if NDPI_STUB < 500
typedef struct {
	u_int32_t bits[16];
} NDPI_PROTOCOL_BITMASK;
#define NDPI_BITMASK_SET_ALL(mask) ((mask).bits[0] = 0xffffffffu)
void ndpi_set_protocol_detection_bitmask2(
    struct ndpi_detection_module_struct *module,
    const NDPI_PROTOCOL_BITMASK *mask);
#endif

void ndpi_exit_detection_module(struct ndpi_detection_module_struct *module);
char *ndpi_revision(void);
u_int32_t ndpi_detection_get_sizeof_ndpi_flow_struct(void);

/* --- memory ---------------------------------------------------------------- */

#if NDPI_STUB < 501
void set_ndpi_malloc(void *(*new_malloc)(size_t size));
void set_ndpi_free(void (*new_free)(void *block));
#else
void ndpi_set_memory_alloction_functions(void *(*new_malloc)(size_t size),
    void (*new_free)(void *block),
    void *(*new_calloc)(size_t count, size_t size),
    void *(*new_realloc)(void *block, size_t size),
    void *(*new_aligned_malloc)(size_t alignment, size_t size),
    void (*new_aligned_free)(void *block),
    void *(*new_flow_malloc)(size_t size), void (*new_flow_free)(void *block));
#endif

/* --- packets --------------------------------------------------------------- */

#if NDPI_STUB < 406
ndpi_protocol ndpi_detection_process_packet(
    struct ndpi_detection_module_struct *module, struct ndpi_flow_struct *flow,
    const unsigned char *packet, const unsigned short len,
    const u_int64_t time_ms);
#else
struct ndpi_flow_input_info;
ndpi_protocol ndpi_detection_process_packet(
    struct ndpi_detection_module_struct *module, struct ndpi_flow_struct *flow,
    const unsigned char *packet, const unsigned short len,
    const u_int64_t time_ms, struct ndpi_flow_input_info *info);
#endif

#if NDPI_STUB < 500
u_int8_t ndpi_extra_dissection_possible(
    struct ndpi_detection_module_struct *module, struct ndpi_flow_struct *flow);
#endif

void ndpi_free_flow_data(struct ndpi_flow_struct *flow);
char *ndpi_get_proto_name(
    struct ndpi_detection_module_struct *module, u_int16_t protocol);

#endif
