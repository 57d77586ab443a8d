// Sixteen lanes of AVX-512 (F, BW, DQ, VL).

#define W 16
#define PRODUCT_ROWS 4

typedef __m512 vf;
typedef __m512i vi;
typedef struct { __m512 codes; } vtable;

INLINE vf v_set1(float x) { return _mm512_set1_ps(x); }
INLINE vf v_load(const void *p) { return _mm512_loadu_ps(p); }
INLINE void v_store(void *p, vf v) { _mm512_storeu_ps(p, v); }
INLINE vf v_mul(vf a, vf b) { return _mm512_mul_ps(a, b); }
INLINE vf v_add(vf a, vf b) { return _mm512_add_ps(a, b); }
INLINE vf v_sub(vf a, vf b) { return _mm512_sub_ps(a, b); }
INLINE vf v_div(vf a, vf b) { return _mm512_div_ps(a, b); }
INLINE vf v_fma(vf a, vf b, vf c) { return _mm512_fmadd_ps(a, b, c); }
INLINE vf v_max(vf a, vf b) { return _mm512_max_ps(a, b); }
INLINE vf v_min(vf a, vf b) { return _mm512_min_ps(a, b); }
// x where a > b, else y.
INLINE vf v_select_above(vf a, vf b, vf x, vf y) {
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_GT_OQ), y, x);
}
INLINE vi v_abs_bits(vf a) {
    return _mm512_and_si512(_mm512_castps_si512(a), _mm512_set1_epi32(0x7fffffff));
}
INLINE vi v_imax(vi a, vi b) { return _mm512_max_epi32(a, b); }
INLINE vi v_izero(void) { return _mm512_setzero_si512(); }
INLINE int32_t v_imax_lanes(vi a) { return _mm512_reduce_max_epi32(a); }
INLINE float v_sum(vf a) {
    __m256 s = _mm256_add_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps(a, 1));
    __m128 h = _mm_add_ps(_mm256_castps256_ps128(s), _mm256_extractf128_ps(s, 1));
    h = _mm_add_ps(h, _mm_movehl_ps(h, h));
    return _mm_cvtss_f32(_mm_add_ss(h, _mm_movehdup_ps(h)));
}
INLINE int32_t v_isum(vi a) { return _mm512_reduce_add_epi32(a); }
INLINE vf v_round(vf a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT); }
INLINE vf v_scale(vf a, vf n) { return _mm512_scalef_ps(a, n); }

INLINE vf v_load_bf16(const void *p) {
    __m512i v = _mm512_cvtepu16_epi32(_mm256_loadu_si256(p));
    return _mm512_castsi512_ps(_mm512_slli_epi32(v, 16));
}
INLINE vf v_load_f16(const void *p) { return _mm512_cvtph_ps(_mm256_loadu_si256(p)); }
INLINE void v_store_bf16(void *p, vf a) {
    __m512i bits = _mm512_castps_si512(a);
    __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    __m512i up = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
    __mmask16 nan = _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q);
    __m512i v = _mm512_mask_or_epi32(up, nan, bits, _mm512_set1_epi32(0x400000));
    _mm256_storeu_si256(p, _mm512_cvtepi32_epi16(_mm512_srli_epi32(v, 16)));
}
INLINE void v_store_f16(void *p, vf a) {
    _mm256_storeu_si256(p, _mm512_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
INLINE vf v_load_i8(const void *p) {
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(p)));
}

INLINE vtable v_table(const float *codes) { return (vtable){_mm512_loadu_ps(codes)}; }
INLINE vi v_load_words(const void *p) { return _mm512_loadu_si512(p); }
INLINE vi v_load_some_words(const void *p, int64_t n) {
    return _mm512_maskz_loadu_epi32((__mmask16)((1u << n) - 1), p);
}
INLINE vf v_halves(float low, float high) {
    return _mm512_insertf32x8(_mm512_set1_ps(low), _mm256_set1_ps(high), 1);
}
INLINE vf v_lookup(vi words, int shift, vtable t) {
    return _mm512_permutexvar_ps(_mm512_srli_epi32(words, (unsigned)shift), t.codes);
}
INLINE vf v_nibbles(const uint8_t *p, vtable t) {
    __m128i v = _mm_loadl_epi64((const void *)p);
    __m128i pairs = _mm_unpacklo_epi8(_mm_srli_epi16(v, 4), v);
    return _mm512_permutexvar_ps(_mm512_cvtepu8_epi32(pairs), t.codes);
}
INLINE vf v_gather(const float *table, const uint8_t *indices) {
    return _mm512_i32gather_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const void *)indices)), table,
                               4);
}
INLINE vi v_rank(vf a, const float *midpoints) {
    vi rank = v_izero();
    for (int i = 0; i < 15; i++) {
        __mmask16 above = _mm512_cmp_ps_mask(a, _mm512_set1_ps(midpoints[i]), _CMP_GT_OQ);
        rank = _mm512_mask_add_epi32(rank, above, rank, _mm512_set1_epi32(1));
    }
    return rank;
}
INLINE void v_store_u8(uint8_t *p, vi a) {
    _mm_storeu_si128((__m128i *)p, _mm512_cvtepi32_epi8(a));
}

typedef __m512i vdot;
INLINE vdot v_load_codes(const int8_t *p) {
    return _mm512_cvtepi8_epi16(_mm256_loadu_si256((const void *)p));
}
#if !defined(HAS_DOT)
INLINE vi v_dot(vi sum, vdot weights, const int16_t *codes) {
    __m512i products = _mm512_madd_epi16(weights, _mm512_loadu_si512((const void *)codes));
    return _mm512_add_epi32(sum, products);
}
#endif
