// output[m, n] = Σ_k input[m, k] · weight[n, k] + bias[n] for few rows m, on matrix units: the weights
// are read once, straight from the checkpoint's bytes, as fast as memory gives them.
//
// A warp multiplies 16 · RUNS rows of weights (the 16-row operand) by up to 8 · TILES columns of
// activations. Along k it may take elements in any order if both operands have the same, so a lane
// takes 16 bytes of a row as they lie: with g = lane/4, t = lane%4 that is STEP/4 columns from
// t · STEP/4 on, of rows g and g+8, which become the pairs of the fragments in their order. The lane's
// columns of activations are then 8 contiguous elements a product of two.
//
// 4-bit weights: a byte is one look-up of two 16-bit centroids in a table of 256 pairs that every bank
// of local memory has (word lane of entry byte: never a conflict), so a centroid is rounded once to the
// activations' type. A block's products are summed unscaled in f32 by the matrix unit, from zero, and
// then multiplied by the f32 absmax, which is finite where a product in f16 is not. Where a step of 128
// columns has several blocks (PARTS of them: 2 of 64, 4 of 32), lanes of different blocks must not be
// summed: every row of activations takes PARTS columns, each zero but for the lanes of its block.
//
// Eight warps of a group share the rows and split k; their sums meet in local memory in the order of the
// warps. Nothing depends on the number of processors or on time: the same bytes every run.
//
// The arithmetic of RUNS = 2, TILES = 1: a step of a warp is 2048 bytes of 4-bit weights, for which one of
// 132 processors has 124 clocks, or 496 issues, at 4.3 TB/s and 1.98 GHz. As compiled for sm_90 it is 300
// instructions: 64 look-ups (a shift, a mask, a load: 64 clocks of local memory's port), 16 products (13
// clocks), 4 loads of weights (16 clocks of that port), 4 of activations (8 to 32) and 4 of absmax. Two groups
// a processor have 16 warps · 32 lanes · 64 bytes · 2 to 3 steps = 64 to 96 KiB under way; memory needs about
// 26 KiB (4.3 TB/s · 800 ns / 132). None of it has been measured.
//
// Defines: INPUT (f16, bf16), FORMAT (four_bit, four_bit_nested, int8_rows, plain: of INPUT's type,
// int8_codes: LLM.int8 with quantized activations), RUNS (1, 2), TILES (1, 2, 4).

#define WARPS 8
#define GROUP 256
#define ROWS (16 * RUNS)
#define COLUMNS (8 * TILES)

#define MMA_f16 MMA_F16
#define MMA_bf16 MMA_BF16
#define PACK_f16 PACK_F16
#define PACK_bf16 PACK_BF16
#define PACK_INPUT(low, high) PASTE(PACK_, INPUT)(low, high)

// Columns a warp takes at a time, 64 bytes of a row; and twice the bytes of one.
#define STEP_four_bit 128
#define STEP_four_bit_nested 128
#define STEP_int8_rows 64
#define STEP_plain 32
#define STEP_int8_codes 64
#define STEP PASTE(STEP_, FORMAT)
#define HALF_BYTES (128 / STEP)
#define LANE_COLUMNS (STEP / 4)

#define NIBBLES_four_bit 1
#define NIBBLES_four_bit_nested 2
#define NIBBLES_int8_rows 0
#define NIBBLES_plain 0
#define NIBBLES_int8_codes 0
#define NIBBLES PASTE(NIBBLES_, FORMAT)  // 2: nested

#define CODES_four_bit 0
#define CODES_four_bit_nested 0
#define CODES_int8_rows 0
#define CODES_plain 0
#define CODES_int8_codes 1
#define CODES PASTE(CODES_, FORMAT)

#if CODES
typedef int sum_type;
#define INPUT_BYTES 1
#define CHUNKS 1
#else
typedef float sum_type;
#define INPUT_BYTES 2
#define CHUNKS (STEP / 32)  // of 8 columns of a lane
#endif

// Registers decide: three steps ahead, or two, or one group a processor instead of two.
#if NIBBLES && TILES == 4
#define GROUPS 1
#else
#define GROUPS 2
#endif
#if NIBBLES && TILES == 2
#define DEPTH 2
#else
#define DEPTH 3
#endif

// MARK: what is loaded ahead

// One step of a lane: 16 bytes of each of its rows, and the bits of their absmax, or its code and in bit
// 8 the parity of the outer absmax's index.
struct stage {
  bytes16 words[2 * RUNS];
#if NIBBLES
  uint scales[2 * RUNS];
#endif
};

