#include "kernels.h"
#include "scalar.h"

// The functions of a level; one that the processor lacks is the caller's error.
static const ferry_kernels *at(int32_t level) {
#if defined(__x86_64__)
    if (level == FERRY_AVX512_DOT) return &ferry_avx512_dot_kernels;
    if (level == FERRY_AVX512) return &ferry_avx512_kernels;
    if (level == FERRY_AVX2) return &ferry_avx2_kernels;
#elif defined(__aarch64__)
    if (level == FERRY_NEON) return &ferry_neon_kernels;
#endif
    (void)level;
    return &ferry_portable_kernels;
}

int32_t ferry_has_level(int32_t level) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
        && __builtin_cpu_supports("f16c");
    int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (level == FERRY_AVX2) return avx2;
    if (level == FERRY_AVX512) return avx512;
    if (level == FERRY_AVX512_DOT) {
        return avx512 && __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512vnni")
            && __builtin_cpu_supports("avx512vbmi");
    }
#elif defined(__aarch64__)
    if (level == FERRY_NEON) return 1;
#endif
    return level == FERRY_PORTABLE;
}

int64_t ferry_lanes(int32_t level) { return at(level)->lanes(); }

void ferry_convert(int32_t level, const void *source, int32_t source_type, void *target,
                   int32_t target_type, int64_t count) {
    at(level)->convert(source, source_type, target, target_type, count);
}

int64_t ferry_first_not_below(int32_t level, const void *source, int32_t type, int64_t count,
                              float limit) {
    return at(level)->first_not_below(source, type, count, limit);
}

void ferry_silu_multiply(int32_t level, const void *gate, int32_t gate_type, const void *up,
                         int32_t up_type, void *output, int32_t output_type, int64_t count) {
    at(level)->silu_multiply(gate, gate_type, up, up_type, output, output_type, count);
}

void ferry_gelu(int32_t level, const void *input, int32_t input_type, void *output,
                int32_t output_type, int64_t count) {
    at(level)->gelu(input, input_type, output, output_type, count);
}

void ferry_add(int32_t level, const void *values, int32_t values_type, void *target,
               int32_t target_type, int64_t count) {
    at(level)->add(values, values_type, target, target_type, count);
}

void ferry_rms_norm(int32_t level, const void *input, int32_t input_type, const void *weight,
                    int32_t weight_type, float epsilon, void *output, int32_t output_type,
                    int64_t columns) {
    at(level)->rms_norm(input, input_type, weight, weight_type, epsilon, output, output_type,
                        columns);
}

void ferry_layer_norm(int32_t level, const void *input, int32_t input_type, const void *weight,
                      int32_t weight_type, const void *bias, int32_t bias_type, float epsilon,
                      void *output, int32_t output_type, int64_t columns) {
    at(level)->layer_norm(input, input_type, weight, weight_type, bias, bias_type, epsilon, output,
                          output_type, columns);
}

void ferry_mean_rows(int32_t level, const void *input, int32_t input_type, int64_t rows,
                     float *output, int64_t columns) {
    at(level)->mean_rows(input, input_type, rows, output, columns);
}

void ferry_rotate(int32_t level, void *head, int32_t type, const void *cosines, const void *sines,
                  int64_t half) {
    at(level)->rotate(head, type, cosines, sines, half);
}

void ferry_finish_row(int32_t level, const float *sums, const void *biases, int32_t biases_type,
                      void *output, int32_t output_type, int64_t count) {
    at(level)->finish_row(sums, biases, biases_type, output, output_type, count);
}

void ferry_attend(int32_t level, const ferry_attention *attention, int64_t row, int64_t rows,
                  int64_t head, float *scratch) {
    at(level)->attend(attention, row, rows, head, scratch);
}

void ferry_attend_stretch(int32_t level, const ferry_attention *attention, int64_t row, int64_t rows,
                          int64_t stretch, float *states, float *scratch) {
    at(level)->attend_stretch(attention, row, rows, stretch, states, scratch);
}

