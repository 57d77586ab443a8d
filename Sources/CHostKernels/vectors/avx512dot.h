// Sixteen lanes of AVX-512 with dot products of pairs and fours: BF16, VNNI, and VBMI's permutations.

#define HAS_DOT 1
#include "avx512.h"

// sum + 2 W products of 8-bit and 16-bit codes.
INLINE vi v_dot(vi sum, vdot weights, const int16_t *codes) {
    return _mm512_dpwssd_epi32(sum, weights, _mm512_loadu_si512((const void *)codes));
}

// sum + products of four neighbours, unsigned in a, signed in b.
INLINE vi v_dot_u8_i8(vi sum, vi a, vi b) { return _mm512_dpbusd_epi32(sum, a, b); }

// sum + products of pairs of bf16, in f32. Subnormal numbers count as 0, as arguments and as sums.
INLINE vf v_dot_bf16(vf sum, vi a, vi b) {
    return _mm512_dpbf16_ps(sum, (__m512bh)a, (__m512bh)b);
}
