// Encoding of blocks by the one exact rule: v = x * fl32(1 / absmax), the nearest code by f32 midpoints, a tie
// to the smaller value. No operation is contracted.

// What divides elements by their absmax. Below 2^-126 the reciprocal may overflow, so there it is a
// quotient; a zero block gives zeros.
typedef struct { vf absmax, reciprocal; int divides; } block_scale;

INLINE block_scale scale_of(float absmax, float reciprocal) {
    return (block_scale){v_set1(absmax), v_set1(reciprocal), absmax > 0 && absmax < FLT_MIN};
}
INLINE vf scaled(vf x, block_scale s) {
    return s.divides ? v_div(x, s.absmax) : v_mul(x, s.reciprocal);
}

static int64_t bad_element(const void *source, int32_t type, int64_t first, int64_t count) {
    const char *at = (const char *)source + first * type_size(type);
    return first + first_not_below(at, type, count, INFINITY);
}

// Blocks take each step together: a block's own steps wait for each other, those of others meanwhile do not.
#define BATCH 32
#define BATCH_ELEMENTS 2048
typedef struct { float absmax[BATCH], reciprocal[BATCH]; } batch_scales;

// The elements of a batch: whole blocks.
INLINE int64_t batch_size(int64_t block_size) {
    int64_t blocks = least(BATCH, BATCH_ELEMENTS / block_size);
    return blocks > 1 ? blocks * block_size : block_size;
}

// Finds the absmaxima of a batch. Returns whether all elements are finite.
INLINE int measure_batch(const char *source, int32_t type, int64_t count, int64_t block_size,
                         batch_scales *scales) {
    uint32_t bits[BATCH] = {0}, largest = 0;
    int64_t b = 0, i = 0, size = type_size(type);
    for (; i + block_size <= count; i += block_size) bits[b++] = magnitude_bits(source + i * size, type, block_size, 0);
    if (i < count) bits[b] = magnitude_bits(source + i * size, type, count - i, 0);
    for (b = 0; b < BATCH; b++) {
        float absmax = bits_float(bits[b]);
        scales->absmax[b] = absmax;
        scales->reciprocal[b] = absmax < FLT_MIN ? 0 : 1 / absmax;
        largest = bits[b] > largest ? bits[b] : largest;
    }
    return largest < 0x7f800000;
}

// How numbers become codes of 4 or 8 bits.
typedef struct { int bits; vranks ranks; vslots slots; } block_coder;

// 2 W elements, to W or to 2 W bytes.
INLINE void encode_pairs(const char *source, const int32_t type, block_scale scale, const block_coder *coder,
                         uint8_t *payload) {
    vf first = scaled(load_any(source, type, 0), scale), second = scaled(load_any(source, type, W), scale);
    if (coder->bits == 4) {
        v_store_nibbles(payload, v_codes(first, second, &coder->ranks));
    } else {
        v_store_slots(payload, first, &coder->slots);
        v_store_slots(payload + W, second, &coder->slots);
    }
}

// Calls `encode` for 2 W elements at a time, the last padded with zeros: an odd count leaves the code of 0 in
// the last low nibble.
#define ENCODE_EACH_PAIRS(source, type, count, bits, payload, encode) \
    int64_t i = 0, size = type_size(type); \
    for (; i + 2 * W <= count; i += 2 * W) encode(source + i * size, payload + i * bits / 8); \
    if (i < count) { \
        char some[8 * W] = {0}; \
        uint8_t bytes[2 * W]; \
        memcpy(some, source + i * size, (size_t)((count - i) * size)); \
        encode(some, bytes); \
        memcpy(payload + i * bits / 8, bytes, (size_t)((count - i) * bits + 7) / 8); \
    }

INLINE void encode_block(const char *source, const int32_t type, int64_t count, float absmax, float reciprocal,
                         const block_coder *coder, uint8_t *payload) {
    block_scale scale = scale_of(absmax, reciprocal);
#define ENCODE(from, to) encode_pairs(from, type, scale, coder, to)
    ENCODE_EACH_PAIRS(source, type, count, coder->bits, payload, ENCODE)
#undef ENCODE
}

INLINE void encode_batch(const char *source, const int32_t type, int64_t count, int64_t block_size,
                         const batch_scales *scales, const block_coder *coder, uint8_t *payload) {
    int64_t size = type_size(type);
    for (int64_t i = 0, b = 0; i < count; i += block_size, b++) {
        prefetch(source + i * size + AHEAD, block_size * size);
        encode_block(source + i * size, type, least(block_size, count - i), scales->absmax[b],
                     scales->reciprocal[b], coder, payload + i * coder->bits / 8);
    }
}

