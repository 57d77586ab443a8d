// output[m, :] = x / sqrt(mean(x²) + epsilon) · weight, x being input[m, :]; where values are added,
// x is rounded to the input's type and stored there first.
//
// Source: B. Zhang and R. Sennrich, "Root Mean Square Layer Normalization", arXiv:1910.07467.
// A group takes a row; a thread reads only elements that it wrote itself.
//
// Defines: INPUT, SCALE (the weight's type), OUTPUT, THREADS; ADDED: the type of the values to add.

#ifdef ADDED
#define NORM_NAME add_rms_norm
#define NORM_ADDED BUFFER(added),
#define NORM_ELEMENTS(k)                                                                   \
  STORE16(INPUT, x, start + k, LOAD16(INPUT, x, start + k) + LOAD16(ADDED, BYTES(added), start + k));
#define NORM_ELEMENT(k) \
  STORE(INPUT, x, start + k, ADD_RN(LOAD(INPUT, x, start + k), LOAD(ADDED, BYTES(added), start + k)));
#else
#define NORM_NAME rms_norm
#define NORM_ADDED
#define NORM_ELEMENTS(k)
#define NORM_ELEMENT(k)
#endif

KERNEL void NORM_NAME(NORM_ADDED BUFFER(input), BUFFER(weight), BUFFER(output), uint columns,
                      float epsilon) {
#if THREADS > 1
  LOCAL float shared[THREADS];
#endif
  GLOBAL uchar *x = BYTES(input);
  ulong start = (ulong)GROUP_ID(0) * columns;
  uint thread = LOCAL_ID(0);
  uint wide = columns / 16 * 16;
  lanes16 sums = LANES16(0.0f);
  for (uint k = 16 * thread; k < wide; k += 16 * THREADS) {
    NORM_ELEMENTS(k)
    lanes16 values = LOAD16(INPUT, x, start + k);
    sums = lanes16_fma(values, values, sums);
  }
  float sum = lanes16_sum(sums);
  for (uint k = wide + thread; k < columns; k += THREADS) {
    NORM_ELEMENT(k)
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
  for (uint k = 16 * thread; k < wide; k += 16 * THREADS) {
    lanes16 values = LOAD16(INPUT, x, start + k) * LANES16(scale);
    STORE16(OUTPUT, BYTES(output), start + k, values * LOAD16(SCALE, BYTES(weight), k));
  }
  for (uint k = wide + thread; k < columns; k += THREADS) {
    float value = LOAD(INPUT, x, start + k) * scale * LOAD(SCALE, BYTES(weight), k);
    STORE(OUTPUT, BYTES(output), start + k, value);
  }
}
