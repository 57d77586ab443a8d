#include "CRoofs.h"

#include <string.h>

typedef uint64_t words __attribute__((vector_size(64)));

// Compiled once for each set of instructions that a caller has.
#define INLINE static inline __attribute__((always_inline))

INLINE void stream(const words *source, words *target, int64_t count) {
    for (int64_t i = 0; i < count; i += 4) {
        words a = source[i], b = source[i + 1], c = source[i + 2], d = source[i + 3];
        __builtin_nontemporal_store(a, target + i);
        __builtin_nontemporal_store(b, target + i + 1);
        __builtin_nontemporal_store(c, target + i + 2);
        __builtin_nontemporal_store(d, target + i + 3);
    }
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#define FILLED 0x5a

INLINE void stream_one(words *target, int64_t count) {
    const words value = (words){0} + 0x0101010101010101 * FILLED;
    for (int64_t i = 0; i < count; i += 4) {
        for (int j = 0; j < 4; j++) __builtin_nontemporal_store(value, target + i + j);
    }
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

INLINE uint64_t sum(int32_t loads, const words *source, int64_t count) {
    words sums[4] = {0};
    for (int64_t i = 0; i < count; i += 8) {
        for (int j = 0; j < 8; j++) {
            if (loads == FERRY_ROOF_AHEAD) __builtin_prefetch(source + i + j + 32, 0, 0);
            sums[j % 4] += source[i + j];
        }
    }
    words all = sums[0] + sums[1] + sums[2] + sums[3];
    uint64_t result = 0;
    for (int i = 0; i < 8; i++) result += all[i];
    return result;
}

#if defined(__x86_64__)

__attribute__((target("avx512f"))) static void stream_512(const words *source, words *target,
                                                          int64_t count) {
    stream(source, target, count);
}

__attribute__((target("avx512f"))) static void stream_one_512(words *target, int64_t count) {
    stream_one(target, count);
}

__attribute__((target("avx512f"))) static uint64_t sum_512(int32_t loads, const words *source,
                                                           int64_t count) {
    return loads == FERRY_ROOF_AHEAD ? sum(FERRY_ROOF_AHEAD, source, count)
                                     : sum(FERRY_ROOF_IN_ORDER, source, count);
}

static void copy_string(const void *source, void *target, int64_t count) {
    __asm__ volatile("rep movsb" : "+D"(target), "+S"(source), "+c"(count) : : "memory");
}

static void fill_string(void *target, int64_t count) {
    __asm__ volatile("rep stosb" : "+D"(target), "+c"(count) : "a"(FILLED) : "memory");
}

#endif

void ferry_roof_copy(int32_t stores, const void *source, void *target, int64_t count) {
#if defined(__x86_64__)
    if (stores == FERRY_ROOF_STREAMING && __builtin_cpu_supports("avx512f")) {
        stream_512(source, target, count / 64);
        return;
    }
    if (stores == FERRY_ROOF_STRING) {
        copy_string(source, target, count);
        return;
    }
#endif
    if (stores == FERRY_ROOF_STREAMING) {
        stream(source, target, count / 64);
    } else {
        memcpy(target, source, (size_t)count);
    }
}

void ferry_roof_fill(int32_t stores, void *target, int64_t count) {
#if defined(__x86_64__)
    if (stores == FERRY_ROOF_STREAMING && __builtin_cpu_supports("avx512f")) {
        stream_one_512(target, count / 64);
        return;
    }
    if (stores == FERRY_ROOF_STRING) {
        fill_string(target, count);
        return;
    }
#endif
    if (stores == FERRY_ROOF_STREAMING) {
        stream_one(target, count / 64);
    } else {
        memset(target, FILLED, (size_t)count);
    }
}

uint64_t ferry_roof_read(int32_t loads, const void *source, int64_t count) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return sum_512(loads, source, count / 64);
#endif
    return sum(loads, source, count / 64);
}
