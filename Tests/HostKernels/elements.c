#include "checks.h"

static const int64_t counts[] = {1, 3, 4, 7, 16, 31, 67};
#define EACH_COUNT(n) for (int n##_index = 0, n = 0; n##_index < 7 && (n = (int)counts[n##_index], 1); n##_index++)

// What the level computes is the same as what the portable level does from the same numbers.
typedef void (*operation)(int32_t, const void *, int32_t, const void *, void *, int32_t, int64_t);

static void add(int32_t l, const void *a, int32_t type, const void *b, void *out, int32_t to, int64_t n) {
    ferry_convert(FERRY_PORTABLE, b, FERRY_F32, out, to, n);
    ferry_add(l, a, type, out, to, n);
}

static void finish(int32_t l, const void *a, int32_t type, const void *b, void *out, int32_t to, int64_t n) {
    float *sums = memory(4 * n, 0);
    memcpy(sums, b, (size_t)(4 * n));
    ferry_finish_row(l, sums, n % 3 ? a : NULL, type, out, to, n);
}

static void add_scaled(int32_t l, const void *a, int32_t type, const void *b, void *out, int32_t to, int64_t n) {
    ferry_add_scaled(l, a, type, 0.2f, b, FERRY_F32, out, to, n);
}

static void spread(int32_t l, const void *a, int32_t type, const void *b, void *out, int32_t to, int64_t n) {
    int64_t width = n / 3;
    if (width) ferry_spread_row(l, a, type, width, 3, n & 1 ? b : NULL, FERRY_F32, out, to, width);
}

static void finish_map(int32_t l, const void *a, int32_t type, const void *b, void *out, int32_t to, int64_t n) {
    float *sums = memory(4 * n, 0);
    ferry_convert(FERRY_PORTABLE, a, type, sums, FERRY_F32, n);
    ferry_finish_map(l, sums, (float)element(b, FERRY_F32, 0), 0.2f, out, to, n);
}

static void mean(int32_t l, const void *a, int32_t type, const void *b, void *out, int32_t to, int64_t n) {
    (void)b;
    float *means = memory(4 * n, 0);
    int64_t rows = n % 2 ? 1 : 2;
    ferry_mean_rows(l, a, type, rows, means, n / rows);
    ferry_convert(FERRY_PORTABLE, means, FERRY_F32, out, to, n);
}

static void rotate(int32_t l, const void *a, int32_t type, const void *b, void *out, int32_t to, int64_t n) {
    const float *cosines = b;
    ferry_convert(FERRY_PORTABLE, a, type, out, to, n);
    ferry_rotate(l, out, to, cosines, cosines + n / 2, n / 2);
}

static void check_exact(const char *what, operation run) {
    EACH_TYPE(type) EACH_TYPE(to) EACH_COUNT(n) {
        int shift = n & 1;
        void *a = n % 10 == 7 ? numbers_of_any_bits(type, n, shift) : numbers(type, n, 3, shift);
        void *b = numbers(FERRY_F32, n, 3, shift);
        void *expected = memory(n * size_of(to), 0), *actual = memory(n * size_of(to), shift);
        run(FERRY_PORTABLE, a, type, b, expected, to, n);
        run(level, a, type, b, actual, to, n);
        expect_same(what, expected, actual, to, n);
        release_memory();
    }
}

static double silu(double x) { return x / (1 + exp(-x)); }
static double gelu(double x) { return x / 2 * erfc(-x / sqrt(2)); }

static void check_activations(int32_t type, int32_t to, int64_t n) {
    int shift = (int)n & 1;
    void *gate = numbers(type, n, n > 20 ? 100 : 6, shift), *up = numbers(FERRY_F32, n, 1, shift);
    if (n > 6) {
        set_element(gate, type, 1, NAN);
        set_element(gate, type, 2, INFINITY);
        set_element(gate, type, 5, 0);
    }
    void *silus = memory(n * size_of(to), shift), *gelus = memory(n * size_of(to), shift);
    ferry_silu_multiply(level, gate, type, up, FERRY_F32, silus, to, n);
    ferry_gelu(level, gate, type, gelus, to, n);
    for (int64_t i = 0; i < n; i++) {
        double x = element(gate, type, i), s = silu(x) * element(up, FERRY_F32, i), g = gelu(x);
        expect_near("silu_multiply", s, element(silus, to, i), rounding(to, s) + fabs(s) * 0x1p-20 + 1e-7);
        expect_near("gelu", g, element(gelus, to, i), rounding(to, g) + fabs(x) * 0x1p-21);
    }
    release_memory();
}

void check_elements(void) {
    check_exact("add", add);
    check_exact("finish_row", finish);
    check_exact("add_scaled", add_scaled);
    check_exact("spread_row", spread);
    check_exact("finish_map", finish_map);
    check_exact("mean_rows", mean);
    check_exact("rotate", rotate);
    EACH_TYPE(type) EACH_TYPE(to) EACH_COUNT(n) check_activations(type, to, n);
}
