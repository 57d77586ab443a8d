// Encoding of rows as LLM.int8.

INLINE vf int8_codes(const char *source, const int32_t type, const int rounds, vf factor) {
    vf x = load_any(source, type, 0);
    return v_mul(rounds ? v_round_f16(x) : x, factor);
}

INLINE void encode_int8_codes(const char *source, const int32_t type, const int rounds, int64_t count,
                              float factor, int8_t *codes) {
    vf factors = v_set1(factor);
    int64_t i = 0, size = type_size(type);
    for (; i + W <= count; i += W) v_store_i8(codes + i, int8_codes(source + i * size, type, rounds, factors));
    if (i < count) {
        char padded[4 * W] = {0};
        int8_t some[W];
        memcpy(padded, source + i * size, (size_t)((count - i) * size));
        v_store_i8(some, int8_codes(padded, type, rounds, factors));
        memcpy(codes + i, some, (size_t)(count - i));
    }
}

// Past the caches from the first code on that a vector may be streamed to.
INLINE void encode_int8_row(const char *source, const int32_t type, const int rounds, int64_t columns,
                            float factor, int8_t *codes) {
    // The next row comes next, for its absmax.
    int64_t size = type_size(type), ahead = columns * size > AHEAD ? columns * size : AHEAD;
    int64_t i = least(columns, -(int64_t)(uintptr_t)codes & (4 * W - 1));
    vf factors = v_set1(factor);
    encode_int8_codes(source, type, rounds, i, factor, codes);
    for (; i + 4 * W <= columns; i += 4 * W) {
        const char *at = source + i * size;
        vf some[4];
        prefetch(at + ahead, 4 * W * size);
        for (int j = 0; j < 4; j++) some[j] = int8_codes(at + j * W * size, type, rounds, factors);
        stream_vector(codes + i, v_whole_bytes(some));
    }
    encode_int8_codes(source + i * size, type, rounds, columns - i, factor, codes + i);
}

INLINE int64_t encode_int8_rows_of(const char *source, const int32_t type, int64_t rows, int64_t columns,
                                   int8_t *codes, void *row_absmax) {
    for (int64_t row = 0; row < rows; row++, source += columns * type_size(type), codes += columns) {
        uint32_t bits = magnitude_bits(source, type, columns, 1);
        if (bits > float_bits(65504)) return row;
        // Rounding is monotonic: the largest element rounds to the largest rounded element.
        float absmax = half_to_float(float_to_half(bits_float(bits)));
        float factor = absmax == 0 ? 0 : 127 / absmax;
        store_float(row_absmax, row, absmax);
        // Rounding to f16 changes no bf16 from 2^-17 on, and what is below a 256th of the absmax has code 0.
        if (type == FERRY_F16 || (type == FERRY_BF16 && absmax >= 0x1p-9f)) {
            encode_int8_row(source, type, 0, columns, factor, codes);
        } else {
            encode_int8_row(source, type, 1, columns, factor, codes);
        }
    }
    end_streaming();
    return -1;
}

static int64_t encode_int8_rows(const void *source, int32_t type, int64_t rows, int64_t columns, int8_t *codes,
                                void *row_absmax) {
#define ROWS(type) encode_int8_rows_of(source, type, rows, columns, codes, row_absmax)
    if (type == FERRY_F32) return ROWS(FERRY_F32);
    return type == FERRY_F16 ? ROWS(FERRY_F16) : ROWS(FERRY_BF16);
#undef ROWS
}
