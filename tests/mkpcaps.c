/* SPDX-License-Identifier: ISC */
/*
 * mkpcaps DIR writes the synthetic captures into the folder DIR, mkpcaps
 * without one their names to standard output.  No time, no randomness and no
 * library goes in, so the files are always the same.
 */
#include "tests/mkpcaps.h"

#include <stdlib.h>

static const struct mkpcap *const tables[] = {
	mkpcaps_mail,
	mkpcaps_odd,
	mkpcaps_tls,
	mkpcaps_tcp,
	mkpcaps_link,
};

struct mktalk
mkpcaps_start(struct mkframes *to, uint16_t client_port, uint16_t port)
{
	struct mktalk t = mktalk_of(to, false, client_port, port);

	mktalk_open(&t);
	return t;
}

void
mkpcaps_starttls(struct mktalk *t)
{
	mktalk_lines(t, "S:220 mail.example.net ESMTP\n"
			"C:EHLO laptop.example\n"
			"S+250-mail.example.net\n"
			"S:250 STARTTLS\n"
			"C:STARTTLS\n"
			"S:220 2.0.0 Ready to start TLS\n");
}

void
mkpcaps_session(struct mkframes *to, uint16_t client_port, uint16_t port,
    uint16_t max, uint16_t chosen)
{
	struct mktalk t = mkpcaps_start(to, client_port, port);
	struct mkdeal deal = mkdeal_of(max, chosen);

	if (port == 587)
		mkpcaps_starttls(&t);
	mktls_handshake(&t, &deal);
	mktalk_close(&t, CLIENT);
}

/* Cuts the last `len` bytes off what has been written. */
static int
cut(FILE *in, FILE *out, size_t len)
{
	long left;

	if (fseek(in, 0, SEEK_END) != 0)
		return -1;
	left = ftell(in) - (long)len;
	rewind(in);
	while (left-- > 0)
		putc(getc(in), out);
	return ferror(in) || ferror(out) ? -1 : 0;
}

static int
write_cut(const struct mkframes *list, const struct mkpcap *p, FILE *out)
{
	FILE *whole = tmpfile();
	int result = -1;

	if (whole == NULL)
		return -1;
	if (mkframes_write(list, p->link, whole) == 0)
		result = cut(whole, out, p->cut);
	fclose(whole);
	return result;
}

static void
write_one(const struct mkpcap *p, const char *dir)
{
	struct mkframes list = { 0 };
	char path[4096];
	FILE *out;
	int result;

	snprintf(path, sizeof(path), "%s/%s.pcap", dir, p->name);
	out = fopen(path, "wb");
	if (out == NULL) {
		perror(path);
		exit(1);
	}
	p->make(&list);
	if (p->cut > 0)
		result = write_cut(&list, p, out);
	else
		result = mkframes_write(&list, p->link, out);
	if (fclose(out) != 0 || result != 0) {
		perror(path);
		exit(1);
	}
	mkframes_clear(&list);
}

int
main(int argc, char *argv[])
{
	if (argc > 2) {
		fputs("usage: mkpcaps [DIR]\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct mkpcap *p = tables[i]; p->name != NULL; p++)
			if (argc == 2)
				write_one(p, argv[1]);
			else
				puts(p->name);
	return 0;
}
