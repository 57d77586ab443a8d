#ifndef FERRY_ENDS_H
#define FERRY_ENDS_H

#include <stdbool.h>
#include <stddef.h>

// Ends the process with this error when it cannot continue, unless it is already ending. Safe in signal handlers.
_Noreturn void ferry_ends_abandon(const char *message);

// Like ferry_ends_abandon, when an allocation of `size` bytes has failed.
_Noreturn void ferry_ends_out_of_memory(size_t size);

// Returns the size of an allocation that failed anywhere in the process, or 0. A fault that follows is attributed to
// it.
size_t ferry_ends_refused_bytes(void);

// Returns true once ferry_ends_install has been called. The replaced C library functions act only then, so that test
// programs can link this target.
bool ferry_ends_is_installed(void);

// Returns true if the code at `address` belongs to a library whose file name starts with `library`.
bool ferry_ends_is_of(const char *library, const void *address);

#endif
