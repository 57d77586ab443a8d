// Sixteen lanes of AVX-512 (F, BW, DQ, VL).

#define W 16
#define FEW_MOST 8
#define PANEL_VECTORS 2
#define PANEL_WEIGHTS 12

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
// The sums of pairs of vectors' halves, quarters and so on, in the order of v_sum.
INLINE void v_sums(const vf *a, float *sums, int64_t stride) {
    __m512 ab = _mm512_add_ps(_mm512_shuffle_f32x4(a[0], a[1], 0x44),
                              _mm512_shuffle_f32x4(a[0], a[1], 0xee));
    __m512 cd = _mm512_add_ps(_mm512_shuffle_f32x4(a[2], a[3], 0x44),
                              _mm512_shuffle_f32x4(a[2], a[3], 0xee));
    __m512 s = _mm512_add_ps(_mm512_shuffle_f32x4(ab, cd, 0x88),
                             _mm512_shuffle_f32x4(ab, cd, 0xdd));
    s = _mm512_add_ps(s, _mm512_permute_ps(s, 0xee));
    s = _mm512_add_ps(s, _mm512_movehdup_ps(s));
    float lanes[W];
    v_store(lanes, s);
    for (int i = 0; i < 4; i++) sums[i * stride] = lanes[4 * i];
}
INLINE void v_transpose(vf *rows) {
    vf t[W], u[W];
    for (int i = 0; i < W; i += 2) {
        t[i] = _mm512_unpacklo_ps(rows[i], rows[i + 1]);
        t[i + 1] = _mm512_unpackhi_ps(rows[i], rows[i + 1]);
    }
    for (int i = 0; i < W; i += 4) {
        for (int j = 0; j < 2; j++) {
            u[i + 2 * j] = _mm512_shuffle_ps(t[i + j], t[i + j + 2], 0x44);
            u[i + 2 * j + 1] = _mm512_shuffle_ps(t[i + j], t[i + j + 2], 0xee);
        }
    }
    for (int i = 0; i < 4; i++) {
        vf a = _mm512_shuffle_f32x4(u[i], u[i + 4], 0x88), b = _mm512_shuffle_f32x4(u[i], u[i + 4], 0xdd);
        vf c = _mm512_shuffle_f32x4(u[i + 8], u[i + 12], 0x88);
        vf d = _mm512_shuffle_f32x4(u[i + 8], u[i + 12], 0xdd);
        rows[i] = _mm512_shuffle_f32x4(a, c, 0x88);
        rows[i + 8] = _mm512_shuffle_f32x4(a, c, 0xdd);
        rows[i + 4] = _mm512_shuffle_f32x4(b, d, 0x88);
        rows[i + 12] = _mm512_shuffle_f32x4(b, d, 0xdd);
    }
}
INLINE float v_max_lanes(vf a) { return _mm512_reduce_max_ps(a); }
// The number of each lane.
INLINE vf v_numbers(void) {
    return _mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
INLINE int32_t v_isum(vi a) { return _mm512_reduce_add_epi32(a); }
INLINE vf v_round(vf a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT); }
INLINE vf v_scale(vf a, vf n) { return _mm512_scalef_ps(a, n); }

INLINE vf v_load_bf16(const void *p) {
    __m512i v = _mm512_cvtepu16_epi32(_mm256_loadu_si256(p));
    return _mm512_castsi512_ps(_mm512_slli_epi32(v, 16));
}
INLINE vf v_load_f16(const void *p) { return _mm512_cvtph_ps(_mm256_loadu_si256(p)); }
INLINE __m256i v_rounded_bf16(vf a) {
    __m512i bits = _mm512_castps_si512(a);
    __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    __m512i up = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
    __mmask16 nan = _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q);
    __m512i v = _mm512_mask_or_epi32(up, nan, bits, _mm512_set1_epi32(0x400000));
    return _mm512_cvtepi32_epi16(_mm512_srli_epi32(v, 16));
}
INLINE void v_store_bf16(void *p, vf a) {
#if defined(HAS_DOT)
    // The instruction takes subnormal numbers for 0.
    if (__builtin_expect(_mm512_fpclass_ps_mask(a, 0x20) == 0, 1)) {
        _mm256_storeu_si256(p, (__m256i)_mm512_cvtneps_pbh(a));
        return;
    }
#endif
    _mm256_storeu_si256(p, v_rounded_bf16(a));
}
INLINE void v_store_f16(void *p, vf a) {
    _mm256_storeu_si256(p, _mm512_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
INLINE vf v_load_i8(const void *p) {
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(p)));
}

