// Eight lanes of AVX2 with FMA and F16C.

#define W 8
#define FEW_MOST 4
#define PANEL_VECTORS 2
#define PANEL_WEIGHTS 6

typedef __m256 vf;
typedef __m256i vi;
typedef struct { __m256 low, high; } vtable;

INLINE vf v_set1(float x) { return _mm256_set1_ps(x); }
INLINE vf v_load(const void *p) { return _mm256_loadu_ps(p); }
INLINE void v_store(void *p, vf v) { _mm256_storeu_ps(p, v); }
INLINE vf v_mul(vf a, vf b) { return _mm256_mul_ps(a, b); }
INLINE vf v_add(vf a, vf b) { return _mm256_add_ps(a, b); }
INLINE vf v_sub(vf a, vf b) { return _mm256_sub_ps(a, b); }
INLINE vf v_div(vf a, vf b) { return _mm256_div_ps(a, b); }
INLINE vf v_fma(vf a, vf b, vf c) { return _mm256_fmadd_ps(a, b, c); }
INLINE vf v_max(vf a, vf b) { return _mm256_max_ps(a, b); }
INLINE vf v_min(vf a, vf b) { return _mm256_min_ps(a, b); }
// x where a > b, else y.
INLINE vf v_select_above(vf a, vf b, vf x, vf y) {
    return _mm256_blendv_ps(y, x, _mm256_cmp_ps(a, b, _CMP_GT_OQ));
}
INLINE vi v_abs_bits(vf a) {
    return _mm256_and_si256(_mm256_castps_si256(a), _mm256_set1_epi32(0x7fffffff));
}
INLINE vi v_imax(vi a, vi b) { return _mm256_max_epi32(a, b); }
INLINE vi v_izero(void) { return _mm256_setzero_si256(); }
INLINE int32_t v_imax_lanes(vi a) {
    int32_t lanes[W], m = 0;
    _mm256_storeu_si256((__m256i *)lanes, a);
    for (int i = 0; i < W; i++) m = lanes[i] > m ? lanes[i] : m;
    return m;
}
INLINE float v_sum(vf a) {
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}
INLINE void v_sums(const vf *a, float *sums, int64_t stride) {
    for (int i = 0; i < 4; i++) sums[i * stride] = v_sum(a[i]);
}
INLINE void v_transpose(vf *rows) {
    vf t[W], u[W];
    for (int i = 0; i < W; i += 2) {
        t[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
        t[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
    }
    for (int i = 0; i < W; i += 4) {
        for (int j = 0; j < 2; j++) {
            u[i + 2 * j] = _mm256_shuffle_ps(t[i + j], t[i + j + 2], 0x44);
            u[i + 2 * j + 1] = _mm256_shuffle_ps(t[i + j], t[i + j + 2], 0xee);
        }
    }
    for (int i = 0; i < 4; i++) {
        rows[i] = _mm256_permute2f128_ps(u[i], u[i + 4], 0x20);
        rows[i + 4] = _mm256_permute2f128_ps(u[i], u[i + 4], 0x31);
    }
}
INLINE float v_max_lanes(vf a) {
    __m128 m = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    m = _mm_max_ps(m, _mm_movehl_ps(m, m));
    return _mm_cvtss_f32(_mm_max_ss(m, _mm_movehdup_ps(m)));
}
// The number of each lane.
INLINE vf v_numbers(void) { return _mm256_setr_ps(0, 1, 2, 3, 4, 5, 6, 7); }
INLINE int32_t v_isum(vi a) {
    __m128i s = _mm_add_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1)));
}
INLINE vf v_round(vf a) {
    return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
INLINE vf v_scale(vf a, vf n) {
    __m256i e = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
    return _mm256_mul_ps(a, _mm256_castsi256_ps(_mm256_slli_epi32(e, 23)));
}

INLINE vf v_load_bf16(const void *p) {
    __m256i v = _mm256_cvtepu16_epi32(_mm_loadu_si128(p));
    return _mm256_castsi256_ps(_mm256_slli_epi32(v, 16));
}
INLINE vf v_load_f16(const void *p) { return _mm256_cvtph_ps(_mm_loadu_si128(p)); }
INLINE void v_store_bf16(void *p, vf a) {
    __m256i bits = _mm256_castps_si256(a);
    __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    __m256i up = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff)));
    __m256i quiet = _mm256_or_si256(bits, _mm256_set1_epi32(0x400000));
    __m256 nan = _mm256_cmp_ps(a, a, _CMP_UNORD_Q);
    __m256i v = _mm256_blendv_epi8(up, quiet, _mm256_castps_si256(nan));
    v = _mm256_srli_epi32(v, 16);
    __m128i low = _mm256_castsi256_si128(v), high = _mm256_extracti128_si256(v, 1);
    _mm_storeu_si128(p, _mm_packus_epi32(low, high));
}
INLINE void v_store_f16(void *p, vf a) {
    _mm_storeu_si128(p, _mm256_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT));
}
INLINE vf v_load_i8(const void *p) {
    return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(p)));
}

