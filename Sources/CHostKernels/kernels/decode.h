// Decoding of any flat range: every product rounded to f32, then once more to the output's type.

#define INVERSE_127 0.007874015718698502f

// The absmax of a block. Nested: a product, then a sum, each rounded.
INLINE float block_absmax(const ferry_weight *w, int64_t block) {
    if (!w->nested_absmax) return load_float(w->absmax, block);
    float entry = load_float(w->table, ((const uint8_t *)w->absmax)[block]);
    float product = entry * load_float(w->nested_absmax, block >> 8);
    return product + w->nested_offset;
}

// What the codes of a row of int8 are multiplied by.
INLINE float row_scale(const ferry_weight *w, int64_t row) { return load_float(w->absmax, row) * INVERSE_127; }

INLINE int nibble(const uint8_t *payload, int64_t i) {
    return i & 1 ? payload[i >> 1] & 15 : payload[i >> 1] >> 4;
}

// The 16 values of one block, as f32 and in a 16-bit type.
typedef struct { float words[16]; uint16_t halves[16]; } block_values;

INLINE block_values values_of_block(const ferry_weight *w, float absmax, const int32_t type) {
    block_values values;
    for (int i = 0; i < 16; i += W) {
        vf products = v_mul(v_load(w->codes + i), v_set1(absmax));
        v_store(values.words + i, products);
        if (type != FERRY_F32) store_any(values.halves, type, i, products);
    }
    return values;
}

INLINE void store_value(const block_values *values, int code, char *output, const int32_t type,
                        int64_t i) {
    if (type == FERRY_F32) store_float(output, i, values->words[code]);
    else memcpy(output + 2 * i, values->halves + code, 2);
}

// Elements of one block; `output` is where element `first` goes.
INLINE void decode_four_bit_run(const ferry_weight *w, int64_t first, int64_t count, float absmax,
                                char *output, const int32_t type) {
    block_values values = values_of_block(w, absmax, type);
    const uint8_t *payload = w->payload;
    int64_t i = 0;
    if ((first & 1) && count > 0) {
        store_value(&values, nibble(payload, first), output, type, 0);
        i = 1;
    }
    const uint8_t *bytes = payload + ((first + i) >> 1);
    if (type == FERRY_F32) {
        vtable t = v_table(values.words);
        for (; i + W <= count; i += W, bytes += W / 2) {
            v_store(output + 4 * i, v_nibbles(bytes, t));
        }
    } else {
        vhalves t = v_halves_table(values.halves);
        for (; i + 32 <= count; i += 32, bytes += 16) {
            vi numbers[16 / W];
            v_look_up(bytes, t, numbers);
            memcpy(output + 2 * i, numbers, sizeof numbers);
        }
    }
    for (; i < count; i++) store_value(&values, nibble(payload, first + i), output, type, i);
}

// The numbers of a dynamic 8-bit table, what is made of them, and the least magnitude that is not 0.
typedef struct { float numbers[256]; ventries entries; float least; } dynamic8_table;

INLINE void load_table(const ferry_weight *w, dynamic8_table *table) {
    memcpy(table->numbers, w->table, sizeof table->numbers);
    table->entries = v_entries(table->numbers);
    table->least = INFINITY;
    for (int i = 0; i < 256; i++) {
        float magnitude = fabsf(table->numbers[i]);
        if (magnitude > 0 && magnitude < table->least) table->least = magnitude;
    }
}

