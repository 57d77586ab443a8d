// 3 × 3 convolutions by Winograd's F(4 × 4, 3 × 3), as Lavin and Gray give it ("Fast Algorithms for
// Convolutional Neural Networks", 2015): tiles of 6 × 6 pixels and weights become 36 numbers each, whose
// products, summed over channels, become 4 × 4 pixels of an output. A quarter of the products of the
// definition, and sums of a tile that depend on nothing but its 36 pixels of each channel.

// Outputs and vectors of tiles whose sums stay in registers.
#define TILE_OUTPUTS (W == 16 ? 8 : 4)
#define TILE_VECTORS (W == 16 ? 3 : 2)
// Outputs whose products are kept before they become pixels; a multiple of TILE_OUTPUTS.
#define TILE_CHUNK 32

static int64_t tile_outputs(void) { return TILE_OUTPUTS; }

INLINE int64_t tiles_across(const ferry_tiles *t) { return ferry_tiles_across(t->width); }

// --- Weights: G g Gᵗ ------------------------------------------------------------------------------

INLINE void weight_line(const vf *g, int step, vf *r) {
    vf outer = v_mul(v_set1(-1 / 6.0f), v_add(g[0], g[2 * step]));
    vf middle = v_mul(v_set1(1 / 6.0f), g[step]);
    vf near = v_fma(v_set1(1 / 24.0f), g[0], v_mul(v_set1(1 / 6.0f), g[2 * step]));
    vf half = v_mul(v_set1(1 / 12.0f), g[step]);
    r[0] = v_mul(v_set1(0.25f), g[0]);
    r[1] = v_sub(outer, middle);
    r[2] = v_add(outer, middle);
    r[3] = v_add(near, half);
    r[4] = v_sub(near, half);
    r[5] = g[2 * step];
}

// The 9 weights of each of TILE_OUTPUTS × `channels` squares, in that order of squares, to 36.
static void transform_weights(const float *values, int64_t channels, int64_t outputs, float *taps,
                              float *transformed) {
    int64_t count = channels * TILE_OUTPUTS, padded = rounded_up(count, W);
    for (int64_t i = 0; i < 9 * padded; i++) taps[i] = 0;
    for (int64_t o = 0; o < outputs; o++) {
        for (int64_t c = 0; c < channels; c++) {
            for (int k = 0; k < 9; k++) {
                taps[k * padded + c * TILE_OUTPUTS + o] = values[(o * channels + c) * 9 + k];
            }
        }
    }
    for (int64_t i = 0; i < count; i += W) {
        vf g[9], columns[18], r[6];
        for (int k = 0; k < 9; k++) g[k] = v_load(taps + k * padded + i);
        for (int j = 0; j < 3; j++) {
            weight_line(g + j, 3, r);
            for (int k = 0; k < 6; k++) columns[3 * k + j] = r[k];
        }
        for (int k = 0; k < 6; k++) {
            weight_line(columns + 3 * k, 1, r);
            for (int j = 0; j < 6; j++) {
                store_up_to(transformed + (6 * k + j) * count, FERRY_F32, i, r[j], count - i);
            }
        }
    }
}

// --- Pixels: Bᵗ d B -------------------------------------------------------------------------------

INLINE void pixel_line(const vf *d, vf *r) {
    vf even = v_fma(v_set1(-4), d[2], d[4]), odd = v_fma(v_set1(-4), d[1], d[3]);
    vf outer = v_sub(d[4], d[2]), inner = v_sub(d[3], d[1]);
    r[0] = v_fma(v_set1(4), d[0], v_fma(v_set1(-5), d[2], d[4]));
    r[1] = v_add(even, odd);
    r[2] = v_sub(even, odd);
    r[3] = v_fma(v_set1(2), inner, outer);
    r[4] = v_fma(v_set1(-2), inner, outer);
    r[5] = v_fma(v_set1(4), d[1], v_fma(v_set1(-5), d[3], d[5]));
}

// Elements as f32, the last vector of them over the one before.
INLINE void copy_line(const void *source, int32_t type, float *target, int64_t count) {
    if (count < W) {
        if (count > 0) convert(source, type, target, FERRY_F32, count);
        return;
    }
    for (int64_t i = 0; i < count - W; i += W) v_store(target + i, load_any(source, type, i));
    v_store(target + count - W, load_any(source, type, count - W));
}

