// What products are made of: the numbers that are multiplied, and the order they lie in.
//
// Products are f32 by f32, or, where a level has dot products of pairs, bf16 by bf16 for activations that
// are bf16; sums are f32. A vector holds W units of 4 bytes: one f32, or two bf16.
//
// 4-bit rows are read in groups of 64 elements. A group's codes come out of its bytes with a shift and a
// look-up a vector, in another order than they have in the row (v_group, v_group_bf16), in which
// activations are arranged as well. The table that is looked up is the 16 codes times the absmax: what
// comes out is the decoded weight.

#define GROUP 64

// Whether every half of a group lies in one block, so that groups can be read.
INLINE int reads_groups(const ferry_weight *w) {
    return w->format == FERRY_FOUR_BIT && w->columns % 32 == 0;
}

// Whether the halves of a group may lie in different blocks.
INLINE int groups_are_mixed(const ferry_weight *w) {
    return w->block_size < GROUP || w->columns % GROUP != 0;
}

static int32_t product_type(const ferry_weight *w, int32_t input_type) {
#if defined(HAS_DOT)
    if (input_type == FERRY_BF16 && w->format != FERRY_INT8_ROWS) return FERRY_BF16;
#endif
    (void)w;
    (void)input_type;
    return FERRY_F32;
}

// sum + the products of the units of two vectors.
INLINE vf v_products(vf sum, vf a, vf b, const int32_t type) {
#if defined(HAS_DOT)
    if (type == FERRY_BF16) return v_dot_bf16(sum, (vi)a, (vi)b);
#endif
    (void)type;
    return v_fma(a, b, sum);
}

// Elements of a row of activations with the zeros that pad it to whole groups.
static int64_t arranged_count(const ferry_weight *w) { return rounded_up(w->columns, GROUP); }

// Bytes of a group of activations.
INLINE int64_t group_bytes(const int32_t type) { return GROUP * type_size(type); }

// The activations of up to one group in the order of v_group or v_group_bf16.
static void arrange_group(const void *input, int32_t input_type, int64_t count, int32_t type,
                          char *output) {
    char values[4 * GROUP] = {0};
    convert(input, input_type, values, type, count);
#if defined(HAS_DOT)
    if (type == FERRY_BF16) {
        for (int step = 0; step < 2; step++) {
            v_store(output + 4 * W * step, (vf)v_arrange_bf16(values, step));
        }
        return;
    }
#endif
    for (int i = 0; i < GROUP; i++) {
        store_float(output, i, load_float(values, 8 * (i % 8) + (i / 8 ^ 1)));
    }
}

// One row of activations, as groups that lie `pitch` bytes apart.
static void arrange_row(const ferry_weight *w, int32_t type, const char *input, int32_t input_type,
                        char *output, int64_t pitch) {
    for (int64_t k = 0; k < w->columns; k += GROUP) {
        const char *from = input + k * type_size(input_type);
        int64_t count = least(GROUP, w->columns - k);
        if (reads_groups(w)) {
            arrange_group(from, input_type, count, type, output);
        } else {
            convert(from, input_type, output, type, count);
            memset(output + count * type_size(type), 0, (size_t)((GROUP - count) * type_size(type)));
        }
        output += pitch;
    }
}

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

// How groups begin ..< end of a row are scaled: one absmax each, or two where groups are mixed. From the weight
// itself if they lie there like that, else from `scratch`, which has room for a vector more.
static const char *group_scales(const ferry_weight *w, int64_t row, int64_t begin, int64_t end,
                                float *scratch) {
    int64_t step = groups_are_mixed(w) ? GROUP / 2 : GROUP;
    int64_t first = row * w->columns + begin * GROUP, last = (row + 1) * w->columns - 1;
    int64_t count = (end - begin) * (GROUP / step);
    if (w->block_size == step && w->columns % GROUP == 0) {
        if (!w->nested_absmax) return (const char *)w->absmax + 4 * (first / step);
        nested_scales(w, first / step, count, scratch);
        return (const char *)scratch;
    }
    int shift = __builtin_ctzll((uint64_t)w->block_size);
    for (int64_t i = 0; i < count; i++) {
        scratch[i] = block_absmax(w, least(first + i * step, last) >> shift);
    }
    return (const char *)scratch;
}

// The decoded vectors of one group.
#define GROUP_VECTORS (GROUP / W)

INLINE void decode_group(const void *bytes, vtable codes, const char *scales, int64_t group,
                         const int32_t type, const int mixed, vf *decoded) {
    float low = load_float(scales, mixed ? 2 * group : group);
    float high = mixed ? load_float(scales, 2 * group + 1) : low;
#if defined(HAS_DOT)
    if (type == FERRY_BF16) {
        vi table = v_scaled_bf16(codes, low, high);
#pragma clang loop unroll(full)
        for (int s = 0; s < GROUP_VECTORS / 2; s++) {
            decoded[s] = (vf)v_group_bf16(bytes, s, table, mixed);
        }
        return;
    }
#endif
    (void)type;
    vscaled table = v_scaled(codes, mixed ? 1 : low);
#pragma clang loop unroll(full)
    for (int s = 0; s < GROUP_VECTORS; s++) {
        decoded[s] = v_group(bytes, s, table);
        if (mixed) decoded[s] = v_mul(decoded[s], v_group_halves(low, high, s));
    }
}