#if defined(HAS_BF16_CODES)
INLINE void encode_bf16_block(const char *source, int64_t count, float reciprocal, vthresholds thresholds,
                              const vranks *ranks, uint8_t *payload) {
    vf factor = v_set1(CELLS_BELOW_1 * reciprocal);
#define ENCODE(from, to) v_store_nibbles(to, v_bf16_codes(from, factor, thresholds, ranks))
    ENCODE_EACH_PAIRS(source, FERRY_BF16, count, 4, payload, ENCODE)
#undef ENCODE
}

// Blocks whose absmax is close to an end of the range of f32 go the way of other types.
INLINE void encode_bf16_batch(const char *source, int64_t count, int64_t block_size,
                              const batch_scales *scales, const block_coder *coder, uint8_t *payload) {
    vthresholds thresholds[BATCH];
    for (int b = 0; b < BATCH; b++) {
        thresholds[b] = v_thresholds(scales->absmax[b], scales->reciprocal[b], &coder->ranks);
    }
    for (int64_t i = 0, b = 0; i < count; i += block_size, b++) {
        float absmax = scales->absmax[b], reciprocal = scales->reciprocal[b];
        int64_t n = least(block_size, count - i);
        prefetch(source + i * 2 + AHEAD, block_size * 2);
        if (absmax > 0x1p-100f && absmax < 0x1p100f) {
            encode_bf16_block(source + 2 * i, n, reciprocal, thresholds[b], &coder->ranks, payload + i / 2);
        } else {
            encode_block(source + 2 * i, FERRY_BF16, n, absmax, reciprocal, coder, payload + i / 2);
        }
    }
}
#endif

INLINE int64_t encode_blocks(const void *source, const int32_t type, int64_t first, int64_t count,
                             int64_t block_size, const block_coder *coder, uint8_t *payload, char *absmax) {
    uint8_t chunk[2 * BATCH_ELEMENTS] __attribute__((aligned(64)));
    absmax += 4 * (first / block_size);
    for (int64_t i = first, end = first + count, n; i < end; i += n) {
        batch_scales scales;
        n = least(batch_size(block_size), end - i);
        const char *at = (const char *)source + i * type_size(type);
        if (!measure_batch(at, type, n, block_size, &scales)) return bad_element(source, type, i, n);
        uint8_t *target = payload + i * coder->bits / 8;
        uint8_t *bytes = n <= (int64_t)sizeof chunk ? chunk : target;
#if defined(HAS_BF16_CODES)
        if (coder->bits == 4 && type == FERRY_BF16) encode_bf16_batch(at, n, block_size, &scales, coder, bytes);
        else
#endif
        encode_batch(at, type, n, block_size, &scales, coder, bytes);
        if (bytes == chunk) stream((char *)target, (const char *)chunk, (n * coder->bits + 7) / 8);
        for (int64_t b = 0; b * block_size < n; b++, absmax += 4) store_float(absmax, 0, scales.absmax[b]);
    }
    end_streaming();
    return -1;
}

#define ENCODE_BLOCKS(type, size) encode_blocks(source, type, first, count, size, &coder, payload, absmax)

static int64_t encode_four_bit(const void *source, int32_t type, int64_t first, int64_t count,
                               int64_t block_size, const float *midpoints, const uint8_t *codes,
                               uint8_t *payload, void *absmax) {
    const block_coder coder = {.bits = 4, .ranks = v_ranks(midpoints, codes)};
    if (type == FERRY_F32) return ENCODE_BLOCKS(FERRY_F32, block_size);
    if (type == FERRY_F16) return ENCODE_BLOCKS(FERRY_F16, block_size);
    // Loops that are as short as those of the usual size are worth code of their own.
    return block_size == 64 ? ENCODE_BLOCKS(FERRY_BF16, 64) : ENCODE_BLOCKS(FERRY_BF16, block_size);
}

static int64_t encode_dynamic8(const void *source, int32_t type, int64_t first, int64_t count,
                               int64_t block_size, const float *midpoints, const int32_t *cells,
                               uint8_t *payload, void *absmax) {
    const block_coder coder = {.bits = 8, .slots = v_slots(midpoints, cells)};
    if (type == FERRY_F32) return ENCODE_BLOCKS(FERRY_F32, block_size);
    return type == FERRY_F16 ? ENCODE_BLOCKS(FERRY_F16, block_size) : ENCODE_BLOCKS(FERRY_BF16, block_size);
}
#undef ENCODE_BLOCKS