INLINE vtable v_table(const float *codes) { return (vtable){_mm512_loadu_ps(codes)}; }
typedef vtable vscaled;
INLINE vscaled v_scaled(vtable t, float scale) {
    return (vscaled){_mm512_mul_ps(t.codes, _mm512_set1_ps(scale))};
}
INLINE vf v_group(const void *bytes, const int step, vscaled t) {
    vi words = _mm512_broadcast_i64x4(_mm256_loadu_si256(bytes));
    int low = 8 * step, high = low + 4;
    vi shifts = _mm512_inserti32x8(_mm512_set1_epi32(low), _mm256_set1_epi32(high), 1);
    return _mm512_permutexvar_ps(_mm512_srlv_epi32(words, shifts), t.codes);
}
INLINE vf v_group_halves(float low, float high, const int step) {
    (void)step;
    return _mm512_mask_blend_ps(0xf0f0, _mm512_set1_ps(low), _mm512_set1_ps(high));
}
INLINE vf v_nibbles(const uint8_t *p, vtable t) {
    __m128i v = _mm_loadl_epi64((const void *)p);
    __m128i pairs = _mm_unpacklo_epi8(_mm_srli_epi16(v, 4), v);
    return _mm512_permutexvar_ps(_mm512_cvtepu8_epi32(pairs), t.codes);
}

// Of 32 entries those that whole numbers n name, which come as n + 1.5 * 2^23: their lowest bits are those of n.
#define HAS_ENTRIES 1
INLINE vf v_entry(vf n, const vf *entries) {
    return _mm512_permutex2var_ps(entries[0], _mm512_castps_si512(n), entries[1]);
}
// The magnitude of a with the sign of b.
INLINE vf v_copy_sign(vf a, vf b) {
    return _mm512_castsi512_ps(_mm512_ternarylogic_epi32(_mm512_castps_si512(a), _mm512_castps_si512(b),
                                                         _mm512_set1_epi32(INT32_MIN), 0xd8));
}

// Four vectors of neighbours in fours: element 4 t + j of them becomes lane t of vector j.
INLINE void v_deinterleave(vf *v) {
    __m512i low = _mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
    __m512i high = _mm512_add_epi32(low, _mm512_set1_epi32(2));
    __m512 a = _mm512_permutex2var_ps(v[0], low, v[1]), b = _mm512_permutex2var_ps(v[2], low, v[3]);
    __m512 c = _mm512_permutex2var_ps(v[0], high, v[1]), d = _mm512_permutex2var_ps(v[2], high, v[3]);
    v[0] = _mm512_shuffle_f32x4(a, b, 0x44);
    v[1] = _mm512_shuffle_f32x4(a, b, 0xee);
    v[2] = _mm512_shuffle_f32x4(c, d, 0x44);
    v[3] = _mm512_shuffle_f32x4(c, d, 0xee);
}

// The inverse.
INLINE void v_interleave(vf *v) {
    __m512 a = _mm512_unpacklo_ps(v[0], v[1]), b = _mm512_unpackhi_ps(v[0], v[1]);
    __m512 c = _mm512_unpacklo_ps(v[2], v[3]), d = _mm512_unpackhi_ps(v[2], v[3]);
    // Pairs, of which each quarter holds two tiles.
    __m512i low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
    __m512i high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
    __m512d e = _mm512_castps_pd(a), f = _mm512_castps_pd(c);
    __m512d g = _mm512_castps_pd(b), h = _mm512_castps_pd(d);
    __m512 p = _mm512_castpd_ps(_mm512_permutex2var_pd(e, low, f));
    __m512 q = _mm512_castpd_ps(_mm512_permutex2var_pd(g, low, h));
    __m512 r = _mm512_castpd_ps(_mm512_permutex2var_pd(e, high, f));
    __m512 s = _mm512_castpd_ps(_mm512_permutex2var_pd(g, high, h));
    v[0] = _mm512_shuffle_f32x4(p, q, 0x44);
    v[1] = _mm512_shuffle_f32x4(p, q, 0xee);
    v[2] = _mm512_shuffle_f32x4(r, s, 0x44);
    v[3] = _mm512_shuffle_f32x4(r, s, 0xee);
}

// Lanes 1 and up, and x behind them.
INLINE vf v_shift_in(vf v, float x) {
    __m512i lanes = _mm512_castps_si512(v), next = _mm512_castps_si512(_mm512_set1_ps(x));
    return _mm512_castsi512_ps(_mm512_alignr_epi32(next, lanes, 1));
}