// `count` pixels of row y as f32, from pixel x >= -1 on; zeros outside the map.
INLINE void load_line(const ferry_tiles *t, int64_t channel, int64_t y, int64_t x, int64_t count,
                      float *line) {
    int64_t begin = x < 0 ? -x : 0, end = least(count, t->width - x);
    if (y < 0 || y >= t->height || end < begin) begin = end = 0;
    if (x < 0) line[0] = 0;
    int64_t start = (channel * t->height + y) * t->width + x + begin;
    const char *row = (const char *)t->input + start * type_size(t->input_type);
    copy_line(row, t->input_type, line + begin, end - begin);
    for (int64_t i = end; i < count; i++) line[i] = 0;
}

// The six rows of pixels of all tiles of a block, one tile's four columns behind the other's. The two columns
// that a tile sees beyond its own are the next one's first: behind the last of a row of tiles lies the gap.
INLINE void load_lines(const ferry_tiles *t, int64_t channel, int64_t first, int64_t count,
                       float *lines, int64_t length) {
    for (int64_t i = 0, next; i < count; i = next) {
        int64_t row = (first + i) / tiles_across(t), column = (first + i) % tiles_across(t);
        next = least(i + tiles_across(t) - column, count);
        for (int k = 0; k < 6; k++) {
            load_line(t, channel, 4 * row + k - 1, 4 * column - 1, 4 * (next - i) + 2,
                      lines + k * length + 4 * i);
        }
    }
}

// A channel's pixels of a block, to W lanes of each of 36 places.
static void transform_pixels(float *lines, int64_t length, int64_t count, float *pixels,
                             int64_t stride) {
    for (int64_t x = 0; x < length; x += W) {
        vf d[6], r[6];
        for (int i = 0; i < 6; i++) d[i] = v_load(lines + i * length + x);
        pixel_line(d, r);
        for (int i = 0; i < 6; i++) v_store(lines + i * length + x, r[i]);
    }
    for (int64_t x = 0; x < count; x += W) {
        for (int i = 0; i < 6; i++) {
            const float *line = lines + i * length + 4 * x;
            vf d[6], r[6];
            for (int j = 0; j < 4; j++) d[j] = v_load(line + j * W);
            v_deinterleave(d);
            d[4] = v_shift_in(d[0], line[4 * W]);
            d[5] = v_shift_in(d[1], line[4 * W + 1]);
            pixel_line(d, r);
            for (int j = 0; j < 6; j++) v_store(pixels + (6 * i + j) * stride + x, r[j]);
        }
    }
}

// --- Products -------------------------------------------------------------------------------------

// TILE_OUTPUTS outputs of N vectors of tiles.
INLINE void tile_block(const float *weights, const float *pixels, int64_t channels, int64_t tiles,
                       float *products, const int N) {
    vf total[TILE_OUTPUTS][TILE_VECTORS];
#pragma clang loop unroll(full)
    for (int o = 0; o < TILE_OUTPUTS; o++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < N; v++) total[o][v] = v_set1(0);
    }
    for (int64_t c = 0; c < channels; c++) {
        vf values[TILE_VECTORS];
#pragma clang loop unroll(full)
        for (int v = 0; v < N; v++) values[v] = v_load(pixels + v * W);
#pragma clang loop unroll(full)
        for (int o = 0; o < TILE_OUTPUTS; o++) {
            vf weight = v_set1(weights[o]);
#pragma clang loop unroll(full)
            for (int v = 0; v < N; v++) total[o][v] = v_fma(weight, values[v], total[o][v]);
        }
        weights += TILE_OUTPUTS;
        pixels += tiles;
    }
#pragma clang loop unroll(full)
    for (int o = 0; o < TILE_OUTPUTS; o++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < N; v++) v_store(products + o * tiles + v * W, total[o][v]);
    }
}

static void tile_product(const float *weights, const float *pixels, int64_t channels, int64_t tiles,
                         float *products) {
    int64_t x = 0;
    for (; x + TILE_VECTORS * W <= tiles; x += TILE_VECTORS * W) {
        tile_block(weights, pixels + x, channels, tiles, products + x, TILE_VECTORS);
    }
    for (; x + 2 * W <= tiles; x += 2 * W) {
        tile_block(weights, pixels + x, channels, tiles, products + x, 2);
    }
    if (x < tiles) tile_block(weights, pixels + x, channels, tiles, products + x, 1);
}

// --- Outputs: Aᵗ m A ------------------------------------------------------------------------------

