// Rows of weights times a few rows of activations, straight from the weight's bytes; and the product of
// decoded tiles with many.
//
// 4-bit rows are read in groups of 8 W elements, W words of 8 nibbles. Nibble s of word j (from the low
// end) is element 8 j + (s ^ 1) of the group, so with the activations in the order [s][j] every step
// is a shift, a look-up in registers and a fused multiply-add, and a lane stays within 8 consecutive
// elements, which always have one absmax.

#define GROUP (8 * W)

// Whether rows start at whole words, so that groups can be read.
INLINE int reads_groups(const ferry_weight *w) {
    return w->format == FERRY_FOUR_BIT && w->columns % 8 == 0;
}

static int64_t arranged_count(const ferry_weight *w) {
    return rounded_up(w->columns, reads_groups(w) ? GROUP : W);
}

static void arrange(const ferry_weight *w, const float *input, float *output) {
    int64_t count = arranged_count(w);
    if (!reads_groups(w)) {
        memcpy(output, input, (size_t)w->columns * sizeof(float));
        memset(output + w->columns, 0, (size_t)(count - w->columns) * sizeof(float));
        return;
    }
    for (int64_t g = 0; g < count; g += GROUP) {
        for (int s = 0; s < 8; s++) {
            for (int j = 0; j < W; j++) {
                int64_t k = g + 8 * j + (s ^ 1);
                output[g + s * W + j] = k < w->columns ? input[k] : 0;
            }
        }
    }
}

static int64_t few_scratch(const ferry_weight *w) {
    return rounded_up(w->columns, W) + w->columns / 32 + 2;
}

// The absmax of each lane of the group that starts at element `first`; none beyond element `last`.
INLINE vf lane_absmax(const float *absmax, int64_t first, int64_t last, int shift, int64_t block) {
    if (first % 64 == 0 && shift >= 6) {
        float low = absmax[(first >> shift) - block];
        if (W <= 8 || first + 64 > last) return v_set1(low);
        return v_halves(low, absmax[((first + 64) >> shift) - block]);
    }
    float lanes[W];
    for (int j = 0; j < W; j++) {
        lanes[j] = absmax[(least(first + 8 * j, last) >> shift) - block];
    }
    return v_load(lanes);
}

// Row `row` of a 4-bit weight times M arranged rows.
INLINE void four_bit_row(const ferry_weight *w, vtable t, int64_t row, const float *x,
                         int64_t padded, float *sums, int64_t stride, float *absmax, const int M) {
    int64_t first = row * w->columns, last = first + w->columns - 1;
    int shift = __builtin_ctzll((uint64_t)w->block_size);
    int64_t block = first >> shift, blocks = (last >> shift) - block + 1;
    for (int64_t b = 0; b < blocks; b++) absmax[b] = block_absmax(w, block + b);
    const char *bytes = (const char *)w->payload + (first >> 1);
    vf total[4] = {v_set1(0), v_set1(0), v_set1(0), v_set1(0)};
    for (int64_t g = 0; g < w->columns; g += GROUP) {
        const char *at = bytes + (g >> 1);
        int64_t left = (w->columns - g) / 8;
        vi words = left >= W ? v_load_words(at) : v_load_some_words(at, left);
        vf part[4] = {v_set1(0), v_set1(0), v_set1(0), v_set1(0)};
#pragma clang loop unroll(full)
        for (int s = 0; s < 8; s++) {
            vf code = v_lookup(words, 4 * s, t);
#pragma clang loop unroll(full)
            for (int m = 0; m < M; m++) {
                part[m] = v_fma(code, v_load(x + m * padded + g + s * W), part[m]);
            }
        }
        vf scale = lane_absmax(absmax, first + g, last, shift, block);
#pragma clang loop unroll(full)
        for (int m = 0; m < M; m++) total[m] = v_fma(part[m], scale, total[m]);
    }
    for (int m = 0; m < M; m++) sums[m * stride] = v_sum(total[m]);
}

// W elements of a plain or int8 row as f32.
INLINE vf load_row(const void *row, const int32_t kind, int64_t i, int64_t n) {
    if (kind <= FERRY_BF16) return load_up_to(row, kind, i, n);
    if (n >= W) return v_load_i8((const int8_t *)row + i);
    int8_t some[16] = {0};
    memcpy(some, (const int8_t *)row + i, (size_t)n);
    return v_load_i8(some);
}

#define INT8_ROW 3

