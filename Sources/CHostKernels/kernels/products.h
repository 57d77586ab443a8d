// What products are made of: the numbers that are multiplied, and the order they lie in.
//
// Products are f32 by f32, or, where a level has dot products of pairs, bf16 by bf16 for activations that
// are bf16; sums are f32. A vector holds W units of 4 bytes: one f32, or two bf16.
//
// Rows are read in groups of 64 units. A group's 4-bit codes come out of its bytes with a shift and a look-up
// a vector, in another order than they have in the row (v_group, v_group_bf16), in which activations are
// arranged as well.

#define GROUP_UNITS 64
#define GROUP_VECTORS (GROUP_UNITS / W)
// Bytes of a group of activations.
#define GROUP_BYTES (4 * GROUP_UNITS)

// Elements of a group.
INLINE int64_t group_elements(const int32_t type) { return GROUP_BYTES / type_size(type); }

// Whether 4-bit codes can be read in groups.
INLINE int reads_groups(const ferry_weight *w) {
    return w->format == FERRY_FOUR_BIT && w->columns % 32 == 0;
}

// Whether 64 elements from a multiple of 64 on may lie in different blocks; 32 do not.
INLINE int groups_are_mixed(const ferry_weight *w) {
    return w->block_size < 64 || w->columns % 64 != 0;
}

static int32_t product_type(const ferry_weight *w, int32_t input_type) {
#if defined(HAS_DOT)
    if (input_type == FERRY_BF16) return FERRY_BF16;
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

// Whether `type` is bf16, which only levels with dot products of pairs multiply.
INLINE int is_bf16(int32_t type) {
#if defined(HAS_DOT)
    return type == FERRY_BF16;
#else
    (void)type;
    return 0;
#endif
}

// Groups of a row.
INLINE int64_t group_count(const ferry_weight *w, const int32_t type) {
    return (w->columns + group_elements(type) - 1) / group_elements(type);
}

// Bytes of a row of activations with the zeros that pad it to whole groups.
static int64_t arranged_bytes(const ferry_weight *w, int32_t type) {
    return group_count(w, type) * GROUP_BYTES;
}

// The activations of up to one group in the order of v_group or v_group_bf16.
static void arrange_group(const void *input, int32_t input_type, int64_t count, int32_t type,
                          char *output) {
    char values[GROUP_BYTES] = {0};
    convert(input, input_type, values, type, count);
#if defined(HAS_DOT)
    if (type == FERRY_BF16) {
        for (int step = 0; step < GROUP_VECTORS; step++) {
            v_store(output + 4 * W * step, (vf)v_arrange_bf16(values, step));
        }
        return;
    }
#endif
    for (int i = 0; i < GROUP_UNITS; i++) {
        store_float(output, i, load_float(values, 8 * (i % 8) + (i / 8 ^ 1)));
    }
}

// One row of activations, as groups that lie `pitch` bytes apart.
static void arrange_row(const ferry_weight *w, int32_t type, const char *input, int32_t input_type,
                        char *output, int64_t pitch) {
    const int64_t elements = group_elements(type);
    for (int64_t k = 0; k < w->columns; k += elements) {
        const char *from = input + k * type_size(input_type);
        int64_t count = least(elements, w->columns - k), bytes = count * type_size(type);
        if (reads_groups(w)) {
            arrange_group(from, input_type, count, type, output);
        } else {
            convert(from, input_type, output, type, count);
            memset(output + bytes, 0, (size_t)(GROUP_BYTES - bytes));
        }
        output += pitch;
    }
}
