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

// 2 W 8-bit codes, which bf16 holds exactly.
INLINE vi v_load_i8_bf16(const void *p) {
    const char *at = p;
    return (vi)_mm512_cvtne2ps_pbh(v_load_i8(at + W), v_load_i8(at));
}

// 16 codes times `low`, then the same times `high`, each product rounded to f32, then to bf16.
INLINE vi v_scaled_bf16(vtable t, float low, float high) {
    vf a = v_mul(t.codes, v_set1(low)), b = v_mul(t.codes, v_set1(high));
    return (vi)_mm512_cvtne2ps_pbh(b, a);
}
// Vector `step` of a group of 128 codes: lane i is nibble `step` (from the low end) of 16-bit word i, which is
// element 4 i + (step ^ 1). Elements from 64 on are looked up in the table's second half.
INLINE vi v_group_bf16(const void *bytes, const int step, vi table) {
    vi words = _mm512_loadu_si512(bytes), half = _mm512_maskz_set1_epi16(0xffff0000, 16);
    vi nibbles = _mm512_and_si512(_mm512_srli_epi16(words, 4 * step), _mm512_set1_epi16(15));
    return _mm512_permutexvar_epi16(_mm512_or_si512(nibbles, half), table);
}
// The same with a table for every 32 elements: the halves of `low`, then those of `high`.
INLINE vi v_mixed_group_bf16(const void *bytes, const int step, vi low, vi high) {
    vi words = _mm512_loadu_si512(bytes), quarter = _mm512_maskz_set1_epi16(0xff00ff00, 16);
    quarter = _mm512_or_si512(quarter, _mm512_maskz_set1_epi16(0xffff0000, 32));
    vi nibbles = _mm512_and_si512(_mm512_srli_epi16(words, 4 * step), _mm512_set1_epi16(15));
    return _mm512_permutex2var_epi16(low, _mm512_or_si512(nibbles, quarter), high);
}
// Vector `step` of 128 bf16 in the order of v_group_bf16.
INLINE vi v_arrange_bf16(const void *p, const int step) {
    vi lane = _mm512_set_epi16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
                               15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    vi from = _mm512_add_epi16(_mm512_slli_epi16(lane, 2), _mm512_set1_epi16((short)(step ^ 1)));
    const char *at = p;
    vi low = _mm512_permutex2var_epi16(_mm512_loadu_si512(at), from, _mm512_loadu_si512(at + 64));
    vi high = _mm512_permutex2var_epi16(_mm512_loadu_si512(at + 128), from,
                                        _mm512_loadu_si512(at + 192));
    return _mm512_mask_blend_epi16(0xffff0000, low, high);
}