void ferry_finish_attention(int32_t level, const ferry_attention *attention, int64_t row, int64_t rows,
                            int64_t head, int64_t stretches, float *states, float *scratch) {
    at(level)->finish_attention(attention, row, rows, head, stretches, states, scratch);
}

int64_t ferry_attention_scratch(int32_t level, const ferry_attention *attention, int64_t rows,
                                int64_t heads) {
    return at(level)->attention_scratch(attention, rows, heads);
}

int64_t ferry_attention_state(int32_t level, const ferry_attention *attention, int64_t rows) {
    return at(level)->attention_state_count(attention, rows);
}

void ferry_decode(int32_t level, const ferry_weight *weight, int64_t first, int64_t count,
                  void *output, int32_t type) {
    at(level)->decode(weight, first, count, output, type);
}

void ferry_decode_streaming(int32_t level, const ferry_weight *weight, int64_t first, int64_t count,
                            void *output, int32_t type) {
    at(level)->decode_streaming(weight, first, count, output, type);
}

int32_t ferry_product_type(int32_t level, const ferry_weight *weight, int32_t input_type) {
    return at(level)->product_type(weight, input_type);
}

int64_t ferry_arranged_bytes(int32_t level, const ferry_weight *weight, int32_t type) {
    return at(level)->arranged_bytes(weight, type);
}

void ferry_arrange(int32_t level, const ferry_weight *weight, int32_t type, const void *input,
                   int32_t input_type, int64_t rows, void *output) {
    at(level)->arrange(weight, type, input, input_type, rows, output);
}

int64_t ferry_few_scratch(int32_t level, const ferry_weight *weight) {
    return at(level)->few_scratch(weight);
}

void ferry_linear_few(int32_t level, const ferry_weight *weight, int32_t type, int64_t first_row,
                      int64_t row_count, const void *arranged, int64_t rows, float *sums,
                      int64_t stride, float *scratch) {
    at(level)->linear_few(weight, type, first_row, row_count, arranged, rows, sums, stride, scratch);
}

int64_t ferry_panel_rows(int32_t level) { return at(level)->panel_rows(); }

int64_t ferry_column_rows(int32_t level, int64_t rows) { return at(level)->column_rows(rows); }

int64_t ferry_columns_scratch(int32_t level, const ferry_weight *weight) {
    return at(level)->columns_scratch(weight);
}

void ferry_arrange_columns(int32_t level, const ferry_weight *weight, int32_t type, const void *input,
                           int32_t input_type, int64_t rows, void *columns, float *scratch) {
    at(level)->arrange_columns(weight, type, input, input_type, rows, columns, scratch);
}

int64_t ferry_many_scratch(int32_t level, int64_t row_count, int64_t rows) {
    return at(level)->many_scratch(row_count, rows);
}

void ferry_linear_many(int32_t level, const ferry_weight *weight, int32_t type, int64_t first_row,
                       int64_t row_count, const void *columns, int64_t rows, float *sums,
                       int64_t stride, float *scratch) {
    at(level)->linear_many(weight, type, first_row, row_count, columns, rows, sums, stride, scratch);
}

int64_t ferry_map_step(int32_t level) { return at(level)->map_step(); }

void ferry_arrange_map(int32_t level, const float *values, int64_t count, int64_t outputs,
                       float *arranged) {
    at(level)->arrange_map(values, count, outputs, arranged);
}

void ferry_convolve(int32_t level, const ferry_map *map, const float *weights, int64_t y, float *sums,
                    int64_t plane) {
    at(level)->convolve(map, weights, y, sums, plane);
}

void ferry_finish_map(int32_t level, const float *sums, float bias, float slope, void *output,
                      int32_t type, int64_t count) {
    at(level)->finish_map(sums, bias, slope, output, type, count);
}

int64_t ferry_tile_outputs(int32_t level) { return at(level)->tile_outputs(); }

