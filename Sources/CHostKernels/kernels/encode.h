// Encoding by the one exact rule: v = x * fl32(1 / absmax), the nearest code by f32 midpoints, a tie
// to the smaller value. No operation is contracted.

typedef uint32_t vmagnitudes __attribute__((vector_size(4 * W)));
typedef uint16_t vhalf_magnitudes __attribute__((vector_size(4 * W)));

INLINE uint32_t word_magnitude(const char *p, int64_t count) {
    vmagnitudes largest = {0}, v;
    int64_t i = 0;
    for (; i + W <= count; i += W) {
        memcpy(&v, p + 4 * i, sizeof v);
        largest = __builtin_elementwise_max(largest, v & 0x7fffffff);
    }
    if (i < count) {
        v = (vmagnitudes){0};
        memcpy(&v, p + 4 * i, (size_t)(4 * (count - i)));
        largest = __builtin_elementwise_max(largest, v & 0x7fffffff);
    }
    return __builtin_reduce_max(largest);
}

INLINE uint16_t half_magnitude(const char *p, int64_t count) {
    vhalf_magnitudes largest = {0}, v;
    int64_t i = 0;
    for (; i + 2 * W <= count; i += 2 * W) {
        memcpy(&v, p + 2 * i, sizeof v);
        largest = __builtin_elementwise_max(largest, v & 0x7fff);
    }
    if (i < count) {
        v = (vhalf_magnitudes){0};
        memcpy(&v, p + 2 * i, (size_t)(2 * (count - i)));
        largest = __builtin_elementwise_max(largest, v & 0x7fff);
    }
    return __builtin_reduce_max(largest);
}

// The largest magnitude of some elements as bits of an f32: ascending with the value, NaN above infinity.
INLINE uint32_t magnitude_bits(const void *source, int32_t type, int64_t first, int64_t count) {
    const char *p = (const char *)source + first * type_size(type);
    if (type == FERRY_F32) return word_magnitude(p, count);
    uint16_t largest = half_magnitude(p, count);
    return type == FERRY_BF16 ? (uint32_t)largest << 16 : float_bits(half_to_float(largest));
}

// What divides elements by their absmax. Below 2^-126 the reciprocal may overflow, so there it is a
// quotient; a zero block gives zeros.
typedef struct { vf absmax, reciprocal; int divides; } block_scale;

INLINE block_scale scale_of(float absmax) {
    return (block_scale){v_set1(absmax), v_set1(absmax < FLT_MIN ? 0 : 1 / absmax),
                         absmax > 0 && absmax < FLT_MIN};
}
INLINE vf scaled(vf x, block_scale s) {
    return s.divides ? v_div(x, s.absmax) : v_mul(x, s.reciprocal);
}

static int64_t bad_element(const void *source, int32_t type, int64_t first, int64_t count) {
    const char *at = (const char *)source + first * type_size(type);
    return first + first_not_below(at, type, count, INFINITY);
}

// W bytes of pairs.
INLINE void encode_pairs(const char *source, int32_t type, block_scale scale, vranks ranks,
                         uint8_t *payload) {
    vf high, low;
    v_load_pairs(source, type, &high, &low);
    v_store_nibbles(payload, v_codes(scaled(high, scale), ranks), v_codes(scaled(low, scale), ranks));
}

// An odd count leaves the code of 0 in the last low nibble.
INLINE void encode_four_bit_block(const char *source, int32_t type, int64_t count, block_scale scale,
                                  vranks ranks, uint8_t *payload) {
    int64_t i = 0, size = type_size(type);
    for (; i + 2 * W <= count; i += 2 * W) {
        encode_pairs(source + i * size, type, scale, ranks, payload + i / 2);
    }
    if (i < count) {
        char some[8 * W] = {0};
        uint8_t bytes[W];
        memcpy(some, source + i * size, (size_t)((count - i) * size));
        encode_pairs(some, type, scale, ranks, bytes);
        memcpy(payload + i / 2, bytes, (size_t)((count - i + 1) / 2));
    }
}

