#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "ends.h"

// The C library's allocator under its internal names. The definitions here are weak, because a program that counts
// allocations replaces them.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_size_t refused;

size_t ferry_ends_refused_bytes(void) { return atomic_load(&refused); }

bool ferry_ends_is_of(const char *library, const void *address) {
    Dl_info info;
    if (!dladdr(address, &info) || !info.dli_fname) return false;
    const char *slash = strrchr(info.dli_fname, '/');
    return strncmp(slash ? slash + 1 : info.dli_fname, library, strlen(library)) == 0;
}

static bool is_helpless(const void *address) {
    static const char *const libraries[] = {"libswift", "lib_Foundation", "libFoundation", "libdispatch",
                                            "libBlocks", "libstdc++",     "libLLVM",       "libclang"};
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        if (ferry_ends_is_of(libraries[i], address)) return true;
    }
    return false;
}

// Some libraries do not check for NULL and would crash or hang; for those, the process ends here with an error message.
// Other callers get the NULL that they can handle.
static void *checked(void *memory, size_t size, const void *caller) {
    if (memory || size == 0) return memory;
    atomic_store(&refused, size);
    if (ferry_ends_is_installed() && is_helpless(caller)) ferry_ends_out_of_memory(size);
    return NULL;
}

#define REPLACED __attribute__((weak))

REPLACED void *malloc(size_t size) { return checked(__libc_malloc(size), size, __builtin_return_address(0)); }

REPLACED void *calloc(size_t count, size_t size) {
    size_t product;
    if (__builtin_mul_overflow(count, size, &product)) product = (size_t)-1;
    return checked(__libc_calloc(count, size), product, __builtin_return_address(0));
}

REPLACED void *realloc(void *memory, size_t size) {
    return checked(__libc_realloc(memory, size), size, __builtin_return_address(0));
}

REPLACED void *memalign(size_t alignment, size_t size) {
    return checked(__libc_memalign(alignment, size), size, __builtin_return_address(0));
}

REPLACED void *aligned_alloc(size_t alignment, size_t size) {
    return checked(__libc_memalign(alignment, size), size, __builtin_return_address(0));
}

REPLACED int posix_memalign(void **memory, size_t alignment, size_t size) {
    bool is_power = alignment != 0 && (alignment & (alignment - 1)) == 0;
    if (!is_power || alignment % sizeof(void *) != 0) return EINVAL;
    void *found = checked(__libc_memalign(alignment, size), size, __builtin_return_address(0));
    if (!found) return ENOMEM;
    *memory = found;
    return 0;
}
