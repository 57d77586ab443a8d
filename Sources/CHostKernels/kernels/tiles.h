// Rows of weights times M rows of activations in tiles: R by M sums stay in registers while R rows pass.

// Groups first ..< end of the columns.
typedef struct { int64_t first, end; } group_range;

// Groups of M rows of activations, and whether sums start with them: else they go on from the totals.
typedef struct {
    const char *x;
    int starts;
} tile_input;

INLINE void load_totals(vf total[][FEW_MOST], const float *totals, int starts, const int R, const int M) {
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
#pragma clang loop unroll(full)
        for (int m = 0; m < M; m++) {
            total[r][m] = starts ? v_set1(0) : v_load(totals + (r * M + m) * W);
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

// Adds the products of a vector of each of R rows of weights with the same vector of M rows of activations.
INLINE void add_vectors(vf total[][FEW_MOST], const vf *decoded, const char *x, const int R,
                        const int M, const int32_t type) {
#pragma clang loop unroll(full)
    for (int m = 0; m < M; m++) {
        vf v = v_load(x + m * GROUP_BYTES);
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) total[r][m] = v_products(total[r][m], decoded[r], v, type);
    }
}

// Asks for what the next tile reads of a row: the processor foresees no more than some of so many rows.
INLINE void fetch_ahead(const char *p, const int64_t count) {
#pragma clang loop unroll(full)
    for (int64_t i = 0; i < count; i += 64) __builtin_prefetch(p + i, 0, 0);
}

// Rows of 4-bit groups, `pitch` bytes apart: the whole groups, the elements of one more, and the scales.
typedef struct {
    const char *bytes;
    int64_t pitch, groups, rest;
    scale_rows scales;
} group_rows;

INLINE group_rows rows_of_groups(const ferry_weight *w, int64_t row, int64_t count, group_range range,
                                 float *scratch, const int32_t type, const int mixed) {
    const int64_t elements = group_elements(type);
    int64_t whole = least(range.end, w->columns / elements), pitch = w->columns / 2;
    return (group_rows){
        .bytes = (const char *)w->payload + row * pitch + range.first * (elements / 2),
        .pitch = pitch,
        .groups = whole - range.first,
        .rest = whole < range.end ? w->columns % elements : 0,
        .scales = group_scales(w, row, count, range.first, range.end, scratch, type, mixed),
    };
}

INLINE group_table table_of_row(const group_rows *rows, int64_t r, int64_t group, vtable codes,
                                const int64_t count, const int32_t type, const int mixed) {
    return scaled_table(codes, rows->scales.start + r * rows->scales.pitch, group, count, type, mixed);
}

// Rows of a tile of 4-bit groups: enough sums that none waits for the one before, few enough for the registers.
INLINE int group_tile_rows(const int M) {
    if (FEW_MOST < 8) return 3;
    return M == 1 ? 6 : M == 2 ? 4 : M == 4 ? 3 : 2;
}

// The whole groups of R rows times M rows. Each vector is decoded while the one before is multiplied, and the
// table of a group is made while the group before is: a processor sees too few instructions ahead to do that by
// itself.
INLINE void add_groups(vf total[][FEW_MOST], const group_rows *rows, vtable codes, const char *x,
                       const int R, const int M, const int32_t type, const int mixed) {
    group_table tables[FEW_MOST], next_tables[FEW_MOST];
    vf decoded[FEW_MOST], next_decoded[FEW_MOST];
    const int64_t size = group_elements(type) / 2;
    const int count = group_scale_count(type, mixed);
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        tables[r] = table_of_row(rows, r, 0, codes, count, type, mixed);
        decoded[r] = decoded_vector(rows->bytes + r * rows->pitch, 0, &tables[r], type, mixed);
    }
    for (int64_t g = 0; g < rows->groups; g++) {
        int64_t next = least(g + 1, rows->groups - 1);
        const char *bytes = rows->bytes + g * size, *next_bytes = rows->bytes + next * size;
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            fetch_ahead(bytes + (R + r) * rows->pitch, size);
            next_tables[r] = table_of_row(rows, r, next, codes, count, type, mixed);
        }
#pragma clang loop unroll(full)
        for (int s = 0; s < GROUP_VECTORS; s++) {
#pragma clang loop unroll(full)
            for (int r = 0; r < R; r++) {
                int64_t row = r * rows->pitch;
                next_decoded[r] = s + 1 < GROUP_VECTORS
                    ? decoded_vector(bytes + row, s + 1, &tables[r], type, mixed)
                    : decoded_vector(next_bytes + row, 0, &next_tables[r], type, mixed);
            }
            add_vectors(total, decoded, x + s * 4 * W, R, M, type);
#pragma clang loop unroll(full)
            for (int r = 0; r < R; r++) decoded[r] = next_decoded[r];
        }
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) tables[r] = next_tables[r];
        x += M * GROUP_BYTES;
    }
}

// What follows the whole groups.
INLINE void add_rest(vf total[][FEW_MOST], const group_rows *rows, vtable codes, const char *x,
                     const int R, const int M, const int32_t type, const int mixed) {
    const int64_t at = rows->groups * (group_elements(type) / 2), count = scale_count(rows->rest, mixed);
    char bytes[FEW_MOST][GROUP_BYTES / 4] = {{0}};
    group_table tables[FEW_MOST];
    x += rows->groups * M * GROUP_BYTES;
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        copy_codes(bytes[r], rows->bytes + at + r * rows->pitch, rows->rest);
        tables[r] = table_of_row(rows, r, rows->groups, codes, count, type, mixed);
    }
