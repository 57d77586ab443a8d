#include "CAllocations.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

// The GNU C library's allocator by its own names.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_bool is_counting;
static atomic_llong count;

static void tell(void) {
    if (atomic_load_explicit(&is_counting, memory_order_relaxed)) {
        atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    }
}

void ferry_count_allocations(void) {
    atomic_store(&count, 0);
    atomic_store(&is_counting, true);
}

int64_t ferry_allocation_count(void) {
    atomic_store(&is_counting, false);
    return atomic_load(&count);
}

void *malloc(size_t size) {
    tell();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    tell();
    return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
    tell();
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    tell();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    bool is_power = alignment != 0 && (alignment & (alignment - 1)) == 0;
    if (!is_power || alignment % sizeof(void *) != 0) return EINVAL;
    void *found = memalign(alignment, size);
    if (!found) return ENOMEM;
    *memory = found;
    return 0;
}
