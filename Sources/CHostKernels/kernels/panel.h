// Rows of weights times many rows of activations. The weights are decoded once into a panel, some columns at
// a time, and multiplied with activations that lie in columns, so that lanes are rows of activations and
// sums need no adding up: a tile of PANEL_WEIGHTS weights by PANEL_VECTORS vectors of rows stays in registers.

// Units of a row of the panel. That many units of PANEL_VECTORS vectors are to fit the first-level cache.
#define PANEL_UNITS 256
// Bytes from row to row, so that neighbours do not compete for the same lines of the cache.
#define PANEL_PITCH (4 * PANEL_UNITS + 64)
#define PANEL_ROWS (PANEL_VECTORS * W)
// Weights of a tile for a single vector of rows.
#define PANEL_STEP (PANEL_VECTORS * PANEL_WEIGHTS)

// Rows of activations with what pads them.
static int64_t column_rows(int64_t rows) { return rounded_up(rows, W); }

static int64_t panel_rows(void) { return PANEL_ROWS; }

// W rows of units at `rows`, `pitch` bytes apart, into vectors that lie `step` bytes apart.
INLINE void turn_rows(const char *rows, int64_t pitch, int64_t units, char *output, int64_t step) {
    for (int64_t u = 0; u < units; u += W) {
        vf block[W];
#pragma clang loop unroll(full)
        for (int i = 0; i < W; i++) block[i] = v_load(rows + i * pitch + 4 * u);
        v_transpose(block);
#pragma clang loop unroll(full)
        for (int i = 0; i < W; i++) v_store(output + (u + i) * step, block[i]);
    }
}

// Floats that arrange_columns needs: W arranged rows.
static int64_t columns_scratch(const ferry_weight *w) {
    return W * (w->columns + 2 * GROUP_UNITS);
}

// Columns are panels of PANEL_ROWS rows (the last may have fewer) that hold, for every unit, the rows' units.
static void arrange_columns(const ferry_weight *w, int32_t type, const void *input, int32_t input_type,
                            int64_t rows, void *columns, float *scratch) {
    int64_t pitch = arranged_bytes(w, type), units = pitch / 4;
    for (int64_t first = 0; first < rows; first += W) {
        int64_t panel = first - first % PANEL_ROWS, some = least(W, rows - first);
        int64_t vectors = least(PANEL_VECTORS, (rows - panel + W - 1) / W);
        char *arranged = (char *)scratch;
        for (int64_t m = 0; m < some; m++) {
            const char *from = (const char *)input + (first + m) * w->columns * type_size(input_type);
            arrange_row(w, type, from, input_type, arranged + m * pitch, GROUP_BYTES);
        }
        memset(arranged + some * pitch, 0, (size_t)((W - some) * pitch));
        char *to = (char *)columns + panel * pitch + 4 * (first - panel);
        turn_rows(arranged, pitch, units, to, 4 * W * vectors);
    }
}

// Whole groups of 4-bit codes from element `first` of a row on into a row of the panel.
INLINE void decode_panel_groups(const ferry_weight *w, vtable codes, int64_t row, int64_t first,
                                int64_t count, const int32_t type, const int mixed, char *to) {
    const int64_t elements = group_elements(type);
    const char *bytes = (const char *)w->payload + (row * w->columns + first) / 2;
    float scratch[PANEL_UNITS * 2 / 32 + W];
    int64_t group = first / elements, here = w->columns - first;
    scale_rows scales =
        group_scales(w, row, 1, group, group + count / elements, scratch, type, mixed);
    for (int64_t g = 0; g < count / elements; g++) {
        char last[GROUP_BYTES / 4] = {0};
        const char *from = bytes + g * elements / 2;
        int64_t left = here - g * elements;
        if (left < elements) {
            copy_codes(last, from, left);
            from = last;
        }
        int64_t present = scale_count(least(left, elements), mixed);
        group_table table = scaled_table(codes, scales.start, g, present, type, mixed);
#pragma clang loop unroll(full)
        for (int s = 0; s < GROUP_VECTORS; s++) {
            v_store(to + g * GROUP_BYTES + 4 * W * s, decoded_vector(from, s, &table, type, mixed));
        }
    }
}

// Whether the panel holds codes, which are exact in bf16, and their sums are scaled.
INLINE int holds_codes(const ferry_weight *w, const int32_t type) {
    return type == FERRY_BF16 && w->format == FERRY_INT8_ROWS;
}

// `count` codes in whole vectors; zeros from the `here`-th on.
INLINE void load_panel_codes(const int8_t *codes, int64_t here, int64_t count, const int32_t type, char *to) {
    const int64_t size = type_size(type), lanes = 4 * W / size;
    for (int64_t i = 0; i < count; i += lanes) {
        v_store(to + i * size, i < here ? load_codes(codes + i, here - i, type) : v_set1(0));
    }
}

// Elements first ..< first + count of a row into a row of the panel, in the order of arranged rows; zeros
// to whole units.
INLINE void decode_panel_row(const ferry_weight *w, vtable codes, int64_t row, int64_t first,
                             int64_t count, const int32_t type, char *to) {
    int64_t size = type_size(type), here = least(count, w->columns - first);
    if (holds_codes(w, type)) {
        load_panel_codes((const int8_t *)w->payload + row * w->columns + first, here, count, type, to);
        return;
    }
    if (!reads_groups(w)) {
        decode(w, row * w->columns + first, here, to, type);
        memset(to + here * size, 0, (size_t)((count - here) * size));
        return;
    }
    if (groups_are_mixed(w)) decode_panel_groups(w, codes, row, first, count, type, 1, to);
    else decode_panel_groups(w, codes, row, first, count, type, 0, to);
}

