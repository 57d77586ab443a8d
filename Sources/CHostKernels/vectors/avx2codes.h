// Codes on AVX2: nearest codes of numbers, numbers of codes.

// The midpoints in the order of a binary search: one, two, four, eight of them.
typedef struct { __m256 first, second, third, fourth; __m256i codes; } vranks;

INLINE vranks v_ranks(const float *m, const uint8_t *codes) {
    return (vranks){
        _mm256_set1_ps(m[7]), _mm256_setr_ps(m[3], m[11], 0, 0, 0, 0, 0, 0),
        _mm256_setr_ps(m[1], m[5], m[9], m[13], 0, 0, 0, 0),
        _mm256_setr_ps(m[0], m[2], m[4], m[6], m[8], m[10], m[12], m[14]),
        _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)codes))};
}
// Twice the rank, and one more where a lane is above the midpoint.
INLINE __m256i v_next_rank(vf a, __m256i rank, __m256 midpoint) {
    __m256i above = _mm256_castps_si256(_mm256_cmp_ps(a, midpoint, _CMP_GT_OQ));
    return _mm256_sub_epi32(_mm256_add_epi32(rank, rank), above);
}
// How many of 15 midpoints lie below each lane in -1...1 says its code.
INLINE __m256i v_lane_codes(vf a, const vranks *t) {
    __m256i rank = v_next_rank(a, _mm256_setzero_si256(), t->first);
    rank = v_next_rank(a, rank, _mm256_permutevar8x32_ps(t->second, rank));
    rank = v_next_rank(a, rank, _mm256_permutevar8x32_ps(t->third, rank));
    rank = v_next_rank(a, rank, _mm256_permutevar8x32_ps(t->fourth, rank));
    // Bytes with the highest bit set become 0.
    __m256i upper = _mm256_set1_epi32((int32_t)0x80808000);
    return _mm256_shuffle_epi8(t->codes, _mm256_or_si256(rank, upper));
}
// The codes of 2 W lanes in -1...1, in their order.
typedef __m256i vwords;
INLINE vwords v_codes(vf a, vf b, const vranks *t) {
    __m256i words = _mm256_packus_epi32(v_lane_codes(a, t), v_lane_codes(b, t));
    return _mm256_permute4x64_epi64(words, 0xd8);
}
// The lowest bytes of lanes that are at most 255.
INLINE __m128i v_bytes(__m256i a) {
    __m128i h = _mm_packus_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    return _mm_packus_epi16(h, h);
}
// W bytes of two nibbles.
INLINE void v_store_nibbles(uint8_t *p, vwords codes) {
    __m256i bytes = _mm256_madd_epi16(codes, _mm256_set1_epi32(0x00010010));
    _mm_storel_epi64((void *)p, v_bytes(bytes));
}
// The nearest whole numbers, in -128...127.
INLINE void v_store_i8(int8_t *p, vf a) {
    __m256i v = _mm256_cvtps_epi32(a);
    __m128i h = _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    _mm_storel_epi64((void *)p, _mm_packs_epi16(h, h));
}
// Those of 4 W lanes in their order.
INLINE vi v_whole_bytes(const vf *a) {
    __m256i low = _mm256_packs_epi32(_mm256_cvtps_epi32(a[0]), _mm256_cvtps_epi32(a[1]));
    __m256i high = _mm256_packs_epi32(_mm256_cvtps_epi32(a[2]), _mm256_cvtps_epi32(a[3]));
    __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    return _mm256_permutevar8x32_epi32(_mm256_packs_epi16(low, high), order);
}
INLINE vf v_round_f16(vf a) {
    return _mm256_cvtph_ps(_mm256_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT));
}
typedef const int32_t *vslots;
INLINE vslots v_slots(const float *midpoints, const int32_t *cells) { return (void)midpoints, cells; }
// The codes of a dynamic 8-bit table for lanes in -1...1.
INLINE void v_store_slots(uint8_t *p, vf a, const vslots *t) {
    const int32_t *cells = *t;
    vi bits = (vi)a;
    __m256i sign = _mm256_srli_epi32(bits, 31), low = _mm256_set1_epi32(0x1ffff);
    __m256i u = _mm256_add_epi32(_mm256_and_si256(bits, _mm256_set1_epi32(0x7fffffff)), sign);
    __m256i cell = _mm256_sub_epi32(_mm256_srli_epi32(u, 17), _mm256_set1_epi32(FIRST_CELL));
    cell = _mm256_max_epi32(cell, _mm256_setzero_si256());
    __m256i entry = _mm256_i32gather_epi32(cells, cell, 4);
    __m256i above = _mm256_cmpgt_epi32(_mm256_and_si256(u, low), _mm256_and_si256(entry, low));
    __m256i steps = _mm256_sub_epi32(_mm256_srli_epi32(entry, 18), above);
    // -steps where the sign is 1.
    __m256i negative = _mm256_sub_epi32(_mm256_setzero_si256(), sign);
    __m256i signed_steps = _mm256_add_epi32(_mm256_xor_si256(steps, negative), sign);
    __m256i slot = _mm256_add_epi32(_mm256_set1_epi32(127), signed_steps);
    slot = _mm256_max_epi32(slot, _mm256_setzero_si256());
    _mm_storel_epi64((void *)p, v_bytes(slot));
}

