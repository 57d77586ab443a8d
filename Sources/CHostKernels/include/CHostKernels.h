#ifndef FERRY_CHOSTKERNELS_H
#define FERRY_CHOSTKERNELS_H

// What the host computes with SIMD, one range of work a call: no threads, no files, no memory of its own.
//
// Every function takes a level of instructions first and gives the same bits for the same level and
// arguments, however the work is cut into ranges. Pointers to elements may have any alignment, except
// those to `float`, `int16_t` and `int32_t`, which are scratch memory of the caller.

#include <stddef.h>
#include <stdint.h>

// Sets of instructions, in ascending order. A processor has those of its architecture alone.
enum {
    FERRY_PORTABLE = 0,    // what the compiler makes of vectors for any processor of the architecture
    FERRY_AVX2 = 1,        // AVX2, FMA, F16C
    FERRY_AVX512 = 2,      // AVX-512 F, BW, DQ, VL
    FERRY_AVX512_DOT = 3,  // AVX-512 BF16, VNNI and VBMI as well
    FERRY_NEON = 4,        // aarch64: NEON
};

// Types of elements.
enum { FERRY_F32 = 0, FERRY_F16 = 1, FERRY_BF16 = 2 };

// Formats of weights.
enum { FERRY_PLAIN = 0, FERRY_FOUR_BIT = 1, FERRY_INT8_ROWS = 2, FERRY_DYNAMIC8 = 3 };

// A weight's parts and parameters, as FerryFormats describes them.
typedef struct {
    int32_t format;
    int32_t type;               // plain: the type of the payload's elements
    int64_t columns;            // elements of a row
    int64_t block_size;         // elements that share an absmax
    const void *payload;
    const void *absmax;         // f32, or u8 where nested_absmax is given; int8: one f32 a row
    const void *nested_absmax;  // f32, one for 256 absmax codes; NULL: not nested
    const void *table;          // 256 f32: what nested absmax or a dynamic 8-bit payload index
    float nested_offset;
    float codes[16];            // 4-bit: the value of each nibble
} ferry_weight;

// Whether this processor has a level.
int32_t ferry_has_level(int32_t level);

// One turn of a loop that waits for another thread.
static inline void ferry_relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __builtin_arm_yield();
#endif
}

// The number of lanes of a level: rows of activations are padded with zeros to a multiple of it.
int64_t ferry_lanes(int32_t level);

// --- Elements -------------------------------------------------------------------------------------

// target[i] = source[i], rounded to nearest, ties to even.
void ferry_convert(int32_t level, const void *source, int32_t source_type, void *target,
                   int32_t target_type, int64_t count);

// The first i with !(|source[i]| < limit), which NaN is too; -1: none.
int64_t ferry_first_not_below(int32_t level, const void *source, int32_t type, int64_t count,
                              float limit);

// output = gate / (1 + exp(-gate)) * up
void ferry_silu_multiply(int32_t level, const void *gate, int32_t gate_type, const void *up,
                         int32_t up_type, void *output, int32_t output_type, int64_t count);

// output = input / 2 * (1 + erf(input / sqrt(2)))
void ferry_gelu(int32_t level, const void *input, int32_t input_type, void *output,
                int32_t output_type, int64_t count);

// target += values
void ferry_add(int32_t level, const void *values, int32_t values_type, void *target,
               int32_t target_type, int64_t count);

// One row: output = input / sqrt(mean(input^2) + epsilon) * weight
void ferry_rms_norm(int32_t level, const void *input, int32_t input_type, const void *weight,
                    int32_t weight_type, float epsilon, void *output, int32_t output_type,
                    int64_t columns);

// One row: output = (input - mean) / sqrt(variance + epsilon) * weight + bias
void ferry_layer_norm(int32_t level, const void *input, int32_t input_type, const void *weight,
                      int32_t weight_type, const void *bias, int32_t bias_type, float epsilon,
                      void *output, int32_t output_type, int64_t columns);

