// Rows of weights times a few rows of activations, straight from the weight's bytes: a tile of R by M sums
// stays in registers. Each sum is made in the same order in every tile.
//
// Activations lie in batches of 8, 4, 2 and 1 rows, as many of the large ones as there are; a batch holds the
// first group of each of its rows, then the second of each, and so on.

// Rows of the first batch of `rows` rows.
INLINE int64_t batch_rows(int64_t rows) {
    for (int64_t m = FEW_MOST; m > 1; m /= 2) {
        if (rows >= m) return m;
    }
    return 1;
}

static void arrange(const ferry_weight *w, int32_t type, const void *input, int32_t input_type,
                    int64_t rows, void *output) {
    int64_t row_bytes = w->columns * type_size(input_type), group = group_bytes(type);
    for (int64_t first = 0, batch; first < rows; first += batch) {
        batch = batch_rows(rows - first);
        char *to = (char *)output + first * arranged_count(w) * type_size(type);
        for (int64_t m = 0; m < batch; m++) {
            const char *from = (const char *)input + (first + m) * row_bytes;
            arrange_row(w, type, from, input_type, to + m * group, batch * group);
        }
    }
}

// Rows of weights that pass all activations before the next, and the vectors that their sums are until then.
#define FEW_BLOCK 24
#define FEW_TOTALS (FEW_BLOCK * FEW_MOST * W)

// Bytes of activations that stay in the first-level cache while a block of weights passes.
#define FEW_BYTES 32768

// Rows of weights of a tile with M rows of activations.
INLINE int tile_rows(const int M) {
    return M <= 2 ? FEW_MOST : M == 4 ? FEW_MOST / 2 : 3;
}

// Groups first ..< end of the columns.
typedef struct { int64_t first, end; } group_range;

INLINE void load_totals(vf total[][FEW_MOST], const float *totals, int64_t first, const int R,
                        const int M) {
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
#pragma clang loop unroll(full)
        for (int m = 0; m < M; m++) {
            total[r][m] = first == 0 ? v_set1(0) : v_load(totals + (r * M + m) * W);
        }
    }
}

INLINE void store_totals(vf total[][FEW_MOST], float *totals, const int R, const int M) {
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
#pragma clang loop unroll(full)
        for (int m = 0; m < M; m++) v_store(totals + (r * M + m) * W, total[r][m]);
    }
}

// sums[m * stride + n] = the sums over the lanes of `count` rows of M vectors.
INLINE void add_lanes(const float *totals, int64_t count, float *sums, int64_t stride, const int M) {
    for (int64_t n = 0; n < count; n++) {
        if (M % 4 == 0) {
            for (int m = 0; m < M; m += 4) {
                vf four[4];
                for (int i = 0; i < 4; i++) four[i] = v_load(totals + (n * M + m + i) * W);
                v_sums(four, sums + m * stride + n, stride);
            }
        } else {
            for (int m = 0; m < M; m++) sums[m * stride + n] = v_sum(v_load(totals + (n * M + m) * W));
        }
    }
}

// Adds the products of R decoded groups with the same group of M rows of activations.
INLINE void add_group(vf total[][FEW_MOST], vf decoded[][GROUP_VECTORS], const char *x, const int R,
                      const int M, const int32_t type) {
    const int bytes = GROUP * (type == FERRY_BF16 ? 2 : 4);
#pragma clang loop unroll(full)
    for (int s = 0; s < bytes / (4 * W); s++) {
#pragma clang loop unroll(full)
        for (int m = 0; m < M; m++) {
            vf v = v_load(x + m * bytes + s * 4 * W);
#pragma clang loop unroll(full)
            for (int r = 0; r < R; r++) total[r][m] = v_products(total[r][m], decoded[r][s], v, type);
        }
    }
}

// Asks for what the next tile reads of a row: the processor foresees no more than some of so many rows.
INLINE void fetch_ahead(const char *p, const int64_t count) {
#pragma clang loop unroll(full)
    for (int64_t i = 0; i < count; i += 64) __builtin_prefetch(p + i, 0, 0);
}