INLINE vtable v_table(const float *codes) {
    return (vtable){_mm256_loadu_ps(codes), _mm256_loadu_ps(codes + 8)};
}
INLINE vf v_lookup(vi words, int shift, vtable t) {
    __m256i i = _mm256_srli_epi32(words, shift);
    __m256 low = _mm256_permutevar8x32_ps(t.low, i), high = _mm256_permutevar8x32_ps(t.high, i);
    return _mm256_blendv_ps(low, high, _mm256_castsi256_ps(_mm256_slli_epi32(i, 28)));
}
typedef vtable vscaled;
INLINE vscaled v_scaled(vtable t, float scale) {
    vf s = v_set1(scale);
    return (vscaled){_mm256_mul_ps(t.low, s), _mm256_mul_ps(t.high, s)};
}
INLINE vf v_group(const void *bytes, const int step, vscaled t) {
    return v_lookup(_mm256_loadu_si256(bytes), 4 * step, t);
}
INLINE vf v_group_halves(float low, float high, const int step) {
    (void)step;
    return _mm256_insertf128_ps(_mm256_set1_ps(low), _mm_set1_ps(high), 1);
}
INLINE vf v_nibbles(const uint8_t *p, vtable t) {
    int32_t bytes;
    memcpy(&bytes, p, sizeof bytes);
    __m128i v = _mm_cvtsi32_si128(bytes);
    __m128i pairs = _mm_unpacklo_epi8(_mm_srli_epi16(v, 4), v);
    return v_lookup(_mm256_cvtepu8_epi32(pairs), 0, t);
}

// Four vectors of neighbours in fours: element 4 t + j of them becomes lane t of vector j.
INLINE void v_deinterleave(vf *v) {
    // Each half of p ... s holds the four pixels of one place of tiles, in the order 0 2 4 6 | 1 3 5 7.
    __m256 a = _mm256_unpacklo_ps(v[0], v[1]), b = _mm256_unpackhi_ps(v[0], v[1]);
    __m256 c = _mm256_unpacklo_ps(v[2], v[3]), d = _mm256_unpackhi_ps(v[2], v[3]);
    __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    v[0] = _mm256_permutevar8x32_ps(_mm256_shuffle_ps(a, c, 0x44), order);
    v[1] = _mm256_permutevar8x32_ps(_mm256_shuffle_ps(a, c, 0xee), order);
    v[2] = _mm256_permutevar8x32_ps(_mm256_shuffle_ps(b, d, 0x44), order);
    v[3] = _mm256_permutevar8x32_ps(_mm256_shuffle_ps(b, d, 0xee), order);
}

// The inverse.
INLINE void v_interleave(vf *v) {
    __m256i order = _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7);
    __m256 p = _mm256_permutevar8x32_ps(v[0], order), q = _mm256_permutevar8x32_ps(v[1], order);
    __m256 r = _mm256_permutevar8x32_ps(v[2], order), s = _mm256_permutevar8x32_ps(v[3], order);
    __m256 a = _mm256_unpacklo_ps(p, q), b = _mm256_unpackhi_ps(p, q);
    __m256 c = _mm256_unpacklo_ps(r, s), d = _mm256_unpackhi_ps(r, s);
    v[0] = _mm256_shuffle_ps(a, c, 0x44);
    v[1] = _mm256_shuffle_ps(a, c, 0xee);
    v[2] = _mm256_shuffle_ps(b, d, 0x44);
    v[3] = _mm256_shuffle_ps(b, d, 0xee);
}

// Lanes 1 and up, and x behind them.
INLINE vf v_shift_in(vf v, float x) {
    __m256 up = _mm256_permutevar8x32_ps(v, _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 0));
    return _mm256_blend_ps(up, _mm256_set1_ps(x), 0x80);
}
