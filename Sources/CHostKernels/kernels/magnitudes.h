// The largest magnitude of some elements: of long rows four maxima at a time, as each waits for the last.

typedef uint32_t vmagnitudes __attribute__((vector_size(4 * W)));
typedef uint16_t vhalf_magnitudes __attribute__((vector_size(4 * W)));

INLINE uint32_t word_magnitude(const char *p, int64_t count, const int is_long) {
    vmagnitudes largest = {0}, v;
    int64_t i = 0;
    if (is_long) {
        vmagnitudes some[4] = {{0}, {0}, {0}, {0}};
        for (; i + 4 * W <= count; i += 4 * W) {
            for (int j = 0; j < 4; j++) {
                memcpy(&v, p + 4 * i + j * 4 * W, sizeof v);
                some[j] = __builtin_elementwise_max(some[j], v & 0x7fffffff);
            }
        }
        largest = __builtin_elementwise_max(__builtin_elementwise_max(some[0], some[1]),
                                            __builtin_elementwise_max(some[2], some[3]));
    }
#pragma clang loop unroll(disable)
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

INLINE uint16_t half_magnitude(const char *p, int64_t count, const int is_long) {
    vhalf_magnitudes largest = {0}, v;
    int64_t i = 0;
    if (is_long) {
        vhalf_magnitudes some[4] = {{0}, {0}, {0}, {0}};
        for (; i + 8 * W <= count; i += 8 * W) {
            for (int j = 0; j < 4; j++) {
                memcpy(&v, p + 2 * i + j * 4 * W, sizeof v);
                some[j] = __builtin_elementwise_max(some[j], v & 0x7fff);
            }
        }
        largest = __builtin_elementwise_max(__builtin_elementwise_max(some[0], some[1]),
                                            __builtin_elementwise_max(some[2], some[3]));
    }
#pragma clang loop unroll(disable)
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
INLINE uint32_t magnitude_bits(const char *p, int32_t type, int64_t count, const int is_long) {
    if (type == FERRY_F32) return word_magnitude(p, count, is_long);
    uint16_t largest = half_magnitude(p, count, is_long);
    return type == FERRY_BF16 ? (uint32_t)largest << 16 : float_bits(half_to_float(largest));
}
