// 4-bit rows in groups of 64 units: their scales, and the vectors that they are decoded to.

// Absmax of the nested blocks from number `block` on; writes whole vectors.
static void nested_scales(const ferry_weight *w, int64_t block, int64_t count, float *scales) {
    const uint8_t *codes = w->absmax;
    for (int64_t i = 0, run; i < count; i += run) {
        int64_t b = block + i;
        run = least(count - i, 256 - b % 256);
#pragma clang loop vectorize(disable)
        for (int64_t j = 0; j < run; j++) scales[i + j] = load_float(w->table, codes[b + j]);
        vf scale = v_set1(load_float(w->nested_absmax, b / 256)), offset = v_set1(w->nested_offset);
        for (int64_t j = 0; j < run; j += W) {
            v_store(scales + i + j, v_add(v_mul(v_load(scales + i + j), scale), offset));
        }
    }
}

// The absmax of every `step` elements from element `first` on, which lie in one block each.
static void block_scales(const ferry_weight *w, int64_t first, int64_t step, int64_t count,
                         float *scales) {
    int shift = __builtin_ctzll((uint64_t)w->block_size);
    for (int64_t i = 0; i < count;) {
        int64_t block = (first + i * step) >> shift;
        int64_t end = least(count, (((block + 1) << shift) - first + step - 1) / step);
        float absmax = block_absmax(w, block);
        for (; i < end; i++) scales[i] = absmax;
    }
}

// Rows of absmax: one for every 64 elements, or for every 32 where groups are mixed.
typedef struct {
    const char *start;
    int64_t pitch;
} scale_rows;

// How groups begin ..< end of `count` rows are scaled: from the weight itself if absmax lie there like that,
// else from `scratch`, which has room for a vector more. Behind a row there are none.
INLINE scale_rows group_scales(const ferry_weight *w, int64_t row, int64_t count, int64_t begin,
                               int64_t end, float *scratch, const int32_t type, const int mixed) {
    const int64_t step = mixed ? 32 : 64, elements = group_elements(type);
    int64_t first = begin * elements, scales = (end - begin) * (elements / step);
    int64_t here = least(scales, (w->columns - first + step - 1) / step);
    int is_regular = w->block_size == step && w->columns % step == 0;
    if (is_regular && !w->nested_absmax) {
        int64_t block = row * (w->columns / step) + first / step;
        return (scale_rows){(const char *)w->absmax + 4 * block, 4 * (w->columns / step)};
    }
    for (int64_t r = 0; r < count; r++) {
        float *to = scratch + r * scales;
        int64_t from = (row + r) * w->columns + first;
        if (is_regular && w->nested_absmax) nested_scales(w, from / step, here, to);
        else block_scales(w, from, step, here, to);
    }
    return (scale_rows){(const char *)scratch, 4 * scales};
}

// What the codes of a group are looked up in: the 16 codes times the absmax, so that decoded weights come out.
typedef struct {
    vscaled scaled;
    float low, high;
#if defined(HAS_DOT)
    vi pairs, more_pairs;
#endif
} group_table;

// How many absmax some elements of a row have.
INLINE int64_t scale_count(int64_t elements, const int mixed) {
    return mixed ? (elements + 31) / 32 : (elements + 63) / 64;
}

// How many a group has; the last of a row may lack some, and those elements are scaled by 0.
INLINE int group_scale_count(const int32_t type, const int mixed) {
    return (int)group_elements(type) / (mixed ? 32 : 64);
}

// Copies the codes of the last elements of a row, of which there is a multiple of 32.
INLINE void copy_codes(char *to, const char *from, int64_t elements) {
    for (int64_t i = 0; i < elements / 2; i += 16) memcpy(to + i, from + i, 16);
}

INLINE group_table scaled_table(vtable codes, const char *scales, int64_t group, int64_t count,
                                const int32_t type, const int mixed) {
    group_table table = {0};
    scales += 4 * group_scale_count(type, mixed) * group;
    table.low = load_float(scales, 0);
    if (count > 1) table.high = load_float(scales, 1);
#if defined(HAS_DOT)
    if (type == FERRY_BF16) {
        table.pairs = v_scaled_bf16(codes, table.low, table.high);
        if (mixed) {
            float low = count > 2 ? load_float(scales, 2) : 0;
            table.more_pairs = v_scaled_bf16(codes, low, count > 3 ? load_float(scales, 3) : 0);
        }
        return table;
    }
#endif
    table.scaled = v_scaled(codes, mixed ? 1 : table.low);
    return table;
}

// Vector `step` of a decoded group.
INLINE vf decoded_vector(const void *bytes, const int step, const group_table *table,
                         const int32_t type, const int mixed) {
#if defined(HAS_DOT)
    if (type == FERRY_BF16) {
        return (vf)(mixed ? v_mixed_group_bf16(bytes, step, table->pairs, table->more_pairs)
                          : v_group_bf16(bytes, step, table->pairs));
    }
#endif
    (void)type;
    vf v = v_group(bytes, step, table->scaled);
    return mixed ? v_mul(v, v_group_halves(table->low, table->high, step)) : v;
}
