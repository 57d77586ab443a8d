#ifndef FERRY_CMAPPEDFAULTS_H
#define FERRY_CMAPPEDFAULTS_H

// Files that are mapped, and what happens when a page of them cannot be had: the file was truncated, or the disk failed.
//
// The system then sends SIGBUS to the thread that read. For an address in one of these mappings a handler marks the mapping
// as damaged, puts zeros behind the rest of it, and the thread goes on, so that it can fail in order: whoever computed with
// the mapping asks afterwards whether it is damaged. Every other SIGBUS is passed on to the handler that was there before.
//
// The handler is installed with the first mapping, unless the environment has FERRY_SIGBUS=system.

#include <stdbool.h>
#include <stddef.h>

typedef struct ferry_mapping ferry_mapping;

// Watches `size` bytes from `start` on; NULL where there is no memory for that.
ferry_mapping *ferry_mapping_watch(void *start, size_t size);

// Ends that, before the addresses are given back.
void ferry_mapping_forget(ferry_mapping *mapping);

// Whether a page of it could not be had.
bool ferry_mapping_is_damaged(const ferry_mapping *mapping);

#endif