#pragma clang loop unroll(full)
    for (int s = 0; s < GROUP_VECTORS; s++) {
        vf decoded[FEW_MOST];
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) decoded[r] = decoded_vector(bytes[r], s, &tables[r], type, mixed);
        add_vectors(total, decoded, x + s * 4 * W, R, M, type);
    }
}

INLINE void group_tile(const group_rows *rows, vtable codes, tile_input in, float *totals, const int R,
                       const int M, const int32_t type, const int mixed) {
    vf total[FEW_MOST][FEW_MOST];
    load_totals(total, totals, in.starts, R, M);
    if (rows->groups > 0) add_groups(total, rows, codes, in.x, R, M, type, mixed);
    if (rows->rest > 0) add_rest(total, rows, codes, in.x, R, M, type, mixed);
    store_totals(total, totals, R, M);
}

INLINE void group_tiles(group_rows rows, vtable codes, int64_t count, tile_input in, float *totals,
                        const int M, const int32_t type, const int mixed) {
    const int R = group_tile_rows(M);
    for (int64_t n = 0, some; n < count; n += some) {
        some = count - n < R ? 1 : R;
        if (some == R) group_tile(&rows, codes, in, totals + n * M * W, R, M, type, mixed);
        else group_tile(&rows, codes, in, totals + n * M * W, 1, M, type, mixed);
        rows.bytes += some * rows.pitch;
        rows.scales.start += some * rows.scales.pitch;
    }
}

#define INT8_ROW 3

// W units of codes, as numbers without their scale; zeros from the n-th on.
INLINE vf load_codes(const int8_t *codes, int64_t n, const int32_t type) {
    const int64_t lanes = type == FERRY_BF16 ? 2 * W : W;
    int8_t some[2 * W] = {0};
    if (n < lanes) codes = memcpy(some, codes, (size_t)n);
#if defined(HAS_DOT)
    if (type == FERRY_BF16) return (vf)v_load_i8_bf16(codes);
#endif
    return v_load_i8(codes);
}

// W units of a row of elements of kind `kind` from element i on; zeros from its n-th on.
INLINE vf load_units(const char *row, const int32_t kind, int64_t i, int64_t n, const int32_t type) {
    if (n <= 0) return v_set1(0);
    if (kind == INT8_ROW) return load_codes((const int8_t *)row + i, n, type);
    if (type == FERRY_BF16) {
        if (n >= 2 * W) return v_load(row + 2 * i);
        char some[4 * W] = {0};
        memcpy(some, row + 2 * i, (size_t)(2 * n));
        return v_load(some);
    }
    return load_up_to(row, kind, i, n);
}

// A group of R rows of elements, `row_bytes` apart, of which `count` are there, times M rows.
INLINE void add_elements(vf total[][FEW_MOST], const char *rows, int64_t row_bytes, const int32_t kind,
                         int64_t count, const char *x, const int R, const int M, const int32_t type) {
    const int lanes = type == FERRY_BF16 ? 2 * W : W;
#pragma clang loop unroll(full)
    for (int s = 0; s < GROUP_VECTORS; s++) {
        vf loaded[FEW_MOST];
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            loaded[r] = load_units(rows + r * row_bytes, kind, s * lanes, count - s * lanes, type);
        }
        add_vectors(total, loaded, x + s * 4 * W, R, M, type);
    }
}

INLINE int64_t kind_size(const int32_t kind) { return kind == INT8_ROW ? 1 : type_size(kind); }

// Rows of f32, f16, bf16 or int8, `pitch` bytes apart, and how many elements of each there are.
typedef struct {
    const char *start;
    int64_t pitch, count;
} element_rows;

// Rows of a tile of elements.
INLINE int element_tile_rows(const int M) { return M <= 2 ? FEW_MOST : M == 4 ? FEW_MOST / 2 : 3; }

INLINE void element_tile(const element_rows *rows, const int32_t kind, tile_input in, float *totals,
                         const int R, const int M, const int32_t type) {
    vf total[FEW_MOST][FEW_MOST];
    const int64_t elements = group_elements(type), bytes = elements * kind_size(kind);
    const char *start = rows->start, *x = in.x;
    load_totals(total, totals, in.starts, R, M);
    for (int64_t g = 0; g < rows->count / elements; g++) {
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) fetch_ahead(start + (R + r) * rows->pitch, bytes);
        add_elements(total, start, rows->pitch, kind, elements, x, R, M, type);
        start += bytes;
        x += M * GROUP_BYTES;
    }
    int64_t rest = rows->count % elements;
    if (rest) add_elements(total, start, rows->pitch, kind, rest, x, R, M, type);
    store_totals(total, totals, R, M);
}

INLINE void element_tiles(element_rows rows, const int32_t kind, int64_t count, tile_input in,
                          float *totals, const int M, const int32_t type) {
    const int R = element_tile_rows(M);
    for (int64_t n = 0, some; n < count; n += some) {
        some = count - n < R ? 1 : R;
        if (some == R) element_tile(&rows, kind, in, totals + n * M * W, R, M, type);
        else element_tile(&rows, kind, in, totals + n * M * W, 1, M, type);
        rows.start += some * rows.pitch;
    }
}
