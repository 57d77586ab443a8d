#ifndef FERRY_CALLOCATIONS_H
#define FERRY_CALLOCATIONS_H

// Counts what a process takes from the heap. A program that this is linked into has the C library's allocator behind
// functions that count while they are asked to; Swift's objects and arrays come through them too.

#include <stdint.h>

// Begins to count at zero, in all threads.
void ferry_count_allocations(void);

// Ends the count, and returns it.
int64_t ferry_allocation_count(void);

#endif
