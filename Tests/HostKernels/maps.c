#include "checks.h"

static void check_convolution(int64_t channels, int64_t width, int32_t size, int64_t outputs) {
    int64_t step = ferry_map_step(level), padded = (width + step - 1) / step * step;
    int64_t stride = padded + size - 1, rows = 3 + size - 1, count = channels * size * size;
    ferry_map map = {NULL, channels, stride * rows, stride, width, size};
    float *planes = memory(4 * channels * map.plane, 0);
    for (int64_t i = 0; i < channels * map.plane; i++) planes[i] = random_float(1);
    map.planes = planes;
    float *values = numbers(FERRY_F32, outputs * count, 1, 0), *arranged = memory(16 * count, 0);
    ferry_arrange_map(level, values, count, outputs, arranged);
    for (int64_t i = 0; i < 4 * count; i++) {
        float expected = i % 4 < outputs ? values[i % 4 * count + i / 4] : 0;
        expect_same("arrange_map", &expected, arranged + i, FERRY_F32, 1);
    }
    float *sums = memory(16 * padded, 0);
    for (int64_t y = 0; y < 3; y++) {
        ferry_convolve(level, &map, arranged, y, sums, padded);
        for (int64_t o = 0; o < outputs; o++) {
            for (int64_t x = 0; x < width; x++) {
                double sum = 0, magnitude = 0;
                for (int64_t k = 0; k < count; k++) {
                    int64_t c = k / (size * size), i = k / size % size, j = k % size;
                    double product = (double)planes[c * map.plane + (y + i) * stride + x + j] * values[o * count + k];
                    sum += product;
                    magnitude += fabs(product);
                }
                double bound = ((double)count + 16) * 0x1p-24 * magnitude;
                expect_near("convolve", sum, sums[o * padded + x], bound);
            }
        }
    }
    release_memory();
}

void check_maps(void) {
    static const int64_t widths[] = {1, 5, 8, 31, 48, 100};
    for (int i = 0; i < 6; i++) {
        for (int64_t outputs = 1; outputs <= 4; outputs += 3) {
            check_convolution(3, widths[i], 3, outputs);
            check_convolution(7, widths[i], 1, outputs);
        }
    }
    check_convolution(33, 20, 3, 4);
}