// A row of f32, f16, bf16 or int8 times M rows, in four interleaved sums each.
INLINE void wide_row(const void *row, const int32_t kind, int64_t columns, const float *x,
                     int64_t padded, float *sums, int64_t stride, const int M) {
    vf total[4][4];
    for (int m = 0; m < 4; m++) for (int u = 0; u < 4; u++) total[m][u] = v_set1(0);
    int64_t i = 0;
    for (; i + 4 * W <= columns; i += 4 * W) {
#pragma clang loop unroll(full)
        for (int u = 0; u < 4; u++) {
            vf v = load_row(row, kind, i + u * W, W);
#pragma clang loop unroll(full)
            for (int m = 0; m < M; m++) {
                total[m][u] = v_fma(v, v_load(x + m * padded + i + u * W), total[m][u]);
            }
        }
    }
    for (; i < columns; i += W) {
        vf v = load_row(row, kind, i, columns - i);
#pragma clang loop unroll(full)
        for (int m = 0; m < M; m++) {
            total[m][0] = v_fma(v, v_load(x + m * padded + i), total[m][0]);
        }
    }
#pragma clang loop unroll(full)
    for (int m = 0; m < M; m++) {
        vf a = v_add(total[m][0], total[m][1]), b = v_add(total[m][2], total[m][3]);
        sums[m * stride] = v_sum(v_add(a, b));
    }
}

INLINE void few_rows(const ferry_weight *w, int64_t first_row, int64_t row_count, const float *x,
                     float *sums, int64_t stride, float *scratch, const int M) {
    int64_t k = w->columns, padded = arranged_count(w);
    vtable t = v_table(w->codes);
    for (int64_t n = 0; n < row_count; n++) {
        int64_t row = first_row + n;
        const char *payload = w->payload;
        if (reads_groups(w)) {
            four_bit_row(w, t, row, x, padded, sums + n, stride, scratch, M);
        } else if (w->format == FERRY_PLAIN && w->type == FERRY_F32) {
            wide_row(payload + 4 * row * k, FERRY_F32, k, x, padded, sums + n, stride, M);
        } else if (w->format == FERRY_PLAIN && w->type == FERRY_F16) {
            wide_row(payload + 2 * row * k, FERRY_F16, k, x, padded, sums + n, stride, M);
        } else if (w->format == FERRY_PLAIN) {
            wide_row(payload + 2 * row * k, FERRY_BF16, k, x, padded, sums + n, stride, M);
        } else if (w->format == FERRY_INT8_ROWS) {
            wide_row(payload + row * k, INT8_ROW, k, x, padded, sums + n, stride, M);
            float scale = load_float(w->absmax, row);
            for (int m = 0; m < M; m++) sums[m * stride + n] *= scale * INVERSE_127;
        } else {
            decode(w, row * k, k, scratch, FERRY_F32);
            wide_row(scratch, FERRY_F32, k, x, padded, sums + n, stride, M);
        }
    }
}

static void linear_few(const ferry_weight *w, int64_t first_row, int64_t row_count, const float *x,
                       int32_t rows, float *sums, int64_t stride, float *scratch) {
    switch (rows) {
    case 1: few_rows(w, first_row, row_count, x, sums, stride, scratch, 1); break;
    case 2: few_rows(w, first_row, row_count, x, sums, stride, scratch, 2); break;
    case 3: few_rows(w, first_row, row_count, x, sums, stride, scratch, 3); break;
    default: few_rows(w, first_row, row_count, x, sums, stride, scratch, 4); break;
    }
}

// A block of R rows of input times C rows of the tile. Every sum runs over the lanes in the same
// order, whatever R and C are.
INLINE void product_block(const float *tile, const float *input, int64_t padded, float *sums,
                          int64_t stride, const int R, const int C) {
    vf total[PRODUCT_ROWS][4];
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
#pragma clang loop unroll(full)
        for (int c = 0; c < C; c++) total[r][c] = v_set1(0);
    }
    for (int64_t i = 0; i < padded; i += W) {
        vf columns[4];
#pragma clang loop unroll(full)
        for (int c = 0; c < C; c++) columns[c] = v_load(tile + c * padded + i);
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            vf v = v_load(input + r * padded + i);
#pragma clang loop unroll(full)
            for (int c = 0; c < C; c++) total[r][c] = v_fma(v, columns[c], total[r][c]);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
#pragma clang loop unroll(full)
        for (int c = 0; c < C; c++) sums[r * stride + c] = v_sum(total[r][c]);
    }
}

static void product(const float *tile, int64_t tile_rows, const float *input, int64_t rows,
                    int64_t padded, float *sums, int64_t stride) {
    int64_t m = 0;
    for (; m + PRODUCT_ROWS <= rows; m += PRODUCT_ROWS) {
        const float *x = input + m * padded;
        float *to = sums + m * stride;
        int64_t n = 0;
        for (; n + 4 <= tile_rows; n += 4) {
            product_block(tile + n * padded, x, padded, to + n, stride, PRODUCT_ROWS, 4);
        }
        for (; n < tile_rows; n++) {
            product_block(tile + n * padded, x, padded, to + n, stride, PRODUCT_ROWS, 1);
        }
    }
    for (; m < rows; m++) {
        for (int64_t n = 0; n < tile_rows; n++) {
            product_block(tile + n * padded, input + m * padded, padded, sums + m * stride + n,
                          stride, 1, 1);
        }
    }
}
