#include "checks.h"

// Rows of activations, and which columns are outliers.
typedef struct {
    int64_t rows, columns, stride;
    float *values, *maxima, *absmax, *outlier_values;
    char *coded;
    int32_t *outliers;
    int64_t outlier_count;
} activations;

static void find_outliers(activations *a, int32_t l, float threshold) {
    a->maxima = memory(4 * a->columns, 0);
    for (int64_t m = 0; m < a->rows; m++) {
        ferry_column_maxima(l, a->values, FERRY_F32, m * a->columns, a->columns, a->maxima);
    }
    a->outliers = memory(4 * a->columns, 0);
    for (int64_t k = 0; k < a->columns && threshold > 0; k++) {
        if (a->maxima[k] >= threshold) a->outliers[a->outlier_count++] = (int32_t)k;
    }
    a->outlier_values = memory(4 * a->rows * a->outlier_count, 0);
    for (int64_t m = 0; m < a->rows; m++) {
        for (int64_t c = 0; c < a->outlier_count; c++) {
            a->outlier_values[m * a->outlier_count + c] = a->values[m * a->columns + a->outliers[c]];
        }
    }
}

static activations coded(int32_t l, float *values, int64_t rows, int64_t columns, float threshold) {
    activations a = {.rows = rows, .columns = columns, .values = values};
    a.stride = (ferry_coded_bytes(l, columns) + 3) / 4 * 4;
    find_outliers(&a, l, threshold);
    a.absmax = memory(4 * rows, 0);
    a.coded = memory(rows * a.stride, 0);
    memset(a.coded, 1, (size_t)(rows * a.stride));
    for (int64_t m = 0; m < rows; m++) {
        a.absmax[m] = ferry_code_row(l, values, FERRY_F32, m * columns, columns, threshold, a.outliers,
                                     a.outlier_count, a.coded + m * a.stride);
    }
    return a;
}

static int is_outlier(const activations *a, int64_t k) {
    for (int64_t c = 0; c < a->outlier_count; c++) if (a->outliers[c] == k) return 1;
    return 0;
}

// Levels have layouts of codes of their own: here is what the codes are.
static int64_t code(const activations *a, int64_t m, int64_t k) {
    float absmax = a->absmax[m], x = a->values[m * a->columns + k], factor = 127 / absmax;
    if (!(absmax > 0 && absmax < INFINITY) || is_outlier(a, k)) return 0;
    return (int64_t)rintf(factor < INFINITY ? x * factor : x / absmax * 127);
}

static void expect_same_scales(const activations *expected, const activations *actual) {
    expect_equal("outliers", expected->outlier_count, actual->outlier_count);
    expect_same("column_maxima", expected->maxima, actual->maxima, FERRY_F32, actual->columns);
    expect_same("code_row: absmax", expected->absmax, actual->absmax, FERRY_F32, actual->rows);
}

static void expect_sums(const activations *a, const ferry_weight *w, int64_t first, int64_t count,
                        const float *sums, int64_t stride) {
    int64_t *codes = memory(8 * a->columns, 0);
    for (int64_t m = 0; m < a->rows; m++) {
        for (int64_t k = 0; k < a->columns; k++) codes[k] = code(a, m, k);
        for (int64_t n = 0; n < count; n++) {
            const int8_t *row = (const int8_t *)w->payload + (first + n) * a->columns;
            float scale = (float)element(w->absmax, FERRY_F32, first + n);
            int64_t exact = 0;
            for (int64_t k = 0; k < a->columns; k++) exact += row[k] * codes[k];
            float product = (float)exact * (scale * (1.0f / 16129)) * a->absmax[m];
            double outliers = 0, magnitude = 0;
            for (int64_t c = 0; c < a->outlier_count; c++) {
                double term = (double)a->outlier_values[m * a->outlier_count + c] * row[a->outliers[c]] * scale / 127;
                outliers += term;
                magnitude += fabs(term);
            }
            double bound = ((double)a->outlier_count + 16) * 0x1p-24 * (magnitude + fabs((double)product));
            expect_near("linear_int8", product + outliers, sums[m * stride + n], a->outlier_count ? bound : 0);
        }
    }
}

static void check_product(int64_t rows, int64_t columns, float threshold, int shift) {
    int64_t outputs = 8, first = 1, count = outputs - first, stride = count + 1;
    ferry_weight w = random_weight(FERRY_INT8_ROWS, 0, outputs, columns, 0, 0, shift);
    float *values = numbers(FERRY_F32, rows * columns, 1, 0);
    if (columns > 40) values[random_below(rows * columns)] = 40;
    if (columns > 60) values[random_below(rows * columns)] = -1e36f;
    activations expected = coded(FERRY_PORTABLE, values, rows, columns, threshold);
    activations actual = coded(level, values, rows, columns, threshold);
    expect_same_scales(&expected, &actual);
    float *sums = memory(4 * ((rows - 1) * stride + count), 0), *scratch = memory(16 * actual.outlier_count, 0);
    ferry_linear_int8(level, &w, first, count, actual.coded, actual.stride, actual.absmax, rows, actual.outliers,
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
        expect_same_scales(&expected, &actual);
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
