#include "checks.h"

// One row's head in f64.
static void attend(const ferry_attention *a, int64_t row, int64_t head, double *output) {
    int64_t size = a->head_size, position = a->first_position + row, key_head = head * a->key_value_heads / a->heads;
    int64_t first = a->window && position + 1 > a->window ? position + 1 - a->window : 0;
    if (a->span) first = 0, position = a->span - 1;
    double scores[1024], largest = -INFINITY, total = 0;
    for (int64_t p = first; p <= position; p++) {
        scores[p] = 0;
        for (int64_t i = 0; i < size; i++) {
            double q = element(a->queries, a->query_type, (row * a->heads + head) * size + i);
            scores[p] += q * element(a->keys, a->key_type, (p * a->key_value_heads + key_head) * size + i);
        }
        scores[p] *= a->scale;
        largest = fmax(largest, scores[p]);
    }
    for (int64_t i = 0; i < size; i++) output[i] = 0;
    for (int64_t p = first; p <= position; p++) {
        double weight = exp(scores[p] - largest);
        total += weight;
        for (int64_t i = 0; i < size; i++) {
            output[i] += weight * element(a->values, a->value_type, (p * a->key_value_heads + key_head) * size + i);
        }
    }
    for (int64_t i = 0; i < size; i++) output[i] /= total;
}

// Stretches that are computed apart give the same bits, whatever the blocks.
static void check_stretches(const ferry_attention *a, int64_t rows, int64_t positions) {
    int64_t heads = a->key_value_heads, count = rows * a->heads * a->head_size;
    int64_t stretches = (positions + FERRY_STRETCH - 1) / FERRY_STRETCH;
    int64_t size = heads * ferry_attention_state(level, a, rows);
    float *states = memory(4 * stretches * size, 0);
    float *scratch = memory(4 * ferry_attention_scratch(level, a, rows, heads), 0);
    ferry_attention part = *a;
    part.output = memory(count * size_of(a->output_type), 0);
    for (int64_t s = stretches - 1; s >= 0; s--) {
        ferry_attend_stretch(level, &part, 0, rows, s, states + s * size, scratch);
    }
    for (int64_t head = 0; head < heads; head++) {
        ferry_finish_attention(level, &part, 0, rows, head, stretches, states, scratch);
    }
    expect_same("attend_stretch", a->output, part.output, a->output_type, count);
}

// In blocks of `block` rows.
static void check_attention_of(int64_t size, int64_t rows, int64_t block, int64_t first_position, int64_t window,
                               int64_t span, int32_t type, int32_t cached) {
    int64_t heads = 4, shared = 2, positions = span ? span : first_position + rows;
    int64_t count = rows * heads * size, cache = positions * shared * size;
    void *output = memory(count * size_of(type), 1);
    ferry_attention a = {numbers(type, count, 1, 1), numbers(cached, cache, 1, 1), numbers(cached, cache, 1, 1),
                         output, type, cached, cached, type, heads, shared, size, first_position, window, span, 2};
    float *scratch = memory(4 * ferry_attention_scratch(level, &a, block, shared), 0);
    for (int64_t row = 0; row < rows; row += block) {
        int64_t some = row + block < rows ? block : rows - row;
        for (int64_t head = 0; head < shared; head++) ferry_attend(level, &a, row, some, head, scratch);
    }
    check_stretches(&a, rows, positions);
    double expected[256];
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t head = 0; head < heads; head++) {
            attend(&a, row, head, expected);
            for (int64_t i = 0; i < size; i++) {
                double value = element(output, type, (row * heads + head) * size + i);
                expect_near("attend", expected[i], value, rounding(type, expected[i]) + 4e-5);
            }
        }
    }
    release_memory();
}

void check_attention(void) {
    static const int64_t sizes[] = {1, 12, 64, 100, 128};
    EACH_TYPE(type) EACH_TYPE(cached) for (int i = 0; i < 5; i++) {
        check_attention_of(sizes[i], 3, 1, 7, 0, 0, type, cached);
        check_attention_of(sizes[i], 2, 2, 70, 3, 0, type, cached);
        check_attention_of(sizes[i], 5, 3, 0, 0, 0, type, cached);
        check_attention_of(sizes[i], 70, 33, 20, 0, 0, type, cached);
        check_attention_of(sizes[i], 70, 70, 20, 9, 0, type, cached);
        check_attention_of(sizes[i], 6, 6, 0, 0, 67, type, cached);
        check_attention_of(sizes[i], 3, 2, 599, 0, 0, type, cached);
        check_attention_of(sizes[i], 3, 3, 510, 256, 0, type, cached);
    }
}