INLINE void decode_dynamic8_run(const uint8_t *codes, const dynamic8_table *table, int64_t count, float absmax,
                                char *output, const int32_t type) {
    vf scale = v_set1(absmax), numbers[NUMBERS / W];
    int64_t i = 0;
#if defined(HAS_DOT)
    if (type == FERRY_BF16 && absmax * table->least >= FLT_MIN) {
        for (; i + NUMBERS <= count; i += NUMBERS) {
            v_look_up_entries(codes + i, table->entries, numbers);
            for (int k = 0; k < NUMBERS / W; k += 2) {
                vf a = v_mul(numbers[k], scale), b = v_mul(numbers[k + 1], scale);
                v_store_normal_bf16(output + 2 * (i + k * W), a, b);
            }
        }
    }
#endif
    for (; i + NUMBERS <= count; i += NUMBERS) {
        v_look_up_entries(codes + i, table->entries, numbers);
        for (int k = 0; k < NUMBERS / W; k++) {
            store_any(output, type, i + k * W, v_mul(numbers[k], scale));
        }
    }
    if (i == count) return;
    uint8_t some[NUMBERS] = {0};
    memcpy(some, codes + i, (size_t)(count - i));
    v_look_up_entries(some, table->entries, numbers);
    for (int k = 0; i + k * W < count; k++) {
        store_up_to(output, type, i + k * W, v_mul(numbers[k], scale), count - i - k * W);
    }
}

INLINE vf int8_numbers(const int8_t *codes, vf scale) {
    return v_mul(v_mul(v_load_i8(codes), scale), v_set1(INVERSE_127));
}

INLINE void decode_int8_run(const int8_t *codes, int64_t count, float absmax, char *output,
                            const int32_t type) {
    vf scale = v_set1(absmax);
    int64_t i = 0;
#if defined(HAS_DOT)
    // The smallest number is a 127th of the absmax.
    if (type == FERRY_BF16 && absmax >= 0x1p-100f && absmax < INFINITY) {
        for (; i + 2 * W <= count; i += 2 * W) {
            v_store_normal_bf16(output + 2 * i, int8_numbers(codes + i, scale), int8_numbers(codes + i + W, scale));
        }
    }
#endif
    for (; i + W <= count; i += W) store_any(output, type, i, int8_numbers(codes + i, scale));
    if (i == count) return;
    int8_t some[16] = {0};
    memcpy(some, codes + i, (size_t)(count - i));
    store_some(output, type, i, int8_numbers(some, scale), count - i);
}

INLINE void decode_blocks(const ferry_weight *w, int64_t first, int64_t count, char *output,
                          const int32_t type) {
    const uint8_t *payload = w->payload;
    const int64_t size = type_size(type), end = first + count;
    const int64_t block_size = w->format == FERRY_INT8_ROWS ? w->columns : w->block_size;
    int64_t block = first / block_size, n;
    for (int64_t i = first; i < end; i += n, block++) {
        n = least((block + 1) * block_size, end) - i;
        char *target = output + (i - first) * size;
        float absmax = block_absmax(w, block);
        if (w->format == FERRY_FOUR_BIT) decode_four_bit_run(w, i, n, absmax, target, type);
        else decode_int8_run((const int8_t *)payload + i, n, absmax, target, type);
    }
}

INLINE void decode_dynamic8(const ferry_weight *w, const dynamic8_table *table, int64_t first, int64_t count,
                            char *output, const int32_t type) {
    const uint8_t *payload = w->payload;
    const int64_t size = type_size(type), end = first + count;
    int64_t block = first / w->block_size, n;
    for (int64_t i = first; i < end; i += n, block++) {
        n = least((block + 1) * w->block_size, end) - i;
        char *target = output + (i - first) * size;
        decode_dynamic8_run(payload + i, table, n, load_float(w->absmax, block), target, type);
    }
}

INLINE void decode_to(const ferry_weight *w, int64_t first, int64_t count, char *output,
                      const int32_t type) {
    if (w->format == FERRY_DYNAMIC8) {
        dynamic8_table table;
        load_table(w, &table);
        decode_dynamic8(w, &table, first, count, output, type);
    } else {
        decode_blocks(w, first, count, output, type);
    }
}

static void decode(const ferry_weight *w, int64_t first, int64_t count, void *output,
                   int32_t type) {
    if (count <= 0) return;
    if (w->format == FERRY_PLAIN) {
        const char *source = (const char *)w->payload + first * type_size(w->type);
        convert(source, w->type, output, type, count);
    } else if (type == FERRY_F32) decode_to(w, first, count, output, FERRY_F32);
    else if (type == FERRY_F16) decode_to(w, first, count, output, FERRY_F16);
    else decode_to(w, first, count, output, FERRY_BF16);
}
