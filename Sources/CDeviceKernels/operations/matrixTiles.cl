// Products of plain matrices on matrix units: 16-bit elements with sums in f32, or the 8-bit codes of
// LLM.int8() with exact sums in 32-bit integers.
//
// A group of four warps computes 32 · WEIGHT_TILES outputs of 16 · INPUT_TILES rows, each warp a quarter.
// A step is 64 bytes of every row; STAGES − 1 steps are on their way while one is computed.
//
// With WEIGHT_TILES 4, INPUT_TILES 8, STAGES 3: 128 × 128 outputs, 48 KiB of local memory, 128 sums a
// thread, two groups a processor. A warp reads 8 KiB of local memory a step (64 cycles at 128 bytes a
// cycle) for 64 instructions of 2048 16-bit multiplications: local memory and not the matrix unit is the
// roof, at 2048 a cycle and processor.
//
// Defines: PRODUCT (f16, bf16, s8), STAGES; INPUT, with s8 alone: the type of what was quantized. CHUNKS is 4. Rows of both operands start at multiples of 16
// bytes and are whole steps.

#define THREADS_OF_GROUP 128
#define STEP_BYTES 64
#define WEIGHT_ROWS (32 * WEIGHT_TILES)
#define INPUT_ROWS (16 * INPUT_TILES)
#define STAGE ((WEIGHT_ROWS + INPUT_ROWS) * CHUNKS)

#define MULTIPLY_f16(d, a, b) MMA_F16(d, a, b)
#define MULTIPLY_bf16(d, a, b) MMA_BF16(d, a, b)
#define MULTIPLY_s8(d, a, b) MMA_S8(d, a, b)
#define SUM_f16 float
#define SUM_bf16 float
#define SUM_s8 int
#define MULTIPLY(d, a, b) PASTE(MULTIPLY_, PRODUCT)(d, a, b)
#define SUM PASTE(SUM_, PRODUCT)

// Starts to copy a step of both operands into its stage.
DEVICE void copy_step(LOCAL_POINTER bytes16 *stages, const struct tile_rows *weight,
                      const struct tile_rows *input, uint step) {
  LOCAL_POINTER bytes16 *stage = stages + step % STAGES * STAGE;
  ulong start = STEP_BYTES * (ulong)step;
  copy_tile(stage, WEIGHT_ROWS, weight, start, LOCAL_ID(0), THREADS_OF_GROUP);
  copy_tile(stage + WEIGHT_ROWS * CHUNKS, INPUT_ROWS, input, start, LOCAL_ID(0), THREADS_OF_GROUP);
}

// sums += a step of the warp's rows, which begin with these.
DEVICE void multiply_step(COLLECTIVE_PARAMETER LOCAL_POINTER const bytes16 *stage, uint output,
                          uint row, SUM (*sums)[INPUT_TILES][4]) {
  uint lane = LOCAL_ID(0) % 32;
  uint a[WEIGHT_TILES][2][4];
UNROLL
  for (uint i = 0; i < 2 * WEIGHT_TILES; i++)
    LOAD_MATRIX4(a[i / 2][i % 2],
                 stage + TILE_PLACE(output + i / 2 * 16 + lane % 16, i % 2 * 2 + lane / 16));
UNROLL
  for (uint j = 0; j < INPUT_TILES; j++) {
    uint b[4];
    LOAD_MATRIX4(b, stage + TILE_PLACE(WEIGHT_ROWS + row + 8 * j + lane % 8, lane / 8));
UNROLL
    for (uint i = 0; i < WEIGHT_TILES; i++) {
      MULTIPLY(sums[i][j], a[i][0], b);
      MULTIPLY(sums[i][j], a[i][1], b + 2);
    }
  }
}

// Stores the sums of all warps, half of the outputs at a time.
DEVICE void store_tiles(LOCAL_POINTER bytes16 *stages, const float (*sums)[INPUT_TILES][4],
                        const struct tile_output *out) {
  LOCAL_POINTER float *tile = (LOCAL_POINTER float *)stages;
  uint warp = LOCAL_ID(0) / 32, own_row = warp % 2 * 8 * INPUT_TILES;
  for (uint part = 0; part < 2; part++) {
    BARRIER();
    if (warp / 2 == part) {
UNROLL
      for (uint i = 0; i < WEIGHT_TILES; i++) {
UNROLL
        for (uint j = 0; j < INPUT_TILES; j++) {
UNROLL
          for (uint c = 0; c < 4; c++)
            tile[SUM_PLACE(own_row + SUM_ROW(j, c), SUM_OUTPUT(i, c), WEIGHT_ROWS / 2)] =
                sums[i][j][c];
        }
      }
    }
    BARRIER();
    store_sums(tile, INPUT_ROWS, WEIGHT_ROWS / 2, part * WEIGHT_ROWS / 2, out, THREADS_OF_GROUP);
  }
}

