// output[m, n] = Σ_k input[m, k] · weight[n, k] + bias[n], the sum in f32.
//
// A thread decodes each piece of its row of weights once and uses it for ROWS rows of the input, so
// ROWS is 1 for a single row, and for more what registers hold sixteen sums each of: 8 on a processor,
// 4 where threads run in lockstep (130 registers instead of all 255 and more). THREADS threads share a
// row of weights: one on a processor that runs a thread with its vector unit, many in lockstep.
// `wide` columns, from the first on, are taken sixteen at a time; the others one by one.
//
// Defines: FORMAT, INPUT, OUTPUT, ROWS, THREADS, GROUP (threads of a group).

KERNEL void linear(BUFFER(input), WEIGHT_PARAMETERS, BUFFER(bias), uint bias_type, BUFFER(output),
                   uint rows, uint columns, uint outputs, uint wide) {
#if THREADS > 1
  LOCAL float shared[ROWS * GROUP];
#endif
  DECLARE_WEIGHT(w)
  uint place = (GROUP_ID(0) * GROUP + LOCAL_ID(0)) / THREADS;
  uint thread = LOCAL_ID(0) % THREADS;
  uint n = min(place, outputs - 1);
  uint first = GROUP_ID(1) * ROWS;
  ulong start = (ulong)n * columns;

  // Rows beyond the last repeat it and are not stored.
  GLOBAL const uchar *x = BYTES(input);
  ulong row[ROWS];
  lanes16 sums[ROWS];
#pragma unroll
  for (uint r = 0; r < ROWS; r++) {
    row[r] = (ulong)min(first + r, rows - 1) * columns;
    sums[r] = LANES16(0.0f);
  }
  for (uint k = 16 * thread; k < wide; k += 16 * THREADS) {
    lanes16 values = VALUES16(w, start + k, n);
#pragma unroll
    for (uint r = 0; r < ROWS; r++)
      sums[r] = lanes16_fma(values, LOAD16(INPUT, x, row[r] + k), sums[r]);
  }
  float sum[ROWS];
#pragma unroll
  for (uint r = 0; r < ROWS; r++) sum[r] = lanes16_sum(sums[r]);
  for (uint k = wide + thread; k < columns; k += THREADS) {
    float value = VALUE(w, start + k, n);
#pragma unroll
    for (uint r = 0; r < ROWS; r++) sum[r] += value * LOAD(INPUT, x, row[r] + k);
  }

#if THREADS > 1
#pragma unroll
  for (uint r = 0; r < ROWS; r++) shared[r * GROUP + LOCAL_ID(0)] = sum[r];
  BARRIER();
  for (uint step = THREADS / 2; step > 0; step /= 2) {
    if (thread < step) {
#pragma unroll
      for (uint r = 0; r < ROWS; r++)
        shared[r * GROUP + LOCAL_ID(0)] += shared[r * GROUP + LOCAL_ID(0) + step];
    }
    BARRIER();
  }
#pragma unroll
  for (uint r = 0; r < ROWS; r++) sum[r] = shared[r * GROUP + LOCAL_ID(0)];
#endif

  if (thread == 0 && place < outputs) {
    float added = load_element(bias_type, BYTES(bias), n);
#pragma unroll
    for (uint r = 0; r < ROWS; r++) {
      if (first + r < rows)
        STORE(OUTPUT, BYTES(output), (ulong)(first + r) * outputs + n, sum[r] + added);
    }
  }
}
