/* SPDX-License-Identifier: ISC */
#include "device.h"

#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

/* A device with wolfSSL 5.5. */
int
main(int argc, char **argv)
{
	char answer[2048];
	int minor = device_minor(argc, argv);
	int fd = device_connect(argv[3], argv[4]);

	if (!strcmp(argv[2], "starttls"))
		device_starttls(fd, argv[1]);
	wolfSSL_Init();
	WOLFSSL_CTX *context =
	    wolfSSL_CTX_new(minor == 3   ? wolfTLSv1_2_client_method()
			    : minor == 2 ? wolfTLSv1_1_client_method()
					 : wolfSSLv23_client_method());
	wolfSSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	WOLFSSL *tls = wolfSSL_new(context);
	wolfSSL_UseSNI(tls, 0, argv[3], (unsigned short)strlen(argv[3]));
	wolfSSL_set_fd(tls, fd);
	if (wolfSSL_connect(tls) != WOLFSSL_SUCCESS)
		return 1;
	if (!strcmp(argv[2], "implicit"))
		wolfSSL_read(tls, answer, sizeof(answer));
	wolfSSL_write(tls, "QUIT\r\n", 6);
	wolfSSL_read(tls, answer, sizeof(answer));
	wolfSSL_shutdown(tls);
	return 0;
}
