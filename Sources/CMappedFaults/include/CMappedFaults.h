#ifndef FERRY_CMAPPEDFAULTS_H
#define FERRY_CMAPPEDFAULTS_H

// Mapped files whose pages cannot be read, because the file was truncated or the disk failed.
//
// In that case the system sends SIGBUS to the reading thread. For an address in a registered mapping, a handler marks
// the mapping as damaged and maps zeros over the rest of it; the thread then continues and can fail in an orderly way,
// because code that computes with a mapping checks afterward whether it is damaged. Every other SIGBUS is passed on to
// the previous handler.
//
// The handler is installed with the first mapping, unless FERRY_SIGBUS=system is set in the environment.

#include <stdbool.h>
#include <stddef.h>

typedef struct ferry_mapping ferry_mapping;

// Registers the `size` bytes at `start`; returns NULL if there is no memory for that.
ferry_mapping *ferry_mapping_watch(void *start, size_t size);

// Unregisters a mapping, before its addresses are unmapped.
void ferry_mapping_forget(ferry_mapping *mapping);

// Returns true if a page of the mapping could not be read.
bool ferry_mapping_is_damaged(const ferry_mapping *mapping);

#endif
