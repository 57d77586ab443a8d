// output[m, n] = Σ_k input[m, k] · weight[n, k] + bias[n] on matrix units, 4-bit weights and int8 rows
// decoded on their way to the fragments.
//
// A group of 4 · SPLIT warps computes 64 · WEIGHT_TILES outputs of 8 · INPUT_TILES rows; each of SPLIT
// groups of four warps takes every SPLIT-th step of 64 columns, and their sums are added in a fixed order.
// A step of a row of weights lies within one block (blocks of 64 or more, columns a multiple of 64), so
// its products are summed by the matrix unit from the code table's values, rounded once to PRODUCT, and
// the block's absmax multiplies that sum in f32. No weight is rounded after it has been scaled, and
// none overflows.
//
// A sum over k may be taken in any order, so k is permuted within a step, the same way for both operands:
// with t = lane % 4 a lane takes columns 16t … 16t + 15, contiguous, where the instruction's layout asks
// for words that lie apart. Canonical codes are then fragments as soon as they are decoded.
//
// Codes go from device memory into registers, STAGES − 1 steps ahead of their use, like the input into
// local memory. A byte is one look-up in a table of 256 words (two 4-bit weights, or one of 8 bits) of
// which each of COPIES lanes has its own, each in a bank of its own where they are 32. A fragment of
// 16 × 16 weights costs 4 look-ups a lane (8 of 8 bits): as many cycles as to load it decoded.
//
// With WEIGHT_TILES 2, INPUT_TILES 8, SPLIT 1, STAGES 2: 128 outputs of 64 rows, 48 KiB of local memory with
// the table's 32 copies, two groups a processor; a step of a warp is about 490 instructions, of which 64
// are of the matrix unit.
//
// Defines: BITS (4, 8), PRODUCT (f16, bf16), SPLIT, STAGES, COPIES (16, 32). CHUNKS is 8.

#define STEP 64
#define STEP_BYTES (2 * STEP)
#define LANES_OF_SPLIT 128
#define THREADS_OF_GROUP (SPLIT * LANES_OF_SPLIT)
#define WEIGHT_ROWS (64 * WEIGHT_TILES)
#define INPUT_ROWS (8 * INPUT_TILES)
#define STAGE (SPLIT * INPUT_ROWS * CHUNKS)
// Words of a lane's 16 codes.
#define WORDS (BITS / 2)

#define MULTIPLY_f16(d, a, b) MMA_F16(d, a, b)
#define MULTIPLY_bf16(d, a, b) MMA_BF16(d, a, b)
#define MULTIPLY(d, a, b) PASTE(MULTIPLY_, PRODUCT)(d, a, b)
#define PACK_f16(low, high) PACK_F16(low, high)
#define PACK_bf16(low, high) PACK_BF16(low, high)
#define PACK(low, high) PASTE(PACK_, PRODUCT)(low, high)

// MARK: codes

// Where this lane finds a byte of a word in the table, in bytes: 4 · COPIES times the byte, and its copy.
#define TABLE_SHIFT (COPIES == 32 ? 7 : 6)
#define TABLE_PLACE(word, byte)                                                                    \
  ((((byte) == 0 ? (word) << TABLE_SHIFT : (word) >> (8 * (byte) - TABLE_SHIFT)) &                 \
    (0xffu << TABLE_SHIFT)) |                                                                      \
   LOCAL_ID(0) % COPIES * 4)
#define DECODED(table, word, byte) \
  *(LOCAL_POINTER const uint *)((LOCAL_POINTER const uchar *)(table) + TABLE_PLACE(word, byte))

// What the table has for a byte.
DEVICE uint decoded_byte(uint byte, uint code) {
#if BITS == 4
  CONSTANT_POINTER const float *pairs = code == 0 ? nf4_pairs : fp4_pairs;
  return PACK(pairs[2 * byte], pairs[2 * byte + 1]);
#else
  float value = (float)(signed char)byte;
  return PACK(value, value);
#endif
}

// The weights of a lane for a step: those of rows `across` and `across` + 8 of every tile.
struct coded_step {
  uint words[WEIGHT_TILES][2][WORDS];
  float scale[WEIGHT_TILES][2];
};