void ferry_transform_weights(int32_t level, const float *values, int64_t channels, int64_t outputs,
                             float *scratch, float *transformed) {
    at(level)->transform_weights(values, channels, outputs, scratch, transformed);
}

int64_t ferry_tiles_scratch(int32_t level, int64_t channels, int64_t count) {
    return at(level)->tiles_scratch(channels, count);
}

void ferry_convolve_tiles(int32_t level, const ferry_tiles *tiles, int64_t first, int64_t count,
                          float *scratch) {
    at(level)->convolve_tiles(tiles, first, count, scratch);
}

void ferry_add_scaled(int32_t level, const void *values, int32_t values_type, float scale,
                      const void *base, int32_t base_type, void *output, int32_t output_type,
                      int64_t count) {
    at(level)->add_scaled(values, values_type, scale, base, base_type, output, output_type, count);
}

void ferry_spread_row(int32_t level, const void *input, int32_t input_type, int64_t plane,
                      int64_t factor, const void *base, int32_t base_type, void *output,
                      int32_t output_type, int64_t width) {
    at(level)->spread_row(input, input_type, plane, factor, base, base_type, output, output_type, width);
}

void ferry_column_maxima(int32_t level, const void *row, int32_t type, int64_t first, int64_t count,
                         float *maxima) {
    at(level)->column_maxima(row, type, first, count, maxima);
}

int64_t ferry_coded_bytes(int32_t level, int64_t columns) { return at(level)->coded_bytes(columns); }

float ferry_code_row(int32_t level, const void *row, int32_t type, int64_t first, int64_t columns,
                     float threshold, const int32_t *outliers, int64_t outlier_count, void *coded) {
    return at(level)->code_row(row, type, first, columns, threshold, outliers, outlier_count, coded);
}

void ferry_linear_int8(int32_t level, const ferry_weight *weight, int64_t first_row,
                       int64_t row_count, const void *coded, int64_t coded_stride,
                       const float *row_absmax, int64_t rows, const int32_t *outliers,
                       int64_t outlier_count, const float *outlier_values, float *sums,
                       int64_t stride, float *scratch) {
    at(level)->linear_int8(weight, first_row, row_count, coded, coded_stride, row_absmax, rows,
                           outliers, outlier_count, outlier_values, sums, stride, scratch);
}

int64_t ferry_encode_four_bit(int32_t level, const void *source, int32_t type, int64_t first,
                              int64_t count, int64_t block_size, const float *midpoints,
                              const uint8_t *codes, uint8_t *payload, void *absmax) {
    return at(level)->encode_four_bit(source, type, first, count, block_size, midpoints, codes,
                                      payload, absmax);
}

void ferry_arrange_cells(const float *midpoints, int32_t *cells) {
    int step = 127;
    for (int cell = 0; cell < CELLS; cell++) {
        uint32_t first = (uint32_t)(cell + FIRST_CELL) << 17;
        while (step < 255 && float_bits(midpoints[step]) < first) step++;
        int has = step < 255 && float_bits(midpoints[step]) >> 17 == first >> 17;
        uint32_t low = has ? float_bits(midpoints[step]) & 0x1ffff : 0x1ffff;
        cells[cell] = (step - 127) << 18 | (int32_t)low;
    }
}

int64_t ferry_encode_dynamic8(int32_t level, const void *source, int32_t type, int64_t first,
                              int64_t count, int64_t block_size, const float *midpoints,
                              const int32_t *cells, uint8_t *payload, void *absmax) {
    return at(level)->encode_dynamic8(source, type, first, count, block_size, midpoints, cells,
                                      payload, absmax);
}

int64_t ferry_encode_int8_rows(int32_t level, const void *source, int32_t type, int64_t rows, int64_t columns,
                               int8_t *codes, void *row_absmax) {
    return at(level)->encode_int8_rows(source, type, rows, columns, codes, row_absmax);
}
