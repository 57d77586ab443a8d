#ifndef FERRY_CENDS_H
#define FERRY_CENDS_H

// How the `ferry` process ends: with a result, or with one line on stderr, exit code 1 and nothing unfinished on the disk.
// The first outcome wins; whatever comes later finds it claimed.
//
// Only the command is linked with this: handlers, and the C library's functions that are replaced here (see memory.c and
// threads.c), are no business of a library.

#include <stdbool.h>
#include <stddef.h>

// Installs the handlers: for signals that ask the process to end, but for those that the parent wants ignored (`nohup`);
// and for faults, unless the environment has FERRY_BACKTRACE=1. Opens /dev/null where a standard stream is closed, so that
// no file of the process takes its number.
void ferry_ends_install(void);

// Says that the process makes one result, called `name` in errors ("the result at DST"): once it has its name on the disk,
// the process has succeeded, and a signal takes nothing back.
void ferry_ends_expect_result(const char *name);

// Claims that the result is complete and only has to be reported. Where another outcome came first this waits for the end
// of the process.
void ferry_ends_claim_result(void);

// Notes that the report is written, too.
void ferry_ends_finish(void);

// Claims a failure that the calling thread then reports: also where it had claimed a result before that it cannot report.
// Where another outcome came first this waits for the end of the process. What is unfinished is taken off the disk.
void ferry_ends_claim_failure(void);

// What an error adds where the result has its name all the same: "; the result at DST stands", or an empty text.
const char *ferry_ends_remark(void);

#endif