// output[i] = the mean of column i of `rows` > 0 rows that lie one after the other.
void ferry_mean_rows(int32_t level, const void *input, int32_t input_type, int64_t rows,
                     float *output, int64_t columns);

// One head in place: pairs (i, i + half) rotated by the f32 tables.
void ferry_rotate(int32_t level, void *head, int32_t type, const void *cosines, const void *sines,
                  int64_t half);

// output[i] = sums[i] + biases[i]; biases may be NULL.
void ferry_finish_row(int32_t level, const float *sums, const void *biases, int32_t biases_type,
                      void *output, int32_t output_type, int64_t count);

// --- Attention ------------------------------------------------------------------------------------

typedef struct {
    const void *queries, *keys, *values;
    void *output;
    int32_t query_type, key_type, value_type, output_type;
    int64_t heads, key_value_heads, head_size;
    int64_t first_position;
    int64_t window;  // 0: none
    int64_t span;    // 0: causal; else every row sees so many positions, from the first on
    float scale;
} ferry_attention;

// Sums over the positions from one multiple of it to the next, a stretch, are made apart and merged in order.
enum { FERRY_STRETCH = 256 };

// `rows` rows from `row` on of all query heads that share key head `head`. `scratch` has room for
// ferry_attention_scratch floats.
void ferry_attend(int32_t level, const ferry_attention *attention, int64_t row, int64_t rows,
                  int64_t head, float *scratch);

// The same in parts: `states` after one stretch alone, [key heads, ferry_attention_state]; then the output of a key
// head from those of the stretches 0 ..< `stretches`, which lie one after the other.
void ferry_attend_stretch(int32_t level, const ferry_attention *attention, int64_t row, int64_t rows,
                          int64_t stretch, float *states, float *scratch);
void ferry_finish_attention(int32_t level, const ferry_attention *attention, int64_t row, int64_t rows,
                            int64_t head, int64_t stretches, float *states, float *scratch);

// The floats of scratch that a block of so many rows takes, for one key head or, for ferry_attend_stretch, all.
int64_t ferry_attention_scratch(int32_t level, const ferry_attention *attention, int64_t rows, int64_t heads);

// The floats of a block's state for one key head.
int64_t ferry_attention_state(int32_t level, const ferry_attention *attention, int64_t rows);

// --- Weights --------------------------------------------------------------------------------------

// output = elements first ..< first + count of the weight, each product rounded to f32, then to `type`.
void ferry_decode(int32_t level, const ferry_weight *weight, int64_t first, int64_t count,
                  void *output, int32_t type);

// The same for outputs that the caches cannot hold: they are written past them.
void ferry_decode_streaming(int32_t level, const ferry_weight *weight, int64_t first, int64_t count,
                            void *output, int32_t type);

// --- Linear layers --------------------------------------------------------------------------------

// The type of the numbers that are multiplied for activations of `input_type`: f32; or bf16, for bf16 where the
// level has dot products of pairs. Weights are decoded to that type, but for the codes of int8, which bf16 holds
// exactly: their sums are scaled. Sums are f32.
int32_t ferry_product_type(int32_t level, const ferry_weight *weight, int32_t input_type);

// Bytes of a row of activations, as numbers of `type`, with the zeros that pad it when it is arranged.
int64_t ferry_arranged_bytes(int32_t level, const ferry_weight *weight, int32_t type);

// Puts rows of activations into the order in which ferry_linear_few reads them, as numbers of `type`. Multiples
// of 8 rows may be arranged apart.
void ferry_arrange(int32_t level, const ferry_weight *weight, int32_t type, const void *input,
                   int32_t input_type, int64_t rows, void *output);

// Floats of scratch memory that ferry_linear_few needs.
int64_t ferry_few_scratch(int32_t level, const ferry_weight *weight);

