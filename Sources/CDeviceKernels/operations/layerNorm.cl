// output[m, :] = (x - mean(x)) / sqrt(variance(x) + epsilon) · weight + bias, x being input[m, :]; output may
// be input.
//
// Source: J. L. Ba et al., "Layer Normalization", arXiv:1607.06450.
// A group takes a row; a thread writes only elements that it read itself.
//
// Defines: TYPE (of input and output), THREADS.

// The sum of all threads' parts, in every thread; shared is free again when it returns.
#if THREADS > 1
#define SUM_OVER_THREADS(part)                           \
  shared[thread] = part;                                 \
  BARRIER();                                             \
  for (uint step = THREADS / 2; step > 0; step /= 2) {   \
    if (thread < step) shared[thread] += shared[thread + step]; \
    BARRIER();                                           \
  }                                                      \
  part = shared[0];                                      \
  BARRIER();
#else
#define SUM_OVER_THREADS(part)
#endif

KERNEL void layer_norm(BUFFER(input), BUFFER(weight), BUFFER(bias), BUFFER(output), uint columns,
                       float epsilon, uint weight_type, uint bias_type) {
#if THREADS > 1
  LOCAL float shared[THREADS];
#endif
  ulong start = (ulong)GROUP_ID(0) * columns;
  uint thread = LOCAL_ID(0);
  uint wide = columns / 16 * 16;
  lanes16 sums = LANES16(0.0f);
  for (uint k = 16 * thread; k < wide; k += 16 * THREADS)
    sums = sums + LOAD16(TYPE, BYTES(input), start + k);
  float mean = lanes16_sum(sums);
  for (uint k = wide + thread; k < columns; k += THREADS) mean += LOAD(TYPE, BYTES(input), start + k);
  SUM_OVER_THREADS(mean)
  mean = mean / (float)columns;

  lanes16 squares = LANES16(0.0f);
  for (uint k = 16 * thread; k < wide; k += 16 * THREADS) {
    lanes16 values = LOAD16(TYPE, BYTES(input), start + k) - LANES16(mean);
    squares = lanes16_fma(values, values, squares);
  }
  float variance = lanes16_sum(squares);
  for (uint k = wide + thread; k < columns; k += THREADS) {
    float value = LOAD(TYPE, BYTES(input), start + k) - mean;
    variance += value * value;
  }
  SUM_OVER_THREADS(variance)

  float scale = 1.0f / sqrt(variance / (float)columns + epsilon);
  for (uint k = thread; k < columns; k += THREADS) {
    float value = (LOAD(TYPE, BYTES(input), start + k) - mean) * scale;
    value = value * load_element(weight_type, BYTES(weight), k) + load_element(bias_type, BYTES(bias), k);
    STORE(TYPE, BYTES(output), start + k, value);
  }
}