// Sixteen 16-bit numbers: their lower and their upper bytes, twice.
typedef struct { __m256i low, high; } vhalves;
INLINE vhalves v_halves_table(const uint16_t *p) {
    __m128i bytes = _mm_set1_epi16(255);
    __m128i a = _mm_loadu_si128((const void *)p), b = _mm_loadu_si128((const void *)(p + 8));
    __m128i low = _mm_packus_epi16(_mm_and_si128(a, bytes), _mm_and_si128(b, bytes));
    __m128i high = _mm_packus_epi16(_mm_srli_epi16(a, 8), _mm_srli_epi16(b, 8));
    return (vhalves){_mm256_broadcastsi128_si256(low), _mm256_broadcastsi128_si256(high)};
}
// The numbers of 32 nibbles in element order.
INLINE void v_look_up(const uint8_t *nibbles, vhalves t, vi *numbers) {
    // Eight bytes in each half, a nibble a byte.
    __m256i bytes = _mm256_permute4x64_epi64(_mm256_castsi128_si256(_mm_loadu_si128((const void *)nibbles)), 0x50);
    __m256i pairs = _mm256_unpacklo_epi8(_mm256_srli_epi16(bytes, 4), bytes);
    __m256i indices = _mm256_and_si256(pairs, _mm256_set1_epi8(15));
    __m256i low = _mm256_shuffle_epi8(t.low, indices), high = _mm256_shuffle_epi8(t.high, indices);
    __m256i first = _mm256_unpacklo_epi8(low, high), second = _mm256_unpackhi_epi8(low, high);
    numbers[0] = (vi)_mm256_permute2x128_si256(first, second, 0x20);
    numbers[1] = (vi)_mm256_permute2x128_si256(first, second, 0x31);
}
// What 8-bit codes of a table stand for.
typedef const float *ventries;
INLINE ventries v_entries(const float *table) { return table; }
#define NUMBERS W
INLINE void v_look_up_entries(const uint8_t *codes, ventries t, vf *numbers) {
    __m128i some = _mm_loadl_epi64((const void *)codes);
    numbers[0] = _mm256_i32gather_ps(t, _mm256_cvtepu8_epi32(some), 4);
}

// Rows of codes that meet rows of a weight at once, and what is added to a weight's codes.
#define DOT_INPUTS 2
#define DOT_BIAS 0
#define DOT_CODES (2 * W)
typedef int16_t vcode;
typedef __m256i vdot;
// W codes, given as whole numbers.
INLINE void v_store_code(vcode *p, vf a) {
    __m256i v = _mm256_cvtps_epi32(a);
    __m128i h = _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    _mm_storeu_si128((void *)p, h);
}
// DOT_CODES codes of a weight.
INLINE vdot v_load_codes(const int8_t *p) {
    return _mm256_cvtepi8_epi16(_mm_loadu_si128((const void *)p));
}
// sum + products of codes of a weight with as many others.
INLINE vi v_dot(vi sum, vdot weights, const vcode *codes) {
    __m256i products = _mm256_madd_epi16(weights, _mm256_loadu_si256((const void *)codes));
    return _mm256_add_epi32(sum, products);
}
// The sums of the lanes of four vectors.
INLINE void v_store_isums(int32_t *p, const vi *v) {
    __m256i a = _mm256_hadd_epi32(v[0], v[1]), b = _mm256_hadd_epi32(v[2], v[3]);
    __m256i sums = _mm256_hadd_epi32(a, b);
    __m128i low = _mm256_castsi256_si128(sums), high = _mm256_extracti128_si256(sums, 1);
    _mm_storeu_si128((void *)p, _mm_add_epi32(low, high));
}
