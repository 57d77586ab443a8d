// LLM.int8(): rows of activations become 8-bit codes, columns with outliers stay in full precision;
// all in f32.
//
// Source: T. Dettmers et al., "LLM.int8()", arXiv:2208.07339. The definitions are those of
// ReferenceOperations. Defines: INPUT, OUTPUT, ROWS, THREADS, GROUP.

#define INFINITY_BITS 0x7f800000u
#define MAGNITUDE(x) (AS_UINT(x) & 0x7fffffffu)

// MARK: the outlier columns

// marks[k] = whether any row has |input[m, k]| ≥ threshold. A thread takes a column of MARKED_ROWS rows, the
// group along axis 1. Where those are several, marks are zero before, and who finds an outlier says so.
#define MARKED_ROWS 32

KERNEL void int8_mark_outliers(BUFFER(input), BUFFER(marks), uint rows, uint columns,
                               float threshold) {
  uint k = GLOBAL_ID(0);
  uint first = GROUP_ID(1) * MARKED_ROWS;
  if (k < columns) {
    uint mark = 0;
    for (uint m = first; m < min(first + MARKED_ROWS, rows); m++)
      mark |= (uint)(fabs(LOAD(INPUT, BYTES(input), (ulong)m * columns + k)) >= threshold);
    if (mark != 0 || GROUP_COUNT(1) == 1) BYTES(marks)[k] = (uchar)mark;
  }
}

// list[0] = how many columns are marked, list[1 …] = which, ascending. One group; a thread takes a
// run of columns and puts what it finds behind what the threads before it found: the sums of counts double
// their reach at every step.
KERNEL void int8_list_outliers(BUFFER(marks), BUFFER(list), uint columns) {
  LOCAL uint counts[GROUP];
  uint thread = LOCAL_ID(0);
  uint run = (columns + GROUP - 1) / GROUP;
  uint first = min(thread * run, columns);
  uint end = min(first + run, columns);
  uint count = 0;
  for (uint k = first; k < end; k++) count += BYTES(marks)[k];
  counts[thread] = count;
  BARRIER();
  for (uint reach = 1; reach < GROUP; reach *= 2) {
    uint before = thread >= reach ? counts[thread - reach] : 0;
    BARRIER();
    counts[thread] += before;
    BARRIER();
  }
  uint place = 1 + counts[thread] - count;
  GLOBAL uint *entries = TYPED(uint, list);
  for (uint k = first; k < end; k++) {
    if (BYTES(marks)[k] != 0) {
      entries[place] = k;
      place += 1;
    }
  }
  if (thread == GROUP - 1) entries[0] = place - 1;
}

// MARK: the codes

// One rounded product, or where 127 / absmax overflows a rounded quotient and a rounded product;
// then to an integer, ties to even.
DEVICE signed char int8_code(float value, float absmax, float factor) {
  float scaled = MAGNITUDE(factor) < INFINITY_BITS ? MUL_RN(value, factor)
                                                   : MUL_RN(DIV_RN(value, absmax), 127.0f);
  return (signed char)(int)rint(scaled);
}

// absmax[m] = max |input[m, k]| below the threshold (0: over all), NaN if one is NaN;
// codes[m, k] = 0 in marked columns, else as int8_code says. A group takes a row.
KERNEL void int8_quantize_rows(BUFFER(input), BUFFER(marks), BUFFER(codes), BUFFER(absmax),
                               uint columns, float threshold) {
#if THREADS > 1
  LOCAL uint shared[THREADS];
#endif
  GLOBAL const uchar *x = BYTES(input);
  ulong start = (ulong)GROUP_ID(0) * columns;
  uint thread = LOCAL_ID(0);
  uint limit = threshold > 0.0f ? AS_UINT(threshold) : 0xffffffffu;
  uint largest = 0;
  for (uint k = thread; k < columns; k += THREADS) {
    uint bits = MAGNITUDE(LOAD(INPUT, x, start + k));
    // Bits of magnitudes are ordered as they are; NaN is above infinity and never an outlier.
    if (bits < limit || bits > INFINITY_BITS) largest = max(largest, bits);
  }
#if THREADS > 1
  shared[thread] = largest;
  BARRIER();
  for (uint step = THREADS / 2; step > 0; step /= 2) {
    if (thread < step) shared[thread] = max(shared[thread], shared[thread + step]);
    BARRIER();
  }
  largest = shared[0];
#endif
  float scale = AS_FLOAT(largest);
  if (thread == 0) TYPED(float, absmax)[GROUP_ID(0)] = scale;
  GLOBAL signed char *out = TYPED(signed char, codes) + start;
  if (largest == 0 || largest >= INFINITY_BITS) {
    for (uint k = thread; k < columns; k += THREADS) out[k] = 0;
  } else {
    float factor = DIV_RN(127.0f, scale);
    for (uint k = thread; k < columns; k += THREADS) {
      signed char code = int8_code(LOAD(INPUT, x, start + k), scale, factor);
      out[k] = threshold > 0.0f && BYTES(marks)[k] != 0 ? 0 : code;
    }
  }
}

// MARK: the product

// output[m, n] = Σ_k codes · weight · absmax[m] · SCB[n] / 16129, the sum in integers,
// + Σ_k input[m, k] · weight · SCB[n] / 127 over the listed columns, + bias[n].
// Threads and rows as in linear.cl.
KERNEL void int8_linear(BUFFER(input), BUFFER(codes), BUFFER(absmax), BUFFER(list),
                        uint has_outliers, BUFFER(payload), BUFFER(scales), BUFFER(bias),
                        uint bias_type, BUFFER(output), uint rows, uint columns, uint outputs) {
#if THREADS > 1
  LOCAL int shared[ROWS * GROUP];
#endif
  uint place = (GROUP_ID(0) * GROUP + LOCAL_ID(0)) / THREADS;
  uint thread = LOCAL_ID(0) % THREADS;
  uint n = min(place, outputs - 1);
  uint first = GROUP_ID(1) * ROWS;
  GLOBAL const signed char *weight = TYPED(const signed char, payload) + (ulong)n * columns;

  int sums[ROWS];
#pragma unroll
  for (uint r = 0; r < ROWS; r++) {
    GLOBAL const signed char *row =
        TYPED(const signed char, codes) + (ulong)min(first + r, rows - 1) * columns;
    int sum = 0;
    for (uint k = thread; k < columns; k += THREADS) sum += (int)row[k] * (int)weight[k];
    sums[r] = sum;
  }
#if THREADS > 1
#pragma unroll
  for (uint r = 0; r < ROWS; r++) shared[r * GROUP + LOCAL_ID(0)] = sums[r];
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
  for (uint r = 0; r < ROWS; r++) sums[r] = shared[r * GROUP + LOCAL_ID(0)];
#endif

  if (thread == 0 && place < outputs) {
    GLOBAL const uint *entries = TYPED(const uint, list);
    uint outliers = has_outliers != 0 ? entries[0] : 0;
    float scb = TYPED(const float, scales)[n];
    float added = load_element(bias_type, BYTES(bias), n);
    for (uint r = 0; r < ROWS && first + r < rows; r++) {
      ulong m = first + r;
      float exact = 0.0f;
      for (uint i = 1; i <= outliers; i++) {
        uint k = entries[i];
        exact += LOAD(INPUT, BYTES(input), m * columns + k) * (float)weight[k];
      }
      float product = (float)sums[r] / 16129.0f * TYPED(const float, absmax)[m] * scb;
      float value = outliers != 0 ? product + exact * scb / 127.0f : product;
      STORE(OUTPUT, BYTES(output), m * outputs + n, value + added);
    }
  }
}