// N rows of the panel times V vectors of columns, added to sums[n * pitch + m].
INLINE void panel_tile(const char *panel, const char *x, int64_t units, float *sums, int64_t pitch,
                       int starts, const int N, const int V, const int32_t type) {
    vf total[PANEL_STEP][PANEL_VECTORS];
#pragma clang loop unroll(full)
    for (int n = 0; n < N; n++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < V; v++) {
            total[n][v] = v_set1(0);
        }
    }
    for (int64_t u = 0; u < units; u++) {
        vf a[PANEL_VECTORS];
#pragma clang loop unroll(full)
        for (int v = 0; v < V; v++) a[v] = v_load(x + 4 * W * (u * V + v));
#pragma clang loop unroll(full)
        for (int n = 0; n < N; n++) {
            vf b = v_set1(load_float(panel + n * PANEL_PITCH, u));
#pragma clang loop unroll(full)
            for (int v = 0; v < V; v++) total[n][v] = v_products(total[n][v], a[v], b, type);
        }
    }
#pragma clang loop unroll(full)
    for (int n = 0; n < N; n++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < V; v++) {
            float *to = sums + n * pitch + v * W;
            v_store(to, starts ? total[n][v] : v_add(v_load(to), total[n][v]));
        }
    }
}

// sums[m * stride + n] = columns[n * pitch + m]
static void columns_to_rows(const float *columns, int64_t pitch, int64_t rows, int64_t count, float *sums,
                            int64_t stride) {
    for (int64_t m = 0; m < rows; m += W) {
        for (int64_t n = 0; n < count; n += W) {
            vf block[W];
            for (int i = 0; i < W; i++) {
                block[i] = n + i < count ? v_load(columns + (n + i) * pitch + m) : v_set1(0);
            }
            v_transpose(block);
            for (int64_t i = 0; i < least(W, rows - m); i++) {
                store_up_to(sums + (m + i) * stride, FERRY_F32, n, block[i], count - n);
            }
        }
    }
}

// Row n of `count` times the scale of row first + n of the weight.
static void scale_columns(const ferry_weight *w, int64_t first, int64_t count, float *columns, int64_t pitch) {
    for (int64_t n = 0; n < count; n++) {
        vf scale = v_set1(row_scale(w, first + n));
        float *row = columns + n * pitch;
        for (int64_t m = 0; m < pitch; m += W) v_store(row + m, v_mul(v_load(row + m), scale));
    }
}

// Floats that linear_many needs: a panel and sums.
static int64_t many_scratch(int64_t count, int64_t rows) {
    return rounded_up(count, PANEL_STEP) * (PANEL_PITCH / 4 + column_rows(rows));
}

INLINE void linear_many_of(const ferry_weight *w, int64_t first, int64_t count, const char *x,
                           int64_t rows, float *sums, int64_t stride, float *scratch,
                           const int32_t type) {
    int64_t padded = rounded_up(count, PANEL_STEP), pitch = column_rows(rows);
    int64_t size = type_size(type), units = arranged_bytes(w, type) / 4;
    char *panel = (char *)scratch;
    float *totals = scratch + padded * PANEL_PITCH / 4;
    vtable codes = v_table(w->codes);
    memset(panel, 0, (size_t)(padded * PANEL_PITCH));
    for (int64_t u = 0; u < units; u += PANEL_UNITS) {
        int64_t some = least(PANEL_UNITS, units - u);
        for (int64_t n = 0; n < count; n++) {
            decode_panel_row(w, codes, first + n, u * 4 / size, some * 4 / size, type,
                             panel + n * PANEL_PITCH);
        }
        const char *here = x;
        for (int64_t m = 0; m < pitch; m += PANEL_ROWS) {
            int whole = pitch - m >= PANEL_ROWS;
            const char *from = here + 4 * W * u * (whole ? PANEL_VECTORS : 1);
            for (int64_t n = 0; whole && n < padded; n += PANEL_WEIGHTS) {
                panel_tile(panel + n * PANEL_PITCH, from, some, totals + n * pitch + m, pitch, u == 0,
                           PANEL_WEIGHTS, PANEL_VECTORS, type);
            }
            for (int64_t n = 0; !whole && n < padded; n += PANEL_STEP) {
                panel_tile(panel + n * PANEL_PITCH, from, some, totals + n * pitch + m, pitch, u == 0,
                           PANEL_STEP, 1, type);
            }
            here += 4 * W * PANEL_VECTORS * units;
        }
    }
    if (holds_codes(w, type)) scale_columns(w, first, count, totals, pitch);
    columns_to_rows(totals, pitch, rows, count, sums, stride);
}

static void linear_many(const ferry_weight *w, int32_t type, int64_t first, int64_t count,
                        const void *x, int64_t rows, float *sums, int64_t stride, float *scratch) {
    if (is_bf16(type)) linear_many_of(w, first, count, x, rows, sums, stride, scratch, FERRY_BF16);
    else linear_many_of(w, first, count, x, rows, sums, stride, scratch, FERRY_F32);
}