INLINE void output_line(const vf *m, int step, vf *y) {
    vf sum = v_add(m[step], m[2 * step]), difference = v_sub(m[step], m[2 * step]);
    vf far = v_add(m[3 * step], m[4 * step]), apart = v_sub(m[3 * step], m[4 * step]);
    y[0] = v_add(v_add(m[0], sum), far);
    y[1] = v_fma(v_set1(2), apart, difference);
    y[2] = v_fma(v_set1(4), far, sum);
    y[3] = v_add(v_fma(v_set1(8), apart, difference), m[5 * step]);
}

// One output's sums of a block to four rows of pixels.
static void transform_outputs(const ferry_tiles *t, int64_t output, const float *products,
                              int64_t stride, int64_t count, float *lines, int64_t length) {
    vf bias = v_set1(t->biases[output]), slope = v_set1(t->slopes[output]);
    for (int64_t x = 0; x < count; x += W) {
        vf columns[24], rows[16];
        for (int i = 0; i < 6; i++) {
            vf m[6];
            for (int j = 0; j < 6; j++) m[j] = v_load(products + (6 * i + j) * stride + x);
            output_line(m, 1, columns + 4 * i);
        }
        for (int j = 0; j < 4; j++) {
            vf pixels[4];
            output_line(columns + j, 4, pixels);
            for (int i = 0; i < 4; i++) rows[4 * i + j] = pixels[i];
        }
        for (int i = 0; i < 4; i++) {
            v_interleave(rows + 4 * i);
            for (int j = 0; j < 4; j++) {
                vf v = v_add(rows[4 * i + j], bias);
                vf positive = v_max(v_set1(0), v), negative = v_min(v_set1(0), v);
                v_store(lines + i * length + 4 * x + j * W, v_add(positive, v_mul(negative, slope)));
            }
        }
    }
}

// What of a block's four rows of pixels lies in the map.
INLINE void store_lines(const ferry_tiles *t, int64_t output, int64_t first, int64_t count,
                        const float *lines, int64_t length) {
    for (int64_t i = 0, next; i < count; i = next) {
        int64_t row = (first + i) / tiles_across(t), column = (first + i) % tiles_across(t);
        next = least(i + tiles_across(t) - column, count);
        int64_t pixels = least(4 * (next - i), t->width - 4 * column);
        for (int64_t y = 4 * row; y < least(4 * row + 4, t->height) && pixels > 0; y++) {
            int64_t start = (output * t->height + y) * t->width + 4 * column;
            convert(lines + (y - 4 * row) * length + 4 * i, FERRY_F32,
                    (char *)t->output + start * type_size(t->output_type), t->output_type, pixels);
        }
    }
}

// --- All of it ------------------------------------------------------------------------------------

// Floats of a line of pixels, of the transformed pixels of a place, and of the products of one.
INLINE int64_t line_length(int64_t padded) { return 4 * padded + W; }
INLINE int64_t pixel_stride(int64_t channels, int64_t padded) { return channels * padded + W; }
INLINE int64_t product_stride(int64_t padded) { return TILE_CHUNK * padded + W; }

static int64_t tiles_scratch(int64_t channels, int64_t count) {
    int64_t padded = rounded_up(count, W);
    return 6 * line_length(padded) + 36 * pixel_stride(channels, padded)
        + 36 * product_stride(padded) + 16;
}

static void convolve_tiles(const ferry_tiles *t, int64_t first, int64_t count, float *scratch) {
    int64_t padded = rounded_up(count, W), length = line_length(padded);
    int64_t stride = pixel_stride(t->channels, padded);
    float *lines = (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
    float *pixels = lines + 6 * length, *products = pixels + 36 * stride;
    for (int64_t c = 0; c < t->channels; c++) {
        load_lines(t, c, first, count, lines, length);
        transform_pixels(lines, length, count, pixels + c * padded, stride);
    }
    for (int64_t start = 0; start < t->outputs; start += TILE_CHUNK) {
        int64_t end = least(start + TILE_CHUNK, t->outputs);
        for (int place = 0; place < 36; place++) {
            for (int64_t o = start; o < end; o += TILE_OUTPUTS) {
                tile_product(t->weights + (o * 36 + place * TILE_OUTPUTS) * t->channels,
                             pixels + place * stride, t->channels, padded,
                             products + place * product_stride(padded) + (o - start) * padded);
            }
        }
        for (int64_t o = start; o < end; o++) {
            transform_outputs(t, o, products + (o - start) * padded, product_stride(padded), count,
                              lines, length);
            store_lines(t, o, first, count, lines, length);
        }
    }
}
