/* SPDX-License-Identifier: ISC */
/*
 * A file is a stack of layers.  Layer 0 reads the file; each one above takes
 * the compression off the one below; stdio reads the topmost through
 * fopencookie(3).  Every layer looks at its first bytes before it hands them
 * on, and that is how the next one is found.
 */
#include "config.h"

#include "capture/inflate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum {
	PACKED_LEN = 1 << 17, /* read of compressed bytes at a time */
};

/* One step of unpacking: what went in, what came out. */
struct step {
	const uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t out_len;
	bool at_end; /* of a member or frame: the file may end here */
};

/* A codec starts, steps (false: damaged) and ends its own state. */
struct codec {
	const char *name;
	uint8_t magic[4];
	size_t magic_len;
	void *(*start)(void);
	bool (*step)(void *state, struct step *step);
	void (*end)(void *state);
};

struct layer {
	const struct codec *codec; /* NULL: the file itself */
	void *state;
	uint8_t *packed; /* bytes of the layer below, not yet unpacked */
	size_t packed_at, packed_len;
	bool at_end;
	bool pending; /* the codec may hold output that did not fit */
	uint8_t head[INFLATE_HEAD_MAX];
	size_t head_at, head_len;
};

struct inflate {
	int fd;
	int error;
	uint64_t position, size;
	struct layer layers[INFLATE_LAYERS_MAX + 1];
	unsigned top;
	FILE *stream;
	char *buffer;
};

/* --- gzip ------------------------------------------------------------------ */

/* Members may follow each other, as in a file made by `cat a.gz b.gz`. */
struct gzip {
	z_stream z;
	bool between; /* a member ended, the next has not begun */
	bool done;    /* what follows is no member, and is ignored */
};

static void *
gzip_start(void)
{
	struct gzip *gzip = calloc(1, sizeof(*gzip));

	if (gzip == NULL)
		return NULL;
	if (inflateInit2(&gzip->z, 15 + 16) == Z_OK) /* gzip alone */
		return gzip;
	free(gzip);
	return NULL;
}

static void
gzip_end(void *state)
{
	struct gzip *gzip = state;

	inflateEnd(&gzip->z);
	free(gzip);
}

/* gzip_next begins another member, or finds that there is none. */
static void
gzip_next(struct gzip *gzip, const struct step *step)
{
	if (step->in[0] != 0x1f || inflateReset(&gzip->z) != Z_OK)
		gzip->done = true;
	gzip->between = false;
}

static bool
gzip_step(void *state, struct step *step)
{
	struct gzip *gzip = state;
	int result;

	if (gzip->between)
		gzip_next(gzip, step);
	if (gzip->done) {
		step->in_len = 0;
		step->out_len = 0;
		step->at_end = true;
		return true;
	}
	gzip->z.next_in = (z_const Bytef *)(uintptr_t)step->in;
	gzip->z.avail_in = (uInt)step->in_len;
	gzip->z.next_out = step->out;
	gzip->z.avail_out = (uInt)step->out_len;
	result = inflate(&gzip->z, Z_NO_FLUSH);
	step->in_len -= gzip->z.avail_in;
	step->out_len -= gzip->z.avail_out;
	gzip->between = result == Z_STREAM_END;
	step->at_end = gzip->between;
	return result == Z_OK || result == Z_STREAM_END ||
	       result == Z_BUF_ERROR;
}

/* --- zstd ------------------------------------------------------------------ */

static void *
zstd_start(void)
{
	return ZSTD_createDStream();
}

static void
zstd_end(void *state)
{
	ZSTD_freeDStream(state);
}

static bool
zstd_step(void *state, struct step *step)
{
	ZSTD_inBuffer in = { step->in, step->in_len, 0 };
	ZSTD_outBuffer out = { step->out, step->out_len, 0 };
	size_t result = ZSTD_decompressStream(state, &out, &in);

	step->in_len = in.pos;
	step->out_len = out.pos;
	step->at_end = result == 0;
	return !ZSTD_isError(result);
}

static const struct codec codecs[] = {
	{ "gzip", { 0x1f, 0x8b, 0x08 }, 3, gzip_start, gzip_step, gzip_end },
	{ "zstd", { 0x28, 0xb5, 0x2f, 0xfd }, 4, zstd_start, zstd_step,
	    zstd_end },
};

/* --- layers ---------------------------------------------------------------- */

/* read_file reads the file itself.  A signal ends it, so that whoever asked
 * for an end need not wait for a pipe that nobody writes to. */
static size_t
read_file(struct inflate *f, void *to, size_t size)
{
	ssize_t n = read(f->fd, to, size);

	if (n < 0) {
		f->error = -errno;
		return 0;
	}
	f->position += (uint64_t)n;
	return (size_t)n;
}

static size_t layer_read(
    struct inflate *f, unsigned level, void *to, size_t size);

/* refill gets packed bytes from below and tells whether there are any. */
static bool
refill(struct inflate *f, unsigned level)
{
	struct layer *layer = &f->layers[level];

	if (layer->packed_len > 0)
		return true;
	layer->packed_at = 0;
	layer->packed_len = layer_read(f, level - 1, layer->packed, PACKED_LEN);
	if (layer->packed_len == 0 && !layer->at_end && f->error == 0)
		f->error = -ENODATA;
	return layer->packed_len > 0;
}