// The first element of each of the lane's rows; rows beyond the last repeat it and are not stored.
DEVICE void find_rows(uint *starts, uint tile, uint columns, uint outputs) {
  UNROLL
  for (uint r = 0; r < 2 * RUNS; r++)
    starts[r] = min(tile * ROWS + 8 * r + (LOCAL_ID(0) & 31u) / 4, outputs - 1) * columns;
}

// Columns beyond the last are some others, and meet zeros.
DEVICE void load_stage(struct stage *s, WEIGHT, const uint *starts, uint k, uint columns) {
  uint column = k < columns ? k : 0;
  UNROLL
  for (uint r = 0; r < 2 * RUNS; r++) {
    uint i = starts[r] + column;
    s->words[r] = LOAD16_ONCE(w->payload + ((ulong)i * HALF_BYTES >> 1));
#if NIBBLES == 1
    s->scales[r] = ((GLOBAL const uint *)w->scales)[i >> w->block_shift];
#elif NIBBLES == 2
    uint block = i >> w->block_shift;
    s->scales[r] = w->scales[block] | (block & 256u);
#endif
  }
}

#if NIBBLES == 2
// The outer absmax of the blocks from the lane's first on, by the parity of its index: a warp's columns
// of a row have at most two.
DEVICE void load_outer(float *outer, WEIGHT, const uint *starts, uint k, uint columns, ulong count) {
  UNROLL
  for (uint r = 0; r < 2 * RUNS; r++) {
    uint first = (starts[r] + (k < columns ? k : 0)) >> w->block_shift >> 8;
    uint last = (uint)((count - 1) >> w->block_shift >> 8);
    float low = w->outer[first], high = w->outer[min(first + 1, last)];
    outer[2 * r] = (first & 1u) != 0 ? high : low;
    outer[2 * r + 1] = (first & 1u) != 0 ? low : high;
  }
}
#endif

// MARK: eight columns of a row as four pairs

DEVICE uint word_of(bytes16 v, uint i) {
  return i == 0 ? v.x : i == 1 ? v.y : i == 2 ? v.z : v.w;
}

#if NIBBLES
#define LOOK_UP(bits) \
  (*(LOCAL_POINTER const uint *)((LOCAL_POINTER const uchar *)table + (((bits) & 0x7f80u) | lane4)))

DEVICE void pairs_of(uint *pairs, bytes16 v, uint chunk, LOCAL_POINTER const uint *table,
                     uint lane4) {
  uint word = word_of(v, chunk);
  pairs[0] = LOOK_UP(word << 7);
  pairs[1] = LOOK_UP(word >> 1);
  pairs[2] = LOOK_UP(word >> 9);
  pairs[3] = LOOK_UP(word >> 17);
}
#elif STEP == 64 && !CODES
// A code's byte with its sign flipped, in the low bits of 2^23: exact in f32, and again in 16 bits.
#define CODE_OF(word, i) (AS_FLOAT(0x4b000000u | (((word) >> (8 * (i))) & 0xffu)) - 8388736.0f)

DEVICE void pairs_of(uint *pairs, bytes16 v, uint chunk, LOCAL_POINTER const uint *table,
                     uint lane4) {
  UNROLL
  for (uint i = 0; i < 2; i++) {
    uint word = word_of(v, 2 * chunk + i) ^ 0x80808080u;
    pairs[2 * i] = PACK_INPUT(CODE_OF(word, 0), CODE_OF(word, 1));
    pairs[2 * i + 1] = PACK_INPUT(CODE_OF(word, 2), CODE_OF(word, 3));
  }
}
#else
DEVICE void pairs_of(uint *pairs, bytes16 v, uint chunk, LOCAL_POINTER const uint *table,
                     uint lane4) {
  UNROLL
  for (uint i = 0; i < 4; i++) pairs[i] = word_of(v, i);
}
#endif

// The four pairs of rows g and g+8 times those of a column, in two products.
#if CODES
#define MULTIPLY(sums, a, b) MMA_S8(sums, a, b)
#else
#define MULTIPLY(sums, a, b) PASTE(MMA_, INPUT)(sums, a, b)
#endif

// MARK: the product

