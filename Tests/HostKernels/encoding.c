#include "checks.h"

typedef struct { int64_t first, count, block_size; int bits; float *midpoints; uint8_t *codes; int32_t *cells; } encoding;

// Thresholds as those of NF4: no two in one interval that the kernels look at.
static void set_thresholds(float *midpoints) {
    static const float nf4[] = {-0.85f, -0.61f, -0.46f, -0.34f, -0.235f, -0.138f, -0.0455f, 0.04f, 0.12f, 0.2f,
                                0.29f, 0.39f, 0.5f, 0.64f, 0.86f};
    for (int i = 0; i < 15; i++) midpoints[i] = nf4[i] + random_float(0.002f);
}

// Those of the signed dynamic map: decade i has 2^i numbers at equal distances, of both signs; 0 and 1.
static void set_dynamic_thresholds(float *midpoints) {
    float numbers[129] = {0};
    double end = 1e-6;
    for (int decade = 0, n = 1; decade < 7; decade++, end *= 10) {
        for (int i = 0; i < 1 << decade; i++) {
            numbers[n++] = (float)(end * (0.1 + 0.9 * (i + 0.5) / (1 << decade)));
        }
    }
    numbers[128] = 1;
    for (int i = 0; i < 128; i++) midpoints[127 + i] = (numbers[i] + numbers[i + 1]) / 2;
    for (int i = 0; i < 127; i++) midpoints[126 - i] = -midpoints[127 + i];
}

// Blocks that are zero, that are subnormal, and that have a large or a bad element.
static void vary(void *source, int32_t type, int64_t count, int64_t block_size, int64_t bad) {
    for (int64_t b = 0; b * block_size < count; b++) {
        int64_t kind = random_below(5), end = (b + 1) * block_size < count ? (b + 1) * block_size : count;
        for (int64_t i = b * block_size; i < end; i++) {
            if (kind == 0) set_element(source, type, i, 0);
            if (kind == 1) set_element(source, type, i, random_float(type == FERRY_F16 ? 1e-6f : 1e-39f));
        }
        if (kind == 2) set_element(source, type, b * block_size, 60000);
    }
    if (bad < count) set_element(source, type, bad, random_below(2) ? NAN : -INFINITY);
}

static int64_t encode(int32_t l, const encoding *e, const void *source, int32_t type, uint8_t *payload,
                      void *absmax) {
    if (e->bits == 4) {
        return ferry_encode_four_bit(l, source, type, e->first, e->count, e->block_size, e->midpoints, e->codes,
                                     payload, absmax);
    }
    return ferry_encode_dynamic8(l, source, type, e->first, e->count, e->block_size, e->midpoints, e->cells,
                                 payload, absmax);
}

static void check_blocks(int bits, int32_t type, int64_t block_size, int64_t all, int64_t bad, int shift) {
    int values = 1 << bits;
    encoding e = {0, all, block_size, bits, memory(4 * (values - 1), 0), memory(16, 0),
                  memory(4 * FERRY_DYNAMIC8_CELLS, 0)};
    for (int i = 0; i < 16; i++) e.codes[i] = (uint8_t)(15 - i);
    if (bits == 4) set_thresholds(e.midpoints);
    else set_dynamic_thresholds(e.midpoints), ferry_arrange_cells(e.midpoints, e.cells);
    void *source = numbers(type, all, 2, shift);
    vary(source, type, all, block_size, bad);
    // Elements on midpoints, where the absmax is 1.
    set_element(source, type, 0, 1);
    for (int64_t i = 1; i < all && i < block_size; i++) {
        set_element(source, type, i, e.midpoints[random_below(values - 1)]);
    }
    if (bad < all) set_element(source, type, bad, NAN);
    int64_t bytes = bits == 4 ? (all + 1) / 2 : all, blocks = (all + block_size - 1) / block_size;
    uint8_t *expected = memory(bytes, 0), *actual = memory(bytes, shift);
    void *expected_absmax = memory(4 * blocks, 0), *absmax = memory(4 * blocks, shift);
    int64_t index = encode(FERRY_PORTABLE, &e, source, type, expected, expected_absmax);
    expect_equal("bad element", bad < all ? bad : -1, index);
    // In two ranges.
    e.count = random_below(blocks + 1) * block_size;
    if (e.count > all) e.count = all;
    int64_t here = encode(level, &e, source, type, actual, absmax);
    e.first = e.count;
    e.count = all - e.count;
    if (here < 0) here = encode(level, &e, source, type, actual, absmax);
    expect_equal("bad element", index, here);
    if (index < 0) {
        expect_same_bytes("encode", expected, actual, bytes);
        expect_same_bytes("encode: absmax", expected_absmax, absmax, 4 * blocks);
    }
    release_memory();
}

