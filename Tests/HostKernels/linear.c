#include "checks.h"

// What both kinds of products are compared with: sums in f64, and what they may be off by.
static void expect_product(const char *what, const float *row, const float *input, int64_t columns, float sum) {
    double expected = 0, magnitude = 0;
    for (int64_t k = 0; k < columns; k++) {
        expected += (double)row[k] * input[k];
        magnitude += fabs((double)row[k] * input[k]);
    }
    double terms = (double)columns / (double)ferry_lanes(level) + 16;
    expect_near(what, expected, sum, terms * 0x1p-24 * magnitude);
}

static void check_few(const weight_format *f, int64_t columns, int32_t rows, int shift) {
    int64_t outputs = 6, first = 1, count = outputs - first, stride = count + 2;
    ferry_weight w = random_weight(f->format, f->type, outputs, columns, f->block_size, f->is_nested, shift);
    float *decoded = memory(4 * outputs * columns, 0);
    ferry_decode(FERRY_PORTABLE, &w, 0, outputs * columns, decoded, FERRY_F32);
    int64_t arranged_count = ferry_arranged_count(level, &w);
    float *input = numbers(FERRY_F32, rows * columns, 1, 0), *arranged = memory(4 * rows * arranged_count, 0);
    for (int32_t m = 0; m < rows; m++) {
        ferry_arrange(level, &w, input + m * columns, arranged + m * arranged_count);
    }
    float *sums = memory(4 * ((rows - 1) * stride + count), 0);
    float *scratch = memory(4 * ferry_few_scratch(level, &w), 0);
    ferry_linear_few(level, &w, first, count, arranged, rows, sums, stride, scratch);
    for (int32_t m = 0; m < rows; m++) {
        for (int64_t n = 0; n < count; n++) {
            expect_product("linear_few", decoded + (first + n) * columns, input + m * columns, columns,
                           sums[m * stride + n]);
        }
    }
    release_memory();
}

static void check_product(int64_t tile_rows, int64_t rows, int64_t padded) {
    float *tile = numbers(FERRY_F32, tile_rows * padded, 1, 0), *input = numbers(FERRY_F32, rows * padded, 1, 0);
    int64_t stride = tile_rows + 1;
    float *sums = memory(4 * ((rows - 1) * stride + tile_rows), 0);
    ferry_product(level, tile, tile_rows, input, rows, padded, sums, stride);
    for (int64_t m = 0; m < rows; m++) {
        for (int64_t n = 0; n < tile_rows; n++) {
            expect_product("product", tile + n * padded, input + m * padded, padded, sums[m * stride + n]);
        }
    }
    release_memory();
}

void check_linear(void) {
    static const int64_t columns[] = {1, 8, 31, 32, 64, 96, 100, 136, 160, 257, 576, 1104};
    for (int f = 0; f < format_count; f++) {
        for (int i = 0; i < 12; i++) {
            for (int32_t rows = 1; rows <= 4; rows++) check_few(&formats[f], columns[i], rows, i & 1);
        }
    }
    int64_t lanes = ferry_lanes(level);
    for (int64_t rows = 1; rows < 10; rows++) {
        check_product(rows, 11 - rows, lanes);
        check_product(9, rows, 5 * lanes);
    }
}
