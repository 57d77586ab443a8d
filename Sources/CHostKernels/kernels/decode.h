// Decoding of any flat range: every product rounded to f32, then once more to the output's type.

#define INVERSE_127 0.007874015718698502f

// The absmax of a block. Nested: a product, then a sum, each rounded.
INLINE float block_absmax(const ferry_weight *w, int64_t block) {
    if (!w->nested_absmax) return load_float(w->absmax, block);
    float entry = load_float(w->table, ((const uint8_t *)w->absmax)[block]);
    float product = entry * load_float(w->nested_absmax, block >> 8);
    return product + w->nested_offset;
}

INLINE float nibble_code(const ferry_weight *w, int64_t i) {
    uint8_t byte = ((const uint8_t *)w->payload)[i >> 1];
    return w->codes[i & 1 ? byte & 15 : byte >> 4];
}

// Elements of one block; `output` is where element `first` goes.
static void decode_four_bit_run(const ferry_weight *w, vtable t, int64_t first, int64_t count,
                                float absmax, char *output, int32_t type) {
    const uint8_t *payload = w->payload;
    int64_t i = 0;
    vf scale = v_set1(absmax);
    if ((first & 1) && count > 0) {
        store_some(output, type, 0, v_set1(nibble_code(w, first) * absmax), 1);
        i = 1;
    }
    for (; i + W <= count; i += W) {
        store_any(output, type, i, v_mul(v_nibbles(payload + ((first + i) >> 1), t), scale));
    }
    for (; i < count; i++) {
        store_some(output, type, i, v_set1(nibble_code(w, first + i) * absmax), 1);
    }
}

static void decode_dynamic8_run(const uint8_t *codes, const float *table, int64_t count,
                                float absmax, char *output, int32_t type) {
    vf scale = v_set1(absmax);
    for (int64_t i = 0; i < count; i += W) {
        uint8_t some[W] = {0};
        memcpy(some, codes + i, (size_t)least(W, count - i));
        store_up_to(output, type, i, v_mul(v_gather(table, some), scale), count - i);
    }
}

static void decode_int8_run(const int8_t *codes, int64_t count, float absmax, char *output,
                            int32_t type) {
    vf scale = v_set1(absmax), inverse = v_set1(INVERSE_127);
    for (int64_t i = 0; i < count; i += W) {
        int8_t some[16] = {0};
        memcpy(some, codes + i, (size_t)least(W, count - i));
        vf product = v_mul(v_load_i8(some), scale);
        store_up_to(output, type, i, v_mul(product, inverse), count - i);
    }
}

static void decode(const ferry_weight *w, int64_t first, int64_t count, void *output,
                   int32_t type) {
    int64_t size = type_size(type), end = first + count;
    if (w->format == FERRY_PLAIN) {
        const char *source = (const char *)w->payload + first * type_size(w->type);
        convert(source, w->type, output, type, count);
        return;
    }
    int64_t block_size = w->format == FERRY_INT8_ROWS ? w->columns : w->block_size;
    float table[256];
    vtable codes = v_table(w->codes);
    if (w->format == FERRY_DYNAMIC8) memcpy(table, w->table, sizeof table);
    for (int64_t i = first; i < end;) {
        int64_t block = i / block_size;
        int64_t n = least((block + 1) * block_size, end) - i;
        char *target = (char *)output + (i - first) * size;
        const uint8_t *bytes = (const uint8_t *)w->payload + i;
        if (w->format == FERRY_FOUR_BIT) {
            decode_four_bit_run(w, codes, i, n, block_absmax(w, block), target, type);
        } else if (w->format == FERRY_INT8_ROWS) {
            decode_int8_run((const int8_t *)bytes, n, load_float(w->absmax, block), target, type);
        } else {
            decode_dynamic8_run(bytes, table, n, load_float(w->absmax, block), target, type);
        }
        i += n;
    }
}
