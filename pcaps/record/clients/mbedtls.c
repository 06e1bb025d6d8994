/* SPDX-License-Identifier: ISC */
#include "device.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>

/* A device with Mbed TLS 2.28. */
int
main(int argc, char **argv)
{
	mbedtls_net_context net;
	mbedtls_ssl_context tls;
	mbedtls_ssl_config config;
	mbedtls_entropy_context entropy;
	mbedtls_ctr_drbg_context random;
	unsigned char answer[2048];
	int minor = device_minor(argc, argv);

	mbedtls_net_init(&net);
	mbedtls_ssl_init(&tls);
	mbedtls_ssl_config_init(&config);
	mbedtls_entropy_init(&entropy);
	mbedtls_ctr_drbg_init(&random);
	mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL, 0);
	net.fd = device_connect(argv[3], argv[4]);
	if (!strcmp(argv[2], "starttls"))
		device_starttls(net.fd, argv[1]);
	mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_CLIENT,
	    MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
	mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_NONE);
	mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random);
	if (minor) {
		mbedtls_ssl_conf_min_version(&config, 3, minor);
		mbedtls_ssl_conf_max_version(&config, 3, minor);
	}
	mbedtls_ssl_setup(&tls, &config);
	mbedtls_ssl_set_hostname(&tls, argv[3]);
	mbedtls_ssl_set_bio(
	    &tls, &net, mbedtls_net_send, mbedtls_net_recv, NULL);
	if (mbedtls_ssl_handshake(&tls))
		return 1;
	if (!strcmp(argv[2], "implicit"))
		mbedtls_ssl_read(&tls, answer, sizeof(answer));
	mbedtls_ssl_write(&tls, (const unsigned char *)"QUIT\r\n", 6);
	mbedtls_ssl_read(&tls, answer, sizeof(answer));
	mbedtls_ssl_close_notify(&tls);
	return 0;
}