INLINE int64_t encode_four_bit_blocks(const void *source, const int32_t type, int64_t first,
                                      int64_t count, int64_t block_size, const float *midpoints,
                                      const uint8_t *codes, uint8_t *payload, void *absmax) {
    vranks ranks = v_ranks(midpoints, codes);
    for (int64_t i = first; i < first + count; i += block_size) {
        int64_t n = least(block_size, first + count - i);
        uint32_t largest = magnitude_bits(source, type, i, n);
        if (largest >= 0x7f800000) return bad_element(source, type, i, n);
        store_float(absmax, i / block_size, bits_float(largest));
        const char *at = (const char *)source + i * type_size(type);
        block_scale scale = scale_of(bits_float(largest));
        encode_four_bit_block(at, type, n, scale, ranks, payload + i / 2);
    }
    return -1;
}

static int64_t encode_four_bit(const void *source, int32_t type, int64_t first, int64_t count,
                               int64_t block_size, const float *midpoints, const uint8_t *codes,
                               uint8_t *payload, void *absmax) {
#define BLOCKS(type) encode_four_bit_blocks(source, type, first, count, block_size, midpoints, codes, payload, absmax)
    if (type == FERRY_F32) return BLOCKS(FERRY_F32);
    return type == FERRY_F16 ? BLOCKS(FERRY_F16) : BLOCKS(FERRY_BF16);
#undef BLOCKS
}

INLINE void encode_dynamic8_block(const void *source, int32_t type, int64_t first, int64_t count,
                                  block_scale scale, const vslots *slots, uint8_t *payload) {
    int64_t i = 0;
    for (; i + W <= count; i += W) {
        vf x = load_any(source, type, first + i);
        v_store_slots(payload + i, scaled(x, scale), slots);
    }
    if (i < count) {
        uint8_t bytes[W];
        vf x = load_some(source, type, first + i, count - i);
        v_store_slots(bytes, scaled(x, scale), slots);
        memcpy(payload + i, bytes, (size_t)(count - i));
    }
}

static int64_t encode_dynamic8(const void *source, int32_t type, int64_t first, int64_t count,
                               int64_t block_size, const float *midpoints, const int32_t *cells,
                               uint8_t *payload, void *absmax) {
    vslots slots = v_slots(midpoints, cells);
    for (int64_t i = first; i < first + count; i += block_size) {
        int64_t n = least(block_size, first + count - i);
        uint32_t largest = magnitude_bits(source, type, i, n);
        if (largest >= 0x7f800000) return bad_element(source, type, i, n);
        store_float(absmax, i / block_size, bits_float(largest));
        block_scale scale = scale_of(bits_float(largest));
        encode_dynamic8_block(source, type, i, n, scale, &slots, payload + i);
    }
    return -1;
}

INLINE vf int8_codes(vf x, int32_t type, vf factor) {
    return v_round(v_mul(type == FERRY_F16 ? x : v_round_f16(x), factor));
}

INLINE void encode_int8_codes(const void *source, const int32_t type, int64_t first, int64_t columns,
                              float factor, int8_t *codes) {
    vf factors = v_set1(factor);
    int64_t i = 0;
    for (; i + W <= columns; i += W) {
        v_store_i8(codes + i, int8_codes(load_any(source, type, first + i), type, factors));
    }
    if (i < columns) {
        int8_t some[W];
        v_store_i8(some, int8_codes(load_some(source, type, first + i, columns - i), type, factors));
        memcpy(codes + i, some, (size_t)(columns - i));
    }
}

static int32_t encode_int8_row(const void *source, int32_t type, int64_t first, int64_t columns,
                               int8_t *codes, void *row_absmax) {
    uint32_t bits = magnitude_bits(source, type, first, columns);
    if (bits > float_bits(65504)) return 0;
    // Rounding is monotonic: the largest element rounds to the largest rounded element.
    float absmax = half_to_float(float_to_half(bits_float(bits)));
    float factor = absmax == 0 ? 0 : 127 / absmax;
    store_float(row_absmax, 0, absmax);
    if (type == FERRY_F32) encode_int8_codes(source, FERRY_F32, first, columns, factor, codes);
    else if (type == FERRY_F16) encode_int8_codes(source, FERRY_F16, first, columns, factor, codes);
    else encode_int8_codes(source, FERRY_BF16, first, columns, factor, codes);
    return 1;
}