INLINE void four_bit_tile(const ferry_weight *w, vtable codes, int64_t row, group_range range,
                          const char *x, float *totals, float *scratch, const int R, const int M,
                          const int32_t type, const int mixed) {
    int64_t row_bytes = w->columns / 2, whole = least(range.end, w->columns / GROUP);
    const char *bytes = (const char *)w->payload + row * row_bytes + range.first * (GROUP / 2);
    const char *scales[FEW_MOST];
    vf total[FEW_MOST][FEW_MOST], decoded[FEW_MOST][GROUP_VECTORS];
    load_totals(total, totals, range.first, R, M);
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        scales[r] = group_scales(w, row + r, range.first, range.end, scratch);
        scratch += 2 * (range.end - range.first);
    }
    for (int64_t g = 0; g < whole - range.first; g++) {
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            fetch_ahead(bytes + (R + r) * row_bytes, GROUP / 2);
            decode_group(bytes + r * row_bytes, codes, scales[r], g, type, mixed, decoded[r]);
        }
        add_group(total, decoded, x, R, M, type);
        bytes += GROUP / 2;
        x += M * group_bytes(type);
    }
    if (mixed && whole < range.end) {
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            char half[GROUP / 2] = {0};
            memcpy(half, bytes + r * row_bytes, GROUP / 4);
            decode_group(half, codes, scales[r], whole - range.first, type, mixed, decoded[r]);
        }
        add_group(total, decoded, x, R, M, type);
    }
    store_totals(total, totals, R, M);
}

#define INT8_ROW 3

// W units of a row of elements of kind `kind` from element i on; zeros from its n-th on.
INLINE vf load_units(const char *row, const int32_t kind, int64_t i, int64_t n, const int32_t type) {
    if (n <= 0) return v_set1(0);
    if (type == FERRY_BF16) {
        if (n >= 2 * W) return v_load(row + 2 * i);
        char some[4 * W] = {0};
        memcpy(some, row + 2 * i, (size_t)(2 * n));
        return v_load(some);
    }
    if (kind <= FERRY_BF16) return load_up_to(row, kind, i, n);
    if (n >= W) return v_load_i8((const int8_t *)row + i);
    int8_t some[16] = {0};
    memcpy(some, (const int8_t *)row + i, (size_t)n);
    return v_load_i8(some);
}

// A group of R rows of elements, `row_bytes` apart, of which `count` are there.
INLINE void load_group(const char *rows, int64_t row_bytes, const int32_t kind, int64_t count,
                       vf loaded[][GROUP_VECTORS], const int R, const int32_t type) {
    const int lanes = type == FERRY_BF16 ? 2 * W : W;
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
#pragma clang loop unroll(full)
        for (int s = 0; s < GROUP / lanes; s++) {
            loaded[r][s] = load_units(rows + r * row_bytes, kind, s * lanes, count - s * lanes, type);
        }
    }
}

INLINE int64_t kind_size(const int32_t kind) { return kind == INT8_ROW ? 1 : type_size(kind); }

// R rows of f32, f16, bf16 or int8, `row_bytes` apart, `columns` of them from the range's first on, times M rows.
INLINE void wide_tile(const char *rows, int64_t row_bytes, const int32_t kind, int64_t columns,
                      int64_t first, const char *x, float *totals, const int R, const int M,
                      const int32_t type) {
    vf total[FEW_MOST][FEW_MOST], loaded[FEW_MOST][GROUP_VECTORS];
    load_totals(total, totals, first, R, M);
    for (int64_t g = 0; g < columns / GROUP; g++) {
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            fetch_ahead(rows + (R + r) * row_bytes, GROUP * kind_size(kind));
        }
        load_group(rows, row_bytes, kind, GROUP, loaded, R, type);
        add_group(total, loaded, x, R, M, type);
        rows += GROUP * kind_size(kind);
        x += M * group_bytes(type);
    }
    if (columns % GROUP) {
        load_group(rows, row_bytes, kind, columns % GROUP, loaded, R, type);
        add_group(total, loaded, x, R, M, type);
    }
    store_totals(total, totals, R, M);
}

// Floats that ferry_linear_few needs: totals, and the scales or the decoded elements of a tile's rows.
static int64_t few_scratch(const ferry_weight *w) { return FEW_TOTALS + FEW_MOST * arranged_count(w); }

