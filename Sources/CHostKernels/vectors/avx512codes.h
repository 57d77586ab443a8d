// Codes on AVX-512: nearest codes of numbers, numbers of codes.

// Codes in element order.
typedef __m512i vwords;

#define CELLS_BELOW_1 15.5f

// What lies in 31 cells of width 2 / 31: at most one midpoint. Tables of words have the 16 cells from 0 on first.
typedef struct {
    __m512 low, high;       // the midpoint, or infinity
    __m512i below, above;   // the codes below and above it
    __m512i inner, outer;   // the codes on the side of 0 and on the other
    __m512 midpoints;       // all of them, and 2 where there is none
    __mmask16 negative;     // which of them are
    __m512i place;          // which of them is in the cell
} vranks;

INLINE vranks v_ranks(const float *midpoints, const uint8_t *codes) {
    float inside[32], bounded[16];
    int16_t below[32], above[32], place[32];
    for (int i = 0; i < 16; i++) bounded[i] = i < 15 && midpoints[i] < 2 ? midpoints[i] : 2;
    for (int cell = -16; cell < 16; cell++) {
        int rank = 0, i = cell & 31;
        while (rank < 15 && floor(CELLS_BELOW_1 * (double)midpoints[rank]) < cell) rank++;
        int has = rank < 15 && floor(CELLS_BELOW_1 * (double)midpoints[rank]) == cell;
        inside[i] = has ? midpoints[rank] : INFINITY;
        below[i] = codes[rank];
        above[i] = codes[rank + has];
        place[i] = has ? (int16_t)rank : 15;
    }
    vranks t = {.low = v_load(inside), .high = v_load(inside + 16), .midpoints = v_load(bounded)};
    t.below = _mm512_loadu_si512(below);
    t.above = _mm512_loadu_si512(above);
    t.inner = _mm512_shuffle_i64x2(t.below, t.above, 0xe4);
    t.outer = _mm512_shuffle_i64x2(t.above, t.below, 0xe4);
    t.negative = _mm512_movepi32_mask(_mm512_castps_si512(t.midpoints));
    t.place = _mm512_loadu_si512(place);
    return t;
}
// The codes of cells on either side of what is in them.
INLINE vwords v_chosen(__m512i cells, __m512i near, __mmask32 beyond, __m512i far) {
    return _mm512_mask_permutexvar_epi16(_mm512_permutexvar_epi16(cells, near), beyond, cells, far);
}
// The lowest bits of floor(15.5 a) + 1.5 * 2^23 are those of the cell.
INLINE __m512i v_cells(vf a, vf factor) {
    return _mm512_castps_si512(_mm512_fmadd_round_ps(
        a, factor, _mm512_set1_ps(0x1.8p23f), _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC));
}
// The codes of 2 W lanes in -1...1.
INLINE vwords v_codes(vf a, vf b, const vranks *t) {
    vf factor = _mm512_set1_ps(CELLS_BELOW_1);
    __m512i c = v_cells(a, factor), d = v_cells(b, factor);
    __mmask16 low = _mm512_cmp_ps_mask(a, _mm512_permutex2var_ps(t->low, c, t->high), _CMP_GT_OQ);
    __mmask16 high = _mm512_cmp_ps_mask(b, _mm512_permutex2var_ps(t->low, d, t->high), _CMP_GT_OQ);
    __m512i words = _mm512_set_epi16(62, 60, 58, 56, 54, 52, 50, 48, 46, 44, 42, 40, 38, 36, 34, 32,
                                     30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
    return v_chosen(_mm512_permutex2var_epi16(c, words, d), t->below, _mm512_kunpackw(high, low), t->above);
}

// bf16 is compared by its bits, which ascend with the magnitude. A block has thresholds of its own: elements
// beyond them, away from 0, have the outer code.
#define HAS_BF16_CODES 1
typedef __m512i vthresholds;
// For an absmax far from the ends of the range.
INLINE vthresholds v_thresholds(float absmax, float reciprocal, const vranks *t) {
    // The largest element whose quotient is not above a midpoint is the one nearest to its product with the
    // absmax, or next below that. On the side below 0 it has the outer code itself.
    __m512i half = _mm512_set1_epi32(0x8000), upper = _mm512_set1_epi32((int32_t)0xffff0000);
    __m512i product = _mm512_castps_si512(v_mul(t->midpoints, v_set1(absmax)));
    __m512i nearest = _mm512_and_si512(_mm512_add_epi32(product, half), upper);
    vf quotient = v_mul(_mm512_castsi512_ps(nearest), v_set1(reciprocal));
    __mmask16 above = _mm512_cmp_ps_mask(quotient, t->midpoints, _CMP_GT_OQ);
    nearest = _mm512_srli_epi32(nearest, 16);
    nearest = _mm512_mask_sub_epi32(nearest, above ^ t->negative, nearest, _mm512_set1_epi32(1));
    return _mm512_permutexvar_epi16(t->place, _mm512_castsi256_si512(_mm512_cvtepi32_epi16(nearest)));
}
// The codes of 2 W elements.
INLINE vwords v_bf16_codes(const void *p, vf factor, vthresholds thresholds, const vranks *t) {
    __m512i x = _mm512_loadu_si512(p);
    vf even = _mm512_castsi512_ps(_mm512_slli_epi32(x, 16));
    vf odd = _mm512_castsi512_ps(_mm512_and_si512(x, _mm512_set1_epi32((int32_t)0xffff0000)));
    // Here the cell is in the lowest bits of the upper word.
    __m512i high = _mm512_castps_si512(_mm512_fmadd_ps(odd, factor, _mm512_set1_ps(192)));
    __m512i cells = _mm512_mask_blend_epi16(0xaaaaaaaa, v_cells(even, factor), high);
    __mmask32 beyond = _mm512_cmpgt_epi16_mask(x, _mm512_permutexvar_epi16(cells, thresholds));
    return v_chosen(cells, t->inner, beyond, t->outer);
}
// W bytes of two nibbles.
INLINE void v_store_nibbles(uint8_t *p, vwords codes) {
    __m512i bytes = _mm512_madd_epi16(codes, _mm512_set1_epi32(0x00010010));
    _mm_storeu_si128((void *)p, _mm512_cvtepi32_epi8(bytes));
}
// The nearest whole numbers, in -128...127.
INLINE void v_store_i8(int8_t *p, vf a) {
    _mm_storeu_si128((void *)p, _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(a)));
}
// Those of 4 W lanes in their order.
INLINE vi v_whole_bytes(const vf *a) {
    __m512i low = _mm512_packs_epi32(_mm512_cvtps_epi32(a[0]), _mm512_cvtps_epi32(a[1]));
    __m512i high = _mm512_packs_epi32(_mm512_cvtps_epi32(a[2]), _mm512_cvtps_epi32(a[3]));
    __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    return _mm512_permutexvar_epi32(order, _mm512_packs_epi16(low, high));
}
INLINE vf v_round_f16(vf a) {
    return _mm512_cvtph_ps(_mm512_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
// The dynamic 8-bit table: decade i < 7 has 2^i positive codes at equal distances, so a line tells the
// threshold that is nearest or next to it. Lines are chosen by the exponent, of 32 that count: where a decade
// ends there are two, and a limit between them.
typedef struct {
    __m512 limit[2], slope[2][2], offset[2][2];
    __m512i thresholds[8];
} vslots;

INLINE vslots v_slots(const float *midpoints, const int32_t *cells) {
    (void)cells;
    float limit[32], slope[2][32], offset[2][32];
    for (int e = 0; e < 32; e++) {
        // The lowest magnitude of the exponent, and the decade it is in.
        double low = ldexp(1, e - 31), end = 1e-6;
        int decade = 0;
        while (decade < 6 && end * (1 + 0.225 / (1 << decade)) < low) decade++, end *= 10;
        limit[e] = decade < 6 ? (float)(end * (1 + 0.225 / (1 << decade))) : INFINITY;
        for (int k = 0; k < 2; k++, decade += decade < 6) {
            double steps = 1 << decade, width = 0.9 * pow(10, decade - 6);
            slope[k][e] = (float)(steps / width);
            offset[k][e] = (float)(steps - 1 - steps / 9);
        }
    }
    vslots t;
    for (int i = 0; i < 2; i++) {
        t.limit[i] = v_load(limit + 16 * i);
        for (int k = 0; k < 2; k++) {
            t.slope[k][i] = v_load(slope[k] + 16 * i);
            t.offset[k][i] = v_load(offset[k] + 16 * i);
        }
    }
    for (int i = 0; i < 8; i++) t.thresholds[i] = _mm512_loadu_si512(midpoints + 127 + 16 * i);
    return t;
}
// The codes of lanes in -1...1.
INLINE void v_store_slots(uint8_t *p, vf a, const vslots *t) {
    __m512i bits = _mm512_castps_si512(a), magnitude = v_abs_bits(a);
    // Below 2^-31 everything is far below the first threshold.
    __m512 x = _mm512_max_ps(_mm512_castsi512_ps(magnitude), _mm512_set1_ps(0x1p-31f));
    __m512i e = _mm512_srli_epi32(_mm512_castps_si512(x), 23);
    __mmask16 beyond = _mm512_cmp_ps_mask(
        x, _mm512_permutex2var_ps(t->limit[0], e, t->limit[1]), _CMP_GT_OQ);
    __m512 slope = _mm512_mask_blend_ps(beyond, _mm512_permutex2var_ps(t->slope[0][0], e, t->slope[0][1]),
                                        _mm512_permutex2var_ps(t->slope[1][0], e, t->slope[1][1]));
    __m512 offset = _mm512_mask_blend_ps(
        beyond, _mm512_permutex2var_ps(t->offset[0][0], e, t->offset[0][1]),
        _mm512_permutex2var_ps(t->offset[1][0], e, t->offset[1][1]));
    __m512i near = _mm512_cvtps_epi32(_mm512_fmadd_ps(x, slope, offset));
    __m512i threshold[4];
    for (int i = 0; i < 4; i++) {
        threshold[i] = _mm512_permutex2var_epi32(t->thresholds[2 * i], near, t->thresholds[2 * i + 1]);
    }
    __mmask16 odd = _mm512_test_epi32_mask(near, _mm512_set1_epi32(32));
    __mmask16 upper = _mm512_test_epi32_mask(near, _mm512_set1_epi32(64));
    __m512i low = _mm512_mask_mov_epi32(threshold[0], odd, threshold[1]);
    __m512i high = _mm512_mask_mov_epi32(threshold[2], odd, threshold[3]);
    // A tie goes to the smaller value, so it counts as above for negative numbers.
    __m512i u = _mm512_add_epi32(magnitude, _mm512_srli_epi32(bits, 31));
    __mmask16 above = _mm512_cmpgt_epi32_mask(u, _mm512_mask_mov_epi32(low, upper, high));
    __m512i steps = _mm512_mask_add_epi32(near, above, near, _mm512_set1_epi32(1));
    __m512i middle = _mm512_set1_epi32(127), slot = _mm512_add_epi32(middle, steps);
    slot = _mm512_mask_sub_epi32(slot, _mm512_movepi32_mask(bits), middle, steps);
    slot = _mm512_max_epi32(slot, _mm512_setzero_si512());
    _mm_storeu_si128((void *)p, _mm512_cvtepi32_epi8(slot));
}

// Sixteen 16-bit numbers, twice.
typedef __m512i vhalves;
INLINE vhalves v_halves_table(const uint16_t *p) {
    return _mm512_broadcast_i64x4(_mm256_loadu_si256((const void *)p));
}
// The numbers of 32 nibbles in element order.
INLINE void v_look_up(const uint8_t *nibbles, vhalves t, vi *numbers) {
#if defined(HAS_DOT)
    __m512i pairs = _mm512_cvtepu16_epi64(_mm_loadu_si128((const void *)nibbles));
    __m512i indices = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(0x0008000c00000004), pairs);
#else
    __m512i bytes = _mm512_cvtepu8_epi32(_mm_loadu_si128((const void *)nibbles));
    __m512i indices = _mm512_or_si512(_mm512_srli_epi32(bytes, 4), _mm512_slli_epi32(bytes, 16));
#endif
    numbers[0] = _mm512_permutexvar_epi16(indices, t);
}
// What 8-bit codes of a table stand for.
#if defined(HAS_DOT)
// The four bytes of each number apart, 128 entries in two vectors.
typedef struct { __m512i planes[4][4]; } ventries;
#define NUMBERS 64
INLINE ventries v_entries(const float *table) {
    ventries t;
    uint8_t bytes[4][256];
    for (int i = 0; i < 256; i += W) {
        __m512i numbers = _mm512_loadu_si512(table + i);
        for (int k = 0; k < 4; k++) {
            __m512i shifted = _mm512_srli_epi32(numbers, (unsigned)(8 * k));
            _mm_storeu_si128((void *)(bytes[k] + i), _mm512_cvtepi32_epi8(shifted));
        }
    }
    for (int k = 0; k < 4; k++) {
        for (int i = 0; i < 4; i++) t.planes[k][i] = _mm512_loadu_si512(bytes[k] + 64 * i);
    }
    return t;
}
INLINE __m512i v_plane(const __m512i *plane, __m512i codes, __mmask64 upper) {
    __m512i low = _mm512_permutex2var_epi8(plane[0], codes, plane[1]);
    __m512i high = _mm512_permutex2var_epi8(plane[2], codes, plane[3]);
    return _mm512_mask_mov_epi8(low, upper, high);
}
INLINE void v_look_up_entries(const uint8_t *p, ventries t, vf *numbers) {
    // The quarters' fours apart, so that neighbours meet when bytes are put together.
    __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    __m512i codes = _mm512_permutexvar_epi32(order, _mm512_loadu_si512(p));
    __mmask64 upper = _mm512_movepi8_mask(codes);
    __m512i a = v_plane(t.planes[0], codes, upper), b = v_plane(t.planes[1], codes, upper);
    __m512i c = v_plane(t.planes[2], codes, upper), d = v_plane(t.planes[3], codes, upper);
    __m512i low = _mm512_unpacklo_epi8(a, b), high = _mm512_unpacklo_epi8(c, d);
    numbers[0] = _mm512_castsi512_ps(_mm512_unpacklo_epi16(low, high));
    numbers[1] = _mm512_castsi512_ps(_mm512_unpackhi_epi16(low, high));
    low = _mm512_unpackhi_epi8(a, b), high = _mm512_unpackhi_epi8(c, d);
    numbers[2] = _mm512_castsi512_ps(_mm512_unpacklo_epi16(low, high));
    numbers[3] = _mm512_castsi512_ps(_mm512_unpackhi_epi16(low, high));
}
#else
typedef const float *ventries;
#define NUMBERS W
INLINE ventries v_entries(const float *table) { return table; }
INLINE void v_look_up_entries(const uint8_t *codes, ventries t, vf *numbers) {
    __m128i some = _mm_loadu_si128((const void *)codes);
    numbers[0] = _mm512_i32gather_ps(_mm512_cvtepu8_epi32(some), t, 4);
}
#endif

// Rows of codes that meet rows of a weight at once, and what is added to a weight's codes.
#define DOT_INPUTS 6
#if defined(HAS_DOT)
#define DOT_BIAS 128
#define DOT_CODES (4 * W)
typedef int8_t vcode;
// W codes, given as whole numbers.
INLINE void v_store_code(vcode *p, vf a) { v_store_i8(p, a); }
// DOT_CODES codes of a weight.
INLINE __m512i v_load_codes(const int8_t *p) {
    return _mm512_xor_si512(_mm512_loadu_si512(p), _mm512_set1_epi8((char)0x80));
}
// sum + products of codes of a weight with as many others.
INLINE vi v_dot(vi sum, __m512i weights, const vcode *codes) {
    return v_dot_u8_i8(sum, weights, _mm512_loadu_si512(codes));
}
#else
#define DOT_BIAS 0
#define DOT_CODES (2 * W)
typedef int16_t vcode;
INLINE void v_store_code(vcode *p, vf a) {
    _mm256_storeu_si256((void *)p, _mm512_cvtepi32_epi16(_mm512_cvtps_epi32(a)));
}
INLINE __m512i v_load_codes(const int8_t *p) {
    return _mm512_cvtepi8_epi16(_mm256_loadu_si256((const void *)p));
}
INLINE vi v_dot(vi sum, __m512i weights, const vcode *codes) {
    __m512i products = _mm512_madd_epi16(weights, _mm512_loadu_si512(codes));
    return _mm512_add_epi32(sum, products);
}
#endif
typedef __m512i vdot;
// The sums of the lanes of four vectors.
INLINE void v_store_isums(int32_t *p, const vi *v) {
    __m512i a = _mm512_add_epi32(_mm512_unpacklo_epi32(v[0], v[1]), _mm512_unpackhi_epi32(v[0], v[1]));
    __m512i b = _mm512_add_epi32(_mm512_unpacklo_epi32(v[2], v[3]), _mm512_unpackhi_epi32(v[2], v[3]));
    __m512i c = _mm512_add_epi32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
    __m256i d = _mm256_add_epi32(_mm512_castsi512_si256(c), _mm512_extracti64x4_epi64(c, 1));
    __m128i low = _mm256_castsi256_si128(d), high = _mm256_extracti128_si256(d, 1);
    _mm_storeu_si128((void *)p, _mm_add_epi32(low, high));
}
