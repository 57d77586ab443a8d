#ifndef FERRY_CENDS_H
#define FERRY_CENDS_H

// How the `ferry` process ends: with a result, or with one line on stderr, exit code 1 and no unfinished files on disk.
// The first outcome wins; later ones find that it has been claimed.
//
// Only the command-line tool links this target. The library must not install signal handlers or replace C library
// functions (see memory.c and threads.c).

#include <stdbool.h>
#include <stddef.h>

// Installs the handlers for termination signals, except those that the parent process ignores (`nohup`), and for
// faults, unless FERRY_BACKTRACE=1 is set in the environment. Opens /dev/null for closed standard streams, so that no
// other file gets their descriptors.
void ferry_ends_install(void);

// Declares that the process produces one result, called `name` in error messages ("the result at DST"). Once the result
// has its final name on disk, the process has succeeded, and a signal no longer changes that.
void ferry_ends_expect_result(const char *name);

// Claims success: the result is complete and only has to be reported. If another outcome was claimed first, waits for
// the process to end.
void ferry_ends_claim_result(void);

// Records that the report has been written as well.
void ferry_ends_finish(void);

// Claims failure, which the calling thread then reports; also valid after it has claimed a result that it cannot
// report. If another outcome was claimed first, waits for the process to end. Removes unfinished files from disk.
void ferry_ends_claim_failure(void);

// Returns the text to append to an error if the result nevertheless exists under its final name ("; the result at DST
// stands"), or an empty string.
const char *ferry_ends_remark(void);

#endif
