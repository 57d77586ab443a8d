// Sixteen lanes of AVX-512 with dot products of pairs and fours: BF16, VNNI, and VBMI's permutations.

#define HAS_DOT 1
#include "avx512.h"

// sum + products of four neighbours, unsigned in a, signed in b.
INLINE vi v_dot_u8_i8(vi sum, vi a, vi b) { return _mm512_dpbusd_epi32(sum, a, b); }

// sum + products of pairs of bf16, in f32. Subnormal numbers count as 0, as arguments and as sums.
INLINE vf v_dot_bf16(vf sum, vi a, vi b) {
    return _mm512_dpbf16_ps(sum, (__m512bh)a, (__m512bh)b);
}

// 2 W numbers that are 0 or not subnormal, rounded to bf16.
INLINE void v_store_normal_bf16(void *p, vf a, vf b) {
    _mm512_storeu_si512(p, (__m512i)_mm512_cvtne2ps_pbh(b, a));
}

// 16 codes times `low`, then the same times `high`, each product rounded to f32, then to bf16.
INLINE vi v_scaled_bf16(vtable t, float low, float high) {
    vf a = v_mul(t.codes, v_set1(low)), b = v_mul(t.codes, v_set1(high));
    return (vi)_mm512_cvtne2ps_pbh(b, a);
}
// Vector `step` of a group of 64 codes: lane i has position p = 32 step + i, nibble p / 16 (from the low
// end) of 16-bit word p % 16, which is element 4 (p % 16) + (p / 16 ^ 1). Elements from 32 on are looked up
// in the table's second half if `mixed`; otherwise its halves are equal.
INLINE vi v_group_bf16(const void *bytes, const int step, vi table, const int mixed) {
    vi words = _mm512_broadcast_i64x4(_mm256_loadu_si256(bytes));
    short low = (short)(8 * step), high = low + 4;
    vi shifts = _mm512_inserti64x4(_mm512_set1_epi16(low), _mm256_set1_epi16(high), 1);
    vi nibbles = _mm512_srlv_epi16(words, shifts);
    if (mixed) {
        vi half = _mm512_maskz_set1_epi16(0xff00ff00, 16);
        nibbles = _mm512_or_si512(_mm512_and_si512(nibbles, _mm512_set1_epi16(15)), half);
    }
    return _mm512_permutexvar_epi16(nibbles, table);
}
// Vector `step` of 64 bf16 in the order of v_group_bf16.
INLINE vi v_arrange_bf16(const void *p, const int step) {
    vi lane = _mm512_set_epi16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
                               15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    vi nibble = _mm512_inserti64x4(_mm512_set1_epi16((short)(2 * step + 1)),
                                   _mm256_set1_epi16((short)(2 * step)), 1);
    vi from = _mm512_add_epi16(_mm512_slli_epi16(lane, 2), nibble);
    const char *at = p;
    return _mm512_permutex2var_epi16(_mm512_loadu_si512(at), from, _mm512_loadu_si512(at + 64));
}
