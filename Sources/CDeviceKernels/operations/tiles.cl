// What the tiled products share: output[m, n] = Σ_k input[m, k] · weight[n, k] on matrix units. Rows of
// weights are the 16 rows of a fragment, rows of the input its 8 columns.
//
// In local memory a step of a row is CHUNKS pieces of 16 bytes, in an order that keeps those which lanes
// read together out of each other's banks: with 4, of eight rows the same piece (LOAD_MATRIX4); with 8, of
// two rows every other piece (codedTiles.cl).
//
// Defines: CHUNKS, WEIGHT_TILES, INPUT_TILES (tiles of a warp).

#define TILE_PLACE(row, chunk) \
  ((row) * CHUNKS + ((chunk) ^ (CHUNKS == 4 ? (row) / 2 % 4 : (row) % 2)))

// Rows of an operand, and a group's first among them.
struct tile_rows {
  GLOBAL const uchar *bytes;
  ulong row_bytes;
  uint first;
  uint last;  // rows beyond it repeat it, and what is computed from them is not stored
};

// Starts to copy the bytes from `start` on of `count` rows, the same number of pieces for each thread.
DEVICE void copy_tile(LOCAL_POINTER bytes16 *tile, uint count, const struct tile_rows *rows,
                      ulong start, uint thread, uint threads) {
UNROLL
  for (uint i = 0; i < count * CHUNKS / threads; i++) {
    uint row = (i * threads + thread) / CHUNKS, chunk = thread % CHUNKS;
    ulong place = (ulong)min(rows->first + row, rows->last) * rows->row_bytes;
    COPY16_ASYNC(tile + TILE_PLACE(row, chunk), rows->bytes + place + start + 16 * chunk);
  }
}

// MARK: what becomes of the sums

// Where a group's sums belong, and what is added to them.
struct tile_output {
  GLOBAL uchar *bytes;
  uint type;  // as in load_element
  GLOBAL const uchar *bias;
  uint bias_type;
  uint rows;
  uint outputs;
  uint first_row;
  uint first_output;
};

// The sums of a group wait in local memory, `width` outputs a row, to be stored in the order of the output.
// Lanes of a fragment are of 8 outputs and 4 pairs of rows: each pair in banks of its own.
#define SUM_PLACE(row, output, width) ((row) * (width) + ((output) ^ (((row) & 6u) << 2)))
// Row and output of word c of the fragment of tiles i, j, from the lane's first on.
#define SUM_ROW(j, c) (8 * (j) + LOCAL_ID(0) % 4 * 2 + (c) % 2)
#define SUM_OUTPUT(i, c) (16 * (i) + 8 * ((c) / 2) + LOCAL_ID(0) % 32 / 4)

// Rounds once to the output's type. Threads take neighbouring outputs, which are `outputs` from
// out->first_output + `skip` on.
DEVICE void store_sums(LOCAL_POINTER const float *sums, uint rows, uint outputs, uint skip,
                       const struct tile_output *out, uint threads) {
  for (uint i = LOCAL_ID(0); i < rows * outputs; i += threads) {
    uint row = i / outputs, output = i % outputs;
    uint m = out->first_row + row, n = out->first_output + skip + output;
    if (m < out->rows && n < out->outputs) {
      float value = sums[SUM_PLACE(row, output, outputs)] +
                    load_element(out->bias_type, out->bias, n);
      ulong place = (ulong)m * out->outputs + n;
      if (out->type == 1u) store_f32(out->bytes, place, value);
      if (out->type == 2u) store_f16(out->bytes, place, value);
      if (out->type == 3u) store_bf16(out->bytes, place, value);
    }
  }
}
