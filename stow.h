/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_STOW_H
#define MAILTLS_STOW_H

#include "report/store.h"
#include "run.h"

/*
 * What commands that read packets do with --store: they keep every connection
 * there, and when they listened to what.
 */

/* stow_options returns those of the command line, for the store at `path`; the
 * store tells the user what it has to say. */
struct store_options stow_options(
    const struct options *options, const char *path);

/* stow_is_output tells whether --output names the store at `path`, which would
 * be the end of it, having said so. */
bool stow_is_output(const struct options *options, const char *path);

/* stow_open opens the store of --store, if there is one, to write; false after
 * having said why not.  run_add then adds to it. */
bool stow_open(struct run *run);

/* stow_source tells the store that a source, named `path`, was read: from when
 * to when its packets are, and how many, and how much was lost. */
void stow_source(struct run *run, const char *path);

/* stow_close tells the store what devices are called by now, and closes it. */
void stow_close(struct run *run);

#endif
