/* SPDX-License-Identifier: ISC */
#ifndef RECORD_DEVICE_H
#define RECORD_DEVICE_H

#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * What the clients below share: a small device that sends mail.  All are
 * called PROGRAM PROTOCOL MODE HOST PORT [HELD], where HELD is the one TLS
 * version to use, 1.0 to 1.2.
 */

/* device_connect returns a socket to `host`, or ends the program. */
static int
device_connect(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found;

	if (getaddrinfo(host, port, &hints, &found))
		exit(1);
	int fd = socket(found->ai_family, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen))
		exit(1);
	freeaddrinfo(found);
	return fd;
}

/* device_say sends `line`, unless NULL, and waits for an answer. */
static void
device_say(int fd, const char *line)
{
	char answer[4096];

	if (line && write(fd, line, strlen(line)) < 0)
		exit(1);
	usleep(50000);
	if (read(fd, answer, sizeof(answer)) <= 0)
		exit(1);
}

/* device_starttls has the talk before TLS. */
static void
device_starttls(int fd, const char *protocol)
{
	char name[256] = "device", ehlo[300];

	gethostname(name, sizeof(name) - 1);
	snprintf(ehlo, sizeof(ehlo), "EHLO %s\r\n", name);
	bool smtp = !strcmp(protocol, "smtp");
	bool imap = !strcmp(protocol, "imap");
	device_say(fd, NULL);
	device_say(fd, smtp ? ehlo : imap ? "1 CAPABILITY\r\n" : "CAPA\r\n");
	device_say(fd, smtp   ? "STARTTLS\r\n"
		       : imap ? "2 STARTTLS\r\n"
			      : "STLS\r\n");
}

/* device_minor is the minor number of the version to use; 0: any. */
static int
device_minor(int argc, char **argv)
{
	return argc > 5 ? argv[5][2] - '0' + 1 : 0;
}

#endif
