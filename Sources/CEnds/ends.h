#ifndef FERRY_ENDS_H
#define FERRY_ENDS_H

#include <stdbool.h>
#include <stddef.h>

// Ends the process with this error, unless it is ending already: for where it cannot go on. For handlers too.
_Noreturn void ferry_ends_abandon(const char *message);

// The same where memory was not to be had, so many bytes of it.
_Noreturn void ferry_ends_out_of_memory(size_t size);

// Whether memory was refused to anybody, and how much: a fault that follows is blamed on it.
size_t ferry_ends_refused_bytes(void);

// Whether the process ends as the command does; tests are linked with this, too.
bool ferry_ends_is_installed(void);

// Whether the code at `address` belongs to a library whose file's name begins so.
bool ferry_ends_is_of(const char *library, const void *address);

#endif
