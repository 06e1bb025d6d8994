/* SPDX-License-Identifier: ISC */
/*
 * What an nDPI can do: compiled with -DPROBE_x it compiles where the library
 * has x, and capture/classify.c is then compiled with -DNDPI_HAS_x.  No version
 * is asked for: packages have patches, and development has no numbers.  The
 * list of all x is in build-aux/ndpi-probes.sh.
 */
#include <ndpi_api.h>
#include <stddef.h>

#define IS(a, b) __builtin_types_compatible_p(__typeof__(a), __typeof__(b))

extern struct ndpi_detection_module_struct *module;
extern struct ndpi_flow_struct *flow;
extern ndpi_protocol *said;

void probe(void);

void
probe(void)
{
#if defined PROBE_API /* as much as every version from 4.2 on has */
	ndpi_free_flow_data(flow);
	ndpi_exit_detection_module(module);
	(void)ndpi_get_proto_name(module, NDPI_PROTOCOL_MAIL_IMAPS);
	(void)(said->category == NDPI_PROTOCOL_CATEGORY_MAIL);
	(void)flow->host_server_name[0];
	(void)flow->protos.tls_quic.ssl_version;
	(void)ndpi_detection_get_sizeof_ndpi_flow_struct();
	(void)ndpi_revision();
#elif defined PROBE_PREFS   /* up to 4.8; then a global context, or NULL */
	_Static_assert(
	    IS(&ndpi_init_detection_module,
		struct ndpi_detection_module_struct * (*)(ndpi_init_prefs)),
	    "");
#elif defined PROBE_BITMASK /* up to 4.14; then all protocols are enabled */
	NDPI_PROTOCOL_BITMASK all;

	NDPI_BITMASK_SET_ALL(all);
	ndpi_set_protocol_detection_bitmask2(module, &all);
#elif defined PROBE_FINALIZE_RESULT /* from 4.10 on */
	_Static_assert(IS(ndpi_finalize_initialization(module), int), "");
#elif defined PROBE_INPUT_INFO      /* from 4.6 on */
	(void)ndpi_detection_process_packet(module, flow, NULL, 0, 0, NULL);
#elif defined PROBE_NESTED_PROTOCOL /* from 4.12 on */
	(void)said->proto.master_protocol;
	(void)said->proto.app_protocol;
#elif defined PROBE_STATE           /* from 5.0 on */
	(void)(said->state == NDPI_STATE_CLASSIFIED);
#elif defined PROBE_SET_ALLOCATORS  /* from the end of 2025 on */
	ndpi_set_memory_alloction_functions(
	    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
#elif defined PROBE_JA3             /* up to 4.12 */
	(void)flow->protos.tls_quic.ja3_client[0];
#else
#error "which probe?"
#endif
}