#ifdef INPUT
// The products of the listed outlier columns, on the scaled sums.
DEVICE void add_outliers(float (*sums)[INPUT_TILES][4], const float (*scb)[2],
                         GLOBAL const uchar *input, GLOBAL const uchar *weight,
                         GLOBAL const uint *list, ulong columns, uint row, uint rows, uint output,
                         uint outputs) {
  for (uint entry = 1; entry <= list[0]; entry++) {
    uint k = list[entry];
    float x[2 * INPUT_TILES];
UNROLL
    for (uint j = 0; j < 2 * INPUT_TILES; j++)
      x[j] = LOAD(INPUT, input, min(row + SUM_ROW(j / 2, j), rows - 1) * columns + k);
UNROLL
    for (uint i = 0; i < 2 * WEIGHT_TILES; i++) {
      ulong place = min(output + SUM_OUTPUT(i / 2, i % 2 * 2), outputs - 1) * columns + k;
      float w = (float)((GLOBAL const signed char *)weight)[place] * (scb[i / 2][i % 2] / 127.0f);
UNROLL
      for (uint j = 0; j < 2 * INPUT_TILES; j++) {
        uint c = i % 2 * 2 + j % 2;
        sums[i / 2][j / 2][c] = fma(x[j], w, sums[i / 2][j / 2][c]);
      }
    }
  }
}
#endif

#ifdef INPUT
// LLM.int8(): codes of the input times codes of the weight in integers, scaled, with the products of the
// listed outlier columns and the bias added; int8_linear of int8.cl says what and why.
KERNEL void int8_tiles(BUFFER(input), BUFFER(codes), BUFFER(absmax), BUFFER(list),
                       uint has_outliers, BUFFER(weight), BUFFER(scales), BUFFER(bias),
                       uint bias_type, BUFFER(output), uint output_type, uint rows, uint columns,
                       uint outputs) {
  GLOBAL const uchar *multiplied = BYTES(codes);
  ulong row_bytes = columns;
#else
// output = input · weightᵀ + bias, both operands of the type PRODUCT names.
KERNEL void matrix_tiles(BUFFER(input), BUFFER(weight), BUFFER(bias), uint bias_type,
                         BUFFER(output), uint output_type, uint rows, uint columns,
                         uint outputs) {
  GLOBAL const uchar *multiplied = BYTES(input);
  ulong row_bytes = 2 * (ulong)columns;
#endif
  LOCAL bytes16 stages[STAGES * STAGE];
  COLLECTIVES(THREADS_OF_GROUP)
  uint warp = LOCAL_ID(0) / 32;
  uint own_output = warp / 2 * 16 * WEIGHT_TILES, own_row = warp % 2 * 8 * INPUT_TILES;
  uint first_output = GROUP_ID(1) * WEIGHT_ROWS, first_row = GROUP_ID(0) * INPUT_ROWS;
  struct tile_rows weight_rows = {BYTES(weight), row_bytes, first_output, outputs - 1};
  struct tile_rows input_rows = {multiplied, row_bytes, first_row, rows - 1};
  SUM sums[WEIGHT_TILES][INPUT_TILES][4];
UNROLL
  for (uint i = 0; i < 4 * WEIGHT_TILES * INPUT_TILES; i++) (&sums[0][0][0])[i] = 0;

  uint steps = (uint)(row_bytes / STEP_BYTES);
UNROLL
  for (uint step = 0; step < STAGES - 1; step++) {
    if (step < steps) copy_step(stages, &weight_rows, &input_rows, step);
    COPY_COMMIT();
  }
  for (uint step = 0; step < steps; step++) {
    uint later = step + STAGES - 1;
    COPY_WAIT(STAGES - 2);
    BARRIER();
    if (later < steps) copy_step(stages, &weight_rows, &input_rows, later);
    COPY_COMMIT();
    multiply_step(COLLECTIVE_ARGUMENT stages + step % STAGES * STAGE, own_output, own_row, sums);
  }
  struct tile_output out = {BYTES(output), output_type, BYTES(bias), bias_type,
                            rows,          outputs,     first_row,   first_output};
#ifdef INPUT
  uint warp_row = first_row + own_row, warp_output = first_output + own_output;
  float scb[WEIGHT_TILES][2], scaled[WEIGHT_TILES][INPUT_TILES][4];
UNROLL
  for (uint i = 0; i < WEIGHT_TILES; i++) {
UNROLL
    for (uint c = 0; c < 4; c++) {
      uint n = min(warp_output + SUM_OUTPUT(i, c), outputs - 1);
      scb[i][c / 2] = load_f32(BYTES(scales), n);
UNROLL
      for (uint j = 0; j < INPUT_TILES; j++) {
        uint m = min(warp_row + SUM_ROW(j, c), rows - 1);
        float share = (float)sums[i][j][c] * (1.0f / 16129.0f);
        scaled[i][j][c] = share * load_f32(BYTES(absmax), m) * scb[i][c / 2];
      }
    }
  }
  if (has_outliers != 0)
    add_outliers(scaled, scb, BYTES(input), BYTES(weight), TYPED(const uint, list), columns,
                 warp_row, rows, warp_output, outputs);
  store_tiles(stages, scaled, &out);
#else
  store_tiles(stages, sums, &out);
#endif
}
