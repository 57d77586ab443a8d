// Rows of weights times a few rows of activations, straight from the weight's bytes, in tiles. Each sum is made
// in the same order in every tile.
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
    int64_t row_bytes = w->columns * type_size(input_type);
    for (int64_t first = 0, batch; first < rows; first += batch) {
        batch = batch_rows(rows - first);
        char *to = (char *)output + first * arranged_bytes(w, type);
        for (int64_t m = 0; m < batch; m++) {
            const char *from = (const char *)input + (first + m) * row_bytes;
            arrange_row(w, type, from, input_type, to + m * GROUP_BYTES, batch * GROUP_BYTES);
        }
    }
}

// Rows of weights that pass all activations before the next, and the vectors that their sums are until then.
#define FEW_BLOCK 48
#define FEW_TOTALS (FEW_BLOCK * FEW_MOST * W)

// Bytes of activations that stay in the first-level cache while a block of weights passes.
#define FEW_BYTES 32768

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

// Floats that ferry_linear_few needs: totals, and the scales of a block or the decoded elements of a tile.
static int64_t few_scratch(const ferry_weight *w) {
    return FEW_TOTALS + FEW_MOST * (w->columns + 2 * GROUP_UNITS);
}

// `count` rows of elements that are decoded first, a tile's rows at a time.
INLINE void decoded_block(const ferry_weight *w, int64_t at, int64_t count, int64_t columns, tile_input in,
                          float *totals, char *scratch, const int M, const int32_t type) {
    const int R = element_tile_rows(M);
    element_rows rows = {scratch, columns * type_size(type), columns};
    for (int64_t n = 0; n < count; n += R) {
        int64_t some = least(R, count - n);
        for (int64_t r = 0; r < some; r++) {
            decode(w, at + (n + r) * w->columns, columns, scratch + r * rows.pitch, type);
        }
        element_tiles(rows, type, some, in, totals + n * M * W, M, type);
    }
}

// `count` rows from `row` on times M rows.
INLINE void few_block(const ferry_weight *w, vtable codes, int64_t row, int64_t count, group_range range,
                      const char *x, float *totals, float *scratch, const int M, const int32_t type) {
    const int64_t elements = group_elements(type);
    int64_t k = w->columns, first = range.first * elements, at = row * k + first;
    int64_t columns = least(k, range.end * elements) - first;
    const char *payload = w->payload;
    tile_input in = {x, first == 0};
    if (reads_groups(w) && groups_are_mixed(w)) {
        group_rows rows = rows_of_groups(w, row, count, range, scratch, type, 1);
        group_tiles(rows, codes, count, in, totals, M, type, 1);
    } else if (reads_groups(w)) {
        group_rows rows = rows_of_groups(w, row, count, range, scratch, type, 0);
        group_tiles(rows, codes, count, in, totals, M, type, 0);
    } else if (w->format == FERRY_PLAIN && w->type == FERRY_BF16) {
        element_rows rows = {payload + 2 * at, 2 * k, columns};
        element_tiles(rows, FERRY_BF16, count, in, totals, M, type);
    } else if (w->format == FERRY_INT8_ROWS) {
        element_tiles((element_rows){payload + at, k, columns}, INT8_ROW, count, in, totals, M, type);
    } else if (type == FERRY_BF16 || w->format == FERRY_FOUR_BIT || w->format == FERRY_DYNAMIC8) {
        decoded_block(w, at, count, columns, in, totals, (char *)scratch, M, type);
    } else if (w->type == FERRY_F32) {
        element_rows rows = {payload + 4 * at, 4 * k, columns};
        element_tiles(rows, FERRY_F32, count, in, totals, M, FERRY_F32);
    } else {
        element_rows rows = {payload + 2 * at, 2 * k, columns};
        element_tiles(rows, FERRY_F16, count, in, totals, M, FERRY_F32);
    }
}

// A block of weights times one batch.
INLINE void few_rows(const ferry_weight *w, int64_t first, int64_t count, const char *x, float *sums,
                     int64_t stride, float *scratch, const int M, const int32_t type) {
    vtable codes = v_table(w->codes);
    float *totals = scratch;
    int64_t groups = group_count(w, type), step = FEW_BYTES / (M * GROUP_BYTES);
    for (int64_t g = 0; g < groups; g += step) {
        group_range range = {g, least(g + step, groups)};
        few_block(w, codes, first, count, range, x + g * M * GROUP_BYTES, totals, scratch + FEW_TOTALS, M,
                  type);
    }
    add_lanes(totals, count, sums, stride, M);
    if (w->format == FERRY_INT8_ROWS) {
        for (int64_t n = 0; n < count; n++) {
            float scale = row_scale(w, first + n);
            for (int m = 0; m < M; m++) sums[m * stride + n] *= scale;
        }
    }
}

INLINE void linear_few_of(const ferry_weight *w, int64_t first, int64_t count, const char *x,
                          int64_t rows, float *sums, int64_t stride, float *scratch,
                          const int32_t type) {
    int64_t pitch = arranged_bytes(w, type);
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
    if (is_bf16(type)) linear_few_of(w, first, count, x, rows, sums, stride, scratch, FERRY_BF16);
    else linear_few_of(w, first, count, x, rows, sums, stride, scratch, FERRY_F32);
}