INLINE void few_tile(const ferry_weight *w, vtable codes, int64_t row, group_range range, const char *x,
                     float *totals, float *scratch, const int R, const int M, const int32_t type) {
    int64_t k = w->columns, first = range.first * GROUP, count = least(k, range.end * GROUP) - first;
    const char *payload = w->payload;
    int64_t at = row * k + first;
    if (reads_groups(w) && groups_are_mixed(w)) {
        four_bit_tile(w, codes, row, range, x, totals, scratch, R, M, type, 1);
    } else if (reads_groups(w)) {
        four_bit_tile(w, codes, row, range, x, totals, scratch, R, M, type, 0);
    } else if (w->format == FERRY_PLAIN && w->type == FERRY_BF16) {
        wide_tile(payload + 2 * at, 2 * k, FERRY_BF16, count, first, x, totals, R, M, type);
    } else if (type == FERRY_BF16 || w->format == FERRY_FOUR_BIT || w->format == FERRY_DYNAMIC8) {
        int64_t bytes = count * type_size(type);
        for (int r = 0; r < R; r++) decode(w, at + r * k, count, (char *)scratch + r * bytes, type);
        wide_tile((char *)scratch, bytes, type, count, first, x, totals, R, M, type);
    } else if (w->format == FERRY_INT8_ROWS) {
        wide_tile(payload + at, k, INT8_ROW, count, first, x, totals, R, M, FERRY_F32);
    } else if (w->type == FERRY_F32) {
        wide_tile(payload + 4 * at, 4 * k, FERRY_F32, count, first, x, totals, R, M, FERRY_F32);
    } else {
        wide_tile(payload + 2 * at, 2 * k, FERRY_F16, count, first, x, totals, R, M, FERRY_F32);
    }
}

// A block of weights times one batch.
INLINE void few_rows(const ferry_weight *w, int64_t first, int64_t count, const char *x, float *sums,
                     int64_t stride, float *scratch, const int M, const int32_t type) {
    vtable codes = v_table(w->codes);
    float *totals = scratch;
    scratch += FEW_TOTALS;
    const int R = tile_rows(M);
    int64_t groups = arranged_count(w) / GROUP, step = FEW_BYTES / (M * group_bytes(type));
    for (int64_t g = 0; g < groups; g += step) {
        group_range range = {g, least(g + step, groups)};
        const char *from = x + g * M * group_bytes(type);
        int64_t n = 0;
        for (; n + R <= count; n += R) {
            few_tile(w, codes, first + n, range, from, totals + n * M * W, scratch, R, M, type);
        }
        for (; n < count; n++) {
            few_tile(w, codes, first + n, range, from, totals + n * M * W, scratch, 1, M, type);
        }
    }
    add_lanes(totals, count, sums, stride, M);
    if (w->format == FERRY_INT8_ROWS) {
        for (int64_t n = 0; n < count; n++) {
            float scale = load_float(w->absmax, first + n) * INVERSE_127;
            for (int m = 0; m < M; m++) sums[m * stride + n] *= scale;
        }
    }
}

INLINE void linear_few_of(const ferry_weight *w, int64_t first, int64_t count, const char *x,
                          int64_t rows, float *sums, int64_t stride, float *scratch,
                          const int32_t type) {
    int64_t pitch = arranged_count(w) * type_size(type);
    for (int64_t n = 0; n < count; n += FEW_BLOCK) {
        int64_t some = least(FEW_BLOCK, count - n), row = first + n;
        for (int64_t m = 0, batch; m < rows; m += batch) {
            batch = batch_rows(rows - m);
            const char *from = x + m * pitch;
            float *to = sums + m * stride + n;
            if (batch == 8) few_rows(w, row, some, from, to, stride, scratch, FEW_MOST, type);
            else if (batch == 4) few_rows(w, row, some, from, to, stride, scratch, 4, type);
            else if (batch == 2) few_rows(w, row, some, from, to, stride, scratch, 2, type);
            else few_rows(w, row, some, from, to, stride, scratch, 1, type);
        }
    }
}

static void linear_few(const ferry_weight *w, int32_t type, int64_t first, int64_t count,
                       const void *x, int64_t rows, float *sums, int64_t stride, float *scratch) {
#if defined(HAS_DOT)
    if (type == FERRY_BF16) {
        linear_few_of(w, first, count, x, rows, sums, stride, scratch, FERRY_BF16);
        return;
    }
#endif
    (void)type;
    linear_few_of(w, first, count, x, rows, sums, stride, scratch, FERRY_F32);
}
