/* SPDX-License-Identifier: ISC */
#include "tests/mksame.h"

#include "tests/kit.h"

static void
same_endpoint(const struct endpoint *a, const struct endpoint *b)
{
	assert_memory_equal(a->ip, b->ip, sizeof(a->ip));
	assert_memory_equal(a->mac, b->mac, sizeof(a->mac));
	assert_int_equal(a->has_mac, b->has_mac);
	assert_int_equal(a->port, b->port);
}

static void
same_offer(const struct offer *a, const struct offer *b)
{
	assert_int_equal(a->seen, b->seen);
	assert_int_equal(a->whole, b->whole);
	assert_int_equal(a->sslv2_format, b->sslv2_format);
	assert_int_equal(a->fallback_scsv, b->fallback_scsv);
	assert_int_equal(a->ech, b->ech);
	assert_int_equal(a->legacy_version, b->legacy_version);
	assert_int_equal(a->max_version, b->max_version);
	assert_int_equal(a->version_count, b->version_count);
	assert_memory_equal(a->versions, b->versions, sizeof(a->versions));
	assert_string_equal(a->server_name, b->server_name);
}

static void
same_answer(const struct answer *a, const struct answer *b)
{
	assert_int_equal(a->seen, b->seen);
	assert_int_equal(a->hello_retry, b->hello_retry);
	assert_int_equal(a->resumed, b->resumed);
	assert_int_equal(a->established, b->established);
	assert_int_equal(a->version, b->version);
	assert_int_equal(a->draft, b->draft);
	assert_int_equal(a->cipher, b->cipher);
	assert_int_equal(a->group, b->group);
	assert_int_equal(a->sentinel, b->sentinel);
	assert_string_equal(a->next_protocol, b->next_protocol);
}

static void
same_talk(const struct connection *a, const struct connection *b)
{
	assert_int_equal(a->protocol, b->protocol);
	assert_int_equal(a->starttls, b->starttls);
	assert_int_equal(a->login, b->login);
	assert_int_equal(a->secret_exposed, b->secret_exposed);
	assert_int_equal(a->login_result, b->login_result);
	assert_int_equal(
	    a->unexpected_bytes[CLIENT], b->unexpected_bytes[CLIENT]);
	assert_int_equal(
	    a->unexpected_bytes[SERVER], b->unexpected_bytes[SERVER]);
	assert_string_equal(a->login_mechanism, b->login_mechanism);
	assert_string_equal(a->ehlo, b->ehlo);
	assert_string_equal(a->greeting_name, b->greeting_name);
	assert_int_equal(a->client_id_len, b->client_id_len);
	assert_memory_equal(a->client_id, b->client_id, a->client_id_len);
}

void
mksame(const struct connection *a, const struct connection *b)
{
	same_endpoint(&a->end[CLIENT], &b->end[CLIENT]);
	same_endpoint(&a->end[SERVER], &b->end[SERVER]);
	assert_int_equal(a->ipv6, b->ipv6);
	assert_int_equal(a->incomplete, b->incomplete);
	assert_int_equal(a->closed_by, b->closed_by);
	assert_int_equal(a->encryption, b->encryption);
	same_talk(a, b);
	assert_int_equal(a->tls, b->tls);
	assert_int_equal(a->change_cipher[CLIENT], b->change_cipher[CLIENT]);
	assert_int_equal(a->change_cipher[SERVER], b->change_cipher[SERVER]);
	assert_int_equal(a->answered_in_clear, b->answered_in_clear);
	same_offer(&a->offer, &b->offer);
	same_answer(&a->answer, &b->answer);
	assert_int_equal(a->client_certificate, b->client_certificate);
	assert_int_equal(a->alert_count, b->alert_count);
	assert_memory_equal(a->alerts, b->alerts, sizeof(a->alerts));
}