// sums[m * stride + n - first_row] = row n of the weight times arranged row m, for few rows m: the weight is
// decoded once for every 8 of them (4 below AVX-512).
void ferry_linear_few(int32_t level, const ferry_weight *weight, int32_t type, int64_t first_row,
                      int64_t row_count, const void *arranged, int64_t rows, float *sums,
                      int64_t stride, float *scratch);

// Multiples of so many rows of activations may be arranged apart in columns.
int64_t ferry_panel_rows(int32_t level);

// How many rows there is to be room for where `rows` rows are arranged in columns.
int64_t ferry_column_rows(int32_t level, int64_t rows);

// Floats of scratch memory that ferry_arrange_columns needs.
int64_t ferry_columns_scratch(int32_t level, const ferry_weight *weight);

// Puts rows of activations into the order in which ferry_linear_many reads them.
void ferry_arrange_columns(int32_t level, const ferry_weight *weight, int32_t type, const void *input,
                           int32_t input_type, int64_t rows, void *columns, float *scratch);

// Floats of scratch memory that ferry_linear_many needs.
int64_t ferry_many_scratch(int32_t level, int64_t row_count, int64_t rows);

// The same sums for any number of rows, arranged in columns: each element of the weight is decoded once.
void ferry_linear_many(int32_t level, const ferry_weight *weight, int32_t type, int64_t first_row,
                       int64_t row_count, const void *columns, int64_t rows, float *sums,
                       int64_t stride, float *scratch);

// --- Maps -----------------------------------------------------------------------------------------

// What a convolution reads: planes of rows, with (size - 1) / 2 zeros before and behind every row and zero
// rows above and below the map.
typedef struct {
    const float *planes;
    int64_t channels;
    int64_t plane;   // floats from one channel to the next
    int64_t stride;  // floats from one row to the next
    int64_t width;   // pixels of a row of the output
    int32_t size;    // rows and columns of the weight: 1 or 3
} ferry_map;

// Pixels are computed so many at a time: rows of planes and of sums have room for their number rounded up to
// a multiple of it, planes for size - 1 more.
int64_t ferry_map_step(int32_t level);

// Puts the weights of up to four outputs, `count` each, into the order [count, 4] that ferry_convolve reads.
void ferry_arrange_map(int32_t level, const float *values, int64_t count, int64_t outputs,
                       float *arranged);

// sums[o * plane + x] = row y of a convolution for four outputs o; weights are [channels, size, size, 4].
void ferry_convolve(int32_t level, const ferry_map *map, const float *weights, int64_t y, float *sums,
                    int64_t plane);

// output[i] = v < 0 ? v * slope : v, v = sums[i] + bias
void ferry_finish_map(int32_t level, const float *sums, float bias, float slope, void *output,
                      int32_t type, int64_t count);

// A 3 x 3 convolution by tiles of 4 x 4 pixels. They are counted row by row, and those at the right and at the
// bottom may reach beyond the map. output = v < 0 ? v * slope : v, v = sum + bias.
typedef struct {
    const void *input;  // [channels, height, width]
    void *output;       // [outputs, height, width]
    int32_t input_type, output_type;
    int64_t channels, outputs, height, width;
    const float *weights;  // of ferry_transform_weights, for each ferry_tile_outputs outputs
    const float *biases, *slopes;
} ferry_tiles;

// Tiles from one row of tiles to the next: those of the map and one that is no pixel's.
static inline int64_t ferry_tiles_across(int64_t width) { return (width + 3) / 4 + 1; }

// How many outputs ferry_transform_weights puts into one group.
int64_t ferry_tile_outputs(int32_t level);

// One group's weights, [outputs, channels, 3, 3], to what ferry_convolve_tiles multiplies by:
// [36, channels, ferry_tile_outputs], zeros for outputs that are not there. `scratch` has room for
// 9 floats of each of those channels and outputs, rounded up to the level's lanes.
void ferry_transform_weights(int32_t level, const float *values, int64_t channels, int64_t outputs,
                             float *scratch, float *transformed);

