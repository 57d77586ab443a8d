#ifndef FERRY_SCALAR_H
#define FERRY_SCALAR_H

// Single numbers: conversions between f32 and the 16-bit types, rounded to nearest, ties to even.

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "CHostKernels.h"

#define INLINE static inline __attribute__((always_inline, unused))

INLINE uint32_t float_bits(float x) { uint32_t b; memcpy(&b, &x, sizeof b); return b; }
INLINE float bits_float(uint32_t b) { float x; memcpy(&x, &b, sizeof x); return x; }
INLINE float load_float(const void *p, int64_t i) {
    float x;
    memcpy(&x, (const char *)p + 4 * i, sizeof x);
    return x;
}
INLINE void store_float(void *p, int64_t i, float x) { memcpy((char *)p + 4 * i, &x, sizeof x); }

INLINE uint16_t float_to_bfloat(float x) {
    uint32_t b = float_bits(x);
    if ((b & 0x7fffffff) > 0x7f800000) return (uint16_t)(b >> 16 | 0x40);
    return (uint16_t)((b + 0x7fff + (b >> 16 & 1)) >> 16);
}

INLINE float half_to_float(uint16_t h) {
    uint32_t sign = (uint32_t)(h & 0x8000) << 16, rest = h & 0x7fff;
    if (rest > 0x7c00) rest |= 0x200;
    if (rest >= 0x7c00) return bits_float(sign | 0x7f800000 | (rest & 0x3ff) << 13);
    // The exponent's bias moves from 15 to 127 by an exact product, subnormal numbers included.
    return bits_float(sign | float_bits(bits_float(rest << 13) * 0x1p112f));
}

INLINE uint16_t float_to_half(float x) {
    uint32_t b = float_bits(x), rest = b & 0x7fffffff;
    uint16_t sign = (uint16_t)(b >> 16 & 0x8000);
    if (rest > 0x7f800000) return (uint16_t)(sign | 0x7e00 | (rest >> 13 & 0x1ff));
    if (rest >= 0x477ff000) return sign | 0x7c00;
    if (rest < 0x38800000) {
        // Below 2^-14 the last place is 2^-24: adding 0.5 rounds to it.
        return (uint16_t)(sign | (float_bits(bits_float(rest) + 0.5f) - 0x3f000000));
    }
    return (uint16_t)(sign | ((rest + 0xfff + (rest >> 13 & 1)) - 0x38000000) >> 13);
}

INLINE int64_t type_size(int32_t type) { return type == FERRY_F32 ? 4 : 2; }
INLINE int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
INLINE int64_t rounded_up(int64_t n, int64_t step) { return (n + step - 1) / step * step; }

// The cells of the dynamic 8-bit table: a cell has the magnitudes with the same bits above the lowest 17. Its
// entry has how many thresholds are below it, and in the lowest bits those of the one inside, or ones. The
// first cell has no threshold, and neither have the magnitudes below it.
#define FIRST_CELL 6728
#define CELLS FERRY_DYNAMIC8_CELLS

#endif