// Every bf16 that is not far below an absmax, under every mantissa that it may have.
static void check_every_bf16(const float *midpoints, const uint8_t *codes, int64_t block_size, int exponent) {
    int64_t blocks = 128 * (16 * 256 / (block_size - 1) + 1), count = 0;
    uint16_t *source = memory(2 * blocks * block_size, 0);
    for (uint16_t mantissa = 0; mantissa < 128; mantissa++) {
        uint16_t absmax = (uint16_t)(exponent << 7 | mantissa);
        for (int below = 0; below < 16 * 128; below++) {
            uint16_t value = (uint16_t)(absmax > below ? absmax - below : 0);
            for (int sign = 0; sign < 2; sign++) {
                if (count % block_size == 0) source[count++] = absmax;
                source[count++] = (uint16_t)(value | sign << 15);
            }
        }
        // The next absmax begins a block of its own.
        while (count % block_size) source[count++] = 0;
    }
    uint8_t *expected = memory(count / 2, 0), *actual = memory(count / 2, 1);
    void *absmax = memory(4 * count / block_size, 0);
    ferry_encode_four_bit(FERRY_PORTABLE, source, FERRY_BF16, 0, count, block_size, midpoints, codes, expected, absmax);
    ferry_encode_four_bit(level, source, FERRY_BF16, 0, count, block_size, midpoints, codes, actual, absmax);
    expect_same_bytes("encode every bf16", expected, actual, count / 2);
    release_memory();
}

static void check_books(void) {
    static const float nf4[] = {-0.84809637f, -0.6106329f, -0.45999527f, -0.33967942f, -0.2346074f,
                                -0.13791174f, -0.045525018f, 0.03979015f, 0.12025525f, 0.20352125f,
                                0.29201376f, 0.38931254f, 0.50166345f, 0.6427869f, 0.86147845f};
    static const float fp4[] = {-0.8333334f, -0.58333337f, -0.41666669f, -0.29166669f, -0.20833334f, -0.08593751f,
                                -0.0026041667f, 0.0026041667f, 0.08593751f, 0.20833334f, 0.29166669f,
                                0.41666669f, 0.58333337f, 0.8333334f, INFINITY};
    static const uint8_t in_order[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    static const uint8_t by_value[] = {11, 10, 13, 12, 15, 14, 9, 0, 1, 6, 7, 4, 5, 2, 3, 0};
    static const int exponents[] = {0, 1, 2, 26, 27, 28, 120, 127, 226, 227, 228, 254};
    for (int i = 0; i < 12; i++) {
        check_every_bf16(nf4, in_order, 64, exponents[i]);
        check_every_bf16(fp4, by_value, i & 1 ? 32 : 128, exponents[i]);
    }
}

static void check_int8_rows(int32_t type, int64_t columns, int shift, float scale) {
    int64_t rows = 3, count = rows * columns;
    void *source = numbers(type, count, scale, shift);
    if (random_below(4) == 0) set_element(source, type, random_below(count), NAN);
    int8_t *expected = memory(count, 0), *actual = memory(count, shift);
    void *expected_absmax = memory(4 * rows, 0), *absmax = memory(4 * rows, shift);
    int64_t bad = ferry_encode_int8_rows(FERRY_PORTABLE, source, type, rows, columns, expected, expected_absmax);
    expect_equal("encode_int8_rows", bad, ferry_encode_int8_rows(level, source, type, rows, columns, actual, absmax));
    int64_t encoded = bad < 0 ? rows : bad;
    expect_same_bytes("encode_int8_rows", expected, actual, encoded * columns);
    expect_same_bytes("encode_int8_rows: absmax", expected_absmax, absmax, 4 * encoded);
    release_memory();
}

void check_encoding(void) {
    check_books();
    static const int64_t sizes[] = {32, 64, 256, 4096};
    EACH_TYPE(type) for (int i = 0; i < 4; i++) {
        for (int64_t rest = 0; rest < 40; rest += 3) {
            int64_t all = 3 * sizes[i] + rest % sizes[i], bad = rest % 4 == 3 ? random_below(all) : all;
            check_blocks(4, type, sizes[i], all, bad, (int)rest & 1);
            check_blocks(8, type, sizes[i] + (rest == 6), all, bad, (int)rest & 1);
        }
    }
    EACH_TYPE(type) for (int64_t columns = 1; columns < 400; columns += columns < 80 ? 3 : 61) {
        check_int8_rows(type, columns, (int)columns & 1, 1);
        check_int8_rows(type, columns, (int)columns & 1, 65000);
        check_int8_rows(type, columns, (int)columns & 1, 1e-7f);
        check_int8_rows(type, columns, (int)columns & 1, 0x1p-9f);
        check_int8_rows(type, columns, (int)columns & 1, 0);
    }
}