// Loads a step of the rows whose first steps these are, all counted in steps.
DEVICE void load_codes(struct coded_step *step, WEIGHT, uint nested, const uint *rows,
                       uint column) {
UNROLL
  for (uint i = 0; i < 2 * WEIGHT_TILES; i++) {
    uint *words = step->words[i / 2][i % 2];
    ulong place = (ulong)(rows[i] + column) * (STEP * BITS / 8);
    GLOBAL const uchar *bytes = w->payload + LOCAL_ID(0) % 4 * (2 * BITS) + place;
#if BITS == 4
    uint2 codes = *(GLOBAL const uint2 *)bytes;
    words[0] = codes.x, words[1] = codes.y;
#else
    bytes16 codes = *(GLOBAL const bytes16 *)bytes;
    words[0] = codes.x, words[1] = codes.y, words[2] = codes.z, words[3] = codes.w;
#endif
  }
#if BITS == 4
  if (nested != 0) {
UNROLL
    for (uint i = 0; i < 2 * WEIGHT_TILES; i++)
      step->scale[i / 2][i % 2] =
          nested_absmax_of(w, (rows[i] + column) >> (w->block_shift - 6));
  } else {
UNROLL
    for (uint i = 0; i < 2 * WEIGHT_TILES; i++)
      step->scale[i / 2][i % 2] = absmax_of(w, (rows[i] + column) >> (w->block_shift - 6));
  }
#endif
}

// The fragment of a tile's columns `part` (0 … 3, sixteen each).
DEVICE void decode(LOCAL_POINTER const uint *table, const uint (*words)[WORDS], uint part,
                   uint *a) {
UNROLL
  for (uint i = 0; i < 4; i++) {
    // Word i of a fragment is of row i % 2, pair i / 2.
#if BITS == 4
    a[i] = DECODED(table, words[i % 2][part / 2], part % 2 * 2 + i / 2);
#else
    uint first = DECODED(table, words[i % 2][part], i / 2 * 2);
    uint second = DECODED(table, words[i % 2][part], i / 2 * 2 + 1);
    a[i] = (first & 0xffffu) | (second & 0xffff0000u);
#endif
  }
}

// MARK: the product

// sums += a step of the warp's rows; without `counts` the operands are repeated ones.
DEVICE void multiply_step(COLLECTIVE_PARAMETER LOCAL_POINTER const uint *table,
                          LOCAL_POINTER const bytes16 *stage, const struct coded_step *step,
                          bool counts, float (*sums)[INPUT_TILES][4]) {
  uint across = LOCAL_ID(0) % 32 / 4, t = LOCAL_ID(0) % 4;
  uint a[WEIGHT_TILES][4][4];
UNROLL
  for (uint i = 0; i < 4 * WEIGHT_TILES; i++)
    decode(table, step->words[i / 4], i % 4, a[i / 4][i % 4]);
UNROLL
  for (uint j = 0; j < INPUT_TILES; j++) {
    bytes16 first = stage[TILE_PLACE(8 * j + across, 2 * t)];
    bytes16 second = stage[TILE_PLACE(8 * j + across, 2 * t + 1)];
    uint b[4][2] = {{first.x, first.y}, {first.z, first.w}, {second.x, second.y}, {second.z, second.w}};
UNROLL
    for (uint i = 0; i < WEIGHT_TILES; i++) {
      float d[4] = {0.0f, 0.0f, 0.0f, 0.0f};
UNROLL
      for (uint part = 0; part < 4; part++) MULTIPLY(d, a[i][part], b[part]);
UNROLL
      for (uint c = 0; c < 4; c++)
        if (counts) sums[i][j][c] = fma(d[c], step->scale[i][c / 2], sums[i][j][c]);
    }
  }
}

// Adds the sums of all splits in their order, where they wait to be stored.
DEVICE void add_splits(LOCAL_POINTER float *tile, const float (*sums)[INPUT_TILES][4]) {
  uint own_output = LOCAL_ID(0) % LANES_OF_SPLIT / 32 * 16 * WEIGHT_TILES;
  for (uint split = 0; split < SPLIT; split++) {
    BARRIER();
    if (LOCAL_ID(0) / LANES_OF_SPLIT == split) {
UNROLL
      for (uint i = 0; i < WEIGHT_TILES; i++) {
UNROLL
        for (uint j = 0; j < INPUT_TILES; j++) {
UNROLL
          for (uint c = 0; c < 4; c++) {
            uint place = SUM_PLACE(SUM_ROW(j, c), own_output + SUM_OUTPUT(i, c), WEIGHT_ROWS);
            tile[place] = split == 0 ? sums[i][j][c] : tile[place] + sums[i][j][c];
          }
        }
      }
    }
  }
  BARRIER();
}