// input: [rows, columns], codes of one byte for int8_codes. `parts` is log2 of PARTS, `warp_steps` what
// a warp takes of a row. A group takes tiles of ROWS rows of weights until none is left.
KERNEL OCCUPANCY(GROUP, GROUPS)
void linear_rows(BUFFER(input), WEIGHT_PARAMETERS, uint code, BUFFER(bias), uint bias_type,
                 BUFFER(output), uint output_type, uint rows, uint columns, uint outputs,
                 uint parts, uint warp_steps
#if CODES
                 , BUFFER(activations), uint activation_type, BUFFER(absmax), BUFFER(list),
                 uint has_outliers
#endif
) {
  COLLECTIVES(GROUP)
#if NIBBLES
  LOCAL uint table[256 * 32];
#else
  LOCAL_POINTER const uint *table = 0;
#endif
#if NIBBLES == 2
  LOCAL float nested[256];
#endif
  LOCAL sum_type partial[WARPS * 8 * 32];
  LOCAL sum_type totals[ROWS * COLUMNS];
  DECLARE_WEIGHT(weight)
  uint thread = LOCAL_ID(0);
  uint lane = thread & 31u, warp = thread / 32, g = lane / 4, t = lane % 4;
  uint tiles = (outputs + ROWS - 1) / ROWS;
  uint tile = GROUP_ID(0);
  uint first_column = warp * warp_steps * STEP + t * LANE_COLUMNS;

  struct stage stages[DEPTH];
  uint starts[2 * RUNS];
  find_rows(starts, tile, columns, outputs);
  UNROLL
  for (uint i = 0; i < DEPTH; i++) {
    if (i < warp_steps) load_stage(&stages[i], &weight, starts, first_column + i * STEP, columns);
  }
#if NIBBLES == 2
  float outer_values[4 * RUNS];
  load_outer(outer_values, &weight, starts, first_column, columns, (ulong)outputs * columns);
#endif

  // This lane's columns of activations: a row of the call, zero but for the lanes of one part.
  uint part_rows = 8u >> parts;
  uint first_row = GROUP_ID(1) * (TILES * part_rows);
  GLOBAL const uchar *columns_of[TILES];
  bool is_mine[TILES];
  UNROLL
  for (uint n = 0; n < TILES; n++) {
    uint row = first_row + n * part_rows + g % part_rows;
    is_mine[n] = row < rows && g / part_rows == t >> (2 - parts);
    columns_of[n] = BYTES(input) + (ulong)min(row, rows - 1) * columns * INPUT_BYTES;
  }

#if NIBBLES
  {
    // The group has as many threads as there are bytes.
    LOCAL_POINTER uint *pairs = (LOCAL_POINTER uint *)partial;
    CONSTANT_POINTER const float *centroids = code == 1u ? fp4_pairs : nf4_pairs;
    pairs[thread] = PACK_INPUT(centroids[2 * thread], centroids[2 * thread + 1]);
#if NIBBLES == 2
    nested[thread] = weight.table[thread];
#endif
    BARRIER();
    for (uint i = warp * 32; i < warp * 32 + 32; i++) table[i * 32 + lane] = pairs[i];
    BARRIER();
  }
#endif

  for (; tile < tiles; tile += GROUP_COUNT(0)) {
    sum_type sums[RUNS][TILES][4];
    UNROLL
    for (uint i = 0; i < RUNS * TILES * 4; i++) sums[i / (4 * TILES)][i / 4 % TILES][i % 4] = 0;

    for (uint j = 0; j < warp_steps; j += DEPTH) {
      UNROLL
      for (uint i = 0; i < DEPTH; i++) {
        if (j + i < warp_steps) {
          uint k = first_column + (j + i) * STEP;
#if NIBBLES
          float products[RUNS][TILES][4];
          UNROLL
          for (uint p = 0; p < RUNS * TILES * 4; p++)
            products[p / (4 * TILES)][p / 4 % TILES][p % 4] = 0.0f;
#else
#define products sums
#endif
          UNROLL
          for (uint chunk = 0; chunk < CHUNKS; chunk++) {
            uint a[RUNS][2][4];
            UNROLL
            for (uint run = 0; run < RUNS; run++) {
              uint low[4], high[4];
              pairs_of(low, stages[i].words[2 * run], chunk, table, 4 * lane);
              pairs_of(high, stages[i].words[2 * run + 1], chunk, table, 4 * lane);
              UNROLL
              for (uint step = 0; step < 2; step++) {
                a[run][step][0] = low[2 * step];
                a[run][step][1] = high[2 * step];
                a[run][step][2] = low[2 * step + 1];
                a[run][step][3] = high[2 * step + 1];
              }
            }
            UNROLL
            for (uint n = 0; n < TILES; n++) {
              bytes16 column;
              column.x = column.y = column.z = column.w = 0u;
              if (is_mine[n] && k < columns)
                column = *(GLOBAL const bytes16 *)(columns_of[n] + (ulong)k * INPUT_BYTES +
                                                   16 * chunk);
              uint b[2][2];
              b[0][0] = column.x;
              b[0][1] = column.y;
              b[1][0] = column.z;
              b[1][1] = column.w;
              UNROLL
              for (uint run = 0; run < RUNS; run++) {
                MULTIPLY(products[run][n], a[run][0], b[0]);
                MULTIPLY(products[run][n], a[run][1], b[1]);
              }
            }
          }
#if NIBBLES
          UNROLL
          for (uint r = 0; r < 2 * RUNS; r++) {
#if NIBBLES == 1
            float scale = AS_FLOAT(stages[i].scales[r]);
#else
            uint bits = stages[i].scales[r];
            float outer_value = bits >= 256u ? outer_values[2 * r + 1] : outer_values[2 * r];
            float scale =
                ADD_RN(MUL_RN(nested[bits & 255u], outer_value), weight.offset);
#endif
            UNROLL
            for (uint p = 0; p < 2 * TILES; p++) {
              uint q = 2 * (r % 2) + p % 2;
              sums[r / 2][p / 2][q] =
                  fma(products[r / 2][p / 2][q], scale, sums[r / 2][p / 2][q]);
            }
          }
#endif
          if (j + i + DEPTH < warp_steps)
            load_stage(&stages[i], &weight, starts, k + DEPTH * STEP, columns);
        }
      }
    }

    // The next tile's first steps are on their way while this one's sums meet.
    uint next = tile + GROUP_COUNT(0);
    if (next < tiles) {
      find_rows(starts, next, columns, outputs);
      UNROLL
      for (uint i = 0; i < DEPTH; i++) {
        if (i < warp_steps)
          load_stage(&stages[i], &weight, starts, first_column + i * STEP, columns);
      }
#if NIBBLES == 2
      load_outer(outer_values, &weight, starts, first_column, columns, (ulong)outputs * columns);
#endif
    }

    // Eight values a lane at a time (four where there are no more); a thread adds one of all warps.
#define VALUES (RUNS * TILES * 4)
#define ROUND (VALUES < 8 ? VALUES : 8)
    UNROLL
    for (uint first = 0; first < VALUES; first += ROUND) {
      BARRIER();
      UNROLL
      for (uint i = 0; i < ROUND; i++) {
        uint v = first + i;
        partial[(warp * ROUND + i) * 32 + lane] = sums[v / (4 * TILES)][v / 4 % TILES][v % 4];
      }
      BARRIER();
      if (thread < ROUND * 32) {
        sum_type sum = 0;
        for (uint other = 0; other < WARPS; other++)
          sum += partial[(other * ROUND + warp) * 32 + lane];
        uint v = first + warp;
        uint row = v / (4 * TILES) * 16 + g + 8 * (v % 4 / 2);
        totals[row * COLUMNS + v / 4 % TILES * 8 + 2 * t + v % 2] = sum;
      }
    }
    BARRIER();

    for (uint i = thread; i < ROWS * (TILES * part_rows); i += GROUP) {
      uint place = i % ROWS, row = i / ROWS;
      uint n = tile * ROWS + place, m = first_row + row;
      if (n < outputs && m < rows) {
        sum_type sum = 0;
        for (uint part = 0; part < 1u << parts; part++)
          sum += totals[place * COLUMNS + row / part_rows * 8 + part * part_rows + row % part_rows];
#if CODES
        GLOBAL const uint *entries = TYPED(const uint, list);
        GLOBAL const signed char *codes_of = TYPED(const signed char, payload) + (ulong)n * columns;
        uint outliers = has_outliers != 0 ? entries[0] : 0;
        float scb = load_f32(weight.scales, n);
        float value = (float)sum / 16129.0f * load_f32(BYTES(absmax), m) * scb;
        float exact = 0.0f;
        for (uint o = 1; o <= outliers; o++)
          exact += load_element(activation_type, BYTES(activations),
                                (ulong)m * columns + entries[o]) * (float)codes_of[entries[o]];
        if (outliers != 0) value += exact * scb / 127.0f;
#elif STEP == 64
        float value = sum * load_f32(weight.scales, n) * INVERSE_127;
#else
        float value = sum;
#endif
        value += load_element(bias_type, BYTES(bias), n);
        store_element(output_type, BYTES(output), (ulong)m * outputs + n, value);
      }
    }
  }
}
