#include "checks.h"

// Codes of rows of activations, and which columns are outliers.
typedef struct {
    int64_t rows, columns, padded;
    float *values, *absmax, *outlier_values;
    uint8_t *flags;
    int16_t *codes;
    int32_t *outliers;
    int64_t outlier_count;
} activations;

static activations coded(int32_t l, float *values, int64_t rows, int64_t columns, float threshold) {
    int64_t step = 2 * ferry_lanes(l), padded = (columns + step - 1) / step * step;
    activations a = {.rows = rows, .columns = columns, .padded = padded, .values = values};
    a.absmax = memory(4 * rows, 0);
    a.flags = memory(columns, 0);
    a.codes = memory(2 * rows * padded, 0);
    for (int64_t m = 0; m < rows && threshold > 0; m++) {
        ferry_mark_outliers(l, values + m * columns, columns, threshold, a.flags);
    }
    memset(a.codes, 1, (size_t)(2 * rows * padded));
    for (int64_t m = 0; m < rows; m++) {
        a.absmax[m] = ferry_code_row(l, values + m * columns, columns, threshold, a.flags, a.codes + m * padded);
    }
    for (int64_t k = 0; k < columns; k++) a.outlier_count += a.flags[k];
    a.outliers = memory(4 * a.outlier_count, 0);
    a.outlier_values = memory(4 * rows * a.outlier_count, 0);
    for (int64_t k = 0, c = 0; k < columns; k++) {
        if (!a.flags[k]) continue;
        for (int64_t m = 0; m < rows; m++) a.outlier_values[m * a.outlier_count + c] = values[m * columns + k];
        a.outliers[c++] = (int32_t)k;
    }
    return a;
}

static void expect_same_codes(const activations *expected, const activations *actual) {
    expect_same_bytes("mark_outliers", expected->flags, actual->flags, actual->columns);
    expect_same("code_row: absmax", expected->absmax, actual->absmax, FERRY_F32, actual->rows);
    for (int64_t m = 0; m < actual->rows; m++) {
        const int16_t *e = expected->codes + m * expected->padded, *a = actual->codes + m * actual->padded;
        for (int64_t k = 0; k < actual->padded; k++) {
            expect_equal("code_row", k < actual->columns ? e[k] : 0, a[k]);
        }
    }
}

static void expect_sums(const activations *a, const ferry_weight *w, int64_t first, int64_t count,
                        const float *sums, int64_t stride) {
    for (int64_t m = 0; m < a->rows; m++) {
        for (int64_t n = 0; n < count; n++) {
            const int8_t *row = (const int8_t *)w->payload + (first + n) * a->columns;
            float scale = (float)element(w->absmax, FERRY_F32, first + n);
            int64_t exact = 0;
            for (int64_t k = 0; k < a->columns; k++) exact += row[k] * a->codes[m * a->padded + k];
            float coded = (float)exact * a->absmax[m] * (scale * (1.0f / 16129));
            double outliers = 0, magnitude = 0;
            for (int64_t c = 0; c < a->outlier_count; c++) {
                double product = (double)a->outlier_values[m * a->outlier_count + c] * row[a->outliers[c]] * scale / 127;
                outliers += product;
                magnitude += fabs(product);
            }
            double terms = (double)a->outlier_count / (double)ferry_lanes(level) + 16;
            double bound = a->outlier_count ? terms * 0x1p-24 * (magnitude + fabs((double)coded)) : 0;
            expect_near("linear_int8", coded + outliers, sums[m * stride + n], bound);
        }
    }
}

static void check_product(int64_t rows, int64_t columns, float threshold, int shift) {
    int64_t outputs = 5, first = 1, count = outputs - first, stride = count + 1;
    ferry_weight w = random_weight(FERRY_INT8_ROWS, 0, outputs, columns, 0, 0, shift);
    float *values = numbers(FERRY_F32, rows * columns, 1, 0);
    if (columns > 40) values[random_below(rows * columns)] = 40;
    if (columns > 60) values[random_below(rows * columns)] = -1e36f;
    activations expected = coded(FERRY_PORTABLE, values, rows, columns, threshold);
    activations actual = coded(level, values, rows, columns, threshold);
    expect_same_codes(&expected, &actual);
    float *sums = memory(4 * ((rows - 1) * stride + count), 0), *scratch = memory(4 * actual.outlier_count, 0);
    ferry_linear_int8(level, &w, first, count, actual.codes, actual.padded, actual.absmax, rows, actual.outliers,
                      actual.outlier_count, actual.outlier_values, sums, stride, scratch);
    expect_sums(&actual, &w, first, count, sums, stride);
    release_memory();
}

// Rows of one kind of number: zero, subnormal, infinite, not a number.
static void check_unusual_rows(float filler, float special) {
    for (int64_t columns = 1; columns < 40; columns += 6) {
        float *values = memory(4 * columns, 0);
        for (int64_t k = 0; k < columns; k++) values[k] = random_float(filler);
        values[random_below(columns)] = special;
        activations expected = coded(FERRY_PORTABLE, values, 1, columns, 0);
        activations actual = coded(level, values, 1, columns, 0);
        expect_same_codes(&expected, &actual);
        release_memory();
    }
}

void check_int8(void) {
    static const int64_t columns[] = {1, 5, 16, 31, 64, 100, 576};
    for (int i = 0; i < 7; i++) {
        for (int64_t rows = 1; rows < 8; rows++) {
            check_product(rows, columns[i], 0, (int)rows & 1);
            check_product(rows, columns[i], 0.9f, (int)rows & 1);
            check_product(rows, columns[i], 6, (int)rows & 1);
        }
    }
    check_product(4, 140001, 0, 1);
    check_unusual_rows(0, 0);
    check_unusual_rows(1e-42f, 0);
    check_unusual_rows(1, INFINITY);
    check_unusual_rows(1, NAN);
}
