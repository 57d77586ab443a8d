#include "checks.h"

static void check_norms(int32_t type, int32_t to, int64_t n) {
    int shift = (int)n & 1;
    void *x = numbers(type, n, 5, shift), *out = memory(n * size_of(to), shift);
    void *weight = numbers(FERRY_BF16, n, 1, shift), *bias = numbers(FERRY_F16, n, 1, shift);
    double sum = 0, squares = 0, deviations = 0;
    for (int64_t i = 0; i < n; i++) {
        double v = element(x, type, i);
        sum += v;
        squares += v * v;
    }
    double mean = sum / (double)n;
    for (int64_t i = 0; i < n; i++) deviations += pow(element(x, type, i) - mean, 2);
    double root = sqrt(squares / (double)n + 1e-5), deviation = sqrt(deviations / (double)n + 1e-5);
    ferry_rms_norm(level, x, type, weight, FERRY_BF16, 1e-5f, out, to, n);
    for (int64_t i = 0; i < n; i++) {
        double e = element(x, type, i) / root * element(weight, FERRY_BF16, i);
        expect_near("rms_norm", e, element(out, to, i), rounding(to, e) + fabs(e) * 0x1p-20);
    }
    ferry_layer_norm(level, x, type, weight, FERRY_BF16, bias, FERRY_F16, 1e-5f, out, to, n);
    for (int64_t i = 0; i < n; i++) {
        double e = (element(x, type, i) - mean) / deviation * element(weight, FERRY_BF16, i)
            + element(bias, FERRY_F16, i);
        // The mean is off by a few units in the last place of the elements.
        double bound = rounding(to, e) + (fabs(e) + 2) * 0x1p-20 + 5 * 0x1p-21 / deviation;
        expect_near("layer_norm", e, element(out, to, i), bound);
    }
    release_memory();
}

void check_rows(void) {
    static const int64_t columns[] = {1, 2, 5, 16, 33, 64, 191, 576};
    for (int i = 0; i < 8; i++) EACH_TYPE(type) EACH_TYPE(to) check_norms(type, to, columns[i]);
}