KERNEL void coded_tiles(BUFFER(input), WEIGHT_PARAMETERS, uint code, uint nested, BUFFER(bias),
                        uint bias_type, BUFFER(output), uint output_type, uint rows,
                        uint columns, uint outputs) {
  LOCAL uint table[256 * COPIES];
  LOCAL bytes16 stages[STAGES * STAGE];
  COLLECTIVES(THREADS_OF_GROUP)
  DECLARE_WEIGHT(w)
  uint split = LOCAL_ID(0) / LANES_OF_SPLIT, thread = LOCAL_ID(0) % LANES_OF_SPLIT;
  for (uint byte = LOCAL_ID(0) / COPIES; byte < 256; byte += THREADS_OF_GROUP / COPIES)
    table[COPIES * byte + LOCAL_ID(0) % COPIES] = decoded_byte(byte, code);

  uint first_row = GROUP_ID(0) * INPUT_ROWS, first_output = GROUP_ID(1) * WEIGHT_ROWS;
  uint own_output = first_output + thread / 32 * 16 * WEIGHT_TILES + thread % 32 / 4;
  uint steps = columns / STEP, weight_rows[2 * WEIGHT_TILES];
  struct coded_step ahead[STAGES];
UNROLL
  for (uint i = 0; i < 2 * WEIGHT_TILES; i++) {
    uint row = min(own_output + 8 * i, outputs - 1);
    weight_rows[i] = row * steps;
#if BITS == 8
UNROLL
    for (uint s = 0; s < STAGES; s++)
      ahead[s].scale[i / 2][i % 2] = MUL_RN(load_f32(w.scales, row), INVERSE_127);
#endif
  }
  struct tile_rows input_rows = {BYTES(input), 2 * (ulong)columns, first_row, rows - 1};
  LOCAL_POINTER bytes16 *own_stages = stages + split * INPUT_ROWS * CHUNKS;
  float sums[WEIGHT_TILES][INPUT_TILES][4];
UNROLL
  for (uint i = 0; i < 4 * WEIGHT_TILES * INPUT_TILES; i++) (&sums[0][0][0])[i] = 0.0f;

UNROLL
  for (uint s = 0; s < STAGES - 1; s++) {
    uint step = SPLIT * s + split;
    if (step < steps)
      copy_tile(own_stages + s * STAGE, INPUT_ROWS, &input_rows, STEP_BYTES * (ulong)step, thread,
                LANES_OF_SPLIT);
    COPY_COMMIT();
    load_codes(&ahead[s], &w, nested, weight_rows, min(step, steps - 1));
  }
  // Turns beyond the last step are taken too, so that every thread takes the same, but do not count.
  for (uint turn = 0; turn < (steps + SPLIT - 1) / SPLIT; turn += STAGES) {
UNROLL
    for (uint s = 0; s < STAGES; s++) {
      uint step = SPLIT * (turn + s) + split, later = step + SPLIT * (STAGES - 1);
      uint slot = (s + STAGES - 1) % STAGES;
      COPY_WAIT(STAGES - 2);
      BARRIER();
      if (later < steps)
        copy_tile(own_stages + slot * STAGE, INPUT_ROWS, &input_rows, STEP_BYTES * (ulong)later,
                  thread, LANES_OF_SPLIT);
      COPY_COMMIT();
      load_codes(&ahead[slot], &w, nested, weight_rows, min(later, steps - 1));
      multiply_step(COLLECTIVE_ARGUMENT table, own_stages + s * STAGE, &ahead[s], step < steps,
                    sums);
    }
  }
  LOCAL_POINTER float *tile = (LOCAL_POINTER float *)table;
  add_splits(tile, sums);
  struct tile_output out = {BYTES(output), output_type,
                            BYTES(bias),   bias_type,
                            rows,          outputs,
                            first_row,     first_output};
  store_sums(tile, INPUT_ROWS, WEIGHT_ROWS, 0, &out, THREADS_OF_GROUP);
}
