/* SPDX-License-Identifier: ISC */
#include "device.h"

#include <bearssl.h>

static int
receive(void *fd, unsigned char *data, size_t len)
{
	ssize_t n = read(*(int *)fd, data, len);

	return n <= 0 ? -1 : (int)n;
}

static int
transmit(void *fd, const unsigned char *data, size_t len)
{
	ssize_t n = write(*(int *)fd, data, len);

	return n <= 0 ? -1 : (int)n;
}

/*
 * A device with BearSSL 0.6.  It trusts no certificate, so it goes no further
 * than the handshake, which is all that is wanted.
 */
int
main(int argc, char **argv)
{
	static br_ssl_client_context client;
	static br_x509_minimal_context x509;
	static unsigned char buffer[BR_SSL_BUFSIZE_BIDI];
	br_sslio_context io;
	char answer[512];
	int minor = device_minor(argc, argv);
	int fd = device_connect(argv[3], argv[4]);

	if (!strcmp(argv[2], "starttls"))
		device_starttls(fd, argv[1]);
	br_ssl_client_init_full(&client, &x509, NULL, 0);
	if (minor)
		br_ssl_engine_set_versions(
		    &client.eng, BR_TLS10, (unsigned)(0x300 + minor));
	br_ssl_engine_set_buffer(&client.eng, buffer, sizeof(buffer), 1);
	br_ssl_client_reset(&client, argv[3], 0);
	br_sslio_init(&io, &client.eng, receive, &fd, transmit, &fd);
	br_sslio_read(&io, answer, sizeof(answer));
	return 0;
}