/* unpack returns some of what layer `level` holds, 0 at its end. */
static size_t
unpack(struct inflate *f, unsigned level, void *to, size_t size)
{
	struct layer *layer = &f->layers[level];

	while (f->error == 0 && (layer->pending || refill(f, level))) {
		struct step step = { layer->packed + layer->packed_at,
			layer->packed_len, to, size, false };

		if (!layer->codec->step(layer->state, &step)) {
			f->error = -EBADMSG;
			return step.out_len;
		}
		if (step.in_len == 0 && step.out_len == 0)
			step.in_len = layer->packed_len; /* ignored */
		layer->packed_at += step.in_len;
		layer->packed_len -= step.in_len;
		layer->at_end = step.at_end;
		layer->pending = step.out_len == size && !step.at_end;
		if (step.out_len > 0)
			return step.out_len;
	}
	return 0;
}

/* layer_read returns some of the content of layer `level`, 0 at its end. */
static size_t
layer_read(struct inflate *f, unsigned level, void *to, size_t size)
{
	struct layer *layer = &f->layers[level];
	size_t n = layer->head_len - layer->head_at;

	if (n == 0 && level == 0)
		return read_file(f, to, size);
	if (n == 0)
		return unpack(f, level, to, size);
	if (n > size)
		n = size;
	memcpy(to, layer->head + layer->head_at, n);
	layer->head_at += n;
	return n;
}

/* peek reads the first bytes of layer `level` and keeps them for later. */
static void
peek(struct inflate *f, unsigned level)
{
	struct layer *layer = &f->layers[level];
	uint8_t head[INFLATE_HEAD_MAX];
	size_t have = 0, n;

	do {
		n = layer_read(f, level, head + have, sizeof(head) - have);
		have += n;
	} while (n > 0 && have < sizeof(head));
	memcpy(layer->head, head, have);
	layer->head_len = have;
}

static const struct codec *
codec_find(const struct layer *layer)
{
	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
		if (layer->head_len >= codecs[i].magic_len &&
		    memcmp(layer->head, codecs[i].magic, codecs[i].magic_len) ==
			0)
			return &codecs[i];
	return NULL;
}

/* push puts a layer on top that takes off what `codec` put there. */
static int
push(struct inflate *f, const struct codec *codec)
{
	struct layer *layer = &f->layers[f->top + 1];

	layer->packed = malloc(PACKED_LEN);
	layer->state = codec->start();
	layer->codec = codec;
	f->top++;
	if (layer->packed == NULL || layer->state == NULL)
		return -ENOMEM;
	peek(f, f->top);
	return 0;
}

static int
push_all(struct inflate *f)
{
	const struct codec *codec;
	int error = 0;

	peek(f, 0);
	while (error == 0 && (codec = codec_find(&f->layers[f->top])) != NULL) {
		if (f->top == INFLATE_LAYERS_MAX)
			return -ELOOP;
		error = push(f, codec);
	}
	return error;
}

/* --- the stream ------------------------------------------------------------ */

static ssize_t
cookie_read(void *cookie, char *to, size_t size)
{
	struct inflate *f = cookie;
	size_t n = layer_read(f, f->top, to, size);

	return n == 0 && f->error != 0 ? -1 : (ssize_t)n;
}

static int
open_stream(struct inflate *f, size_t buffer)
{
	static const cookie_io_functions_t functions = { .read = cookie_read };

	f->buffer = malloc(buffer);
	f->stream = fopencookie(f, "rb", functions);
	if (f->buffer == NULL || f->stream == NULL)
		return -ENOMEM;
	/* glibc heeds the size only when it is given a buffer as well. */
	if (setvbuf(f->stream, f->buffer, _IOFBF, buffer) != 0)
		return -EINVAL;
	/* One thread reads it, in pieces so small that locks would show. */
	__fsetlocking(f->stream, FSETLOCKING_BYCALLER);
	return 0;
}

/* open_file opens `path` and learns how long it is. */
static int
open_file(struct inflate *f, const char *path)
{
	struct stat st;

	f->fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
				       : open(path, O_RDONLY | O_CLOEXEC);
	if (f->fd < 0 || fstat(f->fd, &st) != 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (S_ISREG(st.st_mode))
		f->size = (uint64_t)st.st_size;
	return 0;
}

int
inflate_open(const char *path, size_t buffer, struct inflate **out)
{
	struct inflate *f = calloc(1, sizeof(*f));
	int error;

	*out = NULL;
	if (f == NULL)
		return -ENOMEM;
	f->fd = -1;
	error = open_file(f, path);
	if (error == 0)
		error = push_all(f);
	if (error == 0)
		error = open_stream(f, buffer);
	if (error != 0) {
		if (f->stream != NULL)
			fclose(f->stream);
		inflate_free(f);
		return error;
	}
	*out = f;
	return 0;
}

void
inflate_free(struct inflate *f)
{
	if (f == NULL)
		return;
	for (unsigned i = 1; i <= f->top; i++) {
		if (f->layers[i].state != NULL)
			f->layers[i].codec->end(f->layers[i].state);
		free(f->layers[i].packed);
	}
	if (f->fd >= 0)
		close(f->fd);
	free(f->buffer);
	free(f);
}

FILE *
inflate_stream(struct inflate *f)
{
	return f->stream;
}

size_t
inflate_head(const struct inflate *f, const uint8_t **head)
{
	*head = f->layers[f->top].head;
	return f->layers[f->top].head_len;
}

int
inflate_error(const struct inflate *f)
{
	return f->error;
}

const char *
inflate_format(const struct inflate *f)
{
	return f->top > 0 ? f->layers[1].codec->name : NULL;
}

uint64_t
inflate_position(const struct inflate *f)
{
	return f->position;
}

uint64_t
inflate_size(const struct inflate *f)
{
	return f->size;
}