// Tiles first ..< first + count of all outputs. `scratch` has room for ferry_tiles_scratch floats.
void ferry_convolve_tiles(int32_t level, const ferry_tiles *tiles, int64_t first, int64_t count,
                          float *scratch);

// The floats that ferry_convolve_tiles needs for `count` tiles.
int64_t ferry_tiles_scratch(int32_t level, int64_t channels, int64_t count);

// output = base + scale * values
void ferry_add_scaled(int32_t level, const void *values, int32_t values_type, float scale,
                      const void *base, int32_t base_type, void *output, int32_t output_type,
                      int64_t count);

// output[factor * x + j] = input[j * plane + x] + base[x], for `width` pixels x; base may be NULL.
void ferry_spread_row(int32_t level, const void *input, int32_t input_type, int64_t plane,
                      int64_t factor, const void *base, int32_t base_type, void *output,
                      int32_t output_type, int64_t width);

// --- LLM.int8 -------------------------------------------------------------------------------------

// maxima[k] = max(maxima[k], |row[first + k]|) for `count` columns k; NaN does not count.
void ferry_column_maxima(int32_t level, const void *row, int32_t type, int64_t first, int64_t count,
                         float *maxima);

// The bytes of a row of codes, a multiple of the codes' size.
int64_t ferry_coded_bytes(int32_t level, int64_t columns);

// Codes of the row that starts at element `first`, 0 in outlier columns, and its absmax over the elements
// below the threshold (all, if that is 0). `coded` has room for ferry_coded_bytes, aligned to 4.
float ferry_code_row(int32_t level, const void *row, int32_t type, int64_t first, int64_t columns,
                     float threshold, const int32_t *outliers, int64_t outlier_count, void *coded);

// sums[m * stride + n - first_row] = the int8 weight's row n times row m of codes, exactly, scaled by
// row_absmax[m] * SCB[n] / 16129, plus the outlier columns' products in full precision.
// `outliers` holds `outlier_count` columns, `outlier_values` as many floats for each m, and `scratch` has
// room for four floats for each.
void ferry_linear_int8(int32_t level, const ferry_weight *weight, int64_t first_row,
                       int64_t row_count, const void *coded, int64_t coded_stride,
                       const float *row_absmax, int64_t rows, const int32_t *outliers,
                       int64_t outlier_count, const float *outlier_values, float *sums,
                       int64_t stride, float *scratch);

// --- Encoding -------------------------------------------------------------------------------------

// Encodes whole blocks of 4-bit codes from element `first` (a multiple of the block size) on. Returns
// -1, or the index of the first element that is not finite. No two of the midpoints lie in one of the
// intervals of width 2 / 31 that 0 is a border of: those of NF4 and FP4 do not.
int64_t ferry_encode_four_bit(int32_t level, const void *source, int32_t type, int64_t first,
                              int64_t count, int64_t block_size, const float *midpoints,
                              const uint8_t *codes, uint8_t *payload, void *absmax);

// What a look-up in a dynamic 8-bit table needs: an entry for each of these cells of magnitudes.
enum { FERRY_DYNAMIC8_CELLS = 1401 };

// Arranges the 255 midpoints of the table, the upper 128 of which are positive and, but for the last, those
// of the lower ones negated.
void ferry_arrange_cells(const float *midpoints, int32_t *cells);

// The same as ferry_encode_four_bit for 8-bit codes of the dynamic table.
int64_t ferry_encode_dynamic8(int32_t level, const void *source, int32_t type, int64_t first,
                              int64_t count, int64_t block_size, const float *midpoints,
                              const int32_t *cells, uint8_t *payload, void *absmax);

// Encodes rows as LLM.int8: their codes, and an absmax for each. Returns -1, or the first row in which an
// element is beyond 65504 or not finite.
int64_t ferry_encode_int8_rows(int32_t level, const void *source, int32_t type, int64_t rows, int64_t columns,
                               int8_t *codes, void *row_absmax);

#endif
