#ifndef FERRY_CROOFS_H
#define FERRY_CROOFS_H

// What a processor can do at most, for benchmarks to hold kernels against: loops that read or copy memory, and loops
// that only multiply and add in registers. One thread a call; the caller brings the threads.

#include <stdint.h>

// Loops of arithmetic: the type of the numbers that are multiplied, and the vectors that they lie in.
enum {
    FERRY_ROOF_F32_128 = 0,   // 4 lanes of f32, multiplied and then added
    FERRY_ROOF_F32_256 = 1,   // 8 lanes, fused (AVX2 with FMA)
    FERRY_ROOF_F32_512 = 2,   // 16 lanes, fused (AVX-512)
    FERRY_ROOF_BF16_512 = 3,  // 16 sums of two products of bf16 (AVX-512 BF16)
    FERRY_ROOF_INT8_512 = 4,  // 16 sums of four products of 8-bit integers (AVX-512 VNNI)
    FERRY_ROOF_KINDS = 5,
};

// Whether this processor has the instructions of a loop.
int32_t ferry_roof_exists(int32_t kind);

// Runs `turns` turns of a loop, and returns the operations done: a product and its addition are two.
int64_t ferry_roof_arithmetic(int32_t kind, int64_t turns);

// Ways of storing what is copied or filled in.
enum {
    FERRY_ROOF_PLAIN = 0,      // memcpy, memset: as the C library stores
    FERRY_ROOF_STREAMING = 1,  // past the caches
    FERRY_ROOF_STRING = 2,     // the processor's own string instructions; as FERRY_ROOF_PLAIN where it has none
    FERRY_ROOF_STORES = 3,
};

// target = source, for a multiple of 256 bytes at multiples of 64.
void ferry_roof_copy(int32_t stores, const void *source, void *target, int64_t count);

// Writes one byte that is not 0 everywhere in a multiple of 256 bytes at a multiple of 64.
void ferry_roof_fill(int32_t stores, void *target, int64_t count);

// Ways of reading.
enum {
    FERRY_ROOF_IN_ORDER = 0,
    FERRY_ROOF_AHEAD = 1,  // asking for what comes 2 KiB later, too
    FERRY_ROOF_LOADS = 2,
};

// Reads a multiple of 512 bytes at a multiple of 64; the result keeps the loads alive.
uint64_t ferry_roof_read(int32_t loads, const void *source, int64_t count);

#endif
