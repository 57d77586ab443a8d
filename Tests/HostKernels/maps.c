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

// What Winograd's algorithm multiplies by, in magnitudes: at most 48 along each axis.
static const double tile_magnitude = 48 * 48;

static void check_tiles(int64_t channels, int64_t outputs, int64_t height, int64_t width, int32_t type) {
    int64_t group = ferry_tile_outputs(level), lanes = ferry_lanes(level), pixels = height * width;
    int64_t groups = (outputs + group - 1) / group, count = channels * 9, size = 36 * channels * group;
    void *input = numbers(type, channels * pixels, 1, 1), *output = memory(outputs * pixels * size_of(type), 1);
    float *values = numbers(FERRY_F32, outputs * count, 1, 0), *weights = memory(4 * groups * size, 0);
    float *biases = numbers(FERRY_F32, outputs, 1, 0), *slopes = numbers(FERRY_F32, outputs, 1, 0);
    float *taps = memory(4 * 9 * ((channels * group + lanes - 1) / lanes * lanes), 0);
    for (int64_t i = 0; i < groups; i++) {
        int64_t rest = outputs - i * group < group ? outputs - i * group : group;
        ferry_transform_weights(level, values + i * group * count, channels, rest, taps, weights + i * size);
    }
    ferry_tiles map = {input, output, type, type, channels, outputs, height, width, weights, biases, slopes};
    int64_t tiles = (height + 3) / 4 * ferry_tiles_across(width), block = 3 * lanes;
    float *scratch = memory(4 * ferry_tiles_scratch(level, channels, block), 0);
    for (int64_t first = 0; first < tiles; first += block) {
        ferry_convolve_tiles(level, &map, first, tiles - first < block ? tiles - first : block, scratch);
    }
    for (int64_t i = 0; i < outputs * pixels; i++) {
        int64_t o = i / pixels, y = i / width % height, x = i % width;
        double sum = biases[o];
        for (int64_t k = 0; k < count; k++) {
            int64_t c = k / 9, row = y + k % 9 / 3 - 1, column = x + k % 3 - 1;
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            sum += element(input, type, (c * height + row) * width + column) * values[o * count + k];
        }
        if (sum < 0) sum *= slopes[o];
        double bound = (double)channels * ((double)channels + 32) * 0x1p-24 * tile_magnitude;
        expect_near("convolve_tiles", sum, element(output, type, i), bound + rounding(type, sum));
    }
    release_memory();
}

void check_maps(void) {
    static const int64_t sides[][2] = {{1, 1}, {4, 3}, {9, 17}, {6, 70}, {30, 5}};
    EACH_TYPE(type) {
        for (int i = 0; i < 5; i++) check_tiles(3, 9, sides[i][0], sides[i][1], type);
        check_tiles(17, 40, 5, 9, type);
    }
    static const int64_t widths[] = {1, 5, 8, 31, 48, 100};
    for (int i = 0; i < 6; i++) {
        for (int64_t outputs = 1; outputs <= 4; outputs += 3) {
            check_convolution(3, widths[i], 3, outputs);
            check_convolution(7, widths[i], 1, outputs);
        }
    }
    check_convolution(33, 20, 3, 4);
}
