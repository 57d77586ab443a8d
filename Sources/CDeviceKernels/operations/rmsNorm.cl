// output[m, :] = x / sqrt(mean(x²) + epsilon) · weight, x being input[m, :]
//
// Source: B. Zhang and R. Sennrich, "Root Mean Square Layer Normalization", arXiv:1910.07467.
// A group takes a row. Defines: INPUT, SCALE (the weight's type), OUTPUT, THREADS.

KERNEL void rms_norm(BUFFER(input), BUFFER(weight), BUFFER(output), uint columns, float epsilon) {
#if THREADS > 1
  LOCAL float shared[THREADS];
#endif
  GLOBAL const uchar *x = BYTES(input);
  ulong start = (ulong)GROUP_ID(0) * columns;
  uint thread = LOCAL_ID(0);
  uint wide = columns / 16 * 16;
  lanes16 sums = LANES16(0.0f);
  for (uint k = 16 * thread; k < wide; k += 16 * THREADS) {
    lanes16 values = LOAD16(INPUT, x, start + k);
    sums = lanes16_fma(values, values, sums);
  }
  float sum = lanes16_sum(sums);
  for (uint k = wide + thread; k < columns; k += THREADS) {
    float value = LOAD(INPUT, x, start + k);
    sum += value * value;
  }
#if THREADS > 1
  shared[thread] = sum;
  BARRIER();
  for (uint step = THREADS / 2; step > 0; step /= 2) {
    if (thread < step) shared[thread] += shared[thread + step];
    BARRIER();
  }
  sum = shared[0];
#endif
  float scale = 1.0f / sqrt(sum / (float)columns + epsilon);
  for (uint k = thread; k < columns; k += THREADS) {
    float value = LOAD(INPUT, x, start + k) * scale * LOAD(SCALE, BYTES(weight), k);
    STORE(OUTPUT, BYTES(output), start + k, value);
  }
}
