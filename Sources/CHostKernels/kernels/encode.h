// Encoding by the one exact rule: v = x * fl32(1 / absmax), the nearest code by f32 midpoints, a tie
// to the smaller value. No operation is contracted.

// Elements of a block that are worked on at once.
#define ENCODE_CHUNK 4096

// The largest magnitude of some elements as bits: ascending with the value, NaN above infinity.
static uint32_t magnitude_bits(const void *source, int32_t type, int64_t first, int64_t count) {
    vi largest = v_izero();
    for (int64_t i = 0; i < count; i += W) {
        largest = v_imax(largest, v_abs_bits(load_up_to(source, type, first + i, count - i)));
    }
    return (uint32_t)v_imax_lanes(largest);
}

// values[i] = element first + i as a part of absmax. Below 2^-126 the reciprocal may overflow, so
// there it is a quotient; a zero block gives zeros.
static void normalize(const void *source, int32_t type, int64_t first, int64_t count, float absmax,
                      float *values) {
    int divides = absmax > 0 && absmax < FLT_MIN;
    vf factor = v_set1(absmax < FLT_MIN ? 0 : 1 / absmax);
    for (int64_t i = 0; i < count; i += W) {
        vf x = load_up_to(source, type, first + i, count - i);
        v_store(values + i, divides ? v_div(x, v_set1(absmax)) : v_mul(x, factor));
    }
}

static int64_t bad_element(const void *source, int32_t type, int64_t first, int64_t count) {
    const char *at = (const char *)source + first * type_size(type);
    return first + first_not_below(at, type, count, INFINITY);
}

static int64_t encode_four_bit(const void *source, int32_t type, int64_t first, int64_t count,
                               int64_t block_size, const float *midpoints, const uint8_t *codes,
                               uint8_t *payload, void *absmax) {
    float values[ENCODE_CHUNK + W];
    uint8_t slots[ENCODE_CHUNK + W];
    for (int64_t i = first; i < first + count; i += block_size) {
        int64_t n = least(block_size, first + count - i);
        uint32_t largest = magnitude_bits(source, type, i, n);
        if (largest >= 0x7f800000) return bad_element(source, type, i, n);
        store_float(absmax, i / block_size, bits_float(largest));
        normalize(source, type, i, n, bits_float(largest), values);
        // An odd count leaves the code of 0 in the last low nibble.
        if (n & 1) values[n] = 0;
        for (int64_t j = 0; j < n + (n & 1); j += W) {
            v_store_u8(slots + j, v_rank(v_load(values + j), midpoints));
        }
        for (int64_t j = 0; j < n; j += 2) {
            payload[(i + j) >> 1] = (uint8_t)(codes[slots[j]] << 4 | codes[slots[j + 1]]);
        }
    }
    return -1;
}

// How many of the 255 midpoints lie below v.
INLINE int table_slot(float v, const float *midpoints) {
    int slot = 0;
    for (int half = 128; half > 0; half /= 2) slot += v > midpoints[slot + half - 1] ? half : 0;
    return slot;
}

static int64_t encode_dynamic8(const void *source, int32_t type, int64_t first, int64_t count,
                               int64_t block_size, const float *midpoints, const uint8_t *codes,
                               uint8_t *payload, void *absmax) {
    float values[ENCODE_CHUNK + W];
    for (int64_t i = first; i < first + count; i += block_size) {
        int64_t n = least(block_size, first + count - i);
        uint32_t largest = magnitude_bits(source, type, i, n);
        if (largest >= 0x7f800000) return bad_element(source, type, i, n);
        store_float(absmax, i / block_size, bits_float(largest));
        for (int64_t j = 0; j < n; j += ENCODE_CHUNK) {
            int64_t chunk = least(ENCODE_CHUNK, n - j);
            normalize(source, type, i + j, chunk, bits_float(largest), values);
            for (int64_t k = 0; k < chunk; k++) {
                payload[i + j + k] = codes[table_slot(values[k], midpoints)];
            }
        }
    }
    return -1;
}

static void encode_int8_row(const void *source, int32_t type, int64_t first, int64_t columns,
                            int8_t *codes, void *row_absmax) {
    // Rounding is monotonic: the largest element rounds to the largest rounded element.
    float largest = bits_float(magnitude_bits(source, type, first, columns));
    float absmax = half_to_float(float_to_half(largest));
    float factor = absmax == 0 ? 0 : 127 / absmax;
    store_float(row_absmax, 0, absmax);
    for (int64_t i = 0; i < columns; i += W) {
        int64_t n = columns - i;
        char halves[2 * W];
        float lanes[W];
        v_store_f16(halves, load_up_to(source, type, first + i, n));
        v_store(lanes, v_round(v_mul(v_load_f16(halves), v_set1(factor))));
        for (int64_t j = 0; j < least(W, n); j++) codes[i + j] = (int8_t)lanes[j];
    }
}
