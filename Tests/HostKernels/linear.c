#include "checks.h"

// A linear layer to be checked: rows `first` ..< outputs of a weight, times rows of activations.
typedef struct {
    ferry_weight weight;
    int64_t columns, rows, first, outputs;
    int32_t type;    // of the numbers that are multiplied
    float *decoded;  // the weight as these numbers; in f32 where codes are multiplied and sums scaled
    float *values;   // the activations
    void *input;     // the same, of type `input_type`
    int32_t input_type;
} layer;

static layer random_layer(const weight_format *f, int64_t columns, int64_t rows, int32_t input_type, int shift) {
    layer l = {.columns = columns, .rows = rows, .first = 1, .outputs = 30, .input_type = input_type};
    l.weight = random_weight(f->format, f->type, l.outputs, columns, f->block_size, f->is_nested, shift);
    l.type = ferry_product_type(level, &l.weight, input_type);
    void *decoded = memory(4 * l.outputs * columns, 0);
    l.decoded = memory(4 * l.outputs * columns, 0);
    int32_t type = f->format == FERRY_INT8_ROWS ? FERRY_F32 : l.type;
    ferry_decode(FERRY_PORTABLE, &l.weight, 0, l.outputs * columns, decoded, type);
    ferry_convert(FERRY_PORTABLE, decoded, type, l.decoded, FERRY_F32, l.outputs * columns);
    l.input = numbers(input_type, rows * columns, 1, shift);
    l.values = memory(4 * rows * columns, 0);
    ferry_convert(FERRY_PORTABLE, l.input, input_type, l.values, FERRY_F32, rows * columns);
    return l;
}

// Sums in f64; `adds` is how many roundings each sum may have had.
static void expect_sums(const char *what, const layer *l, const float *sums, int64_t stride, double adds) {
    for (int64_t m = 0; m < l->rows; m++) {
        for (int64_t n = l->first; n < l->outputs; n++) {
            double expected = 0, magnitude = 0;
            for (int64_t k = 0; k < l->columns; k++) {
                double product = (double)l->decoded[n * l->columns + k] * l->values[m * l->columns + k];
                expected += product;
                magnitude += fabs(product);
            }
            expect_near(what, expected, sums[m * stride + n - l->first], adds * 0x1p-24 * magnitude);
        }
    }
}

static void check_few(const layer *l) {
    int64_t count = l->outputs - l->first, stride = count + 2;
    int64_t pitch = ferry_arranged_bytes(level, &l->weight, l->type);
    char *arranged = memory(l->rows * pitch, 0);
    for (int64_t m = 0; m < l->rows; m += 8) {
        const char *from = (const char *)l->input + m * l->columns * size_of(l->input_type);
        ferry_arrange(level, &l->weight, l->type, from, l->input_type, l->rows - m < 8 ? l->rows - m : 8,
                      arranged + m * pitch);
    }
    float *sums = memory(4 * ((l->rows - 1) * stride + count), 0);
    float *scratch = memory(4 * ferry_few_scratch(level, &l->weight), 0);
    ferry_linear_few(level, &l->weight, l->type, l->first, count, arranged, l->rows, sums, stride, scratch);
    expect_sums("linear_few", l, sums, stride, (double)l->columns / (double)ferry_lanes(level) + 16);
}

static void check_many(const layer *l) {
    int64_t count = l->outputs - l->first, stride = count + 1;
    int64_t pitch = ferry_arranged_bytes(level, &l->weight, l->type);
    char *columns = memory(ferry_column_rows(level, l->rows) * pitch, 0);
    float *space = memory(4 * ferry_columns_scratch(level, &l->weight), 0);
    int64_t step = ferry_panel_rows(level);
    for (int64_t m = 0; m < l->rows; m += step) {
        const char *from = (const char *)l->input + m * l->columns * size_of(l->input_type);
        int64_t some = l->rows - m < step ? l->rows - m : step;
        ferry_arrange_columns(level, &l->weight, l->type, from, l->input_type, some, columns + m * pitch, space);
    }
    float *sums = memory(4 * ((l->rows - 1) * stride + count), 0);
    float *scratch = memory(4 * ferry_many_scratch(level, count, l->rows), 0);
    ferry_linear_many(level, &l->weight, l->type, l->first, count, columns, l->rows, sums, stride, scratch);
    double range = (double)(l->columns < 512 ? l->columns : 512);
    expect_sums("linear_many", l, sums, stride, range + (double)l->columns / 256 + 16);
}

void check_linear(void) {
    static const int64_t columns[] = {1, 8, 31, 32, 64, 96, 100, 136, 160, 257, 576, 1104, 2112};
    static const int64_t rows[] = {1, 2, 3, 4, 7, 8, 13, 16, 17, 33};
    int turn = 0;
    for (int f = 0; f < format_count; f++) {
        for (int i = 0; i < 13; i++) {
            for (int type = FERRY_F32; type <= FERRY_BF16; type++, turn++) {
                layer l = random_layer(&formats[f], columns[i], rows[turn % 10], type, i & 1);
                check_few(&l);
                check_many(&l);
                release_memory();
            }
        }
    }
}
