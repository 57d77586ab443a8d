// Convolutions of planes of floats with zeros around them, four outputs by MAP_VECTORS vectors of pixels at a
// time: what is loaded of a plane is used four times, what is loaded of a weight MAP_VECTORS times. A sum
// runs over channels, rows and columns of the weight in this order, wherever its pixel lies.

// Their sums, and what is multiplied, stay in registers: of 16, or with 16 lanes of 32.
#define MAP_VECTORS (W == 16 ? 3 : 2)

// One row of pixels from x on, four outputs.
INLINE void convolve_block(const ferry_map *m, const float *weights, int64_t y, int64_t x,
                           float *sums, int64_t plane, const int K) {
    vf total[4][MAP_VECTORS];
#pragma clang loop unroll(full)
    for (int o = 0; o < 4; o++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < MAP_VECTORS; v++) total[o][v] = v_set1(0);
    }
    for (int64_t c = 0; c < m->channels; c++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < K; i++) {
            const float *row = m->planes + c * m->plane + (y + i) * m->stride + x;
#pragma clang loop unroll(full)
            for (int j = 0; j < K; j++) {
                vf pixels[MAP_VECTORS];
#pragma clang loop unroll(full)
                for (int v = 0; v < MAP_VECTORS; v++) pixels[v] = v_load(row + j + v * W);
#pragma clang loop unroll(full)
                for (int o = 0; o < 4; o++) {
                    vf weight = v_set1(weights[o]);
#pragma clang loop unroll(full)
                    for (int v = 0; v < MAP_VECTORS; v++) {
                        total[o][v] = v_fma(weight, pixels[v], total[o][v]);
                    }
                }
                weights += 4;
            }
        }
    }
#pragma clang loop unroll(full)
    for (int o = 0; o < 4; o++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < MAP_VECTORS; v++) v_store(sums + o * plane + x + v * W, total[o][v]);
    }
}

static int64_t map_step(void) { return MAP_VECTORS * W; }

static void arrange_map(const float *values, int64_t count, int64_t outputs, float *arranged) {
    for (int64_t i = 0; i < count; i++) {
        for (int o = 0; o < 4; o++) {
            arranged[4 * i + o] = o < outputs ? values[o * count + i] : 0;
        }
    }
}

static void convolve(const ferry_map *m, const float *weights, int64_t y, float *sums,
                     int64_t plane) {
    for (int64_t x = 0; x < m->width; x += MAP_VECTORS * W) {
        if (m->size == 1) convolve_block(m, weights, y, x, sums, plane, 1);
        else convolve_block(m, weights, y, x, sums, plane, 3);
    }
}

static void finish_map(const float *sums, float bias, float slope, void *output, int32_t type,
                       int64_t count) {
    for (int64_t i = 0; i < count; i += W) {
        int64_t n = count - i;
        vf v = v_add(load_up_to(sums, FERRY_F32, i, n), v_set1(bias));
        // The second operand is what a comparison with NaN gives.
        vf positive = v_max(v_set1(0), v), negative = v_min(v_set1(0), v);
        store_up_to(output, type, i, v_add(positive, v_mul(negative, v_set1(slope))), n);
    }
}

static void add_scaled(const void *values, int32_t values_type, float scale, const void *base,
                       int32_t base_type, void *output, int32_t output_type, int64_t count) {
    for (int64_t i = 0; i < count; i += W) {
        int64_t n = count - i;
        vf product = v_mul(v_set1(scale), load_up_to(values, values_type, i, n));
        vf sum = v_add(load_up_to(base, base_type, i, n), product);
        store_up_to(output, output_type, i, sum, n);
    }
}

INLINE float load_one(const void *p, int32_t type, int64_t i) {
    if (type == FERRY_F32) return load_float(p, i);
    uint16_t h;
    memcpy(&h, (const char *)p + 2 * i, sizeof h);
    return type == FERRY_F16 ? half_to_float(h) : bits_float((uint32_t)h << 16);
}

INLINE void store_one(void *p, int32_t type, int64_t i, float x) {
    if (type == FERRY_F32) { store_float(p, i, x); return; }
    uint16_t h = type == FERRY_F16 ? float_to_half(x) : float_to_bfloat(x);
    memcpy((char *)p + 2 * i, &h, sizeof h);
}

// Pairs of copies.
INLINE void repeat_pairs(const void *input, int64_t size, void *output, int64_t width) {
    for (int64_t x = 0; x < width; x++) {
        memcpy((char *)output + 2 * x * size, (const char *)input + x * size, (size_t)size);
        memcpy((char *)output + (2 * x + 1) * size, (const char *)input + x * size, (size_t)size);
    }
}

// Squares of four: W pixels at a time. Returns how many were done.
INLINE int64_t spread_fours(const void *input, int32_t input_type, int64_t plane, const void *base,
                            int32_t base_type, void *output, int32_t output_type, int64_t width) {
    int64_t x = 0;
    for (; x + W <= width; x += W) {
        vf v[4];
        for (int j = 0; j < 4; j++) {
            v[j] = load_any(input, input_type, j * plane + x);
            if (base) v[j] = v_add(load_any(base, base_type, x), v[j]);
        }
        v_interleave(v);
        for (int j = 0; j < 4; j++) store_any(output, output_type, 4 * x + j * W, v[j]);
    }
    return x;
}

static void spread_row(const void *input, int32_t input_type, int64_t plane, int64_t factor,
                       const void *base, int32_t base_type, void *output, int32_t output_type,
                       int64_t width) {
    if (factor == 2 && plane == 0 && !base && input_type == output_type) {
        if (input_type == FERRY_F32) repeat_pairs(input, 4, output, width);
        else repeat_pairs(input, 2, output, width);
        return;
    }
    int64_t first = 0;
    if (factor == 4) {
        first = spread_fours(input, input_type, plane, base, base_type, output, output_type, width);
    }
    for (int64_t x = first; x < width; x++) {
        for (int64_t j = 0; j < factor; j++) {
            float value = load_one(input, input_type, j * plane + x);
            if (base) value = load_one(base, base_type, x) + value;
            store_one(output, output_type, x * factor + j, value);
        }
    }
}
